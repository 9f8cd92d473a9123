"""The base of every form: CSRF, the clock and the zone it is filled in with, and problems found after the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, has_app_context, request
from flask_wtf import FlaskForm

from trim.domain.errors import Reason


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary: what to mend, and the id of the box that it leads to ('' for the whole form)."""

    message: str
    target: str


class BaseForm(FlaskForm):
    """A form of Trim.

    `now` (aware UTC) and `zone` (the organisation's) are handed in where a field needs them: dates that must lie in
    the past, instants. Nothing here reads the clock or fetches choices.
    """

    def __init__(self, *args: Any, now: datetime | None = None, zone: ZoneInfo | None = None, **kwargs: Any) -> None:
        # Set before the fields are processed: an InstantField shows its value on the organisation's clock.
        self.now, self.zone = now, zone
        super().__init__(*args, **kwargs)
        if has_app_context() and self.is_submitted():
            # The page for a stale version shows what was typed, and is made far from the view (see trim.web.errors).
            g.submitted_form = self

    def is_accepted(self) -> bool:
        """Whether the form was sent and everything in it can be taken."""
        return bool(self.validate_on_submit())

    def add_problem(self, name: str, message: str) -> None:
        """Put a message found after validation at the field of that name, or at the form when it has none."""
        field = self._fields.get(name)
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]

    def add_problems(self, problems: Mapping[str, Reason], locale: str) -> None:
        """Put the problems of an `InvalidInput` at their fields."""
        for name, reason in problems.items():
            self.add_problem(name, reason.of(locale))

    def error_links(self) -> list[ErrorLink]:
        """The lines of the error summary, in the order of the fields."""
        links = [ErrorLink(str(message), "") for message in self.form_errors]
        for field in self:
            links.extend(_links(field))
        return links

    def typed(self) -> list[tuple[str, str]]:
        """Label and text of everything that was typed, for showing it again beside a newer version of the record."""
        return [
            (str(field.label.text), shown)
            for field in self
            if getattr(field, "kind", "") not in {"hidden", "password", ""} and (shown := _shown(field))
        ]


def _links(field: Any) -> Iterator[ErrorLink]:
    children = getattr(field, "entries", None) or (list(field) if hasattr(field, "form") else None)
    if children:
        for child in children:
            yield from _links(child)
        return
    for message in field.errors:
        yield ErrorLink(str(message), error_target(field))


def error_target(field: Any) -> str:
    """The id of the control that a message about this field should lead to; '' for what nobody sees."""
    if getattr(field.widget, "input_type", "") == "hidden":
        return ""
    return str(getattr(field, "error_id", field.id))


def _shown(field: Any) -> str:
    """What a field holds, in words as the form shows them."""
    typed = getattr(field, "typed", None)
    if isinstance(typed, dict):
        return " ".join(value for key, value in typed.items() if value and key != "fold")
    if hasattr(field, "iter_choices"):
        return ", ".join(str(one.label) for one in field.iter_choices() if one.selected)
    if isinstance(field.data, bool):
        return "✓" if field.data else ""
    return str(typed if typed is not None else field.data or "")


def submitted_action() -> str:
    """Which of several submit buttons named `do` was pressed; '' when none was."""
    return request.form.get("do", "")

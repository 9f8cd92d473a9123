"""The days that a list of the auditor looks at, from the address; and the address of another page of it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from trim.domain.watch import LONGEST_DAYS, Span
from trim.web import context
from trim.web.forms.auditor import SpanForm
from trim.web.forms.fields import choice

LENGTHS = (1, 7, LONGEST_DAYS)


def asked_span() -> tuple[SpanForm, Span]:
    """The form as it was sent, and the days it names; the last thirty where it names none or cannot be read."""
    form = SpanForm(request.args)
    form.days.choices = [choice(str(length), _days(length)) for length in LENGTHS]
    if "days" not in request.args:
        form.days.data = str(LONGEST_DAYS)
    today = context.now().astimezone(context.organisation().zone).date()
    if not form.validate():
        return form, Span(today)
    length = int(form.days.data or LONGEST_DAYS)
    return form, Span(form.last.data or today, length)


def other_page(endpoint: str, key: str | None, **values: str) -> str | None:
    """The address of the same list at another place; None at its end. The days stay what they were."""
    if key is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after" and value}
    return url_for(endpoint, **{**kept, **values, "after": key})


def first_page(endpoint: str, **values: str) -> str | None:
    """The address of the beginning of the same list; None when this is it."""
    if not request.args.get("after"):
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after" and value}
    return url_for(endpoint, **{**kept, **values})


def _days(length: int) -> str:
    return {1: _("One day"), 7: _("Seven days"), LONGEST_DAYS: _("Thirty days")}[length]

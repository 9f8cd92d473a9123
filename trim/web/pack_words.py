"""What a version of a pack changes, line by line, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from trim.domain.access import PERSON, Role
from trim.engine.differences import Difference
from trim.engine.wording import Text
from trim.usecases.oversight.pack_versions import ProposedChange
from trim.web.i18n import language
from trim.web.role_names import role_name

_ROLES = frozenset({*(role.value for role in Role), PERSON})


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference as a page shows it: where, and what becomes of it."""

    place: str
    words: str


def rows(change: ProposedChange, *, access: bool) -> list[ChangeRow]:
    """The differences of one sort: those of who acts, is told or is asked what, or all others."""
    return [
        ChangeRow(place(one, way), words(one))
        for one, way in zip(change.differences, change.places, strict=True)
        if one.access is access
    ]


def place(one: Difference, way: tuple[Text | str, ...]) -> str:
    """The way to it by the labels of the pack; who has to do with it is said in words."""
    said = [part.of(language()) if isinstance(part, Text) else part for part in way]
    if one.access:
        said[-1] = _keys().get(one.path[-1], said[-1])
    return " › ".join(said)


def words(one: Difference) -> str:
    """What becomes of it."""
    before, after = _said(one, one.before), _said(one, one.after)
    if one.kind == "order":
        return _("Stands in another order")
    if one.kind == "added":
        return _("Added: %(what)s", what=after) if after else _("Added")
    if one.kind == "removed":
        return _("Removed: %(what)s", what=before) if before else _("Removed")
    return _("Now: %(before)s. Then: %(after)s.", before=before, after=after)


def outcome_words(outcome: str | None) -> str:
    """What became of a proposal."""
    if outcome is None:
        return _("Waits for a second person")
    return {
        "confirmed": _("Confirmed"),
        "turned_down": _("Turned down"),
        "replaced": _("Replaced by a newer proposal"),
    }[outcome]


def _keys() -> dict[str, str]:
    return {
        "by": _("who may do it"),
        "who": _("whose work it is"),
        "to": _("who is told or asked"),
        "field_class": _("what is asked"),
        "does": _("what it does"),
    }


def _said(one: Difference, value: str | None) -> str:
    if not value:
        return ""
    if not one.access or one.path[-1] not in _keys():
        return value
    return ", ".join(role_name(part) if part in _ROLES else part for part in value.split(", "))

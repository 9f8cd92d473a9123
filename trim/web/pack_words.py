"""What a version of a pack changes, line by line, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from trim.domain.access import PERSON, Role
from trim.engine.differences import Difference
from trim.engine.durations import Duration, InvalidDuration
from trim.engine.wording import Text
from trim.usecases.oversight.pack_versions import ProposedChange
from trim.web.duration_words import duration_words
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
    """The way to it by the labels of the pack; what every pack has is said in words."""
    known = _parts()
    said = [part.of(language()) if isinstance(part, Text) else known.get(part, part) for part in way]
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


def _parts() -> dict[str, str]:
    return {
        "version": _("Version"),
        "window": _("the time for it"),
        "earliest": _("not before"),
        "due": _("due"),
        "latest": _("at the latest"),
        "least_gap": _("least time since the interview before"),
        "answer_within": _("time to answer"),
        "requires": _("what must hold before"),
        "remind": _("reminders"),
        "overdue": _("once it is overdue"),
        "repeats": _("how it comes back"),
        "every": _("every"),
        "times": _("how often"),
        "until": _("until"),
        "while": _("as long as"),
        "pauses": _("what stands still"),
        "resumes": _("what goes on"),
        "resets": _("what begins anew"),
        "bands": _("ranges of the score"),
        "lowest": _("from"),
        "highest": _("to"),
        "sections": _("questions"),
        "items": _("questions"),
    }


def _said(one: Difference, value: str | None) -> str:
    if not value:
        return ""
    if one.kind in ("added", "removed"):
        return "; ".join(_part_said(part) for part in value.split("; "))
    if one.access and one.path[-1] in _keys():
        return _roles(value)
    return _lengths(value)


def _part_said(part: str) -> str:
    """A piece of what comes or goes as a whole: its label, or who has to do with it."""
    key, _blank, who = part.partition(" ")
    return f"{_keys()[key]}: {_roles(who)}" if who and key in _keys() else _lengths(part)


def _roles(value: str) -> str:
    return ", ".join(role_name(part) if part in _ROLES else part for part in value.split(", "))


def _lengths(value: str) -> str:
    try:
        return duration_words(Duration.parse(value)) or value
    except InvalidDuration:
        return value

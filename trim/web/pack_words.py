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
        ChangeRow(place(one, way), words(one, way))
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


def words(one: Difference, way: tuple[Text | str, ...]) -> str:
    """What becomes of it; what comes or goes as a whole is called by its own label in the reader's language."""
    label = next((part for part in reversed(way) if isinstance(part, Text)), None)
    before, after = _said(one, one.before, label), _said(one, one.after, label)
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


def _said(one: Difference, value: str | None, label: Text | None) -> str:
    if not value:
        return ""
    if one.kind in ("added", "removed"):
        # French sets a blank before it.
        between = "\u00a0; " if language() == "fr" else "; "
        return between.join(_part_said(part, label) for part in value.split("; "))
    if one.access and one.path[-1] in _keys():
        return _roles(value)
    return _lengths(value)


def _part_said(part: str, label: Text | None) -> str:
    """A piece of what comes or goes as a whole: its label, or who has to do with it."""
    if label is not None and part == f"“{label.en}”":
        return _("“%(label)s”", label=label.of(language()))
    key, _blank, who = part.partition(" ")
    if who and key in _keys():
        return _("%(key)s: %(value)s", key=_keys()[key], value=_roles(who))
    return _lengths(part)


def _roles(value: str) -> str:
    return ", ".join(role_name(part) if part in _ROLES else part for part in value.split(", "))


def _lengths(value: str) -> str:
    try:
        return duration_words(Duration.parse(value)) or value
    except InvalidDuration:
        return value

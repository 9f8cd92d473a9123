"""Meetings that were held, and who came: nothing about one person, and no score (CARE 27)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.store import undertakings
from trim.store.tables import UndertakingMeeting
from trim.usecases.acting.act import Act
from trim.usecases.undertakings.people import MOST_PEOPLE, NOT_HERE

MOST_MINUTES: Final = 24 * 60
HELD_IN_FUTURE = Reason("in_future", "The meeting cannot be in the future.", "La rencontre ne peut pas être à venir.")
NOT_CLEARED = Reason(
    "groups_not_cleared",
    "This event is being investigated. Ask for clearance before a briefing or a group session.",
    "Une enquête porte sur cet événement. Demandez un accord avant une réunion d’information ou une séance de groupe.",
)
TOO_MANY = Reason("too_many", "Check this number.", "Vérifiez ce nombre.")


def hold_meeting(act: Act) -> None:
    """Keep a meeting: when, how long, how many, the theme. Who came stands beside the names and nowhere else.

    Raises InvalidInput (`held_at`, `minutes`, `head_count`), NotAllowedNow while an investigation has not
    cleared groups, whatever the pack says (CARE 17).
    """
    row, uow = act.subject, act.uow
    about = act.incident if row.kind == "group_session" else None
    if about is not None and about.evidence_hold and not about.groups_cleared:
        raise NotAllowedNow([NOT_CLEARED])
    held_at = datetime.fromisoformat(str(act.values["held_at"])) if act.values.get("held_at") else act.now
    if held_at > act.now:
        raise InvalidInput({"held_at": HELD_IN_FUTURE})
    row_id = uow.new_id()
    uow.session.add(
        UndertakingMeeting(
            id=row_id,
            undertaking_id=row.id,
            form=str(act.values.get("form") or ("group" if row.kind == "group_session" else "meeting")),
            held_at=held_at,
            minutes=_number(act, "minutes", MOST_MINUTES) or 0,
            head_count=_number(act, "head_count", MOST_PEOPLE),
            recorded_by=act.actor.account_id,
            sealed=act.seal(
                "undertaking_meeting", row_id, {"theme": act.values.get("theme"), "note": act.values.get("note")}
            ),
        )
    )
    act.codes["meeting"] = row_id


def note_attendance(act: Act) -> None:
    """Note who came, beside each name and nowhere else. Raises InvalidInput (`came`)."""
    there = undertakings.parties(act.uow.session, act.subject.id)
    chosen = {str(one) for one in act.values.get("came") or ()}
    if not chosen <= {one.id for one in there}:
        raise InvalidInput({"came": NOT_HERE})
    for one in there:
        one.came = one.id in chosen
        act.uow.session.add(one)
    # The record of the action, which those read too who do not lead it, does not say who.
    act.kept = {}


def _number(act: Act, name: str, most: int) -> int | None:
    value = act.values.get(name)
    if value is None:
        return None
    if not 0 <= int(value) <= most:
        raise InvalidInput({name: TOO_MANY})
    return int(value)

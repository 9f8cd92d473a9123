"""Raise a red flag: one press is enough, and nothing that is missing or has moved on may stop it (CARE 1)."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, NotFound, Reason
from trim.usecases.perform import find, perform
from trim.usecases.unit_of_work import UnitOfWork

ENDED = Reason(
    "wrong_state",
    "This case has ended. Call the coordinator on duty or the crisis line now; the numbers are on the help page.",
    "Cet accompagnement est terminé. Appelez tout de suite la coordination d’astreinte ou la ligne de crise ; "
    "les numéros sont sur la page d’aide.",
)


def raise_flag(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, level: str) -> str:
    """Alert the programme; gives the reference of the escalation. A level that is none counts as the most urgent.

    Raises NotFound, and NotAllowedNow on a case that has ended.
    """
    found = find(uow, actor, "case", ref, lock=True, glass=True)
    if found.proposed:
        raise NotFound
    action = next((one for one in found.pack.lifecycles["case"].actions.values() if "raise_red_flag" in one.does), None)
    if action is None or found.subject.state not in action.from_:
        raise NotAllowedNow([ENDED])
    levels = next((one.levels for one in found.pack.escalations.values() if one.by_action == action.name), {})
    most_urgent = min(levels, key=lambda one: levels[one].rough_seconds, default="")
    values = {
        field.name: level if level in levels else most_urgent for field in action.form if field.field_class == "level"
    }
    act = perform(uow, actor, now=now, kind="case", ref=ref, action=action.name, version=None, values=values)
    return act.made["escalation"]

"""Hold the planning meeting: a response for each exposed person, nobody left out (CARE 9, 25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.engine.definition import Pack
from trim.store import incidents
from trim.store.tables import Incident
from trim.usecases.acting.act import Act
from trim.usecases.perform import find, perform
from trim.usecases.unit_of_work import UnitOfWork

NOBODY_LEFT_OUT = Reason(
    "response_missing", "Choose a response for this person.", "Choisissez une réponse pour cette personne."
)
LOOK_AGAIN = Reason(
    "look_again_missing",
    "“Nothing yet” needs a day to look again.",
    "« Rien pour l’instant » demande un jour pour y revenir.",
)
LOOK_AGAIN_PAST = Reason("look_again_past", "Choose a day to come.", "Choisissez un jour à venir.")
HELD_IN_FUTURE = Reason("in_future", "The meeting cannot be in the future.", "La réunion ne peut pas être à venir.")
HELD_BEFORE = Reason(
    "before_incident", "The meeting cannot be before the incident.", "La réunion ne peut pas précéder l’événement."
)
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")
GROUPS = frozenset({"briefing", "group_session"})
NOTHING_YET = "nothing_yet"


@dataclass(frozen=True, slots=True)
class Response:
    """What the meeting chose for one person; `look_again_on` belongs to "nothing yet"."""

    word: str
    look_again_on: date | None = None


def hold_planning_meeting(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    incident_ref: str,
    version: int,
    responses: Mapping[str, Response],
    values: Mapping[str, Any],
    action: str | None = None,
) -> Act:
    """Record the meeting; `responses` by exposure id, for everybody who has none yet.

    The action is the pack's for planning in the incident's state: the first meeting, or one for names found later.
    Who has "nothing yet" may be decided on again and otherwise stays as they are.
    Raises InvalidInput with a message per person (`response-<id>`, `look_again-<id>`), per field, or for the plan as a
    whole (`plan`, where the pack's own rules refuse it), StaleVersion, NotAllowedNow.
    """
    found = find(uow, actor, "incident", incident_ref, lock=True)
    incident: Incident = found.subject
    words = {choice.value for choice in found.pack.choices.get("responses", ())}
    today = now.astimezone(uow.organisation.zone).date()
    exposed = incidents.exposures(uow.session, incident.id)
    waiting = [one for one in exposed if one.response is None or one.response == NOTHING_YET]
    problems: dict[str, Reason] = {}
    chosen: dict[str, Response] = {}
    for exposure in waiting:
        response = responses.get(exposure.id)
        if response is None or not response.word:
            if exposure.response is None:
                problems[f"response-{exposure.id}"] = NOBODY_LEFT_OUT
            continue
        if response.word not in words:
            problems[f"response-{exposure.id}"] = NOT_A_CHOICE
        elif response.word == NOTHING_YET and response.look_again_on is None:
            problems[f"look_again-{exposure.id}"] = LOOK_AGAIN
        elif response.word == NOTHING_YET and response.look_again_on <= today:  # type: ignore[operator] # not None here
            problems[f"look_again-{exposure.id}"] = LOOK_AGAIN_PAST
        else:
            chosen[exposure.id] = response if response.word == NOTHING_YET else Response(response.word, None)
    held_at = values.get("held_at")
    if isinstance(held_at, datetime) and held_at > now:
        problems["held_at"] = HELD_IN_FUTURE
    elif isinstance(held_at, datetime) and incident.time_known and held_at < incident.occurred_at:
        problems["held_at"] = HELD_BEFORE
    if problems:
        raise InvalidInput(problems)
    try:
        return perform(
            uow,
            actor,
            now=now,
            kind="incident",
            ref=incident_ref,
            action=action or planning_action(found.pack, incident.state),
            version=version,
            values=values,
            computed={
                "responses": chosen,
                "everybody_decided": True,
                "group_response_chosen": any(one.word in GROUPS for one in chosen.values()),
            },
        )
    except NotAllowedNow as refused:
        if set(refused.codes) != {"requirement"}:
            raise
        # A rule about the plan is mended in the plan: whoever filled in a page for twenty people keeps what is there.
        raise InvalidInput({"plan": refused.reasons[0]}) from refused


def planning_action(pack: Pack, state: str) -> str:
    """The pack's action that plans for the people of an incident in this state."""
    actions = pack.lifecycles["incident"].actions.values()
    return next(
        (one.name for one in actions if "hold_planning_meeting" in one.does and state in one.from_),
        "hold_planning_meeting",
    )

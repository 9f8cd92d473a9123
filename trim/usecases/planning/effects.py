"""The planning meeting's outcome: a response for each exposed person, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from trim.domain.calendar import start_of_day
from trim.store import incidents, steps
from trim.store.tables import Exposure, Incident, PlanningMeeting, Step
from trim.usecases.acting.act import Act
from trim.usecases.counting import count_response
from trim.usecases.incident_access import possible_readers
from trim.usecases.planning.open_case import open_case, open_case_of
from trim.usecases.telling import supervisors_of, tell

#: Responses that open a case for the person.
OPENS_CASE = frozenset({"individual_assessment", "professional_care"})


def hold_planning_meeting(act: Act) -> None:
    """Keep the meeting and what it chose; open the cases, or ask whether to join them to open ones."""
    incident: Incident = act.subject
    row_id = act.uow.new_id()
    act.uow.session.add(
        PlanningMeeting(
            id=row_id,
            incident_id=incident.id,
            held_at=datetime.fromisoformat(str(act.values["held_at"])),
            recorded_by=act.actor.account_id,
            sealed=act.seal(
                "planning_meeting", row_id, {"present": act.values.get("present"), "note": act.values.get("note")}
            ),
        )
    )
    chosen: dict[str, Any] = act.values["responses"]
    for exposure in incidents.exposures(act.uow.session, incident.id):
        response = chosen.get(exposure.id)
        if response is not None and exposure.case_id is None:
            _decide(act, incident, exposure, response.word, response.look_again_on)
    act.codes["decided"] = len(chosen)


def decide_for(act: Act, incident: Incident, exposure: Exposure, word: str) -> None:
    """Choose a response for one person away from the meeting; somebody who has a case of it already keeps that."""
    if exposure.case_id is None:
        _decide(act, incident, exposure, word, None)


def _decide(act: Act, incident: Incident, exposure: Exposure, word: str, look_again_on: date | None) -> None:
    uow = act.uow
    exposure.response, exposure.decided_at, exposure.look_again_on = word, act.now, look_again_on
    uow.session.add(exposure)
    for step in steps.open_steps(uow.session, "exposure", exposure.id):
        steps.end(uow.session, step, state="done", by=act.name, now=act.now)
    count_response(uow, incident, exposure)
    if look_again_on is not None:
        _remember(act, incident, exposure, "look_again", start_of_day(look_again_on, uow.organisation.zone))
    if word not in OPENS_CASE:
        return
    running = open_case_of(uow, exposure, incident)
    if running is None:
        case = open_case(uow, act.actor, now=act.now, incident=incident, exposure=exposure, role=act.role)
        act.made.setdefault("case", case.ref)
        return
    # Whether the person wants one interview for both is asked away from the meeting (CARE 9, 21).
    _remember(act, incident, exposure, "join_case", act.now)
    act.made.setdefault("join", exposure.id)
    able = {account.id for account in possible_readers(uow, incident, act.now)}
    if incident.restricted:
        able &= {account.id for account in incidents.readers(uow.session, incident.id)}
    tell(
        uow,
        [account for account in supervisors_of(uow, running, act.now) if account.id in able],
        kind="join_to_decide",
        subject_kind="incident",
        subject_ref=incident.ref,
        cause=exposure.id,
        now=act.now,
        actor=act.actor,
    )


def _remember(act: Act, incident: Incident, exposure: Exposure, name: str, due_at: datetime) -> None:
    act.uow.session.add(
        Step(
            id=act.uow.new_id(),
            subject_kind="exposure",
            subject_id=exposure.id,
            unit_id=incident.unit_id,
            name=name,
            anchor="now",
            anchor_at=act.now,
            due_at=due_at,
            opened_at=act.now,
        )
    )


def note_site(_: Act) -> None:
    """A note for the whole site stands in the record of the action; it names nobody."""


def close_incident(act: Act) -> None:
    """Close the incident; the cases that came of it go on."""
    act.codes["exposed"] = len(incidents.exposures(act.uow.session, act.subject.id))

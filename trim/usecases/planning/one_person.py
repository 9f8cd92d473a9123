"""The short path for one person or a self-referral (CARE 25): incident, planning and case in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, InvalidInput
from trim.domain.incident import ExposedPerson, IncidentReport
from trim.engine.definition import Pack
from trim.store import incidents
from trim.usecases.incident_access import may_work_on
from trim.usecases.intake.name_exposed import YOURSELF
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.people.find_or_add import find_or_add
from trim.usecases.planning.hold_meeting import GROUPS, Response, hold_planning_meeting
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OnePerson:
    """What came of it: the incident, and the case that was opened or the exposure that waits to be joined."""

    incident_ref: str
    exposure_id: str
    case_ref: str | None
    joins: bool


def responses_for_one(pack: Pack) -> tuple[str, ...]:
    """The responses that make sense for one person: nobody is briefed or meets as a group alone."""
    return tuple(choice.value for choice in pack.choices.get("responses", ()) if choice.value not in GROUPS)


def plan_for_one(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    report: IncidentReport,
    person: ExposedPerson,
    response: str,
    look_again_on: date | None = None,
    ask_about_similar: bool = False,
) -> OnePerson:
    """Report, plan and open the case for one person at once. `report` comes without its exposed people.

    Raises Forbidden, InvalidInput (`name`, `staff_number`, `exposure`, `response`, `look_again`, and the fields of
    the report), ProbablyReported when it is to ask, NotAllowedNow.
    """
    if not actor.can(Can.PLAN, report.unit_id, report.programme):
        raise Forbidden
    known = find_or_add(uow, actor, now=now, named=person, unit_id=report.unit_id)
    if actor.person_id is not None and known.id == actor.person_id:
        raise InvalidInput({"name": YOURSELF})
    alone = replace(report, exposed=(replace(person, person_id=known.id),))
    try:
        incident = report_incident(uow, actor, now=now, report=alone, ask_about_similar=ask_about_similar)
    except InvalidInput as wrong:
        raise InvalidInput({name.removeprefix("exposed-0-"): why for name, why in wrong.problems.items()}) from wrong
    may_work_on(uow, actor, incident)
    exposure = incidents.exposures(uow.session, incident.id)[0]
    try:
        act = hold_planning_meeting(
            uow,
            actor,
            now=now,
            incident_ref=incident.ref,
            version=incident.version,
            responses={exposure.id: Response(response, look_again_on)},
            values={"held_at": now},
        )
    except InvalidInput as wrong:
        raise InvalidInput(
            {name.removesuffix(f"-{exposure.id}"): why for name, why in wrong.problems.items()}
        ) from wrong
    return OnePerson(incident.ref, exposure.id, act.made.get("case"), joins="join" in act.made)

"""Tell the facts of unpublished quarters anew, from the cases and incidents that are there (law 10).

For a mistake in counting that was found before anything was published. What a release has counted stays as it is, and
what was erased is not there to be told. Only numbers come out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.store import cases, counted, facts, incidents
from trim.store.tables import ActionRecord, Escalation, Incident, Person, SupportCase
from trim.usecases.assessment.counted import recount
from trim.usecases.counting import OF_CASE, count, count_answer, count_exposed, count_incident, count_response
from trim.usecases.statistics.move_facts import SYSTEM, move_facts
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: Cases that are told anew in one go.
BATCH = 200
#: Kinds of facts that cases and incidents tell; others are left as they are.
TOLD = (*OF_CASE, "incident", "exposed", "response")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did, in numbers alone: cases and incidents looked at, facts before and after."""

    cases: int
    incidents: int
    before: int
    after: int


def rebuild_facts(backend: Backend, actor: Actor = SYSTEM, *, now: datetime) -> Rebuilt:
    """Tell every fact of unpublished quarters anew. Only the system does it. Raises Forbidden.

    Until it is over the old facts are gone and no release can be made: one transaction does all of it.
    """
    if not actor.is_system:
        raise Forbidden
    move_facts(backend, now=now, everything=True)
    with backend.writing() as uow:
        facts.hold(uow.session)
        before = facts.forget_open(uow.session, TOLD)
        people = sum(_tell_case(uow, case) for case in _cases(uow))
        events = sum(_tell_incident(uow, incident) for incident in _incidents(uow))
        uow.session.flush()
        after = facts.count_waiting(uow.session)
        uow.record(
            actor,
            now,
            "statistics.facts_rebuilt",
            chain=trail.ORGANISATION,
            subject="statistics",
            codes={"cases": people, "incidents": events, "before": before, "after": after},
        )
    move_facts(backend, now=now, everything=True)
    return Rebuilt(people, events, before, after)


def _cases(uow: UnitOfWork) -> Iterator[SupportCase]:
    after = ""
    while page := counted.cases_after(uow.session, after, BATCH):
        after = page[-1].id
        yield from page


def _incidents(uow: UnitOfWork) -> Iterator[Incident]:
    after = ""
    while page := counted.incidents_after(uow.session, after, BATCH):
        after = page[-1].id
        yield from page


def _tell_incident(uow: UnitOfWork, incident: Incident) -> int:
    count_incident(uow, incident)
    for exposure in incidents.exposures(uow.session, incident.id):
        named = uow.vault.unseal(f"incident:{incident.id}", "exposure", exposure.id, exposure.sealed)
        person = uow.session.get(Person, named["person_id"])
        count_exposed(uow, incident, exposure, person.staff_group if person is not None else None)
        count_response(uow, incident, exposure)
    return 1


def _tell_case(uow: UnitOfWork, case: SupportCase) -> int:
    """Every fact of a case, as its happenings would have told it."""
    covered = cases.incidents_of(uow.session, case.id)
    opening = next((exposure.response for link, _, exposure in covered if link.joined_at == case.opened_at), None)
    count(uow, "case_opened", case=case, now=case.opened_at, category=opening)
    for link, _, exposure in covered:
        if link.joined_at != case.opened_at:
            count(uow, "incident_joined", case=case, now=link.joined_at, category=exposure.response)
    for record in counted.done_on(uow.session, case.id):
        _tell_record(uow, case, record)
    for one in counted.raised_on(uow.session, case.id):
        count(uow, "escalation_raised", case=case, now=one.raised_at, category=one.rule, slot=one.rule)
    recount(uow, case, case.opened_at)
    _tell_windows(uow, case)
    return 1


def _tell_record(uow: UnitOfWork, case: SupportCase, record: ActionRecord) -> None:
    """The facts that an action left, by the effects that its pack gives it."""
    lifecycle = uow.pack(record.pack_version_id).lifecycles.get(record.subject_kind)
    action = lifecycle.actions.get(record.action) if lifecycle is not None else None
    if action is None:
        return
    at, does = record.done_at, set(action.does)
    if "make_offer" in does:
        count(uow, "offer_made", case=case, now=at)
    if "record_answer" in does:
        count_answer(uow, case=case, now=at, to_state=record.to_state)
    if "propose_referral" in does:
        count(uow, "referral_proposed", case=case, now=at)
    if "reopen_case" in does:
        count(uow, "case_reopened", case=case, now=at)
    if "close_case" in does:
        count(uow, "case_closed", case=case, now=at, category=_said(uow, case, record, "outcome"))
    if "decide_escalation" in does:
        raised = uow.session.get(Escalation, record.subject_id)
        slot = raised.rule if raised is not None else ""
        count(uow, "escalation_decided", case=case, now=at, category=_said(uow, case, record, "decision"), slot=slot)
    if record.subject_kind == "referral" and record.to_state != record.from_state:
        count(uow, "referral_state", case=case, now=at, category=record.to_state, slot=record.to_state)


def _said(uow: UnitOfWork, case: SupportCase, record: ActionRecord, field: str) -> str | None:
    content = uow.vault.unseal(f"case:{case.id}", "action_record", record.id, record.sealed)
    return None if content.get(field) is None else str(content[field])


def _tell_windows(uow: UnitOfWork, case: SupportCase) -> None:
    """Whether each interview that stands was held in time, against the step that it ended."""
    every = {one.id: one for one in cases.assessments(uow.session, case.id, current_only=False)}
    ended = {(step.name, step.ended_at): step for step in counted.completed_steps(uow.session, case.id)}
    for one in every.values():
        first = one
        while first.supersedes_id is not None and first.supersedes_id in every:
            first = every[first.supersedes_id]
        step = ended.get((one.step, first.recorded_at))
        if one.status != "current" or step is None:
            continue
        word = "kept" if first.held_at <= (step.latest_at or step.due_at) else "late"
        count(uow, "window", case=case, now=first.recorded_at, category=f"{step.name}:{word}", slot=step.name)

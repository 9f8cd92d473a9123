"""A new incident for somebody with an open case: one practitioner and one interview for both, or a case of its own.

The decision is the person's (CARE 21); the page shows every clock before and after, so that nothing moves unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, NotFound, Reason, StaleVersion
from trim.engine import machine
from trim.engine.definition import Pack
from trim.engine.forms import form_variables
from trim.engine.wording import Text
from trim.store import accounts, cases, incidents, steps
from trim.store.tables import Exposure, Incident, Step, SupportCase
from trim.usecases.acting import clocks
from trim.usecases.acting.act import Act
from trim.usecases.acting.standing import standing
from trim.usecases.incident_access import may_work_on
from trim.usecases.intake.list_incidents import kind_of
from trim.usecases.intake.read_incident import people_of
from trim.usecases.perform import Found, find, perform, variables_of
from trim.usecases.planning.joining import clock_incident, clock_variables, practitioner_leaves
from trim.usecases.planning.open_case import open_case, open_case_of
from trim.usecases.unit_of_work import UnitOfWork

ACTION = "join_incident"

ENDED = Reason(
    "case_ended_meanwhile",
    "The support that was open has ended meanwhile. Open a new one for this event.",
    "L’accompagnement en cours a pris fin entre-temps. Ouvrez-en un nouveau pour cet événement.",
)


@dataclass(frozen=True, slots=True)
class Span:
    """One clock: when it may begin, when it is due, when it is overdue."""

    earliest_at: datetime | None
    due_at: datetime
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A step of the case before and after joining; None on one side: it ends, or it begins."""

    label: Text
    before: Span | None
    after: Span | None


@dataclass(frozen=True, slots=True)
class Covered:
    """An incident that the case covers, or would."""

    ref: str
    kind: Text
    occurred_on: date


@dataclass(frozen=True, slots=True)
class JoinProposal:
    """What is asked, and what each answer brings. `case_ref` None: the open case has ended meanwhile."""

    incident_ref: str
    exposure_id: str
    person: str
    joining: Covered
    case_ref: str | None = None
    version: int = 0
    covered: tuple[Covered, ...] = ()
    state: Text | None = None
    state_after: Text | None = None
    practitioner: str | None = None
    #: Another practitioner has to be found; why is nobody's business but theirs (CARE 10).
    practitioner_leaves: bool = False
    interviews: int = 0
    clocks: tuple[ClockChange, ...] = ()


@dataclass
class _Waiting:
    incident: Incident
    exposure: Exposure
    case: SupportCase | None


def show_join(uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, exposure_id: str) -> JoinProposal:
    """The proposal, with a line in the trail of the incident and of the case.

    Raises NotFound, ConflictUnknown, NotAllowedNow where the pack does not let this case be joined to.
    """
    waiting = _waiting(uow, actor, incident_ref, exposure_id, lock=False)
    incident, case = waiting.incident, waiting.case
    person = people_of(uow, incident, [waiting.exposure])[waiting.exposure.id].name
    _leave_lines(uow, actor, now, waiting)
    joining = _covered(uow, incident)
    if case is None:
        return JoinProposal(incident.ref, exposure_id, person, joining)
    found = find(uow, actor, "case", case.ref, lock=False)
    leaves = practitioner_leaves(uow, case, incident)
    variables = {
        **variables_of(uow, actor, found, now),
        **form_variables(found.pack, {"practitioner_leaves": leaves}),
    }
    decision = _decide(found, variables)
    states = found.pack.lifecycles["case"].states
    supporter = case.practitioner_id or case.proposed_practitioner_id
    return JoinProposal(
        incident_ref=incident.ref,
        exposure_id=exposure_id,
        person=person,
        joining=joining,
        case_ref=case.ref,
        version=case.version,
        covered=tuple(_covered(uow, one) for _, one, _ in cases.incidents_of(uow.session, case.id)),
        state=states[case.state].label,
        state_after=states[decision.to_state].label,
        practitioner=accounts.names(uow.session, [supporter]).get(supporter) if supporter else None,
        practitioner_leaves=leaves,
        interviews=len(cases.assessments(uow.session, case.id)),
        clocks=_clocks(uow, found, incident, decision, variables, now),
    )


def join_to_case(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, exposure_id: str, version: int
) -> Act:
    """One interview for both: the pack's action on the open case, as it was shown at `version`.

    Raises NotFound, ConflictUnknown, StaleVersion, NotAllowedNow.
    """
    waiting = _waiting(uow, actor, incident_ref, exposure_id, lock=True)
    if waiting.case is None:
        raise NotAllowedNow([ENDED])
    act = perform(
        uow,
        actor,
        now=now,
        kind="case",
        ref=waiting.case.ref,
        action=ACTION,
        version=version,
        values={},
        computed={
            "exposure_id": exposure_id,
            "practitioner_leaves": practitioner_leaves(uow, waiting.case, waiting.incident),
        },
    )
    _note_decision(uow, actor, now, waiting, "joined")
    return act


def open_separate_case(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, exposure_id: str, version: int
) -> SupportCase:
    """A case of its own for this incident, because the person prefers it or the other has ended meanwhile.

    Raises NotFound, ConflictUnknown, StaleVersion.
    """
    waiting = _waiting(uow, actor, incident_ref, exposure_id, lock=True)
    if waiting.case is not None and waiting.case.version != version:
        raise StaleVersion(version, waiting.case.version)
    role = sorted(may_work_on(uow, actor, waiting.incident))[0]
    case = open_case(uow, actor, now=now, incident=waiting.incident, exposure=waiting.exposure, role=role)
    for step in steps.open_steps(uow.session, "exposure", exposure_id):
        steps.end(uow.session, step, state="done", by="separate_case", now=now)
    _note_decision(uow, actor, now, waiting, "separate" if waiting.case is not None else "other_case_ended")
    return case


def _waiting(uow: UnitOfWork, actor: Actor, incident_ref: str, exposure_id: str, *, lock: bool) -> _Waiting:
    """The exposure that waits for the decision, for somebody who may see both sides. Raises NotFound."""
    incident: Incident = cases.load(uow.session, "incident", incident_ref, lock=lock)
    may_work_on(uow, actor, incident)
    exposure = incidents.of_id(uow.session, exposure_id)
    if exposure is None or exposure.incident_id != incident.id:
        raise NotFound
    if not any(step.name == "join_case" for step in steps.open_steps(uow.session, "exposure", exposure.id)):
        raise NotFound
    case = open_case_of(uow, exposure, incident)
    if case is not None:
        standing(uow, actor, case)
    return _Waiting(incident, exposure, case)


def _decide(found: Found, variables: Mapping[str, Any]) -> machine.Decision:
    """What the pack makes of joining, without doing it."""
    try:
        return machine.decide(
            found.pack,
            lifecycle="case",
            state=found.subject.state,
            action=ACTION,
            roles=found.roles,
            variables=variables,
        )
    except machine.Refused as refused:
        raise NotAllowedNow([Reason(refused.code, text.en, text.fr) for text in refused.reasons]) from refused


def _clocks(
    uow: UnitOfWork,
    found: Found,
    joined: Incident,
    decision: machine.Decision,
    variables: Mapping[str, Any],
    now: datetime,
) -> tuple[ClockChange, ...]:
    """Every clock of the case as it is and as it would be, in the order of their names in the pack."""
    case, pack = found.subject, found.pack
    runs_from = clock_incident(uow, case, joined)
    exposure = incidents.exposure(uow.session, runs_from.id, case.person_index)
    anchors = clocks.anchors_of(uow, case=case, incident=runs_from, exposure=exposure, now=now)
    before = {step.name: step for step in steps.open_steps(uow.session, "case", case.id)}
    ended = {name for name in before if decision.cancels_all or name in (*decision.cancels, *decision.completes)}
    after = {name: step for name, step in before.items() if name not in ended}
    for name in decision.starts:
        if name not in after:
            after[name] = clocks.new_step(
                uow,
                pack=pack,
                lifecycle="case",
                name=name,
                subject=case,
                anchors=anchors,
                variables={**variables, **clock_variables(uow, case, runs_from, now)},
                case_id=case.id,
                now=now,
            )
    return tuple(
        ClockChange(definition.label, _span(before.get(name)), _span(after.get(name)))
        for name, definition in pack.lifecycles["case"].steps.items()
        if name in before or name in after
    )


def _span(step: Step | None) -> Span | None:
    return Span(step.earliest_at, step.due_at, step.latest_at) if step is not None else None


def _covered(uow: UnitOfWork, incident: Incident) -> Covered:
    pack: Pack = uow.pack(incident.pack_version_id)
    return Covered(incident.ref, kind_of(pack, incident), incident.occurred_on)


def _leave_lines(uow: UnitOfWork, actor: Actor, now: datetime, waiting: _Waiting) -> None:
    chains = [f"incident:{waiting.incident.id}"]
    if waiting.case is not None:
        chains.append(f"case:{waiting.case.id}")
    for chain in chains:
        uow.record(actor, now, f"{chain.split(':')[0]}.read", chain=chain, subject=chain, codes={"page": "join"})


def _note_decision(uow: UnitOfWork, actor: Actor, now: datetime, waiting: _Waiting, choice: str) -> None:
    uow.record(
        actor,
        now,
        "incident.join_decided",
        chain=f"incident:{waiting.incident.id}",
        subject=f"exposure:{waiting.exposure.id}",
        codes={"choice": choice},
    )

"""Read a case: the whole of it for who supports the person or oversees, three facts for who is asked to (CARE 24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.course import YEAR
from trim.engine import machine
from trim.engine.definition import Action, Choice, Pack
from trim.engine.wording import Text
from trim.store import accounts, appointments, cases, conflicts, steps
from trim.store.tables import AssessmentDraft, Exposure, Incident, Person, Unit
from trim.usecases.acting.rule_words import rule_words
from trim.usecases.acting.standing import Standing, standing, subject_of
from trim.usecases.acting.variables import final_states
from trim.usecases.break_glass.openings import openings_of
from trim.usecases.cases.action_page import is_for
from trim.usecases.cases.actions import APART, offered
from trim.usecases.cases.case_file import (
    CaseFile,
    Contact,
    Draft,
    EscalationRow,
    IncidentRow,
    KeptAway,
    PossibleAction,
    ReferralRow,
)
from trim.usecases.cases.gathered import Gathered, gather
from trim.usecases.cases.said import provider_of, said
from trim.usecases.cases.steps import due_steps
from trim.usecases.cases.timeline import timeline
from trim.usecases.cases.without_incident import links_of, plan_of, requests_of
from trim.usecases.perform import Found, find, variables_of
from trim.usecases.unit_of_work import UnitOfWork


def read_case(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> CaseFile:
    """The case of that reference, as this reader may see it, with a line in the trail. Raises NotFound,
    ConflictUnknown."""
    found = find(uow, actor, "case", ref, lock=False, glass=True)
    case = found.case
    assert case is not None
    stands = standing(uow, actor, case, glass=True)
    person = subject_of(uow, case)
    unit = uow.session.get(Unit, person.unit_id)
    pack = found.pack
    state = pack.lifecycles["case"].states[case.state]
    uow.record(
        actor,
        now,
        "case.read",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=sorted(found.roles)[0],
        codes={"page": "case" if stands.reads_content else "offer"},
    )
    known: dict[str, Any] = {
        "ref": case.ref,
        "version": case.version,
        "standing": stands.kind,
        "person": person.name,
        "unit": unit.name if unit else "",
        "incident_kind": _kind(pack, found.incident),
        "state": state.label,
        "state_hint": state.hint,
        "is_open": state.kind != "final",
        "actions": _actions(uow, actor, found, now),
    }
    if not stands.reads_content:
        return CaseFile(**known)
    gathered = gather(uow, found)
    return CaseFile(**known, **_content(uow, actor, found, stands, gathered, person, now))


def _content(
    uow: UnitOfWork,
    actor: Actor,
    found: Found,
    stands: Standing,
    gathered: Gathered,
    person: Person,
    now: datetime,
) -> dict[str, Any]:
    pack, case = found.pack, gathered.case
    red_flag = _red_flag(pack, case.state)
    drafts = cases.drafts(uow.session, case.id)
    saved_by = accounts.names(uow.session, [one.saved_by for one in drafts]) if drafts else {}
    held = any(incident.evidence_hold for _, incident, _ in gathered.incidents)
    return {
        "staff_group": group.label if (group := pack.choice("staff_groups", person.staff_group)) else None,
        "opened_at": case.opened_at,
        "practitioner": gathered.name(case.practitioner_id),
        "asked": gathered.name(case.proposed_practitioner_id),
        "evidence_hold": pack.texts.get("evidence_hold") if held else None,
        "red_flag_action": red_flag.name if red_flag else None,
        "red_flag_levels": _levels(red_flag),
        "steps": due_steps(pack, gathered),
        **_appointment(uow, case.id, now),
        "drafts": tuple(_draft(pack, one, saved_by) for one in drafts),
        "contacts": tuple(_contacts(gathered)),
        "interviews": tuple(gathered.interviews),
        "escalations": tuple(_escalations(pack, gathered)),
        "referrals": tuple(_referrals(pack, gathered)),
        "incidents": tuple(_incident(pack, one, exposure) for _, one, exposure in gathered.incidents),
        "earlier": tuple(_earlier(uow, found, gathered, now)) if stands.kind == "oversees" else (),
        "kept_away": _kept_away(uow, case.id) if stands.kind == "oversees" else (),
        "came_by": requests_of(uow, case.id),
        "plan": plan_of(pack, gathered),
        "linked": links_of(uow, case.id),
        "timeline": timeline(pack, gathered),
        "openings": openings_of(uow, actor, case, stands.kind, now),
    }


def _actions(uow: UnitOfWork, actor: Actor, found: Found, now: datetime) -> tuple[PossibleAction, ...]:
    case = found.case
    assert case is not None
    lifecycle = found.pack.lifecycles["case"]
    variables = variables_of(uow, actor, found, now)
    able = [
        one
        for one in machine.possible(
            found.pack, lifecycle="case", state=case.state, roles=found.roles, variables=variables
        )
        if is_for(found, one.action)
    ]
    due = [step.name for step in steps.open_steps(uow.session, "case", case.id)]
    asking = {
        one.action.name
        for one in able
        if machine.form_of(
            found.pack,
            lifecycle="case",
            action=one.action.name,
            state=case.state,
            roles=found.roles,
            variables=variables,
        )
    }
    return offered(lifecycle, case.state, able, due, asking=asking)


def _red_flag(pack: Pack, state: str) -> Action | None:
    actions = pack.lifecycles["case"].actions.values()
    return next((one for one in actions if APART & set(one.does) and state in one.from_), None)


def _levels(action: Action | None) -> tuple[Choice, ...]:
    fields = action.form if action is not None else ()
    return next((field.choices for field in fields if field.field_class == "level"), ())


def _appointment(uow: UnitOfWork, case_id: str, now: datetime) -> dict[str, Any]:
    """The next appointment that is agreed, while it lies ahead."""
    ahead = [one for one in appointments.of_case(uow.session, case_id) if one.starts_at >= now]
    return {"appointment_at": ahead[0].starts_at, "appointment_id": ahead[0].id} if ahead else {}


def _draft(pack: Pack, row: AssessmentDraft, names: Mapping[str, str]) -> Draft:
    lifecycle = pack.lifecycles["case"]
    action = next(
        (one for one in lifecycle.actions.values() if one.instrument and row.step in (one.step, *one.completes)), None
    )
    step = lifecycle.steps.get(row.step)
    return Draft(
        action=action.name if action else "",
        label=step.label if step else Text(row.step, row.step),
        saved_at=row.saved_at,
        by=names.get(row.saved_by, ""),
    )


def _contacts(gathered: Gathered) -> list[Contact]:
    found = []
    for record in gathered.records:
        if record.action is None or not {"log_contact", "make_offer"} & set(record.action.does):
            continue
        happened = record.values.get("happened_at")
        found.append(
            Contact(
                at=datetime.fromisoformat(str(happened)) if happened else record.row.done_at,
                by=gathered.name(record.row.actor_id) or "",
                said=said(record.action, {**record.values, "happened_at": None}, gathered.names),
            )
        )
    return sorted(found, key=lambda contact: contact.at)


def _escalations(pack: Pack, gathered: Gathered) -> list[EscalationRow]:
    states, final = pack.lifecycles["escalation"].states, final_states(pack, "escalation")
    return [
        EscalationRow(
            ref=one.ref,
            label=rule_words(pack, one.rule),
            level=one.level,
            state=states[one.state].label,
            is_open=one.state not in final,
            raised_at=one.raised_at,
            answer_by=one.answer_by,
            taken_by=gathered.name(one.taken_by),
        )
        for one in gathered.escalations
    ]


def _referrals(pack: Pack, gathered: Gathered) -> list[ReferralRow]:
    states, final = pack.lifecycles["referral"].states, final_states(pack, "referral")
    return [
        ReferralRow(
            ref=one.ref,
            provider=provider_of(pack, gathered.proposals[one.id]),
            state=states[one.state].label,
            is_open=one.state not in final,
            proposed_at=one.proposed_at,
        )
        for one in gathered.referrals
    ]


def _kind(pack: Pack, incident: Incident | None) -> Text | None:
    if incident is None:
        return None
    choice = pack.choice("incident_kinds", incident.kind)
    return choice.label if choice else Text(incident.kind, incident.kind)


def _incident(pack: Pack, one: Incident, exposure: Exposure) -> IncidentRow:
    how = pack.choice("exposures", exposure.kind)
    return IncidentRow(
        ref=one.ref,
        kind=_kind(pack, one) or Text(one.kind, one.kind),
        exposure=how.label if how else Text(exposure.kind, exposure.kind),
        occurred_on=one.occurred_on,
        occurred_at=one.occurred_at,
        time_known=one.time_known,
        evidence_hold=one.evidence_hold,
    )


def _earlier(uow: UnitOfWork, found: Found, gathered: Gathered, now: datetime) -> list[IncidentRow]:
    covered = {one.id for _, one, _ in gathered.incidents}
    return [
        _incident(found.pack, one, exposure)
        for exposure, one in cases.exposures_since(uow.session, gathered.case.person_index, now - YEAR)
        if one.id not in covered and not one.restricted
    ]


def _kept_away(uow: UnitOfWork, case_id: str) -> tuple[KeptAway, ...]:
    rows = conflicts.exclusions(uow.session, case_id)
    names = accounts.names(uow.session, [one.account_id for one in rows])
    return tuple(KeptAway(one.id, names.get(one.account_id, "")) for one in rows)

"""What runs beside a case, an escalation or a referral, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from trim.domain.access import Actor
from trim.engine import machine
from trim.engine.definition import Choice
from trim.engine.wording import Text
from trim.store import people
from trim.store.tables import Person
from trim.usecases.acting.standing import subject_of
from trim.usecases.cases.actions import FEW_STATES, shown_action
from trim.usecases.cases.case_file import DueStep, Event, Interview, PossibleAction, Said
from trim.usecases.cases.gathered import Gathered, gather
from trim.usecases.cases.said import provider_of, shown
from trim.usecases.cases.steps import due_steps
from trim.usecases.cases.timeline import timeline
from trim.usecases.perform import Found, find, variables_of
from trim.usecases.referral.letter import basis_of
from trim.usecases.unit_of_work import UnitOfWork

#: Effects that are always there besides what a state is for.
BESIDES = frozenset({"pass_on_escalation"})


@dataclass(frozen=True, slots=True)
class Beside:
    """What both have: whose it is, where it stands, what can be done and what was done."""

    kind: Literal["escalation", "referral"]
    ref: str
    version: int
    case_ref: str
    person: str
    unit: str
    state: Text
    state_hint: Text | None
    is_open: bool
    oversees: bool
    practitioner: str | None
    #: What was filled in when it was opened.
    said: tuple[Said, ...]
    actions: tuple[PossibleAction, ...]
    steps: tuple[DueStep, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class EscalationFile(Beside):
    """Why it reached the programme, and its clock."""

    rule: Text
    rule_hint: Text | None
    level: str
    level_words: Choice | None
    to_role: str
    raised_at: datetime
    raised_by: str | None
    answer_by: datetime
    taken_by: str | None
    #: The interview that a rule about scores looked at.
    interview: Interview | None


@dataclass(frozen=True, slots=True)
class ReferralFile(Beside):
    """The way to professional care."""

    provider: Text | None
    #: Somebody has agreed, or help goes ahead on one of the grounds: the letter can be made.
    may_print: bool
    sent_at: datetime | None
    ended_at: datetime | None


def read_escalation(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> EscalationFile:
    """An escalation, with a line in the trail. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "escalation", ref, lock=False)
    one, pack = found.subject, found.pack
    gathered = gather(uow, found)
    rule = pack.escalations.get(one.rule)
    content = uow.vault.unseal(f"case:{one.case_id}", "escalation", one.id, one.sealed)
    before = [held for held in gathered.interviews if held.recorded_at <= one.raised_at]
    return EscalationFile(
        **_beside(uow, actor, found, gathered, now, content, rule.by_action if rule else None),
        rule=rule.label if rule else Text(one.rule, one.rule),
        rule_hint=rule.hint if rule else None,
        level=one.level,
        level_words=pack.choice("red_flag_levels", one.level),
        to_role=one.to_role,
        raised_at=one.raised_at,
        raised_by=gathered.name(one.raised_by),
        answer_by=one.answer_by,
        taken_by=gathered.name(one.taken_by),
        interview=before[-1] if before and rule is not None and rule.at else None,
    )


def read_referral(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> ReferralFile:
    """A referral, with a line in the trail. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "referral", ref, lock=False)
    one = found.subject
    gathered = gather(uow, found)
    content = gathered.proposals[one.id]
    return ReferralFile(
        **_beside(uow, actor, found, gathered, now, content, None),
        provider=provider_of(found.pack, content),
        may_print=basis_of(uow, found.pack, one) is not None,
        sent_at=one.sent_at,
        ended_at=one.ended_at,
    )


def _beside(
    uow: UnitOfWork, actor: Actor, found: Found, gathered: Gathered, now: datetime, content: Any, by: str | None
) -> dict[str, Any]:
    subject, pack, kind = found.subject, found.pack, _kind_of(found)
    person: Person = subject_of(uow, gathered.case)
    unit = people.units(uow.session).get(person.unit_id)
    state = pack.lifecycles[kind].states[subject.state]
    uow.record(
        actor,
        now,
        "case.read",
        chain=f"case:{gathered.case.id}",
        subject=f"{kind}:{subject.id}",
        role=sorted(found.roles)[0],
        codes={"page": kind},
    )
    return {
        "kind": kind,
        "ref": subject.ref,
        "version": subject.version,
        "case_ref": gathered.case.ref,
        "person": person.name,
        "unit": unit.name if unit else "",
        "state": state.label,
        "state_hint": state.hint,
        "is_open": state.kind != "final",
        "oversees": gathered.case.practitioner_id != actor.account_id,
        "practitioner": gathered.name(gathered.case.practitioner_id),
        "said": _said(found, content, gathered, by),
        "actions": _actions(uow, actor, found, kind, now),
        "steps": tuple(one for one in due_steps(pack, gathered) if one.ref == subject.ref),
        "events": tuple(one for one in timeline(pack, gathered) if one.subject_ref == subject.ref),
    }


def _kind_of(found: Found) -> Literal["escalation", "referral"]:
    return "escalation" if hasattr(found.subject, "rule") else "referral"


def _said(found: Found, content: Any, gathered: Gathered, by: str | None) -> tuple[Said, ...]:
    """What was filled in when it was opened: by the action `by`, or by whichever proposes a referral."""
    for lifecycle in found.pack.lifecycles.values():
        for action in lifecycle.actions.values():
            if action.name == by or (by is None and "propose_referral" in action.does):
                return tuple(
                    Said(field.label, value)
                    for field in action.form
                    if (value := shown(field, content.get(field.name), gathered.names)) is not None
                )
    return ()


def _actions(uow: UnitOfWork, actor: Actor, found: Found, kind: str, now: datetime) -> tuple[PossibleAction, ...]:
    variables = variables_of(uow, actor, found, now)
    able = machine.possible(
        found.pack, lifecycle=kind, state=found.subject.state, roles=found.roles, variables=variables
    )
    asking = {one.action.name for one in able if one.action.form}
    main = {
        one.action.name
        for one in able
        if one.action.to is not None
        and not one.action.danger
        and not BESIDES & set(one.action.does)
        and len(one.action.from_) <= FEW_STATES + 1
    }
    return tuple(shown_action(one, main, asking) for one in able)

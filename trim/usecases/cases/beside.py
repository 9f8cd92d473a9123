"""What runs beside a case (an escalation, a referral, a step of the plan), as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from trim.domain.access import Actor
from trim.engine import machine
from trim.engine.wording import Text
from trim.store import people
from trim.store.tables import Escalation, Person, Referral
from trim.usecases.acting.standing import subject_of
from trim.usecases.cases.actions import FEW_STATES, shown_action
from trim.usecases.cases.case_file import DueStep, Event, PossibleAction, Said
from trim.usecases.cases.gathered import Gathered
from trim.usecases.cases.said import shown
from trim.usecases.cases.steps import due_steps
from trim.usecases.cases.timeline import timeline
from trim.usecases.perform import Found, is_kept_back, variables_of
from trim.usecases.unit_of_work import UnitOfWork

Kind = Literal["escalation", "referral", "agreed_step"]

#: Effects that are always there besides what a state is for.
BESIDES = frozenset({"pass_on_escalation"})


@dataclass(frozen=True, slots=True)
class Beside:
    """What both have: whose it is, where it stands, what can be done and what was done."""

    kind: Kind
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


def beside(
    uow: UnitOfWork, actor: Actor, found: Found, gathered: Gathered, now: datetime, content: Any, by: str | None
) -> dict[str, Any]:
    """What both kinds of page show, by the fields of Beside; leaves the line in the trail. `by` is the action that
    opened it, where one did."""
    subject, pack, kind = found.subject, found.pack, _kind_of(found)
    person: Person = subject_of(uow, gathered.case)
    unit = people.units(uow.session).get(person.unit_id)
    state = pack.lifecycles[kind].states[subject.state]
    steps = tuple(one for one in due_steps(pack, gathered) if one.ref == subject.ref)
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
        "actions": _actions(uow, actor, found, kind, now, [one.name for one in steps]),
        "steps": steps,
        "events": tuple(one for one in timeline(pack, gathered) if one.subject_ref == subject.ref),
    }


def _kind_of(found: Found) -> Kind:
    if isinstance(found.subject, Escalation):
        return "escalation"
    return "referral" if isinstance(found.subject, Referral) else "agreed_step"


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


def _actions(
    uow: UnitOfWork, actor: Actor, found: Found, kind: str, now: datetime, due: list[str]
) -> tuple[PossibleAction, ...]:
    variables = variables_of(uow, actor, found, now)
    able = machine.possible(
        found.pack, lifecycle=kind, state=found.subject.state, roles=found.roles, variables=variables
    )
    able = [one for one in able if not is_kept_back(found, one.action.does)]
    asking = {one.action.name for one in able if one.action.form}
    main = {
        one.action.name
        for one in able
        if one.action.to is not None
        and not one.action.danger
        and not BESIDES & set(one.action.does)
        and len(one.action.from_) <= FEW_STATES + 1
    }
    return tuple(shown_action(one, main, asking, due) for one in able)

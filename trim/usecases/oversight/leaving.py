"""Handing cases over when a practitioner leaves: nothing is lost, and each case changes hands only on acceptance.

The list works before the account is ended, for a planned leave, and after it: then its cases are unattended until
somebody accepts them, and stand on the coordinators' overview as such.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, NotFound
from trim.engine.wording import Text
from trim.store import accounts, leaving
from trim.store.leaving import LeftRow
from trim.store.tables import Step, SupportCase
from trim.store.worklists import Key
from trim.usecases.acting.ties import sight_of
from trim.usecases.oversight.rows import CaseRow, Naming, naming, record_list, with_name
from trim.usecases.oversight.words import words_of
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25


@dataclass(frozen=True, slots=True)
class Due:
    """Something expected in a case."""

    what: Text
    due_at: datetime
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """One case to hand over: who supports the person, who is asked, and what leads on."""

    row: CaseRow
    #: Who supports the person, and who was asked; `_left` says that they see the case no more.
    practitioner: str | None
    practitioner_left: bool
    asked: str | None
    asked_left: bool
    due: tuple[Due, ...]
    #: The action by which somebody is asked, or a question that nobody can answer is taken back; None: see the case.
    action: str | None
    action_label: Text | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A page of cases to hand over; `name` is whose they are, None for all that are unattended."""

    name: str | None
    has_left: bool
    rows: tuple[HandOver, ...]
    count: int
    after: Key | None
    #: Ids of the cases whose person it names: each has the line of this list in its own ledger.
    named: tuple[str, ...]


def unattended(
    uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None, limit: int = PAGE, record: bool = True
) -> Leaving:
    """Cases in the actor's units that nobody attends to, the longest open first.

    With `record` a line in the trail, else the caller writes it. Raises Forbidden.
    """
    if not actor.can(Can.ALLOCATE):
        raise Forbidden
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    states = list(words.states("case", final=False))
    found = leaving.unattended(uow.session, sight, states=states, now=now, after=after, limit=limit + 1)
    shown = Leaving(None, True, *_shown(uow, actor, now, found, limit))
    if record:
        record_list(uow, actor, now, "leaving", len(shown.rows), named=shown.named)
    return shown


def cases_of(uow: UnitOfWork, actor: Actor, *, now: datetime, account_id: str, after: Key | None = None) -> Leaving:
    """The open cases of one practitioner in the actor's units, with a line in the trail.

    Raises Forbidden, and NotFound for an account that neither practises nor has such a case here.
    """
    if not actor.can(Can.ALLOCATE):
        raise Forbidden
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    states = list(words.states("case", final=False))
    found = leaving.of_practitioner(uow.session, sight, account_id, states=states, after=after, limit=PAGE + 1)
    account = accounts.by_id(uow.session, account_id)
    practises = account_id in leaving.practising(uow.session, [account_id], sight.units, now)
    if account is None or not (found or practises):
        raise NotFound
    shown = Leaving(account.name, not practises, *_shown(uow, actor, now, found, PAGE))
    record_list(uow, actor, now, "leaving", len(shown.rows), named=shown.named)
    return shown


def _shown(
    uow: UnitOfWork, actor: Actor, now: datetime, found: list[LeftRow], limit: int
) -> tuple[tuple[HandOver, ...], int, Key | None, tuple[str, ...]]:
    cases = [one.case for one in found[:limit]]
    names = naming(uow, actor, cases)
    people = {one for case in cases for one in (case.practitioner_id, case.proposed_practitioner_id) if one}
    who = accounts.names(uow.session, people)
    able = leaving.practising(uow.session, people, {case.programme for case in cases}, now)
    due = leaving.open_steps(uow.session, [case.id for case in cases])
    last = cases[-1] if len(found) > limit else None
    return (
        tuple(_row(uow, actor, case, names, who, able, due.get(case.id, [])) for case in cases),
        found[0].of_all if found else 0,
        (last.opened_at, last.id) if last else None,
        tuple(with_name(names)),
    )


def _row(
    uow: UnitOfWork,
    actor: Actor,
    case: SupportCase,
    names: Naming,
    who: Mapping[str, str],
    able: Collection[str],
    due: list[Step],
) -> HandOver:
    name, ask, unit = names[case.id]
    lifecycle = uow.pack(case.pack_version_id).lifecycles["case"]
    asked = case.proposed_practitioner_id
    wanted = "withdraw_proposal" if asked is not None and asked not in able else "propose_allocation"
    roles = {role.value for role in actor.roles_over(case.unit_id)}
    action = next(
        (
            one
            for one in lifecycle.actions.values()
            if wanted in one.does and case.state in one.from_ and roles & set(one.by)
        ),
        None,
    )
    return HandOver(
        row=CaseRow(
            ref=case.ref, name=name, ask=ask, unit=unit, to_ref=case.ref, state=lifecycle.states[case.state].label
        ),
        practitioner=who.get(case.practitioner_id or ""),
        practitioner_left=case.practitioner_id is not None and case.practitioner_id not in able,
        asked=who.get(asked or ""),
        asked_left=asked is not None and asked not in able,
        due=tuple(
            Due(lifecycle.steps[step.name].label, step.due_at, step.latest_at)
            for step in due
            if step.subject_kind == "case" and step.name in lifecycle.steps
        ),
        action=action.name if action else None,
        action_label=action.label if action else None,
    )

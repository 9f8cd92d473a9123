"""Lists of a supervisor: cases, escalations, and what is due, each paged by key and without what conflicts hide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.engine.definition import Step
from trim.engine.wording import Text
from trim.store import accounts, worklists
from trim.store.tables import Escalation, SupportCase
from trim.store.worklists import DueRow, Key, StepName
from trim.usecases.acting.ties import sight_of
from trim.usecases.oversight.rows import (
    OF_CASES,
    CaseRow,
    Listed,
    due_row,
    escalation_row,
    naming,
    record_list,
    with_name,
)
from trim.usecases.oversight.words import Words, words_of
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25
#: Filters of the list of cases beside the pack's own states.
OPEN, ENDED = "open", "ended"


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases with the states by which they can be filtered: word and label, in the pack's order."""

    listed: Listed
    states: tuple[tuple[str, Text], ...]


def list_cases(
    uow: UnitOfWork, actor: Actor, *, now: datetime, state: str = OPEN, after: Key | None = None
) -> CaseList:
    """Cases that a supervisor sees, the newest first; `state` is a word of the pack, "open" or "ended"."""
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    known = words.states("case")
    wanted = [state] if state in known else list(words.states("case", final=state == ENDED))
    found = worklists.cases_seen(uow.session, sight, states=wanted, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    names = naming(uow, actor, shown)
    people = accounts.names(uow.session, {one.practitioner_id for one in shown if one.practitioner_id})
    rows = tuple(
        CaseRow(
            ref=case.ref,
            name=names[case.id][0],
            ask=names[case.id][1],
            unit=names[case.id][2],
            to_ref=case.ref,
            state=known[case.state].label if case.state in known else None,
            since=case.opened_at,
            practitioner=people.get(case.practitioner_id or ""),
        )
        for case in shown
    )
    record_list(uow, actor, now, "cases", len(rows), named=with_name(names))
    last = shown[-1] if len(found) > PAGE else None
    return CaseList(
        Listed(rows, (last.opened_at, last.id) if last else None),
        tuple((one.name, one.label) for one in known.values()),
    )


def list_escalations(
    uow: UnitOfWork, actor: Actor, *, now: datetime, decided: bool = False, after: Key | None = None
) -> Listed:
    """Escalations, the most urgent clock first; the decided ones, the newest decision first."""
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    states = list(words.states("escalation", final=decided))
    query = worklists.decided_escalations if decided else worklists.escalations_seen
    found = query(uow.session, sight, states=states, after=after, limit=PAGE + 1)
    rows = escalation_rows(uow, actor, found[:PAGE], words)
    record_list(uow, actor, now, "escalations", len(rows), named=named_in(found, rows))
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    key = (last.decided_at if decided else last.answer_by, last.id) if last else None
    return Listed(rows, key if key and key[0] is not None else None)  # type: ignore[arg-type] # just looked at


def escalation_rows(
    uow: UnitOfWork, actor: Actor, found: list[tuple[Escalation, SupportCase]], words: Words
) -> tuple[CaseRow, ...]:
    """Escalations as rows."""
    names = naming(uow, actor, {case.id: case for _, case in found}.values())
    taken = accounts.names(uow.session, {one.taken_by for one, _ in found if one.taken_by})
    return tuple(escalation_row(one, case, names, words, taken) for one, case in found)


def named_in(found: Iterable[tuple[Escalation, SupportCase]], rows: Iterable[CaseRow]) -> set[str]:
    """The cases whose name stands in these rows; one row for each escalation found, in its order."""
    return {case.id for (_, case), row in zip(found, rows, strict=False) if row.name is not None}


def list_due(
    uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, name: str, after: Key | None = None
) -> tuple[Text, Listed]:
    """What is due at one step of the pack, the next due first, with its label. Raises NotFound for no such step."""
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    steps = words.steps(OF_CASES, ("coordinator", "programme_lead"))
    step = steps.get((kind, name))
    if step is None:
        raise NotFound
    found = worklists.due_seen(uow.session, sight, [(kind, name)], after=after, limit=PAGE + 1)
    return step.label, _listed(uow, actor, now, found, steps, words, f"due.{kind}.{name}")


def list_overdue(uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None) -> Listed:
    """Everything that practitioners are late with, the longest first."""
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    steps = words.steps(OF_CASES, ("practitioner",))
    found = worklists.due_seen(uow.session, sight, steps, late_at=now, after=after, limit=PAGE + 1)
    return _listed(uow, actor, now, found, steps, words, "overdue")


def _listed(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    found: list[DueRow],
    steps: Mapping[StepName, Step],
    words: Words,
    what: str,
) -> Listed:
    shown = found[:PAGE]
    names = naming(uow, actor, {row.case.id: row.case for row in shown}.values())
    record_list(uow, actor, now, what, len(shown), named=with_name(names))
    last = shown[-1].step if len(found) > PAGE else None
    return Listed(tuple(due_row(row, names, steps, words) for row in shown), (last.due_at, last.id) if last else None)

"""Rows of work-lists: a case with its person, as far as this reader may know whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from trim.audit.trail import account_chain
from trim.domain.access import Actor, Role
from trim.engine.definition import Step
from trim.engine.wording import Text
from trim.store import people
from trim.store.tables import Escalation, Person, SupportCase, Unit
from trim.store.worklists import DueRow, Key, StepName
from trim.usecases.acting.ties import named
from trim.usecases.oversight.words import Words
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list. Without a name the reader must first say whether they lead the person (`ask`)."""

    ref: str
    name: str | None
    ask: bool
    unit: str
    kind: str = "case"
    #: Reference of the escalation or referral that the row leads to; that of the case else.
    to_ref: str = ""
    what: Text | None = None
    earliest_at: datetime | None = None
    due_at: datetime | None = None
    latest_at: datetime | None = None
    state: Text | None = None
    since: datetime | None = None
    level: str = ""
    practitioner: str | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list; `after` is the key from which the next page goes on, None at the end."""

    rows: tuple[CaseRow, ...]
    after: Key | None = None


#: What runs for one person and shows in lists of what is due.
OF_CASES = ("case", "referral", "agreed_step")
#: In which role somebody reads a list, where they hold several: that over a unit comes first.
IN_LISTS = (Role.COORDINATOR, Role.PROGRAMME_LEAD, Role.PRACTITIONER)

Naming = Mapping[str, tuple[str | None, bool, str]]
"""By case id: the name, whether the reader must be asked first, and the unit."""


def naming(uow: UnitOfWork, actor: Actor, cases: Collection[SupportCase]) -> Naming:
    """The names for these cases, in a constant number of queries."""
    if not cases:
        return {}
    units = people.units(uow.session)
    return {
        case_id: (whose.name, whose.ask, _unit(units, whose.person))
        for case_id, whose in named(uow, actor, cases).items()
    }


def _unit(units: Mapping[str, Unit], person: Person | None) -> str:
    # Until the question is answered the list says no more than that there is a case.
    return units[person.unit_id].name if person is not None and person.unit_id in units else ""


def due_row(row: DueRow, names: Naming, steps: Mapping[StepName, Step], words: Words) -> CaseRow:
    """A due step as a row, with the state of its case."""
    name, ask, unit = names[row.case.id]
    step = steps.get((row.step.subject_kind, row.step.name))
    return CaseRow(
        ref=row.case.ref,
        name=name,
        ask=ask,
        unit=unit,
        kind=row.step.subject_kind,
        to_ref=row.ref,
        what=step.label if step else Text(row.step.name, row.step.name),
        earliest_at=row.step.earliest_at,
        due_at=row.step.due_at,
        latest_at=row.step.latest_at,
        state=state.label if (state := words.states("case").get(row.case.state)) else None,
    )


def escalation_row(
    escalation: Escalation, case: SupportCase, names: Naming, words: Words, taken: Mapping[str, str]
) -> CaseRow:
    """An escalation as a row."""
    name, ask, unit = names[case.id]
    state = words.states("escalation").get(escalation.state)
    return CaseRow(
        ref=case.ref,
        name=name,
        ask=ask,
        unit=unit,
        kind="escalation",
        to_ref=escalation.ref,
        what=words.rule(escalation.rule),
        due_at=escalation.answer_by,
        state=state.label if state else None,
        since=escalation.decided_at or escalation.raised_at,
        level=escalation.level,
        taken_by=taken.get(escalation.taken_by or ""),
    )


def record_list(
    uow: UnitOfWork, actor: Actor, now: datetime, what: str, rows: int, *, named: Iterable[str] = ()
) -> None:
    """One line in the reader's own chain for a list that shows names (law 7); none for an empty one.

    `named` are the ids of the cases whose person's name it shows: each finds the line in their own ledger.
    """
    if rows:
        uow.record(
            actor,
            now,
            "list.read",
            chain=account_chain(actor.account_id),
            subject=f"list:{what}",
            role=next((role.value for role in IN_LISTS if role in actor.roles), None),
            codes={"rows": rows},
            also=sorted({f"case:{case_id}" for case_id in named}),
        )


def with_name(names: Naming) -> list[str]:
    """The cases whose name this reader is shown."""
    return [case_id for case_id, (name, _ask, _unit) in names.items() if name is not None]

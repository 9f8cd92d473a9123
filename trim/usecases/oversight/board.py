"""The board of those who oversee: what waits for somebody, each list with its count and its first rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor, Can
from trim.engine.wording import Text
from trim.store import worklists
from trim.store.worklists import DueRow
from trim.usecases.acting.ties import sight_of
from trim.usecases.break_glass.openings import Opened, own_openings
from trim.usecases.delivery.undelivered import count_undelivered
from trim.usecases.oversight.leaving import HandOver, unattended
from trim.usecases.oversight.lists import escalation_rows, named_in
from trim.usecases.oversight.rows import OF_CASES, CaseRow, due_row, naming, record_list, with_name
from trim.usecases.oversight.today import told
from trim.usecases.oversight.words import words_of
from trim.usecases.people.notices import Told
from trim.usecases.unit_of_work import UnitOfWork

#: Rows of each list that the board itself shows.
EACH = 5
SUPERVISORS = ("coordinator", "programme_lead")
#: Kinds of notices whose matter stands on this page already.
LISTED = frozenset(
    {
        "escalation",
        "escalation_passed_on",
        "escalation_unanswered",
        "escalation_answer_due",
        "red_flag",
        "step_reminder",
        "step_due",
        "step_late",
        "step_escalated",
        "to_allocate",
        "support_asked",
        "allocation_accepted",
        "allocation_declined",
        "incident_reported",
        "join_to_decide",
        "practitioner_left",
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """One list: the step that it is about, how many there are, and the first of them."""

    kind: str
    name: str
    label: Text
    count: int
    rows: tuple[CaseRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The start page of coordinators and programme leads."""

    escalations: tuple[CaseRow, ...]
    escalation_count: int
    #: Steps of cases and referrals that coordinators see to, in the order of the pack; empty ones are left out.
    sections: tuple[Section, ...]
    overdue: tuple[CaseRow, ...]
    overdue_count: int
    told: tuple[Told, ...]
    #: Cases whose practitioner has left: the first of them, and how many.
    unattended: tuple[HandOver, ...] = ()
    unattended_count: int = 0
    #: Cases of other units that one has opened by break-glass and still sees: the only place where such a case stands.
    opened: tuple[Opened, ...] = ()
    #: How many notices to people of these units reached nobody.
    undelivered: int = 0


def board(uow: UnitOfWork, actor: Actor, *, now: datetime) -> Board:
    """What waits, in a constant number of queries whatever the number of rows and lists."""
    sight = sight_of(uow, actor)
    words = words_of(uow, sight.units)
    ours = words.steps(OF_CASES, SUPERVISORS)
    theirs = words.steps(OF_CASES, ("practitioner",))
    waiting = worklists.first_due(uow.session, sight, ours, each=EACH)
    late = worklists.first_due(uow.session, sight, theirs, late_at=now, each=EACH)
    states = list(words.states("escalation", final=False))
    urgent = worklists.escalations_seen(uow.session, sight, states=states, limit=EACH)
    names = naming(uow, actor, {row.case.id: row.case for row in (*waiting, *late)}.values())
    groups: dict[tuple[str, str], list[DueRow]] = {}
    for row in waiting:
        groups.setdefault((row.step.subject_kind, row.step.name), []).append(row)
    late_names = {(row.step.subject_kind, row.step.name): row.of_all for row in late}
    asked = escalation_rows(uow, actor, urgent, words)
    left = unattended(uow, actor, now=now, limit=EACH, record=False)
    named = {*with_name(names), *named_in(urgent, asked), *left.named}
    rows = len(waiting) + len(late) + len(urgent) + len(left.rows)
    record_list(uow, actor, now, "board", rows, named=named)
    return Board(
        escalations=asked,
        escalation_count=worklists.count_escalations(uow.session, sight, states=states) if urgent else 0,
        sections=tuple(
            Section(
                kind=key[0],
                name=key[1],
                label=step.label,
                count=groups[key][0].of_all,
                rows=tuple(due_row(row, names, ours, words) for row in groups[key]),
            )
            for key, step in ours.items()
            if key in groups
        ),
        overdue=tuple(due_row(row, names, theirs, words) for row in late[:EACH]),
        overdue_count=sum(late_names.values()),
        told=told(uow, actor, now, listed=LISTED),
        unattended=left.rows,
        unattended_count=left.count,
        opened=own_openings(uow, actor, now),
        undelivered=count_undelivered(uow, actor) if actor.can(Can.SEE_UNDELIVERED) else 0,
    )

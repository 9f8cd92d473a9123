"""Why something that has no case reached somebody: a planning meeting, a group session, a check that nobody held.

A case's overdue step becomes a question with an answer of its own. Here the answer is to do it, on the very page that
the notice leads to; so what led to it stands there, by rule, clock and notice, as it does on the page of a question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from trim.engine.definition import Pack
from trim.engine.durations import Duration
from trim.engine.wording import Text
from trim.store import deadlines, notices
from trim.store.tables import DeadlineStage, Notice, Step
from trim.usecases.acting.rules import rule_of
from trim.usecases.cases.case_file import DueStep
from trim.usecases.cases.steps import step_beside
from trim.usecases.escalation.came_of import Happened, Sent, happened, sent
from trim.usecases.unit_of_work import UnitOfWork

#: Stages by which something left those whose task it was, by the first part of their name.
FURTHER: Final = frozenset({"escalate", "further", "nobody_left", "undelivered"})
#: A step that the pack does not name: the program started it for one person, and the page says above what it is.
_FOR_ONE: Final = Text("For one person", "Pour une personne")


@dataclass(frozen=True, slots=True)
class WentFurther:
    """One open step that was taken to somebody else; `after` says how long past its latest moment the rule waits."""

    step: DueStep
    after: Duration | None
    stages: tuple[Happened, ...]
    sent: tuple[Sent, ...]


def went_further(uow: UnitOfWork, pack: Pack, rows: Collection[Step], *, ref: str) -> tuple[WentFurther, ...]:
    """Those of some open steps that were taken further, the next due first; nothing where all is in time.

    Two questions to the database at most, however many steps there are.
    """
    ids = [one.id for one in rows]
    acted = deadlines.stages_of(uow.session, ids) if ids else []
    taken = {one.subject_id for one in acted if one.stage.partition(":")[0] in FURTHER}
    told = notices.about_steps(uow.session, taken) if taken else []
    return tuple(
        _one(pack, step, ref, (one for one in acted if one.subject_id == step.id), told)
        for step in sorted(rows, key=lambda one: (one.due_at, one.id))
        if step.id in taken
    )


def _one(
    pack: Pack,
    step: Step,
    ref: str,
    acted: Iterable[DeadlineStage],
    told: Iterable[tuple[Notice, str]],
) -> WentFurther:
    rule = rule_of(pack, step.subject_kind, step.name)
    return WentFurther(
        step=step_beside(rule, step, ref, unnamed=_FOR_ONE),
        after=rule.overdue.escalate_after if rule is not None and rule.overdue is not None else None,
        stages=tuple(happened(one) for one in acted),
        sent=tuple(sent(notice, name) for notice, name in told if notice.step_id == step.id),
    )

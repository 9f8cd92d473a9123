"""A practitioner's day: what is due in their own cases, what they are asked, what they began, what was told them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.domain.access import Actor, Role
from trim.engine.wording import Text
from trim.store import accounts, worklists
from trim.store.worklists import Key
from trim.usecases.cases.call_now import OnDuty
from trim.usecases.deadlines.stale_drafts import is_stale
from trim.usecases.oversight.rows import OF_CASES, CaseRow, Listed, due_row, naming, record_list, with_name
from trim.usecases.oversight.words import Words, words_of
from trim.usecases.people.notices import Told, newest_notices
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50
#: How long something that was told stays on the page.
RECENT = timedelta(days=14)
MOST = 20
#: Notices that a start page shows; the rest is one link away.
MOST_TOLD = 5
#: Kinds of notices whose matter stands on this page already.
LISTED = frozenset({"asked_to_support", "step_reminder", "step_due", "step_late", "draft_waits"})


@dataclass(frozen=True, slots=True)
class Begun:
    """An interview begun and not submitted."""

    ref: str
    name: str | None
    action: str
    what: Text
    saved_at: datetime
    #: Untouched for so long that it is overdue (CARE 8).
    stale: bool


@dataclass(frozen=True, slots=True)
class Today:
    """The start page of a practitioner."""

    due: Listed
    asked: tuple[CaseRow, ...]
    begun: tuple[Begun, ...]
    told: tuple[Told, ...]
    on_duty: tuple[OnDuty, ...]


def today(uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None) -> Today:
    """What the actor has to do, as a practitioner."""
    programmes = sorted({grant.programme for grant in actor.grants if grant.role is Role.PRACTITIONER})
    words = words_of(uow, programmes)
    steps = words.steps(OF_CASES, ("practitioner",))
    due = worklists.due_of_practitioner(uow.session, actor.account_id, steps, after=after, limit=PAGE + 1)
    asked = worklists.offered_to(uow.session, actor.account_id, limit=MOST)
    begun = worklists.drafts_of(uow.session, actor.account_id, limit=MOST)
    known = {case.id: case for case in (*(row.case for row in due[:PAGE]), *asked, *(case for _, case in begun))}
    names = naming(uow, actor, known.values())
    record_list(uow, actor, now, "today", len(known), named=with_name(names))
    last = due[PAGE - 1].step if len(due) > PAGE else None
    return Today(
        due=Listed(
            tuple(due_row(row, names, steps, words) for row in due[:PAGE]), (last.due_at, last.id) if last else None
        ),
        asked=tuple(
            CaseRow(ref=case.ref, name=names[case.id][0], ask=False, unit=names[case.id][2], since=case.opened_at)
            for case in asked
        ),
        begun=tuple(
            Begun(
                case.ref,
                names[case.id][0],
                *_interview(words, draft.step),
                draft.saved_at,
                is_stale(draft.saved_at, now),
            )
            for draft, case in begun
        ),
        told=told(uow, actor, now, listed=LISTED),
        on_duty=tuple(
            OnDuty(account.name, turn.phone, turn.until_at)
            for programme in programmes
            for turn, account in accounts.on_duty(uow.session, programme, now)
        ),
    )


def told(uow: UnitOfWork, actor: Actor, now: datetime, *, listed: frozenset[str]) -> tuple[Told, ...]:
    """What was told to somebody lately, the newest first, without the kinds that the page lists anyway."""
    return newest_notices(uow, actor, limit=MOST_TOLD, since=now - RECENT, without=listed)


def _interview(words: Words, step: str) -> tuple[str, Text]:
    """The action that goes on with a draft of that step, and the step's label."""
    for pack in reversed(words.packs):
        lifecycle = pack.lifecycles.get("case")
        if lifecycle is None:
            continue
        for action in lifecycle.actions.values():
            if action.instrument and step in (action.step, *action.completes):
                label = lifecycle.steps[step].label if step in lifecycle.steps else action.label
                return action.name, label
    return "", Text(step, step)

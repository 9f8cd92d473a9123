"""The clocks of an agreed plan: they stop when the case ends and start again when it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.straw import add_straw, agreed_step, supported_case
from trim.store import cases, steps
from trim.store.tables import Step

ENDS = {"close": ("reopen", {"outcome": "moved"}), "withdraw": ("undo_decline", {})}


def running(made: Organisation, ref: str) -> list[Step]:
    """The clocks of one step of the plan."""
    with made.backend.reading() as uow:
        return steps.open_steps(uow.session, "agreed_step", cases.load(uow.session, "agreed_step", ref).id)


def day_of(made: Organisation, ref: str) -> datetime:
    with made.backend.reading() as uow:
        planned_for: datetime = cases.load(uow.session, "agreed_step", ref).planned_for
        return planned_for


@pytest.mark.parametrize("end", ENDS)
def test_what_is_still_agreed_is_asked_about_again(organisation: Organisation, end: str) -> None:
    made, story = organisation, Story(organisation)
    add_straw(made)
    ref = supported_case(made)
    passed, dropped, done, to_come = (agreed_step(made, ref, in_days=days) for days in (5, 6, 7, 40))
    story.does("Quinn", "mark_done", done, kind="agreed_step")
    # One that was moved has had a clock before; it comes back with one, not two.
    day = (made.now + timedelta(days=45)).date()
    story.does("Quinn", "move", to_come, kind="agreed_step", day=day)
    again, values = ENDS[end]
    story.does("Carol", end, ref, **values)
    assert [running(made, one) for one in (to_come, passed, dropped, done)] == [[], [], [], []]
    made.later(days=20)
    story.does("Carol", "drop", dropped, kind="agreed_step", reason="It helps no longer.")
    story.does("Carol", again, ref)
    (ahead,) = running(made, to_come)
    assert (ahead.anchor, ahead.anchor_at) == ("agreed_step.planned_for", day_of(made, to_come))
    # Its day went by while nobody was there to ask: nobody is late with it.
    (anew,) = running(made, passed)
    assert (anew.anchor, anew.anchor_at, anew.due_at) == ("now", made.now, made.now + timedelta(hours=18))
    assert running(made, dropped) == running(made, done) == []

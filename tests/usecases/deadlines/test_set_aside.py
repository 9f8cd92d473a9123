"""A bad row never stops the others: it is tried later and later, then set aside where people see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.many_due import copy_case
from tests.support.sweeping import stages, step_of, sweep, told
from trim.domain.access import system_actor
from trim.domain.errors import Forbidden, NotFound
from trim.store.database import GaveWay
from trim.usecases.deadlines import act_on_due_steps, batch
from trim.usecases.deadlines.act_on_due_steps import WAITS
from trim.usecases.oversight.read_jobs import read_jobs, try_again

# What the sweep writes is shown on both databases by test_stages.py; these walk long ways.
pytestmark = pytest.mark.large_on_postgresql

SYSTEM = system_actor("jobs")


@pytest.fixture
def spoilt(story, monkeypatch):
    """Three due steps of which one cannot be done; gives its id and a way to mend it."""
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    copy_case(made.backend.database.engine, ref, "first_assessment", 2, acts_at=step.due_at)
    made.now = step.due_at
    real = batch._remind

    def spoil(work, row, *rest):
        if row.id == step.id and not mended:
            raise KeyError("what was filled in")
        real(work, row, *rest)

    mended: list[bool] = []
    monkeypatch.setattr(batch, "_remind", spoil)
    return made, step, mended


def test_a_step_that_cannot_be_done_is_set_aside_and_the_others_are_done(spoilt, caplog):
    made, step, mended = spoilt
    assert sweep(made).failed == 1
    assert len(told(made, "step_due")) == 2
    tries = 1
    for wait in WAITS:
        assert sweep(made, made.now + wait - timedelta(seconds=1)).failed == 0
        swept = sweep(made, made.now + timedelta(seconds=1))
        tries += swept.failed + swept.aside
    assert tries == len(WAITS) + 1
    assert sweep(made, made.now + timedelta(hours=1)).failed == 0
    assert len(told(made, "step_due")) == 2
    assert "what was filled in" not in caplog.text

    with made.backend.reading() as uow:
        seen = read_jobs(uow, SYSTEM, now=made.now)
    assert "set_aside" in seen.alarms
    [aside] = seen.set_aside
    assert (aside.id, aside.problem) == (step.id, "KeyError")

    mended.append(True)
    with made.backend.writing() as uow:
        try_again(uow, made.actor("Adam"), now=made.now, claim_id=step.id)
    sweep(made)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due"]
    assert len(told(made, "step_due")) == 3
    with made.backend.reading() as uow:
        assert read_jobs(uow, SYSTEM, now=made.now).set_aside == ()


def test_a_batch_that_gave_way_to_somebody_is_done_one_by_one_at_once(story, monkeypatch):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    copy_case(made.backend.database.engine, ref, "first_assessment", 2, acts_at=step.due_at)
    together = []

    def gives_way(uow, ids, **more):
        if len(ids) > 1:
            together.append(len(ids))
            raise GaveWay("somebody else")
        return batch.act_on_steps(uow, ids, **more)

    monkeypatch.setitem(act_on_due_steps._ACTS, "step", gives_way)
    swept = sweep(made, step.due_at)
    assert (together, swept.failed) == ([3], 0)
    assert len(told(made, "step_due")) == 3


def test_who_may_see_and_who_may_try_again(organisation):
    made = organisation
    with made.backend.reading() as uow:
        read_jobs(uow, made.actor("Adam"), now=made.now)
        for name in ("Carol", "Pat", "Rita", "Hana", "Ada", "Lee"):
            with pytest.raises(Forbidden):
                read_jobs(uow, made.actor(name), now=made.now)
    with made.backend.writing() as uow:
        with pytest.raises(Forbidden):
            try_again(uow, made.actor("Carol"), now=made.now, claim_id="none")
        with pytest.raises(NotFound):
            try_again(uow, made.actor("Adam"), now=made.now, claim_id="none")

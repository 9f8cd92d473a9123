"""SIGKILL and a lost connection at every point of a sweep, and several workers at once: each stage acts once."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlmodel import col

from tests.support.children import die, dies_at, in_child, status_of, was_killed
from tests.support.cut import cut_at
from tests.support.many_due import copy_case
from tests.support.organisation import Organisation
from tests.support.sweeping import escalations, lines, stages, step_of, sweep, told
from tests.support.trail import broken_chains
from trim.store.tables import Claim, DeadlineStage, Escalation, Notice, Step
from trim.usecases.deadlines.act_on_due_steps import LEASE, act_on_due_steps

DAY = timedelta(days=1)
#: More points than a sweep of one step has.
MOST = 200


def sweeps(own: Organisation) -> None:
    act_on_due_steps(own.backend, worker=f"child-{os.getpid()}", now=own.now)


def test_killed_between_claiming_and_writing_there_is_one_escalation_once_the_claim_is_over(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.latest_at + 2 * DAY

    def dies_with_its_claim(own: Organisation) -> None:
        def look(*told: Any) -> None:
            # The claim is kept, and what begins now is the transaction that does the work.
            if told[2].startswith("SELECT claim.id"):
                die()

        event.listen(own.backend.database.engine, "before_cursor_execute", look)
        sweeps(own)

    assert was_killed(in_child(made, dies_with_its_claim))
    with made.backend.reading() as uow:
        assert [one.id for one in uow.session.scalars(select(Claim))] == [step.id]
    assert sweep(made).acted == 0
    sweep(made, made.now + LEASE + timedelta(seconds=1))
    sweep(made)
    assert len(escalations(made)) == 1
    assert lines(made, "deadline.escalated") == ["deadline.escalated"]


@pytest.mark.large
def test_killed_at_any_point_there_is_one_escalation_and_one_notice(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + DAY)
    made.now = step.latest_at + 2 * DAY
    killed, waited = 0, 0
    while dies_at(made, killed + 1, sweeps):
        killed += 1
        assert killed < MOST
        assert len(escalations(made)) <= 1
        with made.backend.reading() as uow:
            claims = list(uow.session.scalars(select(Claim)))
        if claims and not escalations(made):
            # Held by the dead: nobody acts before its time is over, and then anybody does.
            waited += 1
            assert act_on_due_steps(made.backend, worker="other", now=made.now).acted == 0
        made.now += LEASE + timedelta(seconds=1)
    sweep(made, made.now + LEASE)
    assert killed > 10
    assert waited > 5, "no worker was killed between claiming and writing"
    assert len(escalations(made)) == 1
    assert told(made, "step_escalated") == [("step_escalated", "Carol")]
    assert [one.stage for one in stages(made, step.id)].count("escalate") == 1
    assert lines(made, "deadline.escalated") == ["deadline.escalated"]
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []


@pytest.mark.large
def test_a_connection_lost_at_any_point_of_a_tick_loses_nothing_and_doubles_nothing(organisation, story, request):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.latest_at + 2 * DAY
    sqlite = made.backend.database.is_sqlite
    superuser = "" if sqlite else request.getfixturevalue("postgresql_server").superuser
    point, lost = 0, 0
    while not escalations(made):
        point += 1
        assert point < MOST
        lost += loses_connection_at(made, point, superuser)
        assert len(escalations(made)) <= 1
        made.now += LEASE + timedelta(minutes=5)
    sweep(made, made.now + DAY / 24)
    assert lost > 0
    assert len(escalations(made)) == 1
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []


def loses_connection_at(made: Organisation, point: int, superuser: str) -> int:
    """Sweep, and have the connection cut before a statement of its own; 1 when it was."""
    with cut_at(made, point, superuser) as cut:
        try:
            sweeps(made)
        except Exception:
            # Whatever the driver says of it: the worker logs it and comes again.
            assert cut
    return len(cut)


@pytest.mark.large
@pytest.mark.parametrize("workers", [2, 8])
def test_two_thousand_due_steps_act_once_whoever_many_work(story, workers):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    copy_case(made.backend.database.engine, ref, "first_assessment", 1_999, acts_at=step.due_at)
    made.now = step.due_at
    children = [in_child(made, sweeps) for _ in range(workers)]
    assert [status_of(child) for child in children] == [0] * workers
    # What a worker held while another looked for the last time is nobody's: all had ended by themselves.
    assert act_on_due_steps(made.backend, worker="last", now=made.now).acted == 0
    with made.backend.reading() as uow:
        session = uow.session
        acted = Counter(session.scalars(select(col(DeadlineStage.subject_id)).where(col(DeadlineStage.stage) == "due")))
        told_of = Counter(session.scalars(select(col(Notice.step_id)).where(col(Notice.kind) == "step_due")))
        assert set(acted.values()) == set(told_of.values()) == {1}
        assert len(acted) == len(told_of) == 2_000
        assert session.scalar(select(func.count()).select_from(Claim)) == 0
        assert session.scalar(select(func.count()).select_from(Escalation)) == 0
        assert broken_chains(session) == []
        again = select(func.count()).select_from(Step).where(col(Step.acts_at) <= made.now)
        assert session.scalar(again) == 0

"""Ticks: every task by itself, daily work once a day at its hour, also on the nights when clocks change."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.eventually import eventually
from tests.support.kits import kit_of
from tests.support.sweeping import step_of, told
from trim.jobs import tick as ticks
from trim.jobs.embedded import Embedded
from trim.jobs.tasks import DAILY, Daily, Kit
from trim.jobs.tick import AGAIN, LEASE, Clock, do_daily, tick
from trim.store import jobs
from trim.store.tables import Job, JobRun, TrailCheckpoint, Worker
from trim.usecases.deadlines.hours import day_due

# What the sweep writes is shown on both databases by test_stages.py; these walk long ways.
pytestmark = pytest.mark.large_on_postgresql

PARIS, TORONTO = ZoneInfo("Europe/Paris"), ZoneInfo("America/Toronto")
HALF_PAST_TWO = time(2, 30)


def job(made, name):
    with made.backend.reading() as uow:
        return uow.session.scalars(select(Job).where(col(Job.name) == name)).one()


def stopped(at: datetime) -> Clock:
    """A clock that stands still."""
    return lambda: at


@pytest.fixture
def counted(monkeypatch):
    """One piece of daily work at half past two, and the instants at which it was done."""
    done: list[datetime] = []

    def work(_: Kit, now: datetime) -> int:
        done.append(now)
        return 1

    monkeypatch.setattr(ticks, "DAILY", {"retention": Daily(HALF_PAST_TWO, work)})
    return done


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        pytest.param(PARIS, datetime(2026, 3, 29, tzinfo=PARIS), 23, id="spring-paris"),
        pytest.param(PARIS, datetime(2026, 10, 25, tzinfo=PARIS), 25, id="autumn-paris"),
        pytest.param(TORONTO, datetime(2026, 3, 8, tzinfo=TORONTO), 23, id="spring-toronto"),
        pytest.param(TORONTO, datetime(2026, 11, 1, tzinfo=TORONTO), 25, id="autumn-toronto"),
        pytest.param(PARIS, datetime(2028, 2, 29, tzinfo=PARIS), 24, id="leap-day"),
    ],
)
def test_half_past_two_comes_once_a_night_whatever_the_clocks_do(zone, night, hours):
    begins = night.astimezone(UTC)
    assert (night + timedelta(days=1)).astimezone(UTC) - begins == timedelta(hours=hours)
    days = [day_due(begins + timedelta(minutes=10 * one), HALF_PAST_TWO, zone) for one in range(6 * hours)]
    assert days[0] == night.date() - timedelta(days=1)
    assert days[-1] == night.date()
    # On the way through the night a job runs when the day it is due for is later than the one it was done for.
    runs = sum(1 for place, day in enumerate(days) if day > max([days[0], *days[:place]]))
    assert runs == 1


def test_daily_work_is_done_once_a_day_and_what_was_missed_is_caught_up_once(organisation, counted):
    made = organisation
    kit = kit_of(made)
    at = datetime(2026, 3, 3, 2, 29, tzinfo=UTC)  # London: no summer time yet
    for _ in range(3):
        do_daily(kit, lambda: at)
    assert counted == [at]  # the day before was never done
    for minutes in (1, 2, 60):
        do_daily(kit, stopped(at + timedelta(minutes=minutes)))
    assert len(counted) == 2
    # Off for five days, then back; and a clock that jumps back an hour does not do the day again.
    for hours in (5 * 24 + 1, 5 * 24, 5 * 24 + 1):
        do_daily(kit, stopped(at + timedelta(hours=hours)))
    assert len(counted) == 3
    assert job(made, "retention").last_day == date(2026, 3, 8)


def test_two_workers_share_the_days_work_and_take_over_from_a_dead_one(organisation, counted):
    made = organisation
    one, two = kit_of(made, "one"), kit_of(made, "two")
    now = made.now
    with made.backend.database.writing() as session:
        assert jobs.claim_day(session, "retention", now.date(), worker="one", now=now, until=now + LEASE)
    do_daily(two, lambda: now)
    assert counted == []
    do_daily(two, lambda: now + LEASE)
    assert len(counted) == 1
    do_daily(one, lambda: now + LEASE)
    assert len(counted) == 1


def test_a_claim_is_held_for_as_long_as_the_work_goes_on(organisation, monkeypatch):
    made = organisation
    kit = kit_of(made)
    now = made.now
    seen = []
    with made.backend.database.writing() as session:
        jobs.beat(session, kit.worker, kind="embedded", now=now, ticks=0)

    def long_work(_: Kit, __: datetime) -> int:
        # The thread beside it renews the claim; another worker that comes by an hour later still finds it held.
        eventually(lambda: job(made, "retention").claimed_until > now + timedelta(hours=1))
        # Nor does anybody read that no worker is running.
        assert [one.beat_at for one in workers(made)] == [now + timedelta(hours=1)]
        other = kit_of(made, "other")
        seen.append(do_daily(other, lambda: now + timedelta(hours=1)).did)
        return 1

    monkeypatch.setattr(ticks, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(ticks, "DAILY", {"retention": Daily(HALF_PAST_TWO, long_work)})
    clock = iter([now])
    do_daily(kit, lambda: next(clock, now + timedelta(hours=1)))
    assert seen == [{}]
    assert job(made, "retention").runs == 1


def test_whoever_was_silent_for_too_long_and_then_fails_takes_nothing_from_the_next_worker(organisation, monkeypatch):
    made = organisation
    one, now = kit_of(made, "one"), organisation.now

    def is_overtaken(_: Kit, at: datetime) -> int:
        with made.backend.database.writing() as session:
            later = at + LEASE
            assert jobs.claim_day(session, "retention", at.date(), worker="two", now=later, until=later + LEASE)
        raise ValueError

    monkeypatch.setattr(ticks, "DAILY", {"retention": Daily(HALF_PAST_TWO, is_overtaken)})
    assert do_daily(one, stopped(now)).failed == ("retention",)
    row = job(made, "retention")
    assert (row.claimed_by, row.claimed_until, row.failures) == ("two", now + 2 * LEASE, 0)
    with made.backend.database.writing() as session:
        values = {"started_at": now, "now": now, "milliseconds": 1, "did": 1}
        assert jobs.done(session, "retention", day=now.date(), worker="two", **values)


def test_work_that_fails_is_noted_tried_again_and_stops_nothing_else(story, monkeypatch, caplog):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    made.now = step.due_at
    broken = [True]

    def work(_: Kit, __: datetime) -> int:
        if broken:
            raise ValueError("what was filled in")
        return 1

    monkeypatch.setattr(ticks, "DAILY", {"retention": Daily(HALF_PAST_TWO, work)})
    kit = kit_of(made)
    with caplog.at_level(logging.INFO):
        assert tick(kit, lambda: made.now).failed == ("retention",)
    assert "what was filled in" not in caplog.text
    assert told(made, "step_due") == [("step_due", "Pat")]
    assert (job(made, "retention").failures, job(made, "retention").problem) == (1, "ValueError")
    assert tick(kit, lambda: made.now).failed == ()
    broken.clear()
    made.now += AGAIN
    assert tick(kit, lambda: made.now).did["retention"] == 1
    assert (job(made, "retention").failures, job(made, "retention").last_day) == (0, made.now.date())
    with made.backend.reading() as uow:
        runs = list(uow.session.scalars(select(JobRun).where(col(JobRun.job) == "retention")))
        assert sorted(one.problem or "" for one in runs) == ["", "ValueError"]


def test_the_real_night_runs_and_leaves_a_checkpoint(story):
    made = story.organisation
    story.supported_case()
    kit = kit_of(made)
    ticked = tick(kit, lambda: made.now)
    assert ticked.failed == ()
    assert set(DAILY) <= {one.name for one in _jobs(made) if one.runs}
    with made.backend.reading() as uow:
        assert len(list(uow.session.scalars(select(TrailCheckpoint)))) == 1
    assert tick(kit, lambda: made.now).did == {}


def workers(made):
    with made.backend.reading() as uow:
        return list(uow.session.scalars(select(Worker)))


def _jobs(made):
    with made.backend.reading() as uow:
        return jobs.all_jobs(uow.session)


def test_a_worker_gives_signs_of_life_and_stops_in_order(organisation):
    made = organisation
    kit = kit_of(made)
    worker = Embedded(kit, lambda: made.now, seconds=0.01)
    worker.told = lambda _: worker.ticks >= 2 and worker.stop()
    worker.run()
    [row] = workers(made)
    assert (row.kind, row.ticks, row.stopped_at) == ("embedded", 3, made.now)


def test_a_database_that_is_away_is_waited_for(organisation, monkeypatch, caplog):
    made = organisation
    kit = kit_of(made)
    worker = Embedded(kit, lambda: made.now, seconds=0.01)
    tries = []
    real = worker._round

    def away_at_first():
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionError("away")
        real()
        worker.stop()

    monkeypatch.setattr(worker, "_round", away_at_first)
    worker.run()
    assert len(tries) == 3
    assert caplog.text.count("ConnectionError") == 2


def test_old_runs_and_silent_workers_are_forgotten(organisation):
    made = organisation
    kit = kit_of(made)
    tick(kit, lambda: made.now)
    with made.backend.database.writing() as session:
        jobs.beat(session, "gone", kind="embedded", now=made.now, ticks=1)
        session.connection().execute(update(JobRun).values(started_at=made.now))
        assert jobs.forget(session, made.now + timedelta(seconds=1)) > 1

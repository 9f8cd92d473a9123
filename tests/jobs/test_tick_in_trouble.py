"""Whole ticks while something goes wrong: the connection is cut, the clock jumps, the night has 23 or 25 hours."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.cut import cut_at
from tests.support.kits import kit_of
from tests.support.organisation import SETUP, Organisation
from tests.support.posting import outbox, tells
from tests.support.story import Story
from tests.support.sweeping import escalations, lines, stages, step_of, told
from tests.support.trail import broken_chains
from trim.delivery.posting import LEASE as POST_LEASE
from trim.jobs import tick as ticks
from trim.jobs.tick import do_often, tick
from trim.store.tables import Step
from trim.usecases.deadlines.act_on_due_steps import LEASE
from trim.usecases.oversight.set_calendar import OwnCalendar, set_calendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Between two points at which the connection is cut: a prime, so that no statement of a round is always passed over.
STRIDE = 5
#: More statements than a tick has.
MOST = 400


def mails(made: Organisation) -> Counter[str]:
    """How often each mail left, by its Message-ID."""
    folder = Path(str(made.folder)) / "mail"
    return Counter(str(message_from_bytes(one.read_bytes())["Message-ID"]) for one in folder.glob("*.eml"))


@pytest.mark.large
def test_a_connection_that_is_cut_anywhere_in_a_tick_loses_no_mail_and_no_stage(
    story: Story, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = story.organisation
    # The work of the night has its own tests; here every statement of what comes at each tick is to be met.
    monkeypatch.setattr(ticks, "DAILY", {})
    kit = kit_of(made)
    superuser = ""
    if made.backend.database.engine.dialect.name == "postgresql":
        superuser = request.getfixturevalue("postgresql_server").superuser
    step = step_of(made, story.supported_case(), "first_assessment")
    assert step.latest_at is not None
    made.now = (step.latest_at + 2 * DAY).replace(hour=10) + DAY
    for number, point in enumerate(range(1, MOST, STRIDE)):
        tells(made, "Pat", "escalation", cause=str(point), subject_ref=f"C-{number:06d}")
        with cut_at(made, point, superuser) as cut:
            try:
                tick(kit, lambda: made.now)
            except Exception:
                # What the worker does then is shown in test_tick: it waits and comes again.
                assert cut
        made.now += max(LEASE, POST_LEASE) + timedelta(minutes=6)
        assert tick(kit, lambda: made.now).failed == ()
        if not cut:
            break
    else:
        pytest.fail("a tick never came to its end")
    assert number > 5
    assert len(escalations(made)) == 1
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]
    assert lines(made, "deadline.escalated") == ["deadline.escalated"]
    left = [one for one in outbox(made) if one.kind == "escalation"]
    assert len(left) == number + 1
    assert {one.state for one in left} == {"sent"}
    # A mail whose yes was lost goes once more under its own id; nothing goes a third time.
    assert set(mails(made).values()) <= {1, 2}
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []


@pytest.mark.large_on_postgresql
def test_a_clock_that_jumps_an_hour_sends_nothing_twice_and_keeps_nothing_for_good(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = story.organisation
    monkeypatch.setattr(ticks, "DAILY", {})
    kit = kit_of(made)
    noon = made.now.replace(hour=12)
    written = 0
    for jump in (HOUR, -HOUR, HOUR, 0 * HOUR, -HOUR, HOUR):
        made.now = noon + jump
        tells(made, "Pat", "escalation", cause=str(written))
        written += 1
        for _ in range(2):
            assert tick(kit, lambda: made.now).failed == ()
        assert [one.state for one in outbox(made)] == ["sent"] * written, "a clock that went back holds nothing up"
    assert list(mails(made).values()) == [1] * written


@pytest.mark.large_on_postgresql
@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # An hour that is left out, and one that comes twice: in the first and in the second of them.
        ("Europe/Paris", "2026-03-29T03:30+02:00"),
        pytest.param("Europe/Paris", "2026-10-25T02:30+02:00", marks=pytest.mark.large),
        ("Europe/Paris", "2026-10-25T02:30+01:00"),
        pytest.param("America/Toronto", "2026-03-08T03:10-04:00", marks=pytest.mark.large),
        pytest.param("America/Toronto", "2026-11-01T01:30-04:00", marks=pytest.mark.large),
        pytest.param("America/Toronto", "2026-11-01T01:30-05:00", marks=pytest.mark.large),
        pytest.param("Europe/Paris", "2028-02-29T00:00+01:00", marks=pytest.mark.large),
    ],
)
def test_through_the_nights_on_which_clocks_change_each_stage_acts_once_and_in_time(
    story: Story, monkeypatch: pytest.MonkeyPatch, zone: str, due: str
) -> None:
    made = story.organisation
    monkeypatch.setattr(ticks, "DAILY", {})
    at = datetime.fromisoformat(due).astimezone(UTC)
    made.now = at - 4 * DAY
    with made.backend.writing(alone=True) as uow:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar(zone))
    step = step_of(made, story.supported_case(), "first_assessment")
    with made.backend.writing() as uow:
        row = uow.session.get(Step, step.id)
        assert row is not None
        row.due_at, row.latest_at = at, at + HOUR
        uow.session.add(row)
        uow.session.info["entries"] = 1  # the clock is set by hand here
    kit = kit_of(made)
    begins = datetime.combine(at.astimezone(ZoneInfo(zone)).date(), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    for half_hours in range(-1, 12):
        made.now = begins + half_hours * timedelta(minutes=30)
        assert do_often(kit, lambda: made.now, only="sweep").failed == ()
    reminded, acted = stages(made, step.id)
    assert (reminded.stage, acted.stage) == ("remind:PT12H", "due")
    assert timedelta(0) <= acted.acted_at - acted.wanted_at < timedelta(minutes=30)
    assert told(made, "step_due") == [("step_due", "Pat")]

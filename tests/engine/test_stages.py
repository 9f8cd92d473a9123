"""When a clock wants something: reminders counted back from the due instant, lateness from the latest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trim.engine.definition import Overdue, Step, Window
from trim.engine.durations import Duration
from trim.engine.stages import stages_of
from trim.engine.wording import Text

PARIS = ZoneInfo("Europe/Paris")
DUE = datetime(2026, 3, 30, 12, 0, tzinfo=PARIS).astimezone(UTC)
DAY = timedelta(days=1)


def step(remind: tuple[str, ...] = (), late: tuple[str, ...] = (), escalate: str | None = None) -> Step:
    after = Duration.parse(escalate) if escalate else None
    overdue = Overdue(tuple(map(Duration.parse, late)), after, "coordinator" if escalate else None)
    window = Window(anchor="now", due=Duration(days=1))
    return Step(
        "call",
        Text("Call", "Appeler"),
        window,
        "practitioner",
        remind=tuple(map(Duration.parse, remind)),
        overdue=overdue,
    )


def named(
    rule: Step | None, *, latest_at: datetime | None = DUE + 2 * DAY, opened_at: datetime = DUE - 10 * DAY
) -> list[tuple[str, datetime]]:
    found = stages_of(rule, due_at=DUE, latest_at=latest_at, opened_at=opened_at, zone=PARIS)
    return [(one.name, one.at) for one in found]


def test_days_before_keep_the_hour_on_the_clock_and_hours_do_not():
    # Clocks went forward on 29 March: a day and a half before, 24 hours before and a day before are three instants.
    found = dict(named(step(remind=("P2D", "PT48H"))))
    assert found["remind:P2D"].astimezone(PARIS).hour == 12
    assert found["remind:PT48H"].astimezone(PARIS).hour == 11


def test_lateness_counts_from_the_latest_and_from_due_where_there_is_none():
    rule = step(late=("P1D",), escalate="P2D")
    assert named(rule)[1:] == [("overdue:P1D", DUE + 3 * DAY), ("escalate", DUE + 4 * DAY)]
    assert named(rule, latest_at=None)[1:] == [("overdue:P1D", DUE + DAY), ("escalate", DUE + 2 * DAY)]


def test_they_come_in_the_order_of_time_and_the_milder_first():
    rule = step(remind=("PT1H", "P1D"), late=("P1D", "P2D"), escalate="P2D")
    assert [name for name, _ in named(rule)] == [
        "remind:P1D",
        "remind:PT1H",
        "due",
        "overdue:P1D",
        "overdue:P2D",
        "escalate",
    ]


def test_no_reminder_lies_before_the_clock_began_and_what_is_late_is_told_all_the_same():
    rule = step(remind=("P1D", "PT1H"), late=("P1D",))
    assert [name for name, _ in named(rule, opened_at=DUE - timedelta(hours=2))] == [
        "remind:PT1H",
        "due",
        "overdue:P1D",
    ]
    assert [name for name, _ in named(rule, opened_at=DUE + 9 * DAY)] == ["due", "overdue:P1D"]


def test_a_step_that_its_pack_has_forgotten_is_told_when_it_is_due():
    assert named(None) == [("due", DUE)]


@pytest.mark.parametrize("text", ["P1M", "P3M", "P1Y", "P2W", "P1DT6H"])
def test_before_is_the_way_back_where_the_month_has_that_day(text):
    at = datetime(2026, 5, 15, 9, 30, tzinfo=PARIS).astimezone(UTC)
    length = Duration.parse(text)
    assert length.after(length.before(at, PARIS), PARIS) == at


def test_a_month_before_the_31st_ends_on_the_last_day_of_a_shorter_month():
    at = datetime(2028, 3, 31, 8, 0, tzinfo=PARIS).astimezone(UTC)
    assert Duration.parse("P1M").before(at, PARIS).astimezone(PARIS).date().isoformat() == "2028-02-29"

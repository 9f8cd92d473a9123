"""Where now stands in a window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trim.web.due import due_state

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 1, 14, 0, tzinfo=UTC)


def hours(count: float) -> datetime:
    """So many hours from now."""
    return NOW + timedelta(hours=count)


@pytest.mark.parametrize(
    ("earliest", "due", "latest", "state"),
    [
        (24, 48, 96, "early"),
        (-24, 24 * 5, 24 * 9, "open"),
        (-24, 72, 96, "soon"),
        (-24, 3, 96, "due_today"),
        (-48, -24, 24, "due_today"),
        (-96, -48, -0.01, "overdue"),
        (None, -0.01, None, "overdue"),
        (None, None, None, "open"),
        (None, None, -1, "overdue"),
    ],
)
def test_states(earliest: float | None, due: float | None, latest: float | None, state: str) -> None:
    instants = {
        name: None if value is None else hours(value)
        for name, value in (("earliest_at", earliest), ("due_at", due), ("latest_at", latest))
    }
    assert due_state(NOW, zone=LONDON, **instants) == state


def test_a_done_step_is_never_overdue() -> None:
    assert due_state(NOW, zone=LONDON, due_at=hours(-99), done_at=hours(-1)) == "done"


def test_today_is_the_organisations_day() -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 in London
    after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 of the next day there
    assert due_state(late, zone=LONDON, due_at=after_midnight) == "soon"
    assert due_state(late, zone=ZoneInfo("UTC"), due_at=after_midnight) == "due_today"

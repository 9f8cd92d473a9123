from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from trim.engine.clockwork import Span, UnanchoredWindow, span
from trim.engine.definition import Window
from trim.engine.durations import Duration

PARIS = ZoneInfo("Europe/Paris")


def window(*, due: str = "PT72H", **more: str) -> Window:
    calendar = more.pop("calendar", "calendar")
    bounds = {name: Duration.parse(text) for name, text in more.items()}
    return Window("incident.occurred_at", Duration.parse(due), calendar=calendar, **bounds)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_first_interview_window_over_the_end_of_summer_time() -> None:
    found = span(window(earliest="PT48H", latest="P7D"), at("2026-10-23T22:15:00+02:00"), PARIS)
    assert found == Span(
        at("2026-10-25T20:15:00+00:00"), at("2026-10-26T20:15:00+00:00"), at("2026-10-30T21:15:00+00:00")
    )


def test_a_window_may_have_a_due_moment_only() -> None:
    found = span(window(due="P28D"), at("2026-01-01T12:00:00+00:00"), PARIS)
    assert (found.earliest_at, found.latest_at) == (None, None)
    assert found.overdue_from == found.due_at == at("2026-01-29T12:00:00+00:00")


def test_an_anchor_without_zone_is_refused() -> None:
    with pytest.raises(UnanchoredWindow, match=r"incident\.occurred_at"):
        span(window(), datetime(2026, 1, 1), PARIS)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("01T23", "early"),
        ("02T00", "ready"),
        ("03T00", "ready"),
        ("03T01", "due"),
        ("04T00", "due"),
        ("04T01", "overdue"),
    ],
)
def test_standing(now: str, standing: str) -> None:
    found = Span(at("2026-01-02T00:00Z"), at("2026-01-03T00:00Z"), at("2026-01-04T00:00Z"))
    assert found.standing(at(f"2026-01-{now}:00Z")) == standing


def test_without_other_bounds_it_is_overdue_after_due() -> None:
    found = Span(None, at("2026-01-03T00:00Z"), None)
    assert found.standing(at("2026-01-01T00:00Z")) == "ready"
    assert found.standing(at("2026-01-04T00:00Z")) == "overdue"


@pytest.mark.care(22)
def test_least_gap_moves_every_bound_behind_the_previous_interview() -> None:
    anchor, previous = at("2026-01-01T00:00Z"), at("2026-01-10T00:00Z")
    found = span(window(due="P3D", earliest="P2D", latest="P7D", least_gap="P14D"), anchor, PARIS, previous_at=previous)
    assert found == Span(*[at("2026-01-24T00:00Z")] * 3)
    loose = span(window(due="P60D", least_gap="P14D"), anchor, PARIS, previous_at=previous)
    assert loose == Span(at("2026-01-24T00:00Z"), at("2026-03-02T00:00Z"), None)
    unmoved = span(window(due="P3D", least_gap="P14D"), anchor, PARIS)
    assert unmoved.due_at == at("2026-01-04T00:00Z")


@pytest.mark.care(23)
def test_working_days_only_where_asked() -> None:
    friday = at("2026-05-08T10:00:00+02:00")
    plain = span(window(due="P2D"), friday, PARIS)
    assert plain.due_at.astimezone(PARIS).date() == date(2026, 5, 10)
    working = span(window(due="P2DT1H", calendar="working_days"), friday, PARIS, holidays={date(2026, 5, 11)})
    assert working.due_at == at("2026-05-13T11:00:00+02:00")
    assert working.due_at.tzinfo is UTC

"""When somebody is told: their hour, their days, the quiet hours, over changes of the clocks as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.domain.telling import DEFAULT, EVERY_DAY, PAGER_WAITS, WAITS, Wishes, next_moment, wait_after

LONDON, PARIS, TORONTO = (ZoneInfo(name) for name in ("Europe/London", "Europe/Paris", "America/Toronto"))

MINUTES = st.integers(0, 24 * 60 - 1)
WISHES = st.builds(
    Wishes,
    digest_minute=MINUTES,
    quiet_from=MINUTES,
    quiet_until=MINUTES,
    days=st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1),
)


def moment(zone: ZoneInfo, now: str, wishes: Wishes = DEFAULT, *, prompt: bool) -> str:
    found = next_moment(wishes, zone, datetime.fromisoformat(now).replace(tzinfo=zone), prompt=prompt)
    return found.astimezone(zone).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("now", "prompt", "expected"),
    [
        ("2026-03-02 10:00", False, "Tue 03 Mar 07:30"),
        ("2026-03-02 07:30", False, "Mon 02 Mar 07:30"),
        ("2026-03-02 10:00", True, "Mon 02 Mar 10:00"),
        ("2026-03-02 21:00", True, "Tue 03 Mar 07:00"),
        ("2026-03-02 23:59", True, "Tue 03 Mar 07:00"),
        ("2026-03-03 06:59", True, "Tue 03 Mar 07:00"),
        ("2026-03-02 20:59", True, "Mon 02 Mar 20:59"),
    ],
)
def test_without_wishes_of_ones_own(now: str, prompt: bool, expected: str) -> None:
    assert moment(LONDON, now, prompt=prompt) == expected


def test_days_off_and_quiet_hours_by_day() -> None:
    shifts = Wishes(digest_minute=20 * 60, quiet_from=8 * 60, quiet_until=16 * 60, days=frozenset({2, 6}))
    assert moment(LONDON, "2026-03-02 10:00", shifts, prompt=True) == "Tue 03 Mar 00:00"
    assert moment(LONDON, "2026-03-03 10:00", shifts, prompt=True) == "Tue 03 Mar 16:00"
    assert moment(LONDON, "2026-03-03 20:01", shifts, prompt=False) == "Sat 07 Mar 20:00"
    once = Wishes(days=frozenset({1}))
    assert moment(LONDON, "2026-03-02 07:31", once, prompt=False) == "Mon 09 Mar 07:30"


def test_over_the_changes_of_the_clocks_it_stays_their_hour() -> None:
    # Half past two does not exist in Paris on the 29th of March: the instant right after it is meant.
    early = Wishes(digest_minute=2 * 60 + 30, quiet_from=0, quiet_until=0)
    assert moment(PARIS, "2026-03-28 12:00", early, prompt=False) == "Sun 29 Mar 03:30"
    assert moment(PARIS, "2026-03-29 12:00", early, prompt=False) == "Mon 30 Mar 02:30"
    assert moment(TORONTO, "2026-10-31 22:00", prompt=True) == "Sun 01 Nov 07:00"
    assert moment(TORONTO, "2026-10-31 22:00", prompt=False) == "Sun 01 Nov 07:30"


@given(wishes=WISHES, minutes=st.integers(0, 3 * 365 * 24 * 60), zone=st.sampled_from([LONDON, PARIS, TORONTO]))
def test_it_is_never_earlier_never_on_a_day_off_and_never_more_than_a_week_away(
    wishes: Wishes, minutes: int, zone: ZoneInfo
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for prompt in (True, False):
        at = next_moment(wishes, zone, now, prompt=prompt)
        local = at.astimezone(zone)
        assert now <= at <= now + timedelta(days=8)
        assert local.isoweekday() in wishes.days
        if prompt:
            assert not wishes.is_quiet(local.hour * 60 + local.minute)
        # Asked again at that moment, it is that moment: a notice never slips on and on.
        assert next_moment(wishes, zone, at, prompt=prompt) == at


def test_tries_end() -> None:
    for waits in (WAITS, PAGER_WAITS):
        tries = [wait_after(number, waits) for number in range(1, len(waits) + 2)]
        assert tries[:-1] == list(waits)
        assert tries[-1] is None
        assert list(waits) == sorted(waits)
    assert timedelta(hours=12) < sum(WAITS, timedelta()) < timedelta(hours=24)
    assert sum(PAGER_WAITS, timedelta()) == timedelta(minutes=31)

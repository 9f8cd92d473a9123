"""Where now stands in a window: what a worklist sorts and colours by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DueState = Literal["done", "overdue", "due_today", "soon", "early", "open"]
_SOON = timedelta(days=3)


def due_state(
    now: datetime,
    *,
    zone: ZoneInfo,
    earliest_at: datetime | None = None,
    due_at: datetime | None = None,
    latest_at: datetime | None = None,
    done_at: datetime | None = None,
) -> DueState:
    """`overdue` past the latest instant (or the due one, where no latest is set), `due_today` on the due day or between
    due and latest, `soon` within three days of it, `early` before the window opens, else `open`.

    Days are the organisation's; all instants are aware.
    """
    if done_at is not None:
        return "done"
    end = latest_at or due_at
    if end is not None and now > end:
        return "overdue"
    if earliest_at is not None and now < earliest_at:
        return "early"
    if due_at is None:
        return "open"
    if now >= due_at or now.astimezone(zone).date() == due_at.astimezone(zone).date():
        return "due_today"
    return "soon" if due_at - now <= _SOON else "open"

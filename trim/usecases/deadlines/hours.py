"""When daily work is due: at its hour in the organisation's zone, once a day, also on the nights when clocks change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_due(now: datetime, at: time, zone: ZoneInfo) -> date:
    """The latest local day whose hour has come: today, or yesterday before that hour.

    An hour that the clocks skip has come when they have skipped it; one that comes twice has come the first time. A
    machine that was off for days gives the last day alone: what was missed is caught up once.
    """
    local = now.astimezone(zone)
    return local.date() if local.time() >= at else local.date() - timedelta(days=1)

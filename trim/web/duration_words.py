"""Lengths of time of a pack or of retention, in words."""

from __future__ import annotations

from flask_babel import ngettext

from trim.engine.durations import Duration


def duration_words(length: Duration) -> str:
    """28 days, 18 months, 72 hours: as they were counted when they were written, whole years as years."""
    years, months = divmod(length.months, 12) if length.months % 12 == 0 else (0, length.months)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        ngettext("%(num)s year", "%(num)s years", years) if years else "",
        ngettext("%(num)s month", "%(num)s months", months) if months else "",
        ngettext("%(num)s day", "%(num)s days", length.days) if length.days else "",
        ngettext("%(num)s hour", "%(num)s hours", hours) if hours else "",
        ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else "",
        ngettext("%(num)s second", "%(num)s seconds", seconds) if seconds else "",
    ]
    return " ".join(part for part in parts if part)

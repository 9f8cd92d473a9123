"""Days on which nobody works: the public holidays of a country and region, and the organisation's own closing days.

The only room that knows the package `holidays`. It is loaded when a window asks for working days, because it takes
half a second, and trauma windows run in calendar time (CARE 23).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from trim.domain.errors import InvalidInput, Reason

#: Names of holidays are asked for in English always: what a machine's own language is must change nothing.
LANGUAGE = "en_US"
#: More closing days than that are a mistake, not a calendar.
MOST_CLOSING_DAYS = 400

UNKNOWN_COUNTRY = Reason(
    "unknown_country",
    "The holidays of this country are not known here. Enter its two letters, such as GB, FR or CA.",
    "Les jours fériés de ce pays ne sont pas connus ici. Indiquez ses deux lettres, comme GB, FR ou CA.",
)
REGION_WITHOUT_COUNTRY = Reason(
    "region_without_country",
    "Enter the country too, or leave the region empty.",
    "Indiquez aussi le pays, ou laissez la région vide.",
)
TOO_MANY_DAYS = Reason(
    "too_many_closing_days",
    f"These are more than {MOST_CLOSING_DAYS} days. Enter only days to come.",
    f"Cela fait plus de {MOST_CLOSING_DAYS} jours. N’indiquez que des jours à venir.",
)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Where the organisation works: country and region as ISO 3166 codes, or none, and its own closing days."""

    country: str = ""
    region: str = ""
    closing_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FreeDays(Container[date]):
    """The days without work of a calendar, besides Saturdays and Sundays: a plain set that reckons years as asked."""

    calendar: WorkCalendar

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if day in self.calendar.closing_days:
            return True
        country = self.calendar.country
        return bool(country) and day in _holidays(country, self.calendar.region, day.year)


#: Of an organisation that has set neither country nor closing days.
NO_FREE_DAYS = FreeDays(WorkCalendar())


def checked_calendar(country: str, region: str, closing_days: Iterable[date]) -> WorkCalendar:
    """A calendar whose country and region are known. Raises InvalidInput (`country`, `region`, `closing_days`)."""
    country, region = country.strip().upper(), region.strip()
    days = tuple(sorted(set(closing_days)))
    problems: dict[str, Reason] = {}
    known = _countries() if country or region else {}
    if country and country not in known:
        problems["country"] = UNKNOWN_COUNTRY
    elif region and not country:
        problems["region"] = REGION_WITHOUT_COUNTRY
    elif region:
        matching = next((one for one in known[country] if one.casefold() == region.casefold()), None)
        if matching is None:
            problems["region"] = _unknown_region(known[country])
        region = matching or region
    if len(days) > MOST_CLOSING_DAYS:
        problems["closing_days"] = TOO_MANY_DAYS
    if problems:
        raise InvalidInput(problems)
    return WorkCalendar(country, region, days)


def countries() -> tuple[str, ...]:
    """The countries whose holidays are known, as two letters."""
    return tuple(_countries())


def calendar_from(settings: Mapping[str, Any]) -> WorkCalendar:
    """The calendar out of the organisation's settings; what is not set is empty."""
    days = tuple(date.fromisoformat(one) for one in settings.get("closing_days", ()))
    return WorkCalendar(settings.get("country", ""), settings.get("region", ""), days)


def read_days(text: str) -> tuple[date, ...]:
    """Days as people write them, one a line as 2026-12-24, words behind them allowed. Raises InvalidInput.

    The problem stands under `closing_days` and names the first line that is no day.
    """
    found = []
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            continue
        match = re.match(r"(\d{4}-\d{2}-\d{2})(?:\s|$)", line, re.ASCII)
        try:
            found.append(date.fromisoformat(match.group(1) if match else ""))
        except ValueError as problem:
            raise InvalidInput({"closing_days": _no_day(line)}) from problem
    return tuple(sorted(set(found)))


def _no_day(line: str) -> Reason:
    shown = line if len(line) <= 20 else line[:19] + "…"
    return Reason(
        "no_day",
        f"“{shown}” is no day. Write each day as 2026-12-24, on a line of its own.",
        f"« {shown} » n’est pas un jour. Écrivez chaque jour sous la forme 2026-12-24, sur sa propre ligne.",
    )


def _unknown_region(known: tuple[str, ...]) -> Reason:
    if not known:
        return Reason(
            "unknown_region",
            "This country has no regions with holidays of their own. Leave the region empty.",
            "Ce pays n’a pas de région avec des jours fériés propres. Laissez la région vide.",
        )
    listed = ", ".join(known)
    return Reason(
        "unknown_region",
        f"This region is not known. Leave it empty, or enter one of: {listed}.",
        f"Cette région n’est pas connue. Laissez la case vide, ou indiquez l’une de celles-ci : {listed}.",
    )


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, ...]]:
    import holidays

    listed = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(regions) for country, regions in listed.items()}


@lru_cache(maxsize=256)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    import holidays

    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=LANGUAGE, expand=False)
    return frozenset(found)

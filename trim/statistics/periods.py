"""Closed stretches of whole quarters: the only times that a release may be about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
#: Kinds of periods by their length in quarters; a period begins where its kind begins in the calendar year.
KINDS: Final = {1: "quarter", 2: "half-year", 4: "year"}


class NotAPeriod(ValueError):
    """Raised when two quarters do not bound a quarter, a half-year or a calendar year."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last quarter, both written `2025-Q1` and both within. Raises NotAPeriod."""

    first: str
    last: str

    def __post_init__(self) -> None:
        start, end = number_of(self.first), number_of(self.last)
        length = end - start + 1
        if length not in KINDS or start % length:
            raise NotAPeriod(f"{self.first} to {self.last} is not a quarter, a half-year or a calendar year.")

    @property
    def kind(self) -> str:
        """ "quarter", "half-year" or "year"."""
        return KINDS[len(self.quarters)]

    @property
    def quarters(self) -> tuple[str, ...]:
        """Its quarters, the oldest first."""
        return tuple(named(number) for number in range(number_of(self.first), number_of(self.last) + 1))

    def wider(self) -> Period | None:
        """The next longer period that holds this one: the half-year of a quarter, the year of a half-year."""
        length = {1: 2, 2: 4}.get(len(self.quarters))
        if length is None:
            return None
        start = number_of(self.first) // length * length
        return Period(named(start), named(start + length - 1))


def number_of(quarter: str) -> int:
    """Count quarters, so that the next one is one more. Raises NotAPeriod."""
    match = _QUARTER.fullmatch(quarter)
    if match is None:
        raise NotAPeriod(f"“{quarter}” is not a quarter such as 2025-Q1.")
    return int(match[1]) * 4 + int(match[2]) - 1


def named(number: int) -> str:
    """The quarter of a number that `number_of` gave."""
    return f"{number // 4:04}-Q{number % 4 + 1}"

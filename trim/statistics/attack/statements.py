"""Figures that are published beside the counts of a release, and what each of them says about counts.

A rate, a percentage, a median and the order of rows are all sums of counts within bounds. Whoever publishes one next to
a release hands it to the attack, so that it is weighed with everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trim.statistics.attack.reading import INFINITE, Reading
from trim.statistics.attack.scopes import Malformed
from trim.statistics.model import Key


@dataclass(frozen=True, slots=True)
class Rate:
    """Cases per `per` people of the units that a cell covers, as printed ("12.5"): its decimals say how rounded."""

    release: int
    table: str
    key: Key
    printed: str
    per: int = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """A cell as a percentage of another cell of its table, as printed ("33.3")."""

    release: int
    table: str
    key: Key
    of: Key
    printed: str


@dataclass(frozen=True, slots=True)
class Median:
    """The middle case, when these cells are put in a row, lies in the cell at this place (0 is the first)."""

    release: int
    table: str
    keys: tuple[Key, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Order:
    """These cells stand in a row by their counts, the largest first, whether shown or hidden."""

    release: int
    table: str
    keys: tuple[Key, ...]


Statement = Rate | Share | Median | Order


def add(reading: Reading, statements: Sequence[Statement]) -> None:
    """Put statements into the system. Raises Malformed for one that names no cell, or no figure, that there is."""
    for one in statements:
        why = f"release {one.release}, {type(one).__name__.lower()} beside table “{one.table}”"
        match one:
            case Rate():
                _rate(reading, one, why)
            case Share():
                _share(reading, one, why)
            case Median():
                _median(reading, one, why)
            case Order():
                for larger, smaller in zip(one.keys, one.keys[1:], strict=False):
                    terms = _sum(
                        (1.0, reading.terms(one.release, one.table, larger)),
                        (-1.0, reading.terms(one.release, one.table, smaller)),
                    )
                    reading.system.sum(terms, 0.0, INFINITE, why)


def _rate(reading: Reading, one: Rate, why: str) -> None:
    terms = reading.terms(one.release, one.table, one.key)
    people = reading.people(*reading.tables[one.release, one.table], one.key)
    if people is None:
        return  # without the headcount a rate says nothing about the count
    low, high = _rounded(one.printed, why)
    reading.system.sum(terms, low * people / one.per, high * people / one.per, why)


def _share(reading: Reading, one: Share, why: str) -> None:
    part, whole = (reading.terms(one.release, one.table, key) for key in (one.key, one.of))
    low, high = _rounded(one.printed, why)
    reading.system.sum(_sum((100.0, part), (-low, whole)), 0.0, INFINITE, why)
    reading.system.sum(_sum((100.0, part), (-high, whole)), -INFINITE, 0.0, why)


def _median(reading: Reading, one: Median, why: str) -> None:
    """At most half of the cases lie before that cell, and at least half up to it."""
    if not 0 <= one.place < len(one.keys):
        raise Malformed(f"{why}: {one.place} is not the place of one of {len(one.keys)} cells.")
    cells = [reading.terms(one.release, one.table, key) for key in one.keys]
    half = [(-0.5, cell) for cell in cells]
    reading.system.sum(_sum(*half, *((1.0, cell) for cell in cells[: one.place])), -INFINITE, 0.0, why)
    reading.system.sum(_sum(*half, *((1.0, cell) for cell in cells[: one.place + 1])), 0.0, INFINITE, why)


def _sum(*weighed: tuple[float, dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for factor, terms in weighed:
        for place, value in terms.items():
            total[place] = total.get(place, 0.0) + factor * value
    return total


def _rounded(printed: str, why: str) -> tuple[float, float]:
    """Between which figures the true one lies, both included."""
    try:
        value = Decimal(printed)
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
    except (ArithmeticError, AssertionError):
        raise Malformed(f"{why}: “{printed}” is not a figure such as 12.5.") from None
    half = Decimal((0, (5,), exponent - 1))
    return float(value - half), float(value + half)

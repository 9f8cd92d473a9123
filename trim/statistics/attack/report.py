"""What the adversary found: one line for each hidden cell, in a form for machines and in words for the auditor.

The report says what anybody can work out from what is published. It knows no true value and can hint at none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trim.statistics.model import Key

FORMAT: Final = "trim-statistics-attack/1"
#: Exposed cells that are told in words; the JSON form holds all.
TOLD: Final = 20


class Verdict(StrEnum):
    """How well one cell is hidden."""

    EXACT = "exact"  # the count can be computed
    BELOW = "below"  # it can be shown to be a small count
    NARROW = "narrow"  # the interval is narrower than the rules promise
    GROUP = "group"  # whatever its count: everybody of a row is in this cell, or everybody who works there
    UNDECIDED = "undecided"  # time ran out before either was proven: counts as exposed
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Line:
    """One cell and its interval: `upper` is None where nothing bounds it.

    With `best` nobody can do better than this interval. Otherwise, for a safe cell, it is proven to be at least as
    wide as this; for an undecided one it is at most as wide. `hidden` is false for a figure that is shown: rounded, or
    one that must not be.
    """

    release: int
    table: str
    key: Key
    lower: int
    upper: int | None
    verdict: Verdict
    best: bool
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """The attack on the release with this number, together with the earlier ones with these numbers.

    `lines` also holds cells of earlier releases that share facts with this one: it could have opened them.
    """

    release: int
    earlier: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def exposed(self) -> tuple[Line, ...]:
        """Every cell that is not proven safe."""
        return tuple(line for line in self.lines if line.verdict is not Verdict.SAFE)

    @property
    def is_safe(self) -> bool:
        """May the release be published?"""
        return not self.exposed

    def count(self, verdict: Verdict) -> int:
        """How many cells have this verdict."""
        return sum(line.verdict is verdict for line in self.lines)


def to_json(report: Report) -> bytes:
    """The canonical bytes, UTF-8 with a line end."""
    said = {
        "format": FORMAT,
        "release": report.release,
        "earlier": list(report.earlier),
        "safe": report.is_safe,
        "counts": {str(one): report.count(one) for one in Verdict},
        "cells": [
            {
                "release": line.release,
                "table": line.table,
                "key": list(line.key),
                "lower": line.lower,
                "upper": line.upper,
                "verdict": str(line.verdict),
                "best": line.best,
                "hidden": line.hidden,
            }
            for line in report.lines
        ],
    }
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


class NotAReport(ValueError):
    """Raised when a text is not a report in its JSON form."""


def from_json(content: bytes | str) -> Report:
    """Read the JSON form. Raises NotAReport."""
    try:
        said = json.loads(content)
        if said["format"] != FORMAT:
            raise NotAReport(f"The format is “{said['format']}”; this version of Trim reads “{FORMAT}”.")
        return Report(
            int(said["release"]),
            tuple(int(one) for one in said["earlier"]),
            tuple(
                Line(
                    int(one["release"]),
                    str(one["table"]),
                    tuple(str(value) for value in one["key"]),
                    int(one["lower"]),
                    None if one["upper"] is None else int(one["upper"]),
                    Verdict(one["verdict"]),
                    bool(one["best"]),
                    bool(one["hidden"]),
                )
                for one in said["cells"]
            ),
        )
    except NotAReport:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise NotAReport(f"This is not a report of an attack: {error!r}.") from error


def in_words(report: Report) -> str:
    """A summary for people, in English; pages say it in the reader's language from the same figures."""
    counts = Counter(line.verdict for line in report.lines)
    hidden = sum(line.hidden for line in report.lines)
    shown = len(report.lines) - hidden
    cells = "1 hidden cell was attacked" if hidden == 1 else f"{hidden} hidden cells were attacked"
    cells += f", and {shown} shown" if shown else ""
    together = f", together with {len(report.earlier)} earlier" if report.earlier else ""
    said = [f"Release {report.release}{together}: {cells}."]
    if report.is_safe:
        said.append("None can be worked out, none can be shown to be small, and every interval is as wide as promised.")
        return "\n".join(said) + "\n"
    words = {
        Verdict.EXACT: "can be computed exactly",
        Verdict.BELOW: "can be shown to be small",
        Verdict.NARROW: "can be narrowed down further than promised",
        Verdict.GROUP: "tell of everybody: there is no other place for whoever is in their row",
        Verdict.UNDECIDED: "could not be decided in time, and count as exposed",
    }
    said += [f"{counts[verdict]} {text}." for verdict, text in words.items() if counts[verdict]]
    said.append("This release must not be published as it is.")
    said += [f"  {_told(line)}" for line in report.exposed[:TOLD]]
    if len(report.exposed) > TOLD:
        said.append(f"  and {len(report.exposed) - TOLD} more.")
    return "\n".join(said) + "\n"


def _told(line: Line) -> str:
    upper = "more" if line.upper is None else str(line.upper)
    interval = f"is {line.lower}" if line.verdict is Verdict.EXACT else f"lies between {line.lower} and {upper}"
    return f"Release {line.release}, table “{line.table}”, {' / '.join(line.key)}: {interval} ({line.verdict})."


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The newest release first, then by table and key: no order tells what was found."""
    return tuple(sorted(lines, key=lambda one: (-one.release, one.table, one.key)))

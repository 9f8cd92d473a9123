"""Releases made by the suppressor and held against the adversary and against the facts, with what that cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from trim.statistics.attack import Report, Verdict, attack, in_words
from trim.statistics.build import Asked, PeriodTooSmall, build_release
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration
from trim.statistics.model import TOTAL, UNIT, Key, Release, Rules, Table
from trim.statistics.periods import Period
from trim.statistics.read_declaration import read_declaration
from trim.statistics.withstand import withstanding


def declared(folder: Path, tables: Mapping[str, Sequence[str]], *, sensitive: bool = False) -> Declaration:
    """A declaration of tables of people exposed, by the directions named ("unit", "incident_kind", ...).

    In a `sensitive` one zeros can tell of people, so they may be hidden.
    """
    words = "{en: Word, fr: Mot}"
    names = sorted({one for by in tables.values() for one in by} - {UNIT})
    lines = ["format: 1", "dimensions:"]
    lines += [f"  {name}: {{label: {words}, from: {name}, merge: true}}" for name in names]
    lines += [
        "measures:",
        f"  exposed: {{label: {words}, kinds: exposed, sensitive: {str(sensitive).lower()}}}",
        "tables:",
    ]
    for name, by in tables.items():
        lines += [f"  {name}:", "    measure: exposed", f"    by: [{', '.join(by)}]"]
        lines += [f"    title: {words}", f"    definition: {words}"]
    path = folder / "tables.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_declaration(path)


@dataclass(slots=True)
class Tally:
    """What publishing cost: cells in all, hidden because of their own count, hidden beyond that.

    `again` counts how often the adversary found something and a release had to be made coarser.
    """

    cells: int = 0
    own: int = 0
    beyond: int = 0
    releases: int = 0
    refused: int = 0
    again: int = 0
    reports: list[Report] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another one in."""
        self.cells += other.cells
        self.own += other.own
        self.beyond += other.beyond
        self.releases += other.releases
        self.refused += other.refused
        self.again += other.again
        self.reports += other.reports

    def tell(self, what: str, capsys: pytest.CaptureFixture[str]) -> None:
        """One line in the run's output."""
        hidden = self.own + self.beyond
        with capsys.disabled():
            print(  # noqa: T201 - the cost is to be read in the run itself
                f"\n{what}: {self.releases} releases ({self.refused} too small, {self.again} made again), "
                f"{self.cells} cells, {hidden} hidden, {self.own} for their own count, {self.beyond} beyond "
                f"({100 * self.beyond / max(1, self.cells):.1f} %)"
            )


@dataclass(slots=True)
class Publisher:
    """Publishes one release after the other, each attacked together with all before it."""

    declaration: Declaration
    units: Sequence[Unit]
    rules: Rules = field(default_factory=Rules)
    programmes: tuple[str, ...] = ("trim",)
    time_limit: float = 60.0
    releases: list[Release] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def publish(self, counts: Sequence[Count], period: str) -> Release | None:
        """Build the release of a period ("2025-Q1 2025-Q1") and attack it; None where too little happened for one.

        Fails when a cell can be worked out or shown to be small, or when a shown figure is not the sum of its facts.
        """
        first, last = period.split()
        asked = Asked(len(self.releases) + 1, Period(first, last), self.programmes, last)

        def make(careful: Mapping[str, int]) -> Release:
            return build_release(
                counts,
                self.declaration,
                self.units,
                self.rules,
                tuple(self.releases),
                lambda *_: None,
                self.time_limit,
                asked=asked,
                careful=careful,
            )

        reports: list[Report] = []

        def exposed(release: Release) -> set[str]:
            reports.append(attack([*self.releases, release]))
            return {line.table for line in reports[-1].exposed}

        try:
            # As a release is made: coarser until nothing is found.
            made = withstanding(make, exposed)
        except PeriodTooSmall:
            self.tally.refused += 1
            return None
        self.releases.append(made)
        report = reports[-1]
        self.tally.again += len(reports) - 1
        assert report.release == made.number
        assert report.count(Verdict.EXACT) == 0, in_words(report)
        assert report.count(Verdict.BELOW) == 0, in_words(report)
        assert report.is_safe, in_words(report)
        self._count(made, counts)
        self.tally.reports.append(report)
        return made

    def _count(self, made: Release, counts: Sequence[Count]) -> None:
        self.tally.releases += 1
        for table in made.tables:
            truth = self._truth(made, table, counts)
            for cell in table.cells:
                true, incidents = truth.get(cell.key, (0, set()))
                # What has no incident behind it, such as a theme of everyday stress, is held to the people alone.
                few = (
                    self.declaration.measures[table.measure].behind_incidents and len(incidents) < self.rules.incidents
                )
                small = 0 < true <= self.rules.threshold or (true > 0 and few)
                self.tally.cells += 1
                if cell.value is not None:
                    self._is_right(cell.value, true, (table.name, cell.key))
                    assert not small or (self.rules.rounding and self.rules.rounding.instead), (table.name, cell.key)
                elif small:
                    self.tally.own += 1
                else:
                    self.tally.beyond += 1

    def _is_right(self, shown: int, true: int, where: object) -> None:
        """A shown figure is the sum of its facts, or where figures are rounded a multiple less than a base away."""
        rounding = self.rules.rounding
        if rounding is None:
            assert shown == true, where
        else:
            assert shown % rounding.base == 0, where
            assert abs(shown - true) < rounding.base, where

    def _truth(self, made: Release, table: Table, counts: Iterable[Count]) -> dict[Key, tuple[int, set[int]]]:
        """Every cell counted from the rows, one by one: the sum, and the marks of incidents behind it."""
        measure = self.declaration.measures[table.measure]
        found: dict[Key, tuple[int, set[int]]] = {}
        for count in counts:
            sign = measure.sign(count)
            if not sign or count.quarter not in made.period.quarters or count.programme not in self.programmes:
                continue
            keys: list[Key] = [()]
            for dimension in table.dimensions:
                code = (
                    count.unit_id if dimension.name == UNIT else self.declaration.dimensions[dimension.name].code(count)
                )
                values = [TOTAL, *(value for value in dimension.values if code in dimension.covers[value])]
                keys = [(*key, value) for key in keys for value in values]
            marks = {at for at in range(64) if count.marks >> at & 1}
            for key in keys:
                number, incidents = found.get(key, (0, set()))
                found[key] = number + sign * count.persons, incidents | marks
        return found

"""What an attacker reads out of definitions: two measures that count the same things, or one that counts a part.

"First interviews by days waited" and "interviews held" stand in different tables under different measures, and anybody
can see that the first are among the second. Such a bond is a presumption (an interview can be corrected, a window can
be missing): where it contradicts what was published it is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trim.statistics.attack.reading import Measure, Reading
from trim.statistics.attack.scopes import Scope
from trim.statistics.model import Release, Table

Codes = frozenset[str]
Row = tuple[dict[int, float], float, float, str]


@dataclass(frozen=True, slots=True)
class Bond:
    """Each figure of measure `one`, by at most the dimensions `by`, is that of `other`, or at most as large."""

    one: str
    other: str
    by: tuple[str, ...]
    same: bool


#: Bonds between the measures that are shipped.
BONDS = (
    Bond("bands", "assessments", ("interview",), same=True),
    Bond("windows", "assessments", ("unit", "interview"), same=True),
    Bond("waits", "assessments", ("unit",), same=False),
    Bond("changes", "assessments", ("unit",), same=False),
)


def presumptions(reading: Reading, bonds: Sequence[Bond]) -> Iterator[tuple[str, list[Row]]]:
    """For each bond and release its name, and the rows that follow from it."""
    for bond in bonds:
        for release in reading.releases:
            name = f"release {release.number}, “{bond.one}” beside “{bond.other}”"
            rows = [
                (terms, 0.0 if bond.same else float("-inf"), 0.0, name)
                for terms in _differences(reading, release, bond)
            ]
            if rows:
                yield name, rows


def _differences(reading: Reading, release: Release, bond: Bond) -> Iterator[dict[int, float]]:
    """One figure less the other, for everything that a table of either breaks down by the bond's dimensions."""
    one, other = (reading.measures.get(name) for name in (bond.one, bond.other))
    if one is None or other is None:
        return
    scope, seen = reading.scope[release.number], set()
    for table in release.tables:
        if table.measure not in (bond.one, bond.other):
            continue
        for covered in _slices(table, bond.by):
            sums = [_sum(reading, measure, scope, covered) for measure in (one, other)]
            if sums[0] is None or sums[1] is None:
                continue
            terms = dict(sums[0])
            for place, factor in sums[1].items():
                terms[place] = terms.get(place, 0.0) - factor
            known = frozenset(terms.items())
            if terms and known not in seen:
                seen.add(known)
                yield terms


def _slices(table: Table, by: tuple[str, ...]) -> Iterator[Mapping[str, Codes]]:
    """What the cells cover that are broken down by these dimensions only."""
    for cell in table.cells:
        covered = table.covered(cell.key)
        if covered.keys() <= set(by):
            yield covered


def _sum(reading: Reading, measure: Measure, scope: Scope, covered: Mapping[str, Codes]) -> dict[int, float] | None:
    """The atoms that make up this slice; None where the measure is not cut along it."""
    level = tuple(sorted(covered))
    if level not in measure.levels:
        return None
    for name, parts in zip(level, measure.levels[level], strict=True):
        if any(part & covered[name] and not part <= covered[name] for part in parts):
            return None
    atoms = list(measure.atoms(level, scope, covered))
    return {reading.system.quantity(atom): 1.0 for atom in atoms} or None

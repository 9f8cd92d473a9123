"""Two releases beside each other: what was, what is, and by how much it differs, where both figures are shown."""

from __future__ import annotations

from dataclasses import dataclass

from trim.statistics.model import TOTAL, UNIT, Release, Table, Words
from trim.statistics.shown.laid_out import ALL, NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in both releases; None where it is hidden or not there."""

    label: Words
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """By how much it grew; None unless both figures are shown."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Compared:
    """One table of both releases: its first direction beside the units, with the total as the last line."""

    name: str
    title: Words
    direction: Words
    lines: tuple[Line, ...]

    @property
    def total(self) -> Line:
        """The line of the whole table."""
        return self.lines[-1]

    @property
    def is_detailed(self) -> bool:
        """Whether anything but the total can be compared."""
        return len(self.lines) > 1


def compare(before: Release, after: Release) -> tuple[Compared, ...]:
    """Every table that both hold under one name and measure, in the order of the later release.

    Values are matched by what they cover, never by their name alone: a group that was merged otherwise is left out.
    """
    earlier = {(table.name, table.measure): table for table in before.tables}
    pairs = ((earlier.get((table.name, table.measure)), table) for table in after.tables)
    return tuple(_compared(old, new) for old, new in pairs if old is not None)


def _compared(old: Table, new: Table) -> Compared:
    lines = []
    drawn = next((one for one in new.dimensions if one.name != UNIT), None)
    matching = old.dimension(drawn.name) if drawn is not None else None
    if drawn is not None and matching is not None:
        covered = {matching.covers[value]: value for value in matching.values}
        for value in drawn.values:
            same = covered.get(drawn.covers[value])
            if same is not None:
                label, name = drawn.labels[value], drawn.name
                lines.append(Line(label, _at(old, {name: same}), _at(new, {name: value})))
    lines.append(Line(ALL, old.total, new.total))
    return Compared(new.name, new.title, drawn.label if drawn is not None else NOTHING, tuple(lines))


def _at(table: Table, chosen: dict[str, str]) -> int | None:
    return table.by_key()[tuple(chosen.get(one.name, TOTAL) for one in table.dimensions)].value

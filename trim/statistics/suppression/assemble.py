"""Puts the tables of one measure, and what earlier releases published of it, into one problem."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from trim.statistics.model import Cell, Dimension, Key, Release, Rules, Table
from trim.statistics.suppression.figures import Edition, Figure, Figures, box_of
from trim.statistics.suppression.problem import UNBOUNDED, Problem
from trim.statistics.suppression.scopes import Scope, divisions, scope_of_release
from trim.statistics.suppression.solver import cheapest


@dataclass(frozen=True, slots=True)
class Draft:
    """One table before it is known what else is hidden: the true figures, and which of them are hidden in any case."""

    name: str
    dimensions: tuple[Dimension, ...]
    values: Mapping[Key, int]
    primary: frozenset[Key]
    zeros_shown: bool
    headcounts: Mapping[Key, int]


@dataclass(slots=True)
class Assembled:
    """The problem, which figure each cell is, and in which tables of the new release a figure stands."""

    problem: Problem
    numbers: dict[str, dict[Key, int]]
    figures: list[Figure]


class Assembly:
    """Gathers the figures of one measure for a new release."""

    def __init__(self, measure: str, scope: Scope, rules: Rules, earlier: Sequence[Release]) -> None:
        self.measure, self.scope, self.rules = measure, scope, rules
        self.earlier = earlier
        self.figures = Figures()

    def gather(self, drafts: Sequence[Draft]) -> Assembled:
        """Make the problem of the drafts of one measure."""
        published = [(release, table) for release, table in self._published()]
        for release, table in published:
            self.figures.edition(scope_of_release(release)).learn_codes(table.dimensions)
        version = 1 if self._changed(drafts, published) else 0
        edition = self.figures.edition(self.scope, version)
        for draft in drafts:
            edition.learn_codes(draft.dimensions)
        for release, table in published:
            self._put_published(release, table)
        numbers = {draft.name: self._put_draft(edition, draft) for draft in drafts}
        if version:
            self._mind_changes(edition)
        for one in list(self.figures.editions.values()):
            self.figures.relate_tables(one)
        self._sums_across_scopes(version)
        return Assembled(self._problem(), numbers, self.figures.all)

    def _published(self) -> Iterator[tuple[Release, Table]]:
        for release in self.earlier:
            for table in release.tables:
                if table.measure == self.measure:
                    yield release, table

    def _changed(self, drafts: Sequence[Draft], published: Sequence[tuple[Release, Table]]) -> bool:
        """Whether an earlier release of the very same scope shows a figure that is another one now."""
        same = [table for release, table in published if scope_of_release(release) == self.scope]
        if not same:
            return False
        before, now = Edition(), Edition()
        for table in same:
            before.learn_codes(table.dimensions)
        for draft in drafts:
            now.learn_codes(draft.dimensions)
        values = {now.fit(box_of(d.dimensions, key)): value for d in drafts for key, value in d.values.items()}
        for table in same:
            for cell in table.cells:
                value = values.get(before.fit(box_of(table.dimensions, cell.key)))
                if value is not None and ((cell.is_shown and cell.value != value) or (not cell.is_shown and not value)):
                    return True
        return False

    def _put_published(self, release: Release, table: Table) -> None:
        edition = self.figures.edition(scope_of_release(release))
        cells = {}
        for cell in table.cells:
            people = self._people(release, table, cell) if table.within_headcount else None
            rounding = release.rules.rounding
            if rounding is not None and cell.value is not None:
                # A multiple of the base says only between which numbers the figure lies.
                near = rounding.base - 1
                cells[cell.key] = Figure(
                    None, "unknown", low=max(0, cell.value - near), high=cell.value + near, asked=False
                )
                continue
            cells[cell.key] = Figure(
                cell.value,
                "shown" if cell.is_shown else "forced",
                low=int(table.zeros_shown),
                high=people,
                above=release.rules.threshold + 1,
                width=release.rules.width,
                release=release.number,
            )
        self.figures.put_table(edition, table.dimensions, cells)

    def _people(self, release: Release, table: Table, cell: Cell) -> int | None:
        for one, value in zip(table.dimensions, cell.key, strict=True):
            if one.name == "unit":
                return release.headcount(one, value)
        return None

    def _put_draft(self, edition: Edition, draft: Draft) -> dict[Key, int]:
        made = {}
        for key, value in draft.values.items():
            fixed = draft.zeros_shown and value == 0
            made[key] = Figure(
                value,
                "shown" if fixed else "forced" if key in draft.primary else "free",
                low=int(draft.zeros_shown),
                high=draft.headcounts.get(key),
                above=self.rules.threshold + 1,
                width=self.rules.width,
                cost=cost_of(draft.dimensions, key, value),
                tables={draft.name},
            )
        return self.figures.put_table(edition, draft.dimensions, made)

    def _mind_changes(self, edition: Edition) -> None:
        """Of a correction: what was hidden stays hidden, and a figure that moved by a few people is hidden now."""
        before = self.figures.edition(self.scope, 0)
        for box, number in edition.boxes.items():
            old = before.boxes.get(box)
            figure = self.figures.all[number]
            if old is None or figure.state != "free":
                continue
            then = self.figures.all[old]
            if then.state == "forced":
                figure.state = "forced"
            elif then.value is not None and figure.value is not None:
                moved = abs(figure.value - then.value)
                if 0 < moved <= self.rules.threshold:
                    figure.state = "forced"

    def _sums_across_scopes(self, version: int) -> None:
        """A year is the sum of its quarters, table by table, from the longest scope to the shortest."""
        scopes = {scope for scope, _ in self.figures.editions}
        for scope in sorted(scopes, key=lambda one: (-len(one), sorted(one))):
            parts = next(iter(divisions(scope, scopes)), ())
            if not parts:
                continue
            complete = frozenset().union(*parts) == scope
            whole = self._newest(scope, version)
            for layout in list(whole.layouts):
                copies = [self.figures.copy(layout, self._newest(part, version)) for part in parts]
                for key, number in layout.numbers.items():
                    if number is not None:
                        terms = [one[key] for one in copies]
                        self.figures.equal(number, [one for one in terms if one is not None], complete=complete)

    def _newest(self, scope: Scope, version: int) -> Edition:
        return self.figures.edition(scope, version if scope == self.scope else 0)

    def _problem(self) -> Problem:
        figures = self.figures.all
        sums = self._settle()
        rows = [at for at, terms in enumerate(sums) for _ in terms]
        columns = [figure for terms in sums for figure in terms]
        signs = [sign for terms in sums for sign in terms.values()]
        return Problem(
            sums=csr_array((np.asarray(signs, dtype=np.float64), (rows, columns)), shape=(len(sums), len(figures))),
            truth=np.asarray([one.value or 0 for one in figures], dtype=np.int64),
            low=np.asarray([one.low for one in figures], dtype=np.int64),
            high=np.asarray([UNBOUNDED if one.high is None else one.high for one in figures], dtype=np.int64),
            free=np.asarray([one.state == "free" for one in figures], dtype=bool),
            forced=np.asarray([one.state in ("forced", "unknown") for one in figures], dtype=bool),
            asked=np.asarray([one.asked for one in figures], dtype=bool),
            above=np.asarray([one.above for one in figures], dtype=np.int64),
            width=np.asarray([one.width for one in figures], dtype=np.int64),
            cost=np.asarray([one.cost for one in figures], dtype=np.float64),
        )

    def _settle(self) -> list[dict[int, int]]:
        """Give every unknown figure a value that fits everything published; gives the sums that hold.

        A sum that does not hold tells that facts came after a release: it says nothing exact, so it is left out, and
        where the difference is a few people the new figure in it is hidden.
        """
        figures = self.figures.all
        kept = []
        for terms in self.figures.sums:
            if all(figures[one].value is not None for one in terms):
                left = sum(sign * (figures[one].value or 0) for one, sign in terms.items())
                if left:
                    self._mind_late_facts(terms, abs(left))
                    continue
            kept.append(terms)
        unknown = sorted({one for terms in kept for one in terms if figures[one].value is None})
        if not unknown:
            return kept
        place = {figure: at for at, figure in enumerate(unknown)}
        rows = [terms for terms in kept if any(one in place for one in terms)]
        values, slack = self._complete(rows, place)
        for figure, at in place.items():
            figures[figure].value = values[at]
        broken = {id(terms) for terms, left in zip(rows, slack, strict=True) if left}
        for terms, left in zip(rows, slack, strict=True):
            if left:
                self._mind_late_facts(terms, left)
        return [terms for terms in kept if id(terms) not in broken]

    def _complete(self, rows: Sequence[dict[int, int]], place: Mapping[int, int]) -> tuple[list[int], list[int]]:
        figures, size, count = self.figures.all, len(place), len(rows)
        at, columns, signs, needs = [], [], [], np.zeros(count)
        for row, terms in enumerate(rows):
            for figure, sign in terms.items():
                if figure in place:
                    at.append(row)
                    columns.append(place[figure])
                    signs.append(float(sign))
                else:
                    needs[row] -= sign * (figures[figure].value or 0)
            at += [row, row]
            columns += [size + row, size + count + row]
            signs += [1.0, -1.0]
        matrix = csr_array((np.asarray(signs), (at, columns)), shape=(count, size + 2 * count))
        most = max(1.0, float(np.abs(needs).max(initial=1)) * 2)
        low = np.concatenate(([float(figures[one].low) for one in place], np.zeros(2 * count)))
        tops = [most if (cap := figures[one].high) is None else float(max(cap, figures[one].low)) for one in place]
        high = np.concatenate((np.maximum(tops, low[:size]), np.full(2 * count, most)))
        cost = np.concatenate((np.zeros(size), np.ones(2 * count)))
        found = cheapest(cost, low, high, matrix, needs, needs, nodes=5000)
        if found is None:
            raise EarlierReleasesDoNotFit(self.measure)
        slack = np.abs(found[size : size + count] - found[size + count :])
        return [int(one) for one in found[:size]], [int(one) for one in slack]

    def _mind_late_facts(self, terms: Mapping[int, int], left: int) -> None:
        if left <= self.rules.threshold:
            for one in terms:
                if self.figures.all[one].state == "free":
                    self.figures.all[one].state = "forced"


class EarlierReleasesDoNotFit(Exception):
    """Raised when no figures fit what earlier releases published of a measure: their files were changed."""


def cost_of(dimensions: Sequence[Dimension], key: Key, value: int) -> float:
    """What it costs readers when a cell is hidden: sums more than parts, the sum of everything most."""
    totals = sum(at == one.total for one, at in zip(dimensions, key, strict=True))
    branches = sum(at in one.parents.values() for one, at in zip(dimensions, key, strict=True))
    whole = 2.0 if totals == len(dimensions) else 0.0
    return 1.0 + 0.6 * totals + 0.3 * branches + whole + 0.01 * math.log10(1 + value)

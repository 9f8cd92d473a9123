"""Puts tables that count the same things, and what earlier releases published of these, into one problem."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from trim.statistics.model import Cell, Dimension, Key, Release, Rules, Table
from trim.statistics.suppression.bounds import Bounds
from trim.statistics.suppression.figures import Box, Edition, Figure, Figures, Terms, box_of
from trim.statistics.suppression.problem import UNBOUNDED, Problem
from trim.statistics.suppression.scopes import Scope, divisions, scope_of_release
from trim.statistics.suppression.settle import complete, determine, fits


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


MOST_COPIED = 600
"""Cells times scopes up to which tables are laid out whole in every scope."""
MOST_DIFFERENCES = 250
"""Figures up to which every unpublished difference is looked at."""
Truth = Callable[[Scope, Box], int | None]
"""Gives the figure of a box in a scope as the facts have it now; None where they were not handed in."""


class Assembly:
    """Gathers the figures of one measure, or of several that count the same things, for a new release."""

    def __init__(
        self,
        measures: Collection[str],
        scope: Scope,
        rules: Rules,
        earlier: Sequence[Release],
        truth: Truth | None = None,
    ) -> None:
        self.measures, self.scope, self.rules = tuple(measures), scope, rules
        self.earlier = earlier
        self.truth = truth
        self.figures = Figures()

    def afresh(self) -> Assembly:
        """The same with nothing gathered yet."""
        return Assembly(self.measures, self.scope, self.rules, self.earlier, self.truth)

    def gather(self, drafts: Sequence[Draft]) -> Assembled:
        """Make the problem of the drafts of these measures."""
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
        problem = self._problem()
        self._forgive(problem)
        return Assembled(problem, numbers, self.figures.all)

    def _published(self) -> Iterator[tuple[Release, Table]]:
        for release in self.earlier:
            for table in release.tables:
                if table.measure in self.measures:
                    yield release, table

    def _changed(self, drafts: Sequence[Draft], published: Sequence[tuple[Release, Table]]) -> bool:
        """Whether an earlier release of the very same scope shows a figure that is another one now."""
        same = [(release, table) for release, table in published if scope_of_release(release) == self.scope]
        if not same:
            return False
        before, now = Edition(), Edition()
        for _, table in same:
            before.learn_codes(table.dimensions)
        for draft in drafts:
            now.learn_codes(draft.dimensions)
        values = {now.fit(box_of(d.dimensions, key)): value for d in drafts for key, value in d.values.items()}
        for release, table in same:
            for cell in table.cells:
                value = values.get(before.fit(box_of(table.dimensions, cell.key)))
                if value is not None and not _could_be(release.rules, table, cell, value):
                    return True
        return False

    def _put_published(self, release: Release, table: Table) -> None:
        edition = self.figures.edition(scope_of_release(release))
        cells = {}
        for cell in table.cells:
            people = self._people(release, table, cell) if table.within_headcount else None
            if release.rules.rounding is not None and cell.value is not None:
                low, high = _said(release.rules, cell.value)
                cells[cell.key] = Figure(None, "unknown", low=low, high=high, asked=False)
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
        return sum(release.headcounts.values()) if release.headcounts else None

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
        """A year is the sum of its quarters, table by table, from the longest scope to the shortest.

        What a year says of its half-years goes on to their quarters. Where that would be very many figures, copies
        are thin.
        """
        scopes = {scope for scope, _ in self.figures.editions}
        cells = sum(len(one.numbers) for edition in self.figures.editions.values() for one in edition.layouts)
        thin = cells * len(scopes) > MOST_COPIED
        for scope in sorted(scopes, key=lambda one: (-len(one), sorted(one))):
            whole = self._newest(scope, version)
            parts = next(iter(divisions(scope, scopes)), ())
            if not parts:
                continue
            is_whole = frozenset().union(*parts) == scope
            for layout in list(whole.layouts):
                copies = []
                for part in parts:
                    inside = [self._newest(one, version) for one in sorted(scopes, key=sorted) if one < part]
                    copies.append(self.figures.copy(layout, self._newest(part, version), inside, thin=thin))
                for key, number in layout.numbers.items():
                    if number is not None:
                        self.figures.add_up(number, [one[key] for one in copies], complete=is_whole)

    def _newest(self, scope: Scope, version: int) -> Edition:
        return self.figures.edition(scope, version if scope == self.scope else 0)

    def _problem(self) -> Problem:
        figures = self.figures.all
        sums = self._settle()
        determine(figures, sums)
        self._mind_differences()
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

    def _mind_differences(self) -> None:
        """Protect what nobody published but subtraction would tell, where it is small.

        Such is a half-year less its first quarter, or a kind that one table merges and another one lists. Where very
        many figures hang together only those are looked at that a longer period leaves over.
        """
        many = len(self.figures.all) > MOST_DIFFERENCES
        for one in self.figures.all:
            small = one.value is not None and 1 <= one.value <= self.rules.threshold
            if one.state == "unknown" and small and (one.left_over or not many):
                one.asked, one.above, one.width = True, self.rules.threshold + 1, self.rules.width

    def _forgive(self, problem: Problem) -> None:
        """Ask for no difference that was told already whatever this release hides, or that nothing tells anyway."""
        extra = np.asarray([one.release is None and not one.tables for one in self.figures.all], dtype=bool)
        if not np.any(extra & problem.asked):
            return
        wanted = problem.asked.copy()
        problem.asked[:] = extra & wanted
        told = np.zeros(problem.size, dtype=bool)
        told[Bounds(problem).attack(problem.forced).exposed] = True
        problem.asked[:] = told
        told[Bounds(problem).attack(problem.free | problem.forced).exposed] = False
        problem.asked[:] = (wanted & ~extra) | told

    def _settle(self) -> list[Terms]:
        """Give every unknown figure a value that fits everything published; gives the sums that hold.

        A sum that does not hold tells that facts came after a release: it says nothing exact, so it is left out, and
        where the difference is a few people the new figure in it is hidden.
        """
        figures = self.figures.all
        if self._settle_by_facts():
            return self.figures.sums
        kept = []
        for terms in self.figures.sums:
            if all(figures[one].value is not None for one in terms):
                left = sum(sign * (figures[one].value or 0) for one, sign in terms.items())
                if left:
                    self._mind_late_facts(terms, abs(left))
                    continue
            kept.append(terms)
        found = complete(self.measures, figures, kept)
        for terms, left in zip(kept, found, strict=True):
            if left:
                self._mind_late_facts(terms, left)
        return [terms for terms, left in zip(kept, found, strict=True) if not left]

    def _settle_by_facts(self) -> bool:
        """Take unknown figures from the facts; False, nothing settled, where these do not fit what is published."""
        figures = self.figures.all
        values = {at: one.value for at, one in enumerate(figures) if one.value is not None}
        for (scope, _), edition in self.figures.editions.items():
            for box, number in edition.boxes.items():
                if number not in values:
                    value = None if self.truth is None else self.truth(scope, box)
                    if value is None or not fits(figures[number], value):
                        return False
                    values[number] = value
        for terms in self.figures.sums:
            unknown = [one for one in terms if one not in values]
            left = sum(sign * values[one] for one, sign in terms.items() if one in values)
            if len(unknown) == 1 and -left * terms[unknown[0]] >= 0:
                values[unknown[0]] = -left * terms[unknown[0]]
            elif left or unknown:
                return False
        for at, value in values.items():
            figures[at].value = value
        return True

    def _mind_late_facts(self, terms: Mapping[int, int], left: int) -> None:
        if left <= self.rules.threshold:
            for one in terms:
                if self.figures.all[one].state == "free":
                    self.figures.all[one].state = "forced"


def _said(rules: Rules, value: int) -> tuple[int, int]:
    """Between which numbers a shown figure lies: a multiple is near the truth, which was not small or was nothing."""
    if rules.rounding is None:
        return value, value
    near = rules.rounding.base - 1
    possible = range(max(0, value - near), value + near + 1)
    if not rules.rounding.instead:
        large = [one for one in possible if one == 0 or one > rules.threshold]
        return (large[0], large[-1]) if large else (possible[0], possible[-1])
    return possible[0], possible[-1]


def _could_be(rules: Rules, table: Table, cell: Cell, value: int) -> bool:
    """Whether a cell that was published can stand for this figure of today."""
    if cell.value is None:
        return value > 0 or not table.zeros_shown
    low, high = _said(rules, cell.value)
    return low <= value <= high


def cost_of(dimensions: Sequence[Dimension], key: Key, value: int) -> float:
    """What it costs readers when a cell is hidden: sums more than parts, the sum of everything most."""
    totals = sum(at == one.total for one, at in zip(dimensions, key, strict=True))
    branches = sum(at in one.parents.values() for one, at in zip(dimensions, key, strict=True))
    whole = 2.0 if totals == len(dimensions) else 0.0
    return 1.0 + 0.6 * totals + 0.3 * branches + whole + 0.01 * math.log10(1 + value)

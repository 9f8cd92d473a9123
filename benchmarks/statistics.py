"""What statistics cost: `python benchmarks/statistics.py [--quick] [--only cube|single|tau|force]`.

- `cube`: the cube of a quarter out of 1,000,000 facts, against the bare GROUP BY sent to the driver, on both databases;
  and the memory it takes, against a fifth of the facts in the same groups.
- `single`: a table of 20 x 12 suppressed and attacked.
- `tau`: what hiding costs on single tables, against `pytauargus` (`pip install '.[benchmark]'`; left out where it is
  not installed, and the table says so). It is asked for the fewest cells (cost 1 each) with the wider and wider safety
  ranges it takes, and the first pattern counts that passes our adversary.
- `force`: quarters, half-years and years of a force of 40 units with the shipped tables, each made in earnest beside
  those before it: built, attacked, and made coarser until the attack finds nothing.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # in place of this folder, where this file would be taken for the library's own `statistics`

import contextlib
import importlib.util
import secrets
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from benchmarks.harness import Table, arguments, interleaved, ratio
from tests.support.databases import DatabaseUrls, copy_of_sqlite, make_sqlite_template, new_postgresql
from tests.support.force import EXPOSURES, KINDS, Force, Quarter, make_force, quarters
from tests.support.held_against import declared
from tests.support.postgresql import running
from trim.statistics.attack import Report, attack
from trim.statistics.build import Asked, PeriodTooSmall, build_release
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration
from trim.statistics.model import TOTAL, Cell, Release, Rules
from trim.statistics.model import Table as Published
from trim.statistics.periods import Period
from trim.statistics.read_declaration import read_declaration
from trim.statistics.tabulation.cube import cubes
from trim.statistics.withstand import withstanding
from trim.store import migrate
from trim.store.counted import grouped
from trim.store.database import Database
from trim.usecases.statistics.counts import counts

PARTS = ("cube", "single", "tau", "force")
QUARTER, STATES = "2025-Q1", ("open", "counted")
MOST_OF_GROUP_BY, MOST_MEMORY, MOST_SECONDS, MOST_MINUTES, MOST_OF_TAU = 1.5, 1.2, 3.0, 15.0, 1.25
COLUMNS = (
    "id",
    "kind",
    "quarter",
    "unit_id",
    "programme",
    "incident_kind",
    "exposure",
    "staff_group",
    "category",
    "mark",
)
#: Safety ranges in per cent that the peer takes; wider ones are refused by its engine.
RANGES = (30, 60, 99)


def rows(number: int, units: int) -> Iterator[tuple[Any, ...]]:
    """So many facts of one quarter in 640 groups a unit, in the order of their random keys."""
    chance = random.Random(number)
    happened = (
        [("offer_made", None)]
        + [("offer_answered", one) for one in ("accepted", "declined")]
        + [("assessment_held", one) for one in ("first_assessment", "follow_up")]
        + [("first_wait", one) for one in ("within_3_days", "4_to_7_days", "8_to_14_days")]
    )
    for fact in sorted(secrets.token_hex(16) for _ in range(number)):
        kind, category = chance.choice(happened)
        unit, exposure = f"unit-{chance.randrange(units):02}", chance.choice(EXPOSURES)
        about = (chance.choice(KINDS), exposure, chance.choice(("employee", "volunteer")))
        yield (fact, kind, QUARTER, unit, "trim", *about, category, 1 << chance.randrange(16))


def fill(database: Database, number: int, units: int) -> None:
    """Write the facts as fast as the driver takes them."""
    names = ", ".join((*COLUMNS, "weight", "state"))
    raw = database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        if database.is_sqlite:
            cursor.execute("BEGIN")
            places = ", ".join("?" for _ in COLUMNS)
            cursor.executemany(f"INSERT INTO fact ({names}) VALUES ({places}, 1, 'open')", rows(number, units))
        else:
            with cursor.copy(f"COPY fact ({names}) FROM STDIN") as copy:
                for row in rows(number, units):
                    copy.write_row((*row, 1, "open"))
        raw.commit()
        cursor.execute("ANALYZE fact")
        raw.commit()
    finally:
        raw.close()


def bare(session: Session) -> list[Any]:
    """The same statement, sent to the driver as text."""
    dialect = session.get_bind().dialect
    said = str(grouped([QUARTER], STATES).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    cursor = session.connection().connection.cursor()
    cursor.execute(said)
    found = list(cursor.fetchall())
    cursor.close()
    return found


def ours(session: Session, declaration: Declaration) -> Any:
    """What a release begins with: rows grouped by the database, as counts, in one cube for each measure."""
    return cubes(counts(session, [QUARTER], states=STATES), declaration, ("trim",))


def peak(session: Session, declaration: Declaration) -> float:
    """Most memory that our way holds at once, in MB."""
    tracemalloc.start()
    ours(session, declaration)
    found = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return found


def cube(table: Table, name: str, urls: DatabaseUrls, few: DatabaseUrls, number: int, rounds: int) -> None:
    database, smaller = Database(urls.url, urls.owner_url), Database(few.url, few.owner_url)
    units = number // 25_000  # 40 of them where there are 1,000,000 facts
    fill(database, number, units)
    fill(smaller, number // 5, units)
    declaration = read_declaration()
    with database.reading() as session:
        groups = len(bare(session))
        mine, theirs = interleaved(rounds, partial(ours, session, declaration), partial(bare, session))
        much = peak(session, declaration)
    with smaller.reading() as session:
        little, fewer = peak(session, declaration), len(bare(session))
    table.row(f"cube of {number:,} facts in {groups:,} groups, {name}", f"{statistics.median(mine):.2f} s")
    table.row(f"the bare GROUP BY, {name}", f"{statistics.median(theirs):.2f} s")
    table.row(f"memory at most, and of a fifth of the facts ({fewer:,} groups), {name}", f"{much:.1f}, {little:.1f} MB")
    table.bound(f"cube-{name}", ratio(mine, theirs), MOST_OF_GROUP_BY)
    table.bound(f"cube-memory-{name}", much / little, MOST_MEMORY)


def single(seed: int, units: int, kinds: int) -> tuple[list[Count], list[Unit]]:
    """A random table without a hierarchy: few large cells, many small, many empty; incidents enough behind each."""
    chance = random.Random(seed)
    found = []
    for unit in range(units):
        for kind in range(kinds):
            number = min(400, int(chance.paretovariate(0.6)) - 1)
            if number:
                about = {"incident_kind": f"k{kind:02}", "persons": number, "incidents": 5, "marks": 0b11111}
                found.append(Count(QUARTER, "exposed", f"u{unit:02}", "trim", **about))
    return found, [Unit(f"u{unit:02}", f"Unit {unit}") for unit in range(units)]


def released(
    some: Sequence[Count], units: Sequence[Unit], tables: Mapping[str, Sequence[str]], folder: Path
) -> Release:
    """A release of one quarter that hides without making anything coarser."""
    declaration = declared(folder, tables)
    open_ = {name: replace(one, merge=False) for name, one in declaration.dimensions.items()}
    return build_release(
        some,
        replace(declaration, dimensions=open_),
        units,
        Rules(most_hidden=100, least_headcount=0),
        (),
        lambda *_: None,
        60.0,
        asked=Asked(1, Period(QUARTER, QUARTER), ("trim",), QUARTER),
    )


def twenty_by_twelve(table: Table, folder: Path, tables: int) -> None:
    seconds = []
    for seed in range(tables):
        some, units = single(seed, 20, 12)
        began = time.perf_counter()
        made = released(some, units, {"t": ("unit", "incident_kind")}, folder)
        report = attack([made])
        seconds.append(time.perf_counter() - began)
        assert report.is_safe
    worst = max(seconds)
    table.row(f"20 x 12 suppressed and attacked, median of {tables} tables", f"{statistics.median(seconds):.2f} s")
    table.row("  the slowest", f"{worst:.2f} s ({len(made.tables[0].cells)} cells)")
    table.bound("statistics-20x12-seconds", worst, MOST_SECONDS)


@dataclass(slots=True)
class Step:
    """One release as it is made in earnest: built and attacked, coarser as often as the attack finds something."""

    release: Release
    report: Report
    building: float
    attacking: float
    turns: int

    def tell(self, table: Table, earlier: int) -> None:
        """One line: what it took."""
        period = f"{self.release.period.kind} to {self.release.period.last} beside {earlier} earlier"
        hidden = sum(one.hidden for one in self.release.tables)
        took = f"{self.building:.1f} s built, {self.attacking:.1f} s attacked, {self.turns} turns"
        table.row(f"  {period}, {hidden} of {sum(len(one.cells) for one in self.release.tables)} cells hidden", took)
        print(f"{period}: {took}", file=sys.stderr, flush=True)  # the whole of it takes long: what is done is seen


def publish(force: Force, names: Sequence[str], cases: int, limit: float, tables: int) -> Iterator[Step]:
    """Quarters, half-years and years of a force, each made beside those before it."""
    declaration = read_declaration()
    declaration = replace(declaration, tables=declaration.tables[:tables])
    found: list[Release] = []
    known: list[Count] = []
    for name in names:
        known += Quarter(force, name, cases, 7).rows()
        periods = [Period(name, name)]
        periods += [Period(f"{name[:5]}Q{int(name[-1]) - 1}", name)] if name[-1] in "24" else []
        periods += [Period(f"{name[:5]}Q1", name)] if name[-1] == "4" else []
        for period in periods:
            asked = Asked(len(found) + 1, period, ("trim",), name)
            with contextlib.suppress(PeriodTooSmall):
                step = in_earnest(partial(build_release, known, declaration, force.units, Rules()), found, asked, limit)
                found.append(step.release)
                yield step


def in_earnest(build: Callable[..., Release], earlier: Sequence[Release], asked: Asked, limit: float) -> Step:
    """Build and attack until the attack finds nothing, as `trim statistics release` does."""
    spent = {"built": 0.0, "attacked": 0.0}
    reports: list[Report] = []

    def make(careful: Mapping[str, int]) -> Release:
        began = time.perf_counter()
        made = build(tuple(earlier), lambda *_: None, limit, asked=asked, careful=careful)
        spent["built"] += time.perf_counter() - began
        return made

    def exposed(made: Release) -> set[str]:
        heard: list[tuple[int, int]] = []
        began = time.perf_counter()
        report = attack([*earlier, made], progress=lambda done, of: heard.append((done, of)))
        spent["attacked"] += time.perf_counter() - began
        assert heard[-1] == (max(done for done, _ in heard),) * 2
        reports.append(report)
        return {line.table for line in report.exposed}

    made = withstanding(make, exposed)
    return Step(made, reports[-1], spent["built"], spent["attacked"], len(reports))


def a_force(table: Table, stations: int, number: int, cases: int, limit: float, tables: int) -> None:
    """Every release of a force, one after the other; bounds for the last quarter and the last year."""
    force = make_force(stations, seed=7)
    table.row(f"{len(force.units)} units, {cases} cases a quarter, at most {tables} tables", "")
    steps: list[Step] = []
    for step in publish(force, quarters(2024, number), cases, limit, tables):
        step.tell(table, len(steps))
        steps.append(step)
    for kind in sorted({one.release.period.kind for one in steps} & {"quarter", "year"}):
        newest = max(at for at, one in enumerate(steps) if one.release.period.kind == kind)
        last = steps[newest]
        table.row(
            f"the last {kind}, made with {newest} earlier releases, {len(last.report.lines)} cells attacked",
            f"{last.building + last.attacking:.1f} s",
        )
        table.bound(f"statistics-attack-{kind}-minutes", last.attacking / 60, MOST_MINUTES)


def tau(some: Sequence[Count], whole: Published, span: int, folder: Path) -> Published:
    """The same table as the peer hides it: least number of cells, every count of 1 to 7 unsafe."""
    from pytauargus import protect

    people = [
        {"unit": one.unit_id, "kind": str(one.incident_kind), "one": 1} for one in some for _ in range(one.persons)
    ]
    workdir = tempfile.mkdtemp(dir=folder)
    with contextlib.chdir(workdir):  # its solvers leave their logs wherever they are started
        answer = protect(
            people,
            ["unit", "kind"],
            response="one",
            safety_rules=f"FREQ(8,{span})",
            suppress="OPT(1)",
            cost_var="-1",
            workdir=workdir,
        )
    hidden = {(row["unit"], row["kind"]) for row in answer.tables[0].rows if row["status"] in ("U", "M")}
    counted = {(row["unit"], row["kind"]): int(row["one"]) for row in answer.tables[0].rows}
    cells = []
    for cell in whole.cells:
        value = counted.get((cell.key[0], cell.key[1]), 0)
        cells.append(Cell(cell.key, None, "suppressed") if cell.key in hidden else Cell(cell.key, value, "shown"))
    zero = any(counted.get((key[0], key[1]), 0) == 0 for key in hidden)
    return replace(whole, cells=tuple(cells), zeros_shown=not zero)


def against_tau(table: Table, folder: Path, tables: int) -> None:
    if importlib.util.find_spec("pytauargus") is None:
        table.row("pytauargus", "not installed, so not measured: pip install '.[benchmark]'")
        return
    from pytauargus.batch import BatchError

    compared: list[tuple[int, int]] = []
    elsewhere: list[tuple[int, int]] = []
    for seed in range(100, 100 + tables):
        some, units = single(seed, 6 + seed % 7, 4 + seed % 5)
        made = released(some, units, {"t": ("unit", "incident_kind")}, folder)
        (mine,) = made.tables
        own = sum(one.persons <= made.rules.threshold for one in margins(some))
        for span in RANGES:
            try:
                theirs = tau(some, mine, span, folder)
            except BatchError as error:
                table.row(f"  pytauargus on table {seed}", str(error))
                break
            report = attack([replace(made, tables=(theirs,))])
            if report.is_safe:
                compared.append((mine.hidden - own, theirs.hidden - own))
                break
        else:
            elsewhere.append((mine.hidden - own, theirs.hidden - own))
    ours_, theirs_ = (sum(one[at] for one in compared) for at in (0, 1))
    table.row(f"tables where the pattern of pytauargus passes our adversary, of {tables}", str(len(compared)))
    table.row("  secondary cells there: ours, theirs", f"{ours_}, {theirs_}")
    table.row("tables where it does not, whatever its safety range", str(len(elsewhere)))
    there = (sum(one[at] for one in elsewhere) for at in (0, 1))
    table.row("  secondary cells there: ours, theirs at the widest range", ", ".join(map(str, there)))
    if theirs_:
        table.bound("statistics-against-tau", ours_ / theirs_, MOST_OF_TAU)


def margins(some: Sequence[Count]) -> Iterator[Count]:
    """Every cell and margin that is not empty, with its count."""
    found: dict[tuple[str, str], int] = {}
    for one in some:
        for unit in (one.unit_id, TOTAL):
            for kind in (str(one.incident_kind), TOTAL):
                found[unit, kind] = found.get((unit, kind), 0) + one.persons
    for (unit, kind), number in found.items():
        yield Count(QUARTER, "exposed", unit, "trim", incident_kind=kind, persons=number)


def both_cubes(table: Table, folder: Path, number: int, rounds: int) -> None:
    """The cube on SQLite and on PostgreSQL."""
    template = make_sqlite_template(folder)
    cube(table, "sqlite", *(copy_of_sqlite(template, folder / one) for one in ("all", "few")), number, rounds)
    with running() as server, new_postgresql(server) as urls, new_postgresql(server) as few:
        for one in (urls, few):
            migrate.upgrade(one.owner_url, one.url)
        cube(table, "postgresql", urls, few, number, rounds)


def main() -> int:
    """Print the table; 1 when a bound was missed."""
    given = arguments(str(__doc__), PARTS)
    quick = given.quick
    table = Table()
    with tempfile.TemporaryDirectory(prefix="trim-benchmark-") as name:
        folder = Path(name)
        if "cube" in given.only:
            both_cubes(table, folder, *((100_000, 2) if quick else (1_000_000, 5)))
        if "single" in given.only:
            twenty_by_twelve(table, folder, 2 if quick else 10)
        if "tau" in given.only:
            against_tau(table, folder, 4 if quick else 40)
    if "force" in given.only:
        a_force(table, *((6, 1, 250, 2.0, 3) if quick else (40, 8, 1500, 120.0, 12)))
    return table.finish()


if __name__ == "__main__":
    raise SystemExit(main())

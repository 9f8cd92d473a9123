"""What statistics cost: `python benchmarks/statistics.py [--quick]`.

- The cube of a quarter out of 1,000,000 facts, against the bare GROUP BY sent to the driver, on both databases; and the
  memory it takes, against a fifth of the facts in the same groups.
- A table of 20 x 12 suppressed and attacked.
- A force of 40 units with the shipped tables: the last quarter attacked together with 11 earlier releases, and the
  last year.
- What hiding costs on single tables, against `pytauargus` (`pip install '.[benchmark]'`; left out where it is not
  installed, and the table says so). It is asked for the fewest cells (cost 1 each) with the wider and wider safety
  ranges it takes, and the first pattern counts that passes our adversary.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # in place of this folder, where this file would be taken for the library's own `statistics`

import secrets
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from benchmarks.harness import Table, arguments, interleaved, ratio
from tests.support.databases import DatabaseUrls, copy_of_sqlite, make_sqlite_template, new_postgresql
from tests.support.force import EXPOSURES, KINDS, Force, Quarter, make_force, quarters
from tests.support.held_against import declared
from tests.support.postgresql import running
from trim.statistics.attack import attack
from trim.statistics.build import Asked, PeriodTooSmall, build_release
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration
from trim.statistics.model import TOTAL, Cell, Release, Rules
from trim.statistics.model import Table as Published
from trim.statistics.periods import Period
from trim.statistics.read_declaration import read_declaration
from trim.statistics.tabulation.cube import cubes
from trim.store import migrate
from trim.store.counted import grouped
from trim.store.database import Database
from trim.usecases.statistics.counts import counts

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


def publish(force: Force, names: Sequence[str], cases: int, limit: float, tables: int) -> list[Release]:
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
            try:
                made = build_release(
                    known, declaration, force.units, Rules(), tuple(found), lambda *_: None, limit, asked=asked
                )
            except PeriodTooSmall:
                continue
            found.append(made)
    return found


def a_force(table: Table, stations: int, number: int, cases: int, limit: float, tables: int) -> None:
    """The last quarter, and the last year, each attacked with what was released before."""
    force = make_force(stations, seed=7)
    began = time.perf_counter()
    found = publish(force, quarters(2024, number), cases, limit, tables)
    table.row(
        f"{len(found)} releases of {len(force.units)} units with at most {tables} tables, built",
        f"{time.perf_counter() - began:.0f} s",
    )
    for kind in sorted({one.period.kind for one in found} & {"quarter", "year"}):
        newest = max(at for at, one in enumerate(found) if one.period.kind == kind)
        heard: list[tuple[int, int]] = []
        began = time.perf_counter()
        report = attack(found[: newest + 1], progress=lambda done, of, heard=heard: heard.append((done, of)))
        seconds = time.perf_counter() - began
        assert heard[-1] == (max(done for done, _ in heard),) * 2
        said = "safe" if report.is_safe else f"{len(report.exposed)} exposed"
        table.row(
            f"a {kind} attacked with {newest} earlier releases, {len(report.lines)} hidden cells",
            f"{seconds:.1f} s, {said}",
        )
        table.bound(f"statistics-attack-{kind}-minutes", seconds / 60, MOST_MINUTES)


def tau(some: Sequence[Count], whole: Published, span: int, folder: Path) -> Published:
    """The same table as the peer hides it: least number of cells, every count of 1 to 7 unsafe."""
    from pytauargus import protect

    people = [
        {"unit": one.unit_id, "kind": str(one.incident_kind), "one": 1} for one in some for _ in range(one.persons)
    ]
    answer = protect(
        people,
        ["unit", "kind"],
        response="one",
        safety_rules=f"FREQ(8,{span})",
        suppress="OPT(1)",
        cost_var="-1",
        workdir=tempfile.mkdtemp(dir=folder),
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
    try:
        import pytauargus  # noqa: F401
    except ImportError:
        table.row("pytauargus", "not installed, so not measured: pip install '.[benchmark]'")
        return
    compared: list[tuple[int, int]] = []
    failed = 0
    for seed in range(100, 100 + tables):
        some, units = single(seed, 6 + seed % 7, 4 + seed % 5)
        made = released(some, units, {"t": ("unit", "incident_kind")}, folder)
        (mine,) = made.tables
        own = sum(one.persons <= made.rules.threshold for one in margins(some))
        for span in RANGES:
            try:
                theirs = tau(some, mine, span, folder)
            except Exception as error:  # its engine says no in ways of its own
                table.row(f"  pytauargus on table {seed}", type(error).__name__)
                break
            report = attack([replace(made, tables=(theirs,))])
            if report.is_safe:
                compared.append((mine.hidden - own, theirs.hidden - own))
                break
        else:
            failed += 1
    ours_, theirs_ = (sum(column) for column in zip(*compared, strict=True)) if compared else (0, 0)
    table.row(f"tables where the pattern of pytauargus passes our adversary, of {tables}", str(len(compared)))
    table.row("  secondary cells there: ours, theirs", f"{ours_}, {theirs_}")
    table.row("tables where it does not, whatever its safety range", str(failed))
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


def main() -> int:
    """Print the table; 1 when a bound was missed."""
    quick = arguments(str(__doc__)).quick
    table = Table()
    number, rounds = (100_000, 2) if quick else (1_000_000, 5)
    with tempfile.TemporaryDirectory(prefix="trim-benchmark-") as name:
        folder = Path(name)
        template = make_sqlite_template(folder)
        cube(table, "sqlite", *(copy_of_sqlite(template, folder / one) for one in ("all", "few")), number, rounds)
        with running() as server, new_postgresql(server) as urls, new_postgresql(server) as few:
            for one in (urls, few):
                migrate.upgrade(one.owner_url, one.url)
            cube(table, "postgresql", urls, few, number, rounds)
        twenty_by_twelve(table, folder, 2 if quick else 10)
        against_tau(table, folder, 4 if quick else 40)
    a_force(table, *((6, 1, 250, 2.0, 3) if quick else (40, 8, 1500, 60.0, 12)))
    return table.finish()


if __name__ == "__main__":
    raise SystemExit(main())

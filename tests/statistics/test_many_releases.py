"""Releases in quantity against the adversary: no cell recoverable, no interval wholly below the threshold."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from random import Random

import pytest

from tests.statistics.made_up import Year, facts, force, released
from tests.statistics.plain import OPEN, declaration, release
from trim.resources import examples_dir
from trim.statistics.attack.adversary import attack
from trim.statistics.counts import Count, Unit
from trim.statistics.model import Release
from trim.statistics.withstand import withstanding


def assert_withstands(releases: list[Release]) -> int:
    """Attack the last release; gives how many hidden cells were attacked."""
    report = attack(releases)
    assert not report.exposed, report.exposed[:5]
    return len(report.lines)


def hierarchy(chance: Random) -> list[Unit]:
    units = [Unit("top", "Top")]
    for area in range(chance.randint(2, 4)):
        units.append(Unit(f"a{area}", f"A{area}", "top"))
        units += [Unit(f"a{area}s{at}", f"S{area}.{at}", f"a{area}") for at in range(chance.randint(1, 5))]
    return units


def sparse(chance: Random, units: list[Unit], quarter: str = "2025-Q1") -> list[Count]:
    found = []
    for unit in units:
        for kind in "abcde"[: chance.randint(2, 5)]:
            for exposure in "xyz":
                n = chance.choice([0, 0, 0, chance.randint(1, 4), chance.randint(1, 12), chance.randint(1, 60)])
                if n:
                    found.append(
                        Count(quarter, "fact", unit.code, "trim", None, kind, exposure, persons=n, incidents=n)
                    )
    return found


def random_release(seed: int, **more: object) -> Release:
    chance = Random(seed)
    units = hierarchy(chance)
    tables = chance.choice([
        [("unit", "incident_kind")],
        [("unit", "incident_kind"), ("unit", "exposure")],
        [("unit", "incident_kind"), ("incident_kind", "exposure"), ("unit",)],
    ])  # fmt: skip
    rules = chance.choice([OPEN, OPEN, type(OPEN)(5, 1, 3, least_headcount=0), type(OPEN)(10, 3, 5)])
    by = declaration(*tables, sensitive=chance.random() < 0.4)
    return release(sparse(chance, units), by, units=units, rules=rules, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_random_sparse_tables_with_hierarchies(seed: int):
    assert_withstands([random_release(seed)])


@pytest.mark.large
@pytest.mark.parametrize("seed", range(3, 203))
def test_two_hundred_random_sparse_tables_with_hierarchies(seed: int):
    assert_withstands([random_release(seed)])


def log(year: str) -> list[Count]:
    """The real log of incidents, region by cause by quarter, with made-up people exposed to each."""
    chance = Random(year)
    rows: Counter[tuple[str, str, str]] = Counter()
    incidents: Counter[tuple[str, str, str]] = Counter()
    with (examples_dir() / "line_of_duty_incidents.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["occurred_on"].startswith(year):
                quarter = f"{year}-Q{(int(line['occurred_on'][5:7]) - 1) // 3 + 1}"
                key = (quarter, line["region"], line["cause"])
                rows[key] += chance.randint(1, 8)
                incidents[key] += 1
    return [
        Count(q, "fact", region, "trim", incident_kind=cause, persons=n, incidents=incidents[q, region, cause])
        for (q, region, cause), n in rows.items()
    ]


YEARS = sorted({
    line["occurred_on"][:4]
    for line in csv.DictReader((examples_dir() / "line_of_duty_incidents.csv").read_text("utf-8").splitlines())
})  # fmt: skip
REGIONS = declaration(("unit", "incident_kind"), ("unit",), ("incident_kind",))


def test_a_quarter_of_the_real_log_as_it_is():
    made = release(log(YEARS[0]), REGIONS, f"{YEARS[0]}-Q1")
    assert made.table("t1").hidden > 20
    assert_withstands([made])


@pytest.mark.large
@pytest.mark.parametrize("year", YEARS)
def test_every_quarter_and_year_of_the_real_log(year: str):
    rows = log(year)
    done: list[Release] = []
    for first, last in ((1, 1), (2, 2), (3, 3), (4, 4), (1, 4)):
        number = len(done) + 1
        made = release(rows, REGIONS, f"{year}-Q{first}", f"{year}-Q{last}", earlier=done, number=number)
        done.append(made)
        assert_withstands(done)


def chain(seed: int) -> list[tuple[str, list[Unit], list[Count]]]:
    """Eight quarters in which units split, are renamed and merge."""
    chance = Random(seed)
    units = list(force(3, 4, 50))
    rows: list[Count] = []
    steps = []
    for at, quarter in enumerate(f"{year}-Q{q}" for year in (2024, 2025) for q in (1, 2, 3, 4)):
        leaves = [one for one in units if not any(other.parent == one.code for other in units)]
        if at in (2, 5):
            old = chance.choice(leaves)
            units += [Unit(f"{old.code}{part}", f"{old.name} {part}", old.code, 30) for part in "xy"]
        if at == 4:
            gone, kept = chance.sample([one for one in leaves if len(one.code) == 4], 2)
            units = [one for one in units if one.code != gone.code]
            units = [Unit(one.code, "Renamed", one.parent, 90) if one.code == kept.code else one for one in units]
        staffed = [one for one in units if not any(other.parent == one.code for other in units)]
        rows = rows + facts(Year((quarter,), incidents=60, seed=seed * 100 + at), [*units[:1], *staffed])
        steps.append((quarter, list(units), rows))
    return steps


def next_release(
    done: list[Release], rows: list[Count], units: list[Unit], first: str, last: str | None = None
) -> Release:
    """What the use case does: build, attack, and build coarser until nothing is found."""

    def make(careful: Mapping[str, int]) -> Release:
        return released(rows, units, first, last, number=len(done) + 1, earlier=done, careful=careful)

    def exposed(made: Release) -> Collection[str]:
        return {line.table for line in attack([*done, made]).exposed}

    return withstanding(make, exposed)


@pytest.mark.large
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chains_of_eight_quarters_with_units_that_split_and_merge(seed: int):
    done: list[Release] = []
    for quarter, units, rows in chain(seed):
        made = released(rows, units, quarter, number=len(done) + 1, earlier=done)
        done.append(made)
        assert_withstands(done)
        assert made.period.first == made.period.last == quarter


@pytest.mark.large
@pytest.mark.parametrize("seed", [1, 2])
def test_half_years_and_years_after_their_quarters(seed: int):
    done: list[Release] = []
    for at, (quarter, units, rows) in enumerate(chain(seed)[:4]):
        done.append(next_release(done, rows, units, quarter))
        if at % 2:
            done.append(next_release(done, rows, units, f"2024-Q{at}", quarter))
    done.append(next_release(done, rows, units, "2024-Q1", "2024-Q4"))
    assert assert_withstands(done) > 50
    assert sum(bool(cell.value) for table in done[-1].tables for cell in table.cells) > 150

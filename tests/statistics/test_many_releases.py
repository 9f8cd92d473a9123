"""Releases in quantity: figures shown are the sums of their facts, no hidden one recoverable or below the threshold.

Tables are random, sparse and in hierarchies, or those of a real log of incidents. Chains of quarters are in
`test_chains_of_releases`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.support.held_against import Publisher, declared
from trim.resources import examples_dir
from trim.statistics.counts import MARKS, Count, Unit
from trim.statistics.model import Rules

#: Whatever is small stands in the table and is hidden there: nothing is merged that would make it easy.
OPEN = Rules(incidents=1, least_headcount=0, most_hidden=100)
ALL_RULES = (OPEN, Rules(), replace(OPEN, threshold=5, width=3), replace(OPEN, threshold=10, incidents=3, width=5))
TABLES: tuple[Mapping[str, Sequence[str]], ...] = (
    {"kinds": ("unit", "incident_kind")},
    {"kinds": ("unit", "incident_kind"), "ways": ("unit", "exposure")},
    {"kinds": ("unit", "incident_kind"), "both": ("incident_kind", "exposure"), "units": ("unit",)},
)
#: The four regions of the United States census, for a tree of units over the states of the log.
AREAS = {
    "northeast": "CT ME MA NH RI VT NJ NY PA",
    "midwest": "IL IN MI OH WI IA KS MN MO NE ND SD",
    "south": "DE FL GA MD NC SC VA DC WV AL KY MS TN AR LA OK TX",
    "west": "AZ CO ID MT NV NM UT WY AK CA HI OR WA",
}


def hierarchy(chance: Random) -> list[Unit]:
    """Areas with units in them, some of which have teams."""
    units = [Unit("top", "Top")]
    for area in range(chance.randint(2, 5)):
        units.append(Unit(f"a{area}", f"Area {area}", "top"))
        for below in range(chance.randint(1, 5)):
            units.append(Unit(f"a{area}u{below}", "Unit", f"a{area}"))
            if chance.random() < 0.2:
                units += [Unit(f"a{area}u{below}t{one}", "Team", f"a{area}u{below}") for one in range(2)]
    return units


def sparse(chance: Random, units: Sequence[Unit]) -> list[Count]:
    """Few large cells, many small, many empty; units with others below them mostly have no facts of their own."""
    parents = {unit.parent for unit in units}
    kinds = [f"k{at}" for at in range(chance.randint(3, 8))]
    found = []
    for unit in units:
        if unit.code in parents and chance.random() < 0.7:
            continue
        for kind in kinds:
            for exposure in ("direct", "witness", "vicarious"):
                number = min(int(chance.paretovariate(0.7)) - 1, 400)
                if number:
                    behind = chance.randint(1, min(number, 6))
                    marks = sum(1 << one for one in chance.sample(range(MARKS), behind))
                    where = {"incident_kind": kind, "exposure": exposure}
                    counted = {"persons": number, "incidents": behind, "marks": marks}
                    found.append(Count("2025-Q1", "exposed", unit.code, "trim", None, **where, **counted))
    return found


def held(seed: int, folder: Path) -> Publisher:
    """One random release, published if nothing can be worked out of it."""
    chance = Random(seed)
    units = hierarchy(chance)
    declaration = declared(folder, chance.choice(TABLES), sensitive=chance.random() < 0.4)
    publisher = Publisher(declaration, units, ALL_RULES[seed % len(ALL_RULES)])
    publisher.publish(sparse(chance, units), "2025-Q1 2025-Q1")
    return publisher


@pytest.mark.parametrize("seed", range(3))
def test_random_sparse_tables_with_hierarchies(seed: int, tmp_path: Path) -> None:
    assert held(seed, tmp_path).tally.releases == 1


@pytest.mark.large
@pytest.mark.parametrize("first", range(0, 200, 25))
def test_two_hundred_random_sparse_tables_with_hierarchies(
    first: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = Publisher(declared(tmp_path, TABLES[0]), ()).tally
    for seed in range(first, first + 25):
        total.add(held(seed, tmp_path).tally)
    total.tell(f"Random sparse tables {first} to {first + 24}", capsys)
    assert total.releases + total.refused == 25
    assert total.releases > 20


def real_log(year: str) -> tuple[list[Count], list[Unit]]:
    """The real log of a year, with people who are made up: each incident exposes 1 to 12 colleagues."""
    chance = Random(year)
    with (examples_dir() / "line_of_duty_incidents.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["occurred_on"].startswith(year)]
    area = {state: name for name, states in AREAS.items() for state in states.split()}
    units = [Unit("all", "All"), *(Unit(name, name, "all") for name in AREAS), Unit("elsewhere", "Elsewhere", "all")]
    units += [Unit(one, one, area.get(one, "elsewhere")) for one in sorted({row["region"] for row in rows})]
    people: Counter[tuple[str, str, str, str]] = Counter()
    incidents: dict[tuple[str, str, str, str], set[int]] = {}
    for number, row in enumerate(rows):
        quarter = f"{year}-Q{(int(row['occurred_on'][5:7]) - 1) // 3 + 1}"
        for _ in range(chance.randint(1, 12)):
            cell = (quarter, row["region"], row["cause"], chance.choice(("direct", "witness", "vicarious")))
            people[cell] += 1
            incidents.setdefault(cell, set()).add(number)
    found = []
    for (quarter, region, cause, exposure), number in people.items():
        behind = incidents[quarter, region, cause, exposure]
        marks = sum(1 << one for one in {one % MARKS for one in behind})
        counted = {"persons": number, "incidents": len(behind), "marks": marks}
        about = {"incident_kind": cause, "exposure": exposure}
        found.append(Count(quarter, "exposed", region, "trim", None, **about, **counted))
    return found, units


def test_a_quarter_of_the_real_log_as_it_is(tmp_path: Path) -> None:
    counts, units = real_log("2001")
    publisher = Publisher(declared(tmp_path, TABLES[0]), units, OPEN)
    made = publisher.publish(counts, "2001-Q1 2001-Q1")
    assert made is not None
    assert made.table("kinds").hidden > 20


@pytest.mark.large
@pytest.mark.parametrize(
    ("year", "rules"),
    [
        pytest.param("2001", OPEN, id="2001 as it is"),  # the fullest year; each cell stands there, so it takes longest
        pytest.param("2001", Rules(), id="2001 merged"),
        pytest.param("2007", Rules(), id="2007 merged"),
        pytest.param("2012", Rules(), id="2012 merged"),
    ],
)
def test_every_quarter_and_year_of_the_real_log(
    year: str, rules: Rules, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four quarters and then the year over them, linked tables each."""
    counts, units = real_log(year)
    tables = {"kinds": ("unit", "incident_kind"), "ways": ("unit", "exposure"), "both": ("incident_kind", "exposure")}
    publisher = Publisher(declared(tmp_path, tables), units, rules)
    for at in range(1, 5):
        publisher.publish(counts, f"{year}-Q{at} {year}-Q{at}")
    publisher.publish(counts, f"{year}-Q1 {year}-Q4")
    publisher.tally.tell(f"The log of {year}", capsys)
    assert publisher.tally.releases >= 3
    assert publisher.tally.own + publisher.tally.beyond > 0

"""The suppressor against the adversary, in quantity: nothing can be computed, nothing shown to be small.

Each test prints what hiding cost beyond the cells that their own counts hide.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.support.force import Quarter, make_force, quarters
from tests.support.held_against import Publisher, declared
from trim.statistics.counts import MARKS, Count, Unit
from trim.statistics.read_declaration import read_declaration

LOG = Path(__file__).parents[3] / "examples" / "line_of_duty_incidents.csv"
#: The four regions of the United States census, for a tree of units over the states of the log.
AREAS = {
    "northeast": "CT ME MA NH RI VT NJ NY PA",
    "midwest": "IL IN MI OH WI IA KS MN MO NE ND SD",
    "south": "DE FL GA MD NC SC VA DC WV AL KY MS TN AR LA OK TX",
    "west": "AZ CO ID MT NV NM UT WY AK CA HI OR WA",
}


def real_log(year: int) -> tuple[list[Count], list[Unit]]:
    """The real log of a year, with people who are made up: each incident exposes 1 to 12 colleagues."""
    chance = random.Random(year)
    with LOG.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["occurred_on"].startswith(str(year))]
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
    counts = [
        Count(
            quarter,
            "exposed",
            region,
            "trim",
            incident_kind=cause,
            exposure=exposure,
            persons=number,
            incidents=len(incidents[quarter, region, cause, exposure]),
            marks=sum(1 << one for one in {one % MARKS for one in incidents[quarter, region, cause, exposure]}),
        )
        for (quarter, region, cause, exposure), number in people.items()
    ]
    return counts, units


@pytest.mark.large
@pytest.mark.parametrize("year", [2001, 2007, 2012])
def test_the_real_log_by_region_cause_and_quarter(
    year: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four quarters and then the year over them, two linked tables each."""
    counts, units = real_log(year)
    tables = {"kinds": ("unit", "incident_kind"), "ways": ("unit", "exposure"), "both": ("incident_kind", "exposure")}
    publisher = Publisher(declared(tmp_path, tables), units)
    for at in range(1, 5):
        publisher.publish(counts, f"{year}-Q{at} {year}-Q{at}")
    publisher.publish(counts, f"{year}-Q1 {year}-Q4")
    publisher.tally.tell(f"The log of {year}", capsys)
    assert publisher.tally.releases >= 3
    assert publisher.tally.own + publisher.tally.beyond > 0


def sparse(chance: random.Random) -> tuple[list[Count], list[Unit]]:
    """A random table over a random tree of two or three levels: few large cells, many small, many empty."""
    units = [Unit("top", "Top")]
    for at in range(chance.randint(2, 5)):
        units.append(Unit(f"a{at}", "Area", "top"))
        for below in range(chance.randint(1, 5)):
            units.append(Unit(f"a{at}u{below}", "Unit", f"a{at}"))
            if chance.random() < 0.2:
                units += [Unit(f"a{at}u{below}t{one}", "Team", f"a{at}u{below}") for one in range(2)]
    parents = {unit.parent for unit in units}
    counts = []
    for unit in units:
        if unit.code in parents and chance.random() < 0.7:
            continue
        for kind in range(chance.randint(3, 8)):
            for exposure in ("direct", "witness", "vicarious"):
                number = int(chance.paretovariate(0.7)) - 1
                if number:
                    behind = chance.randint(1, min(number, 6))
                    marks = sum(1 << one for one in chance.sample(range(MARKS), behind))
                    kinds = {"incident_kind": f"k{kind}", "exposure": exposure}
                    persons = min(number, 400)
                    counts.append(
                        Count(
                            "2025-Q1",
                            "exposed",
                            unit.code,
                            "trim",
                            None,
                            **kinds,
                            persons=persons,
                            incidents=behind,
                            marks=marks,
                        )
                    )
    return counts, units


@pytest.mark.large
def test_two_hundred_random_sparse_tables_with_hierarchies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = declared(tmp_path, {"kinds": ("unit", "incident_kind")})
    linked = declared(tmp_path, {"kinds": ("unit", "incident_kind"), "ways": ("unit", "exposure")})
    total = Publisher(one, ())
    for seed in range(200):
        counts, units = sparse(random.Random(seed))
        publisher = Publisher(linked if seed % 2 else one, units, tally=total.tally)
        publisher.publish(counts, "2025-Q1 2025-Q1")
    total.tally.tell("Random sparse tables", capsys)
    assert total.tally.releases + total.tally.refused == 200
    assert total.tally.releases > 150


@pytest.mark.large
@pytest.mark.hours
@pytest.mark.parametrize("seed", [1, 2])
def test_eight_quarters_with_units_that_split_merge_and_a_year_over_them(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stations open in the middle of a year out of one that closes, and two become one; half-years and years follow."""
    force = make_force(12, seed=seed)
    publisher = Publisher(read_declaration(), force.units)
    stations = list(force.weights)
    split, first, second = stations[0], stations[1], stations[2]  # the first closes when the next two open
    merged, gone = stations[3], stations[4:6]  # the fourth opens when the next two close
    counts: list[Count] = []
    for at, quarter in enumerate(quarters(2024, 8)):
        closed = ({split} if at >= 2 else {first, second}) | (set(gone) if at >= 5 else {merged})
        counts += Quarter(force, quarter, 500, seed).rows(tuple(one for one in stations if one not in closed))
        publisher.publish(counts, f"{quarter} {quarter}")
        if at in (1, 7):
            publisher.publish(counts, f"{quarter[:5]}Q{at % 4} {quarter}")
        if at % 4 == 3:
            publisher.publish(counts, f"{quarter[:5]}Q1 {quarter}")
    publisher.tally.tell(f"Eight quarters, seed {seed}", capsys)
    assert publisher.tally.releases >= 8

"""Eight quarters of a force whose units split, merge and change their names, with half-years and years over them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.force import Quarter, make_force, quarters
from tests.support.held_against import Publisher
from trim.statistics.counts import Count
from trim.statistics.read_declaration import read_declaration


def chain(seed: int, *, stations: int, cases: int, tables: int) -> Publisher:
    """Publish everything that is over, one release after the other.

    A station closes when two open in its place, two become one, and one has a new name from the second year on.
    """
    force = make_force(stations, seed=seed)
    declaration = read_declaration()
    publisher = Publisher(replace(declaration, tables=declaration.tables[:tables]), force.units)
    split, first, second, merged, *gone = list(force.weights)[:6]
    counts: list[Count] = []
    for at, quarter in enumerate(quarters(2024, 8)):
        closed = ({split} if at >= 2 else {first, second}) | (set(gone) if at >= 5 else {merged})
        open_ = tuple(one for one in force.weights if one not in closed)
        if at == 4:
            publisher.units = [replace(one, name=f"New {one.name}") if one.code == "d1" else one for one in force.units]
        counts += Quarter(force, quarter, cases, seed).rows(open_)
        publisher.publish(counts, f"{quarter} {quarter}")
        if at % 2:
            publisher.publish(counts, f"{quarter[:5]}Q{at % 4} {quarter}")
        if at % 4 == 3:
            publisher.publish(counts, f"{quarter[:5]}Q1 {quarter}")
    return publisher


@pytest.mark.large
@pytest.mark.parametrize("seed", [1, 2])
def test_eight_quarters_with_units_that_split_and_merge(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    publisher = chain(seed, stations=8, cases=250, tables=4)
    publisher.tally.tell(f"Eight quarters of four tables, seed {seed}", capsys)
    assert publisher.tally.releases >= 8


@pytest.mark.large
@pytest.mark.hours
@pytest.mark.parametrize("seed", [1, 2])
def test_eight_quarters_of_every_table(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    publisher = chain(seed, stations=12, cases=500, tables=12)
    publisher.tally.tell(f"Eight quarters of all tables, seed {seed}", capsys)
    assert publisher.tally.releases >= 8

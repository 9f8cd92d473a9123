"""Organisations that never existed: units in a tree, incidents, people exposed to them and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from trim.statistics.build import Asked, build_release
from trim.statistics.counts import Count, Unit
from trim.statistics.declaration import Declaration
from trim.statistics.model import Release, Rules
from trim.statistics.periods import Period
from trim.statistics.read_declaration import read_declaration

KINDS = ("road_traffic", "suicide", "child_death", "assault", "fire", "sudden_death", "violence", "drowning")
EXPOSURES = ("direct", "witness", "call_handler", "vicarious", "repeated")
GROUPS = ("employee", "employee", "employee", "volunteer", "agency")


def force(areas: int = 5, stations: int = 8, people: int = 60) -> tuple[Unit, ...]:
    """A force: areas with stations in each; the headquarters stand above all."""
    units = [Unit("hq", "Headquarters", None, 40)]
    for area in range(areas):
        units.append(Unit(f"a{area}", f"Area {area}", "hq", 25))
        for station in range(stations):
            units.append(Unit(f"a{area}s{station}", f"Station {area}.{station}", f"a{area}", people))
    return tuple(units)


@dataclass(frozen=True, slots=True)
class Year:
    """How much happens: incidents in a quarter, and in which quarters."""

    quarters: tuple[str, ...] = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
    incidents: int = 100
    per_incident: int = 5
    seed: int = 1


def facts(year: Year, units: Sequence[Unit]) -> list[Count]:
    """Every fact of a story as a row of its own."""
    chance = Random(year.seed)
    places = [unit.code for unit in units if unit.parent is not None] or [units[0].code]
    weights = [chance.paretovariate(1.2) for _ in places]
    found = []
    for quarter in year.quarters:
        for _ in range(year.incidents):
            found += _incident(chance, quarter, chance.choices(places, weights)[0], year.per_incident)
    return found


def _incident(chance: Random, quarter: str, unit: str, most: int) -> Iterator[Count]:
    mark = 1 << chance.randrange(16)
    kind = chance.choices(KINDS, [8, 5, 3, 3, 2, 2, 1, 1])[0]

    def fact(what: str, **more: str | None) -> Count:
        return Count(quarter, what, unit, "trim", incident_kind=kind, marks=mark, **more)

    yield fact("incident", category="manager")
    for _ in range(chance.randint(1, 2 * most - 1)):
        who = {"exposure": chance.choices(EXPOSURES, [5, 3, 2, 1, 1])[0], "staff_group": chance.choice(GROUPS)}
        yield fact("exposed", **who)
        yield fact("offer_made", **who)
        answer = chance.choices(("accepted", "declined", "none"), [6, 3, 1])[0]
        if answer == "none":
            yield fact("case_closed", category="could_not_be_reached", **who)
            continue
        yield fact("offer_answered", category=answer, **who)
        if answer == "accepted":
            yield from _case(chance, fact, who, quarter, mark)


def _case(chance: Random, fact: object, who: dict[str, str], quarter: str, mark: int) -> Iterator[Count]:
    assert callable(fact)
    wait = chance.choices(("within_3_days", "4_to_7_days", "8_to_14_days", "over_28_days"), [6, 4, 2, 1])[0]
    yield fact("assessment_held", category="first_assessment", **who)
    yield fact("first_wait", category=wait, **who)
    yield fact("window", category=f"first_assessment:{chance.choices(('kept', 'late'), [5, 1])[0]}", **who)
    band = chance.choices(("low", "middle", "high", "incomplete"), [6, 3, 2, 1])[0]
    whole = Count(quarter, "assessment", "hq", "trim", category=f"first_assessment:{band}", marks=mark)
    yield whole
    if chance.random() < 0.6:
        yield fact("assessment_held", category="follow_up", **who)
        change = chance.choices(("down_4_or_more", "down_1_to_3", "same", "up_1_to_3"), [4, 4, 2, 1])[0]
        yield Count(quarter, "change_size", "hq", "trim", category=change, marks=mark)
    if band == "high":
        yield fact("escalation_raised", category=chance.choice(("still_high", "red_flag", "overdue")), **who)
        yield fact("referral_proposed", **who)
        if chance.random() < 0.7:
            yield fact("referral_state", category="agreed", **who)


def grouped(rows: Sequence[Count]) -> Iterator[Count]:
    """The facts as a database would hand them in: alike ones together, with the union of their marks."""
    together: Counter[tuple[object, ...]] = Counter()
    marks: dict[tuple[object, ...], int] = defaultdict(int)
    for row in rows:
        key = (
            row.quarter, row.kind, row.unit_id, row.programme, row.category,
            row.incident_kind, row.exposure, row.staff_group,
        )  # fmt: skip
        together[key] += row.persons
        marks[key] |= row.marks
    for key, persons in together.items():
        yield Count(*key, persons=persons, incidents=min(persons, marks[key].bit_count()), marks=marks[key])


def released(
    rows: Sequence[Count],
    units: Sequence[Unit],
    first: str,
    last: str | None = None,
    *,
    number: int = 1,
    rules: Rules | None = None,
    earlier: Sequence[Release] = (),
    declaration: Declaration | None = None,
    corrects: int | None = None,
    time_limit: float = 60.0,
    closed_until: str = "2099-Q4",
    careful: Mapping[str, int] = MappingProxyType({}),
) -> Release:
    """Build a release of a story."""
    return build_release(
        grouped(rows),
        declaration or read_declaration(),
        units,
        rules or Rules(),
        earlier,
        lambda *_: None,
        time_limit,
        asked=Asked(number, Period(first, last or first), ("trim",), closed_until, corrects),
        careful=careful,
    )

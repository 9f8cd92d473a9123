"""A force that is made up: units in a tree, and its counts quarter by quarter, as sparse as peer support is.

Units differ in size as real ones do (few large, many small), and so do kinds. All chance comes from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trim.statistics.counts import MARKS, Count, Unit

KINDS = ("assault", "road_traffic", "weapon", "sudden_illness", "suicide", "drowning", "fire_explosion", "child_death")
EXPOSURES = ("direct", "witness", "call_handler", "vicarious", "repeated")
GROUPS = ("employee", "employee", "employee", "employee", "volunteer", "agency", "contractor")
REASONS = ("still_high", "red_flag", "overdue", "no_contact", "safeguarding")
WAITS = ("within_3_days", "4_to_7_days", "8_to_14_days", "15_to_28_days", "over_28_days")
BANDS = ("low", "low", "low", "middle", "middle", "high", "incomplete")
CHANGES = ("down_4_or_more", "down_1_to_3", "down_1_to_3", "same", "up_1_to_3", "up_4_or_more")
SCALES = ("demands", "control", "support", "relationships", "role", "change")
ACTIVITIES = ("group_session", "mentoring", "practitioner")


@dataclass(frozen=True, slots=True)
class Force:
    """A tree of units: districts, and stations in them, with people; `weights` says how much happens where."""

    units: tuple[Unit, ...]
    weights: Mapping[str, float]


def make_force(stations: int, *, seed: int = 1, districts: int = 5, headcounts: bool = True) -> Force:
    """A force with so many stations."""
    chance = random.Random(seed)
    units = [Unit("force", "Force", None, 40 if headcounts else None)]
    units += [Unit(f"d{at}", f"District {at}", "force", 30 if headcounts else None) for at in range(districts)]
    weights: dict[str, float] = {}
    for at in range(stations):
        weight = chance.paretovariate(1.2)
        code = f"s{at:02}"
        weights[code] = weight
        people = int(25 + 60 * min(weight, 12)) if headcounts else None
        units.append(Unit(code, f"Station {at}", f"d{at % districts}", people))
    return Force(tuple(units), weights)


@dataclass(slots=True)
class Quarter:
    """Draws what happens in one quarter; `counts` are the groups that facts of it make."""

    force: Force
    name: str
    cases: int
    seed: int
    counts: dict[tuple[str, ...], tuple[int, set[int]]] = field(default_factory=dict, init=False)

    def rows(self, units: tuple[str, ...] = ()) -> Iterator[Count]:
        """The counts; `units` are the stations that exist in this quarter (all by default)."""
        chance = random.Random(f"{self.seed} {self.name}")
        self.counts.clear()
        stations = units or tuple(self.force.weights)
        weights = [self.force.weights[one] for one in stations]
        incident = 0
        left = self.cases
        while left > 0:
            incident += 1
            unit = chance.choices(stations, weights)[0]
            kind = chance.choices(KINDS, [2.0 ** -(at * 0.6) for at in range(len(KINDS))])[0]
            people = min(left, 1 + int(chance.expovariate(0.45)))
            left -= people
            self._fact(incident, "incident", unit, kind)
            for _ in range(people):
                self._case(chance, incident, unit, kind)
        for unit in stations:
            for activity in ACTIVITIES:
                for _ in range(chance.randint(0, 3 + int(4 * self.force.weights[unit]))):
                    self._fact(0, activity, unit)
        for (kind, unit, category, incident_kind, exposure, group), (number, incidents) in self.counts.items():
            marks = sum(1 << one for one in {one % MARKS for one in incidents})
            yield Count(
                self.name,
                kind,
                unit,
                "trim",
                category or None,
                incident_kind or None,
                exposure or None,
                group or None,
                number,
                len(incidents),
                marks,
            )

    def _fact(self, incident: int, kind: str, unit: str, *more: str, category: str = "") -> None:
        incident_kind, exposure, group = (*more, "", "", "")[:3]
        number, incidents = self.counts.get((kind, unit, category, incident_kind, exposure, group), (0, set()))
        known = (kind, unit, category, incident_kind, exposure, group)
        self.counts[known] = number + 1, incidents | ({incident} if incident else set())

    def _case(self, chance: random.Random, incident: int, unit: str, kind: str) -> None:
        about = (kind, chance.choices(EXPOSURES, (5, 4, 2, 1, 1))[0], chance.choice(GROUPS))
        self._fact(incident, "exposed", unit, *about)
        self._fact(incident, "offer_made", unit, *about)
        answer = chance.random()
        if answer > 0.7:
            self._fact(incident, "offer_answered", unit, *about, category="declined")
            return
        if answer > 0.62:
            self._fact(incident, "case_closed", unit, *about, category="could_not_be_reached")
            return
        self._fact(incident, "offer_answered", unit, *about, category="accepted")
        self._interview(chance, incident, unit, about, "first_assessment")
        self._fact(incident, "first_wait", unit, *about, category=chance.choices(WAITS, (3, 4, 3, 1, 1))[0])
        if chance.random() < 0.8:
            self._interview(chance, incident, unit, about, "follow_up")
            self._fact(incident, "change_size", unit, *about, category=chance.choice(CHANGES))
        if chance.random() < 0.25:
            self._fact(incident, "escalation_raised", unit, *about, category=chance.choice(REASONS))
        if chance.random() < 0.2:
            self._fact(incident, "referral_proposed", unit, *about)
            for state in ("agreed", "attended")[: chance.randint(0, 2)]:
                self._fact(incident, "referral_state", unit, *about, category=state)
        if chance.random() < 0.3:
            self._fact(0, "theme", unit, category=f"{chance.choice(SCALES)}:theme_{chance.randint(1, 4)}")

    def _interview(self, chance: random.Random, incident: int, unit: str, about: tuple[str, ...], name: str) -> None:
        self._fact(incident, "assessment_held", unit, *about, category=name)
        self._fact(incident, "assessment", unit, *about, category=f"{name}:{chance.choice(BANDS)}")
        self._fact(
            incident, "window", unit, *about, category=f"{name}:{chance.choice(('kept', 'kept', 'kept', 'late'))}"
        )


def quarters(first: int, number: int) -> list[str]:
    """So many quarters, from the first quarter of that year on."""
    return [f"{first + at // 4}-Q{at % 4 + 1}" for at in range(number)]

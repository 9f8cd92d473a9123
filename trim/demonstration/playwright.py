"""Lays out the two years: which event meets whom, what the meeting will choose, and how it will go with each."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from trim.demonstration.case_story import CaseStory
from trim.demonstration.cast import CONTROL, UNITS, VOLUNTEERS
from trim.demonstration.events import Chronicle, Event
from trim.demonstration.incident_story import IncidentStory, Involved
from trim.demonstration.plans import WITHOUT_CASE, WRITTEN, Plan, Written, drawn
from trim.demonstration.stage import Stage
from trim.store.tables import Person

EXPOSURES, HOW_OFTEN = ("direct", "witness", "vicarious", "repeated"), (50, 25, 15, 10)
SOURCES, HOW_THEY_COME = ("automatic_criterion", "commander", "manager"), (50, 30, 20)
#: How many cases come of one event.
TOGETHER, HOW_MANY = (1, 2, 3, 4), (48, 30, 14, 8)
YOUNGEST = timedelta(days=2)
#: By then even somebody whose name came up late has their case; the days since belong to the written ways.
SETTLED = timedelta(days=18)
#: How long somebody is spared before another event finds them, unless it is meant to.
SPARED = timedelta(days=240)
#: One case in so many meets a second event while it is open.
JOINED = 20
#: In an investigation nobody is briefed or brought together before it is cleared, so nobody is planned for that.
HELD = 0.08


class Playwright:
    """Makes the incident stories of a demonstration with so many cases."""

    def __init__(self, stage: Stage, chronicle: Chronicle, cases: int) -> None:
        self._stage, self._chronicle, self._cases = stage, chronicle, cases
        self._chosen = stage.dice("play")
        self._met: dict[str, list[datetime]] = {}
        #: Who has a case already: only an event that is meant to joins another to it.
        self._supported: set[str] = set()
        #: Filled while the play is on: the case of each person, so that a second event can join it.
        self._running: dict[str, CaseStory] = {}

    def stories(self) -> list[IncidentStory]:
        """Every incident; the stage plays them in the order of their instants."""
        made = [self._written(age, list(together)) for age, together in groupby(WRITTEN, lambda one: one.age)]
        made += self._drawn(self._cases - len(WRITTEN))
        made += self._second_events(made)
        made += [self._unplanned(age) for age in (0.3, 4.5)]
        return made

    def met(self) -> set[str]:
        """The ids of everybody whom an event has met."""
        return set(self._met)

    def _written(self, age: float, together: list[Written]) -> IncidentStory:
        event = self._chronicle.event(timedelta(days=age))
        unit = self._unit(but=VOLUNTEERS if any(one.manager_unknown for one in together) else CONTROL)
        involved = [
            self._involved(unit, event, one.plan, one.response, manager_unknown=one.manager_unknown) for one in together
        ]
        if not together[0].alone:
            involved += self._others(unit, event, self._chosen.choice((0, 1, 2)))
        story = self._incident(event, unit, involved, number=0)
        if together[0].alone:
            story.alone, story.source = True, "self"
        return story

    def _drawn(self, cases: int) -> list[IncidentStory]:
        sizes: list[int] = []
        while sum(sizes) < cases:
            sizes.append(min(self._chosen.choices(TOGETHER, HOW_MANY)[0], cases - sum(sizes)))
        made = []
        for number, (size, event) in enumerate(
            zip(sizes, self._chronicle.spread(len(sizes), youngest=SETTLED), strict=True)
        ):
            unit, held = self._unit(), self._chosen.random() < HELD
            involved = [self._involved(unit, event, drawn(self._chosen), "individual_assessment") for _ in range(size)]
            if size > 1 and self._chosen.random() < 0.15:
                involved[-1] = replace(involved[-1], found_late=True)
            if not held:
                involved += self._others(unit, event, self._chosen.randrange(4))
            story = self._incident(event, unit, involved, number)
            story.evidence_hold, story.restricted = held, number % 40 == 7
            if len(involved) == 1 and not story.restricted and self._chosen.random() < 0.4:
                story.alone, story.source = True, self._chosen.choice(("self", "self", "manager"))
            made.append(story)
        return made

    def _second_events(self, made: list[IncidentStory]) -> list[IncidentStory]:
        """Further events for people whose case is likely to be open; one of them waits for a decision today."""
        open_long = [
            (story, one)
            for story in made
            for one in story.involved
            # Who may not read the first event cannot join the second to its case.
            if not story.restricted
            if one.plan is not None and one.plan.answer == "accept" and not one.plan.stops and not one.plan.leaves_in
        ]
        chosen = self._chosen.sample(open_long, max(self._cases // JOINED, 2))
        second = [self._second(story, one, self._chosen.randrange(6, 18)) for story, one in chosen]
        waits = next(
            (story, one)
            for story in made
            for one in story.involved
            if one.plan is not None and one.plan.stops == "awaiting_follow_up" and not one.plan.red_flag
        )
        today = self._second(*waits, days=0)
        today.event = self._chronicle.event(YOUNGEST)
        today.leaves_joining, today.stops = True, "planned"
        return [*(story for story in second if story.event.occurred_at < self._stage.until - YOUNGEST), today]

    def _second(self, first: IncidentStory, one: Involved, days: int) -> IncidentStory:
        age = self._stage.until - first.event.occurred_at - timedelta(days=days)
        event = self._chronicle.event(max(age, YOUNGEST))
        again = Involved(one.person, "direct", "individual_assessment", Plan(pace=0.6))
        story = self._incident(event, self._unit_of(one.person), [again], number=0)
        story.coordinator = first.coordinator
        return story

    def _unplanned(self, age: float) -> IncidentStory:
        """An incident whose meeting is still to be held."""
        event, unit = self._chronicle.event(timedelta(days=age)), self._unit()
        story = self._incident(event, unit, self._others(unit, event, 3), number=0)
        story.stops = "reported"
        return story

    def _incident(self, event: Event, unit: str, involved: list[Involved], number: int) -> IncidentStory:
        cast = self._stage.cast
        return IncidentStory(
            stage=self._stage,
            event=event,
            unit=cast.units[unit],
            involved=involved,
            coordinator=cast.coordinators[number % len(cast.coordinators)],
            reporter=self._chosen.choice(cast.reporters),
            chosen=random.Random(self._chosen.random()),
            stories=self._running,
            source=self._chosen.choices(SOURCES, HOW_THEY_COME)[0],
        )

    def _unit(self, but: str = CONTROL) -> str:
        """A unit that goes out; every volunteer's line manager is known, so they may be left out too."""
        return self._chosen.choice([name for name in UNITS if name not in (CONTROL, but)])

    def _unit_of(self, person: Person) -> str:
        return next(name for name, unit in self._stage.cast.units.items() if unit.id == person.unit_id)

    def _involved(
        self, unit: str, event: Event, plan: Plan | None, response: str, *, manager_unknown: bool = False
    ) -> Involved:
        """Somebody of the unit, or who took the call."""
        exposure = self._chosen.choices(EXPOSURES, HOW_OFTEN)[0]
        if self._chosen.random() < 0.12:
            unit, exposure = CONTROL, "call_handler"
        person = self._somebody(unit, event.occurred_at, manager_unknown)
        if plan is not None:
            self._supported.add(person.id)
        return Involved(person, exposure, response, plan)

    def _others(self, unit: str, event: Event, number: int) -> list[Involved]:
        return [self._involved(unit, event, None, self._chosen.choice(WITHOUT_CASE)) for _ in range(number)]

    def _somebody(self, unit: str, at: datetime, manager_unknown: bool) -> Person:
        """One of the unit whom no other event has met for a while; who has an account is left out."""
        left_out = self._stage.cast.engaged | self._supported
        people = [one for one in self._stage.cast.people[unit] if one.id not in left_out]
        if manager_unknown:
            people = [one for one in people if not one.line_manager_known] or people
        for _ in range(200):
            person = self._chosen.choice(people)
            if all(abs(at - before) > SPARED for before in self._met.get(person.id, ())):
                break
        self._met.setdefault(person.id, []).append(at)
        return person

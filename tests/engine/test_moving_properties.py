"""Random packs whose actions pause, resume, begin anew and repeat: whatever is done, no step is lost or there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.random_packs import STAFF, TRUE, packs
from trim.engine.definition import Lifecycle, Pack
from trim.engine.machine import Decision, Refused, decide
from trim.engine.opening import Opened, ending
from trim.engine.scenario_moving import Going, Ground, move, open_step, repeat

PARIS = ZoneInfo("Europe/Paris")
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LARGE = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))


class Running:
    """The steps of one thing, moved by the functions that scenarios and use cases share."""

    def __init__(self, pack: Pack, life: Lifecycle, now: datetime) -> None:
        self.pack, self.life, self.now = pack, life, now
        self.steps: dict[str, Opened] = {}
        self.going = Going()
        self.opened, self.ended = Counter[str](), Counter[str]()
        self.start(life.starts)

    @property
    def ground(self) -> Ground:
        return Ground(self.pack, self.life.name, {"now": self.now}, {}, PARIS, self.now)

    def start(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self.steps:
                self.steps[name] = open_step(self.ground, self.going, name)
                self.opened[name] += 1

    def take(self, decision: Decision) -> None:
        before, numbers = set(self.steps), dict(self.going.numbers)
        done = {}
        for name in list(self.steps):
            how = ending(decision, name)
            if how is not None:
                ended = self.steps.pop(name)
                self.going.paused.pop(name, None)
                self.ended[name] += 1
                done |= {name: ended} if how == "done" else {}
        move(self.ground, self.steps, self.going, decision)
        passed = Counter(repeat(self.ground, self.steps, self.going, decision, done))
        self.opened += passed
        self.ended += passed
        for name in done:
            if name in self.steps:
                self.opened[name] += 1
                assert self.going.numbers[name] == numbers[name] + passed[name] + 1
        self.start(decision.starts)
        assert self.opened == self.ended + Counter(list(self.steps))
        assert set(self.going.paused) <= set(self.steps) <= set(self.life.steps)
        assert before - set(self.steps) == {name for name in before if ending(decision, name)} - set(self.steps)
        for name, number in self.going.numbers.items():
            repeats = self.life.steps[name].repeats
            most = (repeats.times or 0) if repeats is not None else 1
            assert name not in self.steps or 1 <= number <= max(most, 1)


def goes_on(made: Pack, data: st.DataObject, most: int) -> None:
    life = made.lifecycles["case"]
    known: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries(
        {"join_waiting": st.booleans(), "has_practitioner": st.booleans(), "open_referrals": st.integers(0, 1)}
    ).map(lambda drawn: {**TRUE, **drawn})
    one = st.tuples(st.sampled_from(list(life.actions)), st.sampled_from(STAFF), known, st.integers(0, 60 * 24 * 9))
    state, running = life.initial, Running(made, life, datetime(2026, 3, 20, 9, tzinfo=UTC))
    for name, role, values, minutes in data.draw(st.lists(one, max_size=most)):
        running.now += timedelta(minutes=minutes)
        try:
            decision = decide(made, lifecycle="case", state=state, action=name, roles=[role], variables=values)
        except Refused:
            continue
        running.take(decision)
        state = decision.to_state


@QUICK
@given(st.data())
def test_no_step_is_lost_or_there_twice(pack: Pack, data: st.DataObject) -> None:
    goes_on(data.draw(packs(pack)), data, most=15)


@pytest.mark.large
@LARGE
@given(st.data())
def test_no_step_is_lost_or_there_twice_in_many(pack: Pack, data: st.DataObject) -> None:
    goes_on(data.draw(packs(pack)), data, most=50)

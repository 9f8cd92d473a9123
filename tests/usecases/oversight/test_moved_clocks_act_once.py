"""What has acted on a clock has acted on it wherever the organisation's calendar moves it: nothing fires twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.changed_packs import brings_in
from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.story import Story
from tests.support.sweeping import escalations, stages, step_of, sweep, told
from tests.usecases.planning.people import meets, named_later
from trim.engine.durations import Duration
from trim.store.tables import Step
from trim.usecases.oversight.set_calendar import OwnCalendar, set_calendar

TORONTO = ZoneInfo("America/Toronto")
HOUR = timedelta(hours=1)


@pytest.fixture
def late(organisation: Organisation) -> Story:
    """Every stage of the offer's answer and of the first interview acted, over the night on which Toronto's clocks go
    forward; a question to a coordinator came of it."""
    organisation.now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    return Story(organisation)


def moves_to(made: Organisation, zone: str) -> None:
    with made.backend.writing(alone=True) as uow:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar(zone))


@pytest.mark.parametrize("hours", [0, 1, 2], ids=["at the instant", "an hour on", "two hours on"])
def test_stages_that_acted_do_not_act_again_there_or_back(late: Story, hours: int) -> None:
    made = late.organisation
    ref = late.supported_case()
    step = step_of(made, ref, "first_assessment")
    assert step.latest_at is not None
    sweep(made, step.due_at)
    sweep(made, step.latest_at + timedelta(days=9, hours=hours))
    acted = [one.stage for one in stages(made, step.id)]
    assert "escalate" in acted
    notices, asked = told(made), escalations(made)
    for zone in ("America/Toronto", "Pacific/Auckland", "Europe/London"):
        moves_to(made, zone)
        moved = step_of(made, ref, "first_assessment")
        sweep(made)
        assert sorted(one.stage for one in stages(made, step.id)) == sorted(acted)
        assert [one for one in told(made) if one[0] != "calendar_changed"] == notices
        assert [one.id for one in escalations(made)] == [one.id for one in asked]
        assert {one.clock_at for one in stages(made, step.id)} == {moved.due_at}


def test_what_a_moved_clock_has_yet_to_do_it_does_once(late: Story) -> None:
    made = late.organisation
    ref = late.supported_case()
    step = step_of(made, ref, "first_assessment")
    assert step.latest_at is not None
    sweep(made, step.due_at)
    # In Toronto the latest instant comes an hour sooner: between the two it is late there and was not here.
    made.now = step.latest_at - timedelta(minutes=30)
    sweep(made)
    before = [one.stage for one in stages(made, step.id)]
    moves_to(made, "America/Toronto")
    moved = step_of(made, ref, "first_assessment")
    assert moved.latest_at == step.latest_at - timedelta(hours=1)
    rest = moved.latest_at + timedelta(days=9)
    sweep(made, rest)
    sweep(made, rest)
    after = [one.stage for one in stages(made, step.id)]
    assert set(before) < set(after)
    assert len(after) == len(set(after))
    moves_to(made, "Europe/London")
    sweep(made)
    assert sorted(one.stage for one in stages(made, step.id)) == sorted(after)


@pytest.mark.care(25)
def test_the_own_clock_of_whoever_was_found_later_moves_by_the_incidents_rule(late: Story) -> None:
    made = late.organisation
    pack = trim_pack()
    life = pack.lifecycles["incident"]
    planning = life.steps["planning"]
    in_days = replace(
        planning, window=replace(planning.window, due=Duration.parse("P2D"), latest=Duration.parse("P4D"))
    )
    incident = replace(life, steps=MappingProxyType({**life.steps, "planning": in_days}))
    lifecycles = MappingProxyType({**pack.lifecycles, "incident": incident})
    brings_in(made, replace(pack, version="1.1", lifecycles=lifecycles).sealed())
    ref = late.reports()
    meets(late, ref, {"Robin Ashe": "individual_assessment"})
    named_later(late, ref, "Jo Reed")

    def own() -> Step:
        with made.backend.reading() as uow:
            return uow.session.scalars(select(Step).where(col(Step.subject_kind) == "exposure")).one()

    before = own()
    moves_to(made, "America/Toronto")
    # Two days later at the same hour on the clock: the night between them has an hour less in Toronto.
    assert (before.due_at - own().due_at, own().due_at - before.opened_at) == (HOUR, timedelta(days=2) - HOUR)
    moves_to(made, "Europe/London")
    assert (own().due_at, own().latest_at) == (before.due_at, before.latest_at)

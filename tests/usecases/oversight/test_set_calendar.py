"""The organisation's zone, country or closing days change: running clocks move, once, in sight, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import MONDAY, SETUP, Organisation, trim_pack
from tests.support.story import Story
from tests.support.trail import lines
from trim.domain.access import person_of_case
from trim.domain.errors import Forbidden, InvalidInput
from trim.engine.clockwork import span
from trim.engine.durations import Duration
from trim.store import cases
from trim.store.tables import Escalation, Exposure, Incident, Notice, Step
from trim.usecases.cases.read_case import read_case
from trim.usecases.disclosure.held_in_case import case_sections
from trim.usecases.ledger.read_ledger import ledger_of
from trim.usecases.oversight.clock_moves import Moves
from trim.usecases.oversight.set_calendar import OwnCalendar, own_calendar, preview_calendar, set_calendar
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting

LONDON, TORONTO = ZoneInfo("Europe/London"), ZoneInfo("America/Toronto")


@pytest.fixture
def story(organisation: Organisation) -> Story:
    # A Friday before the clocks go forward in Toronto (8 March) and in London (29 March).
    organisation.now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    return Story(organisation)


def sets(made: Organisation, who: str = "Adam", **more: object) -> Moves:
    with made.backend.writing(alone=True) as uow:
        wanted = replace(own_calendar(uow, made.actor("Adam")), **more)
        return set_calendar(uow, made.actor(who), now=made.now, wanted=wanted)


def steps_of(made: Organisation) -> dict[str, Step]:
    with made.backend.reading() as uow:
        return {step.id: step for step in uow.session.scalars(select(Step))}


def trail_of(made: Organisation, chain: str) -> list[dict[str, Any]]:
    with made.backend.reading() as uow:
        return lines(uow.session, chain)


def named(made: Organisation, name: str) -> Step:
    return next(step for step in steps_of(made).values() if step.name == name and step.state == "open")


def local(at: datetime | None, zone: ZoneInfo) -> str:
    assert at is not None
    return at.astimezone(zone).isoformat(timespec="minutes")


def test_every_open_clock_runs_in_the_new_zone_and_done_ones_stay(story: Story) -> None:
    made = story.organisation
    story.is_accepted(story.opens_case())
    before = steps_of(made)
    assert {step.name for step in before.values() if step.state == "open"} >= {"allocation", "first_assessment"}
    moves = sets(made, zone_name="America/Toronto")
    after = steps_of(made)
    assert before.keys() == after.keys()
    first = named(made, "first_assessment")
    # Hours are absolute: 48 and 72 of them stay. Seven days keep the wall clock, and that of Toronto skips one hour.
    window = trim_pack().lifecycles["case"].steps["first_assessment"].window
    was = before[first.id]
    assert (first.earliest_at, first.due_at) == (was.earliest_at, was.due_at)
    assert first.latest_at == span(window, first.anchor_at, TORONTO).latest_at == was.latest_at - timedelta(hours=1)
    assert local(first.latest_at, TORONTO)[11:16] == local(first.anchor_at, TORONTO)[11:16]
    assert (first.revision, first.moved_at) == (was.revision + 1, made.now)
    done = [step for step in after.values() if step.state != "open"]
    assert done
    assert all(step == before[step.id] for step in done)
    assert (moves.steps, moves.cases) == (1, 1)
    assert own_zone(made) == "America/Toronto"


def test_the_case_says_so_in_its_timeline_and_its_trail_and_coordinators_are_told(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    made.later(hours=1)
    sets(made, zone_name="America/Toronto")
    with made.backend.writing() as uow:
        case = read_case(uow, made.actor("Carol"), now=made.now, ref=ref)
        case_id = cases.load(uow.session, "case", ref).id
    event = case.timeline[-1]
    assert (event.code, event.by, event.at) == ("clocks_moved", "Adam", made.now)
    assert [(said.label.en, said.value) for said in event.said] == [
        ("First interview", named(made, "first_assessment").due_at)
    ]
    line = next(one for one in trail_of(made, f"case:{case_id}") if one["what"] == "case.clocks_moved")
    assert line["codes"] == {"settings": ["zone"], "steps": ["first_assessment"]}
    whole = next(one for one in trail_of(made, "organisation") if one["what"] == "calendar.changed")
    assert whole["codes"]["zone"] == "America/Toronto"
    assert whole["codes"]["before"] == "Europe/London"
    assert (whole["codes"]["steps"], whole["codes"]["cases"]) == (1, 1)
    with made.backend.reading() as uow:
        told = uow.session.scalars(select(Notice).where(col(Notice.kind) == "calendar_changed"))
        assert {one.recipient_id for one in told} == {made.accounts["Carol"].id, made.accounts["Lee"].id}


def test_the_person_and_their_package_read_it_in_words(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    made.later(hours=1)
    sets(made, zone_name="America/Toronto")
    with made.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref)
        sections = case_sections(uow, case, made.now)
        ledger = ledger_of(uow, person_of_case(case.id), now=made.now)
    titles = [item.title.en for section in sections for item in section.items]
    assert "Deadlines moved with the organisation’s calendar" in titles
    assert not any("clocks_moved" in title for title in titles)
    told = [(who.role, one.what) for day in ledger.days for who in day.who for one in who.happened]
    assert ("administrator", "case.clocks_moved") in told


def test_done_again_nothing_moves_and_nothing_is_written(story: Story) -> None:
    made = story.organisation
    story.is_accepted(story.opens_case())
    sets(made, zone_name="America/Toronto")
    before, lines = steps_of(made), len(trail_of(made, "organisation"))
    assert sets(made, zone_name="America/Toronto").is_nothing
    assert steps_of(made) == before
    assert len(trail_of(made, "organisation")) == lines
    # There and back again is where it began.
    first = named(made, "first_assessment")
    sets(made, zone_name="Europe/London")
    assert named(made, "first_assessment").latest_at == first.latest_at + timedelta(hours=1)


def test_what_was_previewed_is_what_is_done_or_nothing(story: Story) -> None:
    made = story.organisation
    story.is_accepted(story.opens_case())
    wanted = OwnCalendar("America/Toronto")
    with made.backend.reading() as uow:
        preview = preview_calendar(uow, made.actor("Adam"), now=made.now, wanted=wanted)
    before = steps_of(made)
    assert (preview.moves.steps, preview.changes) == (1, ("zone",))
    with made.backend.writing(alone=True) as uow, pytest.raises(InvalidInput, match="seen"):
        set_calendar(uow, made.actor("Adam"), now=made.now, wanted=OwnCalendar("Asia/Tokyo"), seen=preview.seen)
    assert steps_of(made) == before
    with made.backend.writing(alone=True) as uow:
        assert set_calendar(uow, made.actor("Adam"), now=made.now, wanted=wanted, seen=preview.seen).steps == 1


def test_a_paused_clock_keeps_its_pause_and_the_day_to_look_again_is_that_day_there(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    made.later(hours=1)
    story.does("Carol", "pause", ref, reason="asked", look_again_on=date(2026, 3, 10))
    sets(made, zone_name="America/Toronto")
    paused = next(one for one in steps_of(made).values() if one.state == "paused")
    review = named(made, "pause_review")
    begins = datetime.combine(date(2026, 3, 10), time.min, tzinfo=TORONTO)
    assert paused.look_again_at == review.anchor_at == begins
    assert review.due_at == begins + timedelta(days=1)


def test_bounds_that_a_pause_pushed_on_stay_pushed_on(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    made.later(hours=1)
    story.does("Carol", "pause", ref, reason="asked", look_again_on=date(2026, 3, 10))
    made.later(days=3)
    story.does("Carol", "resume", ref)
    before = named(made, "first_assessment")
    assert before.paused_minutes == 3 * 24 * 60
    sets(made, zone_name="America/Toronto")
    after = named(made, "first_assessment")
    window = trim_pack().lifecycles["case"].steps["first_assessment"].window
    fresh = span(window, after.anchor_at, TORONTO)
    # Three days on the wall clock after where it would stand without the pause.
    assert local(after.latest_at, TORONTO)[11:16] == local(fresh.latest_at, TORONTO)[11:16]
    assert (after.latest_at.astimezone(TORONTO).date() - fresh.latest_at.astimezone(TORONTO).date()).days == 3
    sets(made, zone_name="Europe/London")
    assert (named(made, "first_assessment").due_at, named(made, "first_assessment").latest_at) == (
        before.due_at,
        before.latest_at,
    )


def test_bounds_that_somebody_set_otherwise_move_by_the_difference(story: Story) -> None:
    made = story.organisation
    story.is_accepted(story.opens_case())
    with made.backend.writing() as uow:
        row = uow.session.get(Step, named(made, "first_assessment").id)
        assert row is not None
        assert row.latest_at is not None
        row.due_at, row.latest_at = row.due_at + timedelta(days=3), row.latest_at + timedelta(days=3)
        uow.session.add(row)
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="organisation")
    before = named(made, "first_assessment")
    sets(made, zone_name="America/Toronto")
    after = named(made, "first_assessment")
    assert after.due_at == before.due_at
    assert after.latest_at == before.latest_at - timedelta(hours=1)


def test_noon_of_a_day_without_a_time_is_noon_in_the_new_zone(story: Story) -> None:
    made = story.organisation
    ref = story.plans(story.reports(occurred_time=None))
    assert ref is not None
    story.is_accepted(ref)
    before = named(made, "first_assessment")
    assert local(before.anchor_at, LONDON)[11:16] == "12:00"
    moves = sets(made, zone_name="America/Toronto")
    after = named(made, "first_assessment")
    assert local(after.anchor_at, TORONTO)[11:16] == "12:00"
    assert after.due_at - before.due_at == timedelta(hours=5)
    assert moves.incidents == 1
    with made.backend.reading() as uow:
        incident = uow.session.scalars(select(Incident)).one()
        assert incident.occurred_at == after.anchor_at


def test_a_day_to_look_again_begins_in_the_new_zone(story: Story) -> None:
    made = story.organisation
    ref = story.reports()
    with made.backend.writing() as uow:
        incident = cases.load(uow.session, "incident", ref)
        exposure = uow.session.scalars(select(Exposure)).one()
        hold_planning_meeting(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=ref,
            version=incident.version,
            responses={exposure.id: Response("nothing_yet", date(2026, 3, 20))},
            values={"held_at": made.now},
        )
    sets(made, zone_name="America/Toronto")
    again = named(made, "look_again")
    assert again.due_at == datetime.combine(date(2026, 3, 20), time.min, tzinfo=TORONTO)
    line = next(one for one in trail_of(made, f"incident:{incident.id}") if one["what"].endswith("clocks_moved"))
    assert "look_again" in line["codes"]["steps"]


def test_an_escalation_that_waits_over_the_change_of_the_clock_is_reckoned_too(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    made.now = datetime(2026, 3, 7, 20, tzinfo=UTC)
    story.does("Pat", "raise_escalation", ref, reason="A second pair of eyes.")
    with made.backend.reading() as uow:
        before = uow.session.scalars(select(Escalation)).one()
    day = Duration.parse("P1D")
    assert before.answer_by == day.after(made.now, LONDON)
    moves = sets(made, zone_name="America/Toronto")
    with made.backend.reading() as uow:
        after = uow.session.scalars(select(Escalation)).one()
    assert after.answer_by == day.after(made.now, TORONTO) == before.answer_by - timedelta(hours=1)
    assert moves.escalations == 1


@pytest.mark.care(12)
def test_only_an_administrator_or_the_machine_sets_it(story: Story) -> None:
    made = story.organisation
    for who in ("Carol", "Lee", "Pat", "Hana", "Ada", "Rita"):
        with pytest.raises(Forbidden), made.backend.writing(alone=True) as uow:
            set_calendar(uow, made.actor(who), now=made.now, wanted=OwnCalendar("America/Toronto"))
        with pytest.raises(Forbidden), made.backend.reading() as uow:
            own_calendar(uow, made.actor(who))
    with made.backend.writing(alone=True) as uow:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar("America/Toronto"))


def test_what_cannot_be_is_told_at_every_field_at_once(story: Story) -> None:
    made = story.organisation
    with made.backend.writing(alone=True) as uow, pytest.raises(InvalidInput) as refused:
        set_calendar(uow, SETUP, now=made.now, wanted=OwnCalendar("Mars/Base", "XX"))
    assert set(refused.value.problems) == {"zone", "country"}
    assert own_zone(made) == "Europe/London"


def own_zone(made: Organisation) -> str:
    with made.backend.reading() as uow:
        return uow.organisation.zone_name


def test_a_new_clock_after_the_change_knows_the_calendar(story: Story) -> None:
    made = story.organisation
    sets(made, country="FR", region="6AE", closing_days=(date(2026, 12, 24),))
    with made.backend.reading() as uow:
        assert date(2026, 12, 24) in uow.organisation.free_days
        assert date(2026, 4, 3) in uow.organisation.free_days
    assert made.now > MONDAY

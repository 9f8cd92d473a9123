"""Clocks that stand still and begin anew: with a reason, on somebody's list, and never lost (CARE 23)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.site import Site
from tests.support.story import Story
from tests.usecases.cases.reading import reads
from trim.domain.errors import InvalidInput, NotAllowedNow
from trim.store import cases, steps
from trim.usecases.oversight.board import board

AWAY = {"reason": "away"}


def paused(story: Story, days: int = 30, **more: Any) -> str:
    """A case whose follow-up stands still from its fifth day."""
    ref = story.supported_case()
    story.organisation.later(days=3)
    story.interviews(ref, "record_first_assessment", points=0)
    story.organisation.later(days=5)
    story.does("Pat", "pause", ref, look_again_on=day(story, days), **{**AWAY, **more})
    return ref


def day(story: Story, days: int) -> date:
    return (story.organisation.now + timedelta(days=days)).date()


def made_zone(story: Story) -> ZoneInfo:
    with story.organisation.backend.reading() as uow:
        return uow.organisation.zone


def clock(story: Story, ref: str, name: str) -> Any:
    with story.organisation.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        return next(one for one in steps.open_steps(uow.session, "case", case.id) if one.name == name)


@pytest.mark.care(23)
def test_a_paused_person_stays_on_the_coordinators_list_and_leaves_that_of_the_practitioner(story: Story) -> None:
    ref = paused(story)
    made = story.organisation
    assert clock(story, ref, "follow_up").state == "paused"
    made.later(days=100)
    with made.backend.writing() as uow:
        seen = board(uow, made.actor("Carol"), now=made.now)
    assert [(one.name, [row.ref for row in one.rows]) for one in seen.sections] == [("pause_review", [ref])]
    assert seen.overdue_count == 0, "what stands still is not late"


@pytest.mark.large_on_postgresql
@pytest.mark.care(23)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "away"}, "look_again_on"),
        ({"look_again_on": 30}, "reason"),
        ({**AWAY, "look_again_on": 0}, "look_again_on"),
    ],
)
def test_no_pause_without_a_reason_and_a_day_to_come(story: Story, values: dict[str, Any], field: str) -> None:
    ref = story.supported_case()
    filled = {name: day(story, one) if isinstance(one, int) else one for name, one in values.items()}
    with pytest.raises(InvalidInput) as refused:
        story.does("Pat", "pause", ref, **filled)
    assert set(refused.value.problems) == {field}
    assert clock(story, ref, "first_assessment").state == "open"


def test_it_goes_on_where_it_stopped_and_the_page_says_why(story: Story) -> None:
    ref = paused(story)
    before = clock(story, ref, "follow_up").due_at
    (standing,) = [one for one in reads(story, "Pat", ref).steps if one.name == "follow_up"]
    assert standing.is_paused
    assert [(one.how, one.why.en) for one in standing.moved] == [("paused", "The person is away for some time")]
    story.organisation.later(days=12, hours=5)
    story.does("Pat", "resume", ref)
    row = clock(story, ref, "follow_up")
    assert (row.state, row.due_at) == ("open", before + timedelta(days=12, hours=5))
    assert (row.anchor, row.paused_minutes) == ("previous_interview.at", (12 * 24 + 5) * 60)
    (going,) = reads(story, "Pat", ref).steps
    assert [(one.how, one.why.en) for one in going.moved] == [("resumed", "The person is away for some time")]
    with pytest.raises(NotAllowedNow):
        story.does("Pat", "resume", ref)


@pytest.mark.large_on_postgresql
def test_going_on_is_offered_while_something_stands_still_and_not_before(story: Story) -> None:
    moves = {"pause", "pause_longer", "resume"}
    ref = story.supported_case()
    assert {one.name for one in reads(story, "Pat", ref).actions} & moves == {"pause"}
    story.does("Pat", "pause", ref, look_again_on=day(story, 9), **AWAY)
    assert {one.name for one in reads(story, "Pat", ref).actions} & moves == {"pause_longer", "resume"}


@pytest.mark.large_on_postgresql
def test_another_day_keeps_the_beginning_of_the_pause(story: Story) -> None:
    ref = paused(story)
    since = clock(story, ref, "follow_up").paused_at
    story.organisation.later(days=30)
    story.does("Carol", "pause_longer", ref, reason="asked", look_again_on=day(story, 20))
    row = clock(story, ref, "follow_up")
    zone = made_zone(story)
    assert (row.paused_at, row.look_again_at.astimezone(zone).date()) == (since, day(story, 20))
    assert clock(story, ref, "pause_review").anchor_at == row.look_again_at


@pytest.mark.large_on_postgresql
def test_a_clock_that_begins_anew_says_so(story: Story) -> None:
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    for _ in range(2):
        story.does("Carol", "log_contact", ref, channel="phone", result="no_answer")
    story.does("Carol", "record_no_answer", ref)
    before = clock(story, ref, "try_again")
    story.organisation.later(days=9)
    story.does("Carol", "give_time", ref, reason="asked")
    row = clock(story, ref, "try_again")
    assert (row.id, row.due_at) == (before.id, before.due_at + timedelta(days=9))
    (shown,) = reads(story, "Carol", ref).steps
    assert [(one.how, one.why.en) for one in shown.moved] == [("reset", "The person asks for time")]


def test_whoever_stops_during_a_pause_is_left_in_peace_by_every_clock(story: Story) -> None:
    ref = paused(story)
    story.does("Pat", "withdraw", ref)
    with story.organisation.backend.reading() as uow:
        rows = steps.of_case(uow.session, cases.load(uow.session, "case", ref).id)
    assert {row.state for row in rows} == {"done", "cancelled"}


@pytest.mark.large_on_postgresql
def test_the_pages_say_it_in_both_languages(site: Site, story: Story) -> None:
    ref = story.supported_case()
    page = site.as_("Pat").get(f"/cases/{ref}").follow("Pause")
    page = page.form().fill("Why?", "The person is away for some time")
    page = page.fill("When will you look again?", day(story, 30)).submit("Pause")
    (window,) = [one for one in page.texts(".trim-window") if "First interview" in one]
    assert window.startswith("First interview Paused")
    assert "The person is away for some time. To be looked at again on" in window
    assert "Look again at the pause" in site.as_("Carol").get("/").text
    french = site.as_("Pat").get(f"/cases/{ref}").press("Français")
    assert "En pause depuis le" in french.text

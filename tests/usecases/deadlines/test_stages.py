"""A step that nobody does acts: reminders, then a question to somebody else, each once (on both databases)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.sweeping import escalations, lines, stages, step_of, sweep, told
from trim.domain.access import Role

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.care(4)
def test_a_step_reminds_before_and_when_it_is_due_and_escalates_once_it_is_late(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    sweep(made)
    assert stages(made, step.id) == []
    # 12 hours before; due; a day and two days after the latest: as the pack says.
    for at in (step.due_at - 12 * HOUR, step.due_at, step.latest_at + DAY, step.latest_at + 2 * DAY):
        sweep(made, at - HOUR)
        before = len(stages(made, step.id))
        sweep(made, at)
        sweep(made, at)
        assert len(stages(made, step.id)) == before + 1
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]
    assert [one.outcome for one in stages(made, step.id)] == ["told"] * 4
    kinds = ("step_reminder", "step_due", "step_late", "step_escalated")
    assert [told(made, kind) for kind in kinds] == [
        [("step_reminder", "Pat")],
        [("step_due", "Pat")],
        [("step_late", "Pat")],
        [("step_escalated", "Carol")],
    ]
    [escalation] = escalations(made)
    assert (escalation.step_id, escalation.to_role, escalation.rule) == (step.id, "coordinator", "overdue")
    assert lines(made, "deadline.") == ["deadline.reminded"] * 3 + ["deadline.escalated"]


def test_a_worker_that_was_off_for_days_catches_up_once_and_in_order_without_reminders_of_yesterday(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.latest_at + 2 * DAY + 3 * DAY)
    sweep(made)
    acted = stages(made, step.id)
    assert [(one.stage, one.outcome) for one in acted] == [
        ("remind:PT12H", "overtaken"),
        ("due", "overtaken"),
        ("overdue:P1D", "told"),
        ("escalate", "told"),
    ]
    assert [one.wanted_at for one in acted] == sorted(one.wanted_at for one in acted)
    assert told(made, "step_reminder") == told(made, "step_due") == []
    assert len(escalations(made)) == 1
    assert lines(made, "deadline.") == ["deadline.reminded"] * 3 + ["deadline.escalated"]


def test_what_was_done_while_the_worker_was_off_is_not_told_any_more(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    made.now = step.due_at
    story.interviews(ref)
    sweep(made, step.latest_at + 3 * DAY)
    assert stages(made, step.id) == []
    assert escalations(made) == []


@pytest.mark.large_on_postgresql
def test_a_clock_that_jumps_forward_and_back_an_hour_does_nothing_twice_and_forgets_nothing(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    for at in (-HOUR, HOUR, -HOUR, timedelta(0), HOUR, -HOUR):
        sweep(made, step.due_at + at)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due"]
    escalates = step.latest_at + 2 * DAY
    for at in (-HOUR, HOUR, -HOUR, HOUR):
        sweep(made, escalates + at)
    assert len(escalations(made)) == 1
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]


def test_work_of_a_coordinator_goes_to_the_programme_lead_and_not_back_to_the_coordinator(story):
    made = story.organisation
    made.add_account("Cleo", Role.COORDINATOR, Role.PROGRAMME_LEAD, unit="North")
    step = step_of(made, story.opens_case(), "offer")
    sweep(made, step.due_at)
    assert told(made, "step_due") == [("step_due", "Carol"), ("step_due", "Cleo")]
    sweep(made, step.latest_at + 2 * DAY)
    # Cleo leads too, and was reminded: somebody else is asked.
    assert told(made, "step_escalated") == [("step_escalated", "Lee")]


def test_a_planning_meeting_that_nobody_holds_goes_up_day_by_day_until_nobody_is_left(story):
    made = story.organisation
    story.reports()
    for day in range(8):
        sweep(made, made.now + timedelta(days=day and 1))
    assert {name for _, name in told(made, "step_due") + told(made, "step_late")} == {"Carol"}
    assert told(made, "step_escalated") == [("step_escalated", "Lee")]
    assert escalations(made) == []
    # With nobody left it is an alarm, said once; somebody new is asked within a day.
    assert {name for _, name in told(made, "escalation_without_answer")} == {"Carol", "Lee"}
    assert told(made, "nobody_to_ask") == [("nobody_to_ask", "Adam")]
    made.add_account("Dee", Role.COORDINATOR, unit="North")
    sweep(made, made.now + DAY)
    assert told(made, "step_escalated") == [("step_escalated", "Dee"), ("step_escalated", "Lee")]
    sweep(made, made.now + DAY)
    assert told(made, "nobody_to_ask") == [("nobody_to_ask", "Adam")] * 2
    sweep(made, made.now + 3 * DAY)
    assert len(told(made, "nobody_to_ask")) == 2


def test_a_planning_meeting_with_nobody_to_ask_is_an_alarm_at_once(story):
    made = story.organisation
    story.reports()
    with made.backend.writing() as uow:
        lead = uow.session.get(type(made.accounts["Lee"]), made.accounts["Lee"].id)
        lead.active = False
        uow.session.add(lead)
        uow.session.info["entries"] = 1  # the account is closed by hand here
    for hours in range(0, 4 * 24, 12):
        sweep(made, made.now + timedelta(hours=hours and 12))
        if told(made, "nobody_to_ask"):
            break
    assert told(made, "nobody_to_ask") == [("nobody_to_ask", "Adam")]
    assert told(made, "escalation_without_answer") == [("escalation_without_answer", "Carol")]
    assert told(made, "step_escalated") == []


def move(made, step, by):
    """The clock of a step is moved by hand, not by an action with its line."""
    with made.backend.writing() as uow:
        row = uow.session.get(type(step), step.id)
        row.due_at = step.due_at + by
        row.latest_at = step.latest_at + by
        uow.session.add(row)
        uow.session.info["entries"] = 1


@pytest.mark.large_on_postgresql
def test_a_clock_that_moves_with_the_time_zone_reminds_nobody_twice_and_escalates_once(story):
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    sweep(made, step.due_at)
    move(made, step, 6 * HOUR)
    sweep(made, step.due_at + 6 * HOUR)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due"]
    sweep(made, step.latest_at + 2 * DAY + 6 * HOUR)
    move(made, step, 12 * HOUR)
    sweep(made, step.latest_at + 3 * DAY)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]
    assert len(escalations(made)) == 1


def test_a_clock_that_starts_anew_reminds_anew(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    sweep(made, step.due_at)
    move(made, step, 5 * DAY)
    sweep(made, step.due_at + 4 * DAY)
    sweep(made, step.due_at + 5 * DAY)
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "remind:PT12H", "due"]

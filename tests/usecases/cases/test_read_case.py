"""A case as each reader may see it, in as many queries for a long case as for a short one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import case_of, opens, reads
from trim.domain.errors import NotFound
from trim.engine.wording import Text
from trim.store import cases
from trim.usecases.cases.case_file import CaseFile


def names(case: CaseFile, *groups: str) -> list[str]:
    return [one.name for one in case.actions if one.group in groups]


@pytest.mark.care(24)
def test_before_accepting_there_are_name_unit_and_kind_of_event_and_nothing_else(story: Story) -> None:
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "log_contact", ref, channel="phone", result="spoke")
    story.does("Carol", "allocate", ref, practitioner=story.organisation.accounts["Pat"].id)
    case = reads(story, "Pat", ref)
    assert (case.standing, case.person, case.unit) == ("proposed", "Robin Ashe", "North")
    assert case.incident_kind is not None
    assert names(case, "main") == ["accept_allocation", "decline_allocation"]
    shown = {name for name in CaseFile.__dataclass_fields__ if getattr(case, name) not in (None, (), "", False)}
    assert shown == {
        "ref", "version", "standing", "person", "unit", "incident_kind", "state", "is_open", "actions"
    }  # fmt: skip
    with pytest.raises(NotFound):
        opens(story, "Pat", "log_contact", ref)
    with pytest.raises(NotFound):
        opens(story, "Pat", "raise_red_flag", ref)


def test_every_reading_leaves_its_line(story: Story) -> None:
    ref = story.supported_case()
    reads(story, "Pat", ref)
    reads(story, "Carol", ref)
    with story.organisation.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        read = [one for one in lines(uow.session, f"case:{case.id}") if one["what"] == "case.read"]
    who = {one.id: name for name, one in story.organisation.accounts.items()}
    assert [(who[one["actor"]], one["role"], one["codes"]) for one in read] == [
        ("Pat", "practitioner", {"page": "case"}),
        ("Carol", "coordinator", {"page": "case"}),
    ]


def test_anothers_case_is_not_there(story: Story) -> None:
    ref = story.supported_case()
    for stranger in ("Quinn", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound):
            reads(story, stranger, ref)


def test_what_a_state_is_for_stands_first(story: Story) -> None:
    ref = story.opens_case()
    assert names(reads(story, "Carol", ref), "main") == ["make_offer"]
    story.does("Carol", "make_offer", ref, channel="phone")
    case = reads(story, "Carol", ref)
    assert names(case, "main") == ["record_acceptance", "record_decline", "record_no_answer"]
    assert names(case, "contact") == ["log_contact"]
    assert [one.name for one in case.actions if one.refused] == ["record_no_answer"]
    story.does("Carol", "record_acceptance", ref)
    assert names(reads(story, "Carol", ref), "main") == ["allocate"]
    story.is_allocated(ref)
    assert names(reads(story, "Pat", ref), "main") == ["record_first_assessment"]
    assert names(reads(story, "Carol", ref), "main") == []
    story.organisation.later(days=3)
    story.interviews(ref)
    story.organisation.later(days=28)
    story.interviews(ref, "record_follow_up")
    assert names(reads(story, "Pat", ref), "main") == ["close"]
    story.does("Pat", "close", ref, outcome="support_completed")
    case = reads(story, "Carol", ref)
    assert (case.is_open, case.red_flag_action, names(case, "main")) == (False, None, ["reopen"])


@pytest.mark.care(1)
def test_the_red_flag_is_there_in_every_open_state(story: Story) -> None:
    ref = story.opens_case()
    for reader, step in (
        ("Carol", lambda: story.does("Carol", "make_offer", ref, channel="phone")),
        ("Carol", lambda: story.does("Carol", "record_acceptance", ref)),
        ("Carol", lambda: story.is_allocated(ref)),
        ("Pat", lambda: story.does("Pat", "withdraw", ref)),
    ):
        case = reads(story, reader, ref)
        assert case.red_flag_action == "raise_red_flag"
        assert [one.value for one in case.red_flag_levels] == ["now", "today"]
        assert "raise_red_flag" not in [one.name for one in case.actions]
        step()
    assert reads(story, "Pat", ref).red_flag_action is None


@pytest.mark.care(22)
def test_each_step_names_the_happening_that_its_clock_runs_from(story: Story) -> None:
    ref = story.is_allocated(story.is_accepted(case_of(story, "Sam Birch", occurred_time=None)))
    (step,) = reads(story, "Pat", ref).steps
    assert (step.name, step.anchor, step.who, step.time_assumed) == (
        "first_assessment", "incident.occurred_at", "practitioner", True,
    )  # fmt: skip
    assert step.anchor_at == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert step.earliest_at is not None
    assert (step.due_at - step.anchor_at, step.earliest_at - step.anchor_at) == (
        timedelta(hours=72), timedelta(hours=48),
    )  # fmt: skip


@pytest.mark.care(6)
def test_the_change_counts_items_answered_both_times_and_says_how_many(story: Story) -> None:
    ref = story.supported_case()
    story.organisation.later(days=3)
    story.interviews(ref, points=2)
    story.organisation.later(days=28)
    answers = dict.fromkeys(
        ("support", "blame_others", "own_part", "stress_reactions", "other_stress", "daily_life"), 1
    ) | {"alcohol": "preferred_not_to_answer"}
    story.interviews(ref, "record_follow_up", points=answers, notes="Better nights.", plan="Swim.")
    first, second = reads(story, "Pat", ref).interviews
    assert (first.change, first.score.total, first.score.maximum) == (None, 20, 20)
    assert second.change is not None
    assert (second.change.difference, second.change.compared, second.change.possible) == (-6, 6, 7)
    assert (second.score.complete, second.band, second.plan) == (False, None, "Swim.")


def test_the_timeline_says_who_when_and_what_came_of_it(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    made.later(days=3)
    story.does("Pat", "log_contact", ref, channel="phone", result="appointment_made", appointment_at=made.now)
    made.later(hours=1)
    raised = story.interviews(ref, points=2).made["escalation"]
    made.later(hours=1)
    story.does("Carol", "decide", raised, kind="escalation", decision="other_support", reason="A quieter shift.")
    events = reads(story, "Carol", ref).timeline
    told = [(event.code or (event.title.en if event.title else ""), event.by) for event in events]
    assert told == [
        ("opened", None),
        ("Offer made", "Carol"),
        ("The person accepted", "Carol"),
        ("Practitioner asked", "Carol"),
        ("Support taken on", "Pat"),
        ("Contact logged", "Pat"),
        ("First interview recorded", "Pat"),
        ("raised", None),
        ("Escalation decided", "Carol"),
    ]
    by_title = {event.title.en: event for event in events if event.title}
    assert by_title["Practitioner asked"].said[0].value == "Pat"
    assert by_title["The person accepted"].to_state == Text("Practitioner to be found", "Accompagnement à attribuer")
    interview = by_title["First interview recorded"]
    assert interview.interview is not None
    assert (interview.interview.score.total, interview.said) == (20, ())
    decided = by_title["Escalation decided"]
    assert (decided.subject_kind, decided.subject_ref) == ("escalation", raised)
    assert [said.value for said in decided.said] == [Text("Other support", "Un autre soutien"), "A quieter shift."]


@pytest.mark.care(20)
def test_contacts_and_the_next_appointment(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    at = made.now + timedelta(days=2)
    story.does("Pat", "log_contact", ref, channel="phone", result="appointment_made", appointment_at=at)
    case = reads(story, "Pat", ref)
    assert case.appointment_at == at
    assert [contact.by for contact in case.contacts] == ["Carol", "Pat"]
    made.later(days=3)
    assert reads(story, "Pat", ref).appointment_at is None


@pytest.mark.care(9)
def test_earlier_incidents_are_for_the_coordinator_alone(story: Story) -> None:
    case_of(story, "Sam Birch")
    story.organisation.later(days=30)
    ref = story.is_allocated(story.is_accepted(case_of(story, "Robin Ashe")))
    story.reports(
        exposed=story.organisation.report().exposed, occurred_on=(story.organisation.now - timedelta(days=5)).date()
    )
    assert len(reads(story, "Carol", ref).earlier) == 1
    assert reads(story, "Pat", ref).earlier == ()


def test_a_long_case_costs_no_more_queries_than_a_short_one(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    made.later(days=3)
    story.interviews(ref, points=1)
    with counted(made.backend) as short:
        reads(story, "Carol", ref)
    for _ in range(5):
        story.does("Pat", "log_contact", ref, channel="phone", result="spoke")
        story.does("Pat", "raise_escalation", ref, reason="Advice.")
        story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.")
    made.later(days=28)
    story.interviews(ref, "record_follow_up", points=2)
    with counted(made.backend) as long:
        reads(story, "Carol", ref)
    assert len(long) <= len(short)
    assert len(long) < 60

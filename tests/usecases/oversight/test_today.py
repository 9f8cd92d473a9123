"""A practitioner's day."""

from __future__ import annotations

from tests.support.posting import tells
from tests.support.story import Story
from tests.usecases.cases.reading import case_of, on_duty, uses
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.oversight.today import today


def test_the_next_due_of_ones_own_cases_comes_first(story: Story) -> None:
    made = story.organisation
    first = story.is_allocated(story.is_accepted(case_of(story, "Robin Ashe")))
    made.later(days=3)
    story.interviews(first, points=0)
    second = story.is_allocated(story.is_accepted(case_of(story, "Sam Birch")))
    others = story.is_allocated(story.is_accepted(case_of(story, "Kim Vega")), "Quinn")
    found = uses(story, "Pat", today)
    assert [(row.name, row.what.en) for row in found.due.rows] == [
        ("Sam Birch", "First interview"),
        ("Robin Ashe", "Follow-up interview"),
    ]
    assert others not in [row.ref for row in found.due.rows]
    assert second == found.due.rows[0].ref


def test_a_referral_is_part_of_the_day(story: Story) -> None:
    ref = story.supported_case()
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    rows = uses(story, "Pat", today).due.rows
    assert {(row.kind, row.to_ref, row.what.en) for row in rows} == {
        ("case", ref, "First interview"),
        ("referral", referral, "Ask the person"),
    }


def test_what_is_asked_begun_and_told(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    asked = story.is_accepted(case_of(story, "Sam Birch"))
    story.does("Carol", "allocate", asked, practitioner=made.accounts["Pat"].id)
    made.later(days=3)
    uses(
        story,
        "Pat",
        begin_interview,
        case_ref=ref,
        action="record_first_assessment",
        confidentiality_explained=True,
        evidence_hold_acknowledged=False,
    )
    raised = story.does("Pat", "raise_escalation", ref, reason="Unsure.").made["escalation"]
    story.does("Carol", "decide", raised, kind="escalation", decision="no_change", reason="Go on.")
    on_duty(story, "Carol")
    found = uses(story, "Pat", today)
    assert [(row.ref, row.name, row.unit) for row in found.asked] == [(asked, "Sam Birch", "North")]
    assert [(one.ref, one.action, one.what.en) for one in found.begun] == [
        (ref, "record_first_assessment", "First interview")
    ]
    assert [(one.kind, one.subject_ref) for one in found.told] == [("escalation_decided", ref)]
    assert [(one.name, one.phone) for one in found.on_duty] == [("Carol", "+44 1632 960123")]
    made.later(days=20)
    assert uses(story, "Pat", today).told == ()


def test_a_reminder_of_what_the_page_lists_anyway_crowds_out_no_other_notice(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    raised = story.does("Pat", "raise_escalation", ref, reason="Unsure.").made["escalation"]
    story.does("Carol", "decide", raised, kind="escalation", decision="no_change", reason="Go on.")
    made.later(minutes=1)
    for number in range(30):
        tells(made, "Pat", "step_due", cause=number, subject_ref=ref)
    assert [one.kind for one in uses(story, "Pat", today).told] == ["escalation_decided"]


def test_a_day_with_nothing(story: Story) -> None:
    found = uses(story, "Quinn", today)
    assert (found.due.rows, found.asked, found.begun, found.told, found.on_duty) == ((), (), (), (), ())

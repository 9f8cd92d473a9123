"""What each figure counts, against a story that is counted by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.facts_told import told
from tests.support.story import Story
from trim.domain.incident import ExposedPerson
from trim.statistics.counts import Count
from trim.statistics.read_declaration import read_declaration
from trim.store import facts


@pytest.mark.large_on_postgresql
def test_two_cases_counted_by_hand(story: Story) -> None:
    """One declines; one accepts, talks once within a day and low, asks for a doctor and is given a red flag twice."""
    declining = story.opens_case()
    story.does("Carol", "make_offer", declining, channel="phone")
    story.does("Carol", "record_decline", declining)
    talking = story.supported_case()
    story.organisation.later(hours=60)
    story.interviews(talking, points=0)
    for _twice in range(2):
        story.does("Pat", "raise_red_flag", talking, level="today", what="x")
    story.does("Pat", "propose_referral", talking, provider="gp", reason="x")
    rows = told(story.organisation)
    assert {one.quarter for one in rows} == {"2026-Q1"}
    assert Counter((one.kind, one.category) for one in rows) == {
        ("incident", "commander"): 2,
        ("exposed", None): 2,
        ("response", "individual_assessment"): 2,
        ("case_opened", "individual_assessment"): 2,
        ("offer_made", None): 2,
        ("offer_answered", "declined"): 1,
        ("offer_answered", "accepted"): 1,
        ("assessment_held", "first_assessment"): 1,
        ("assessment", "first_assessment:low"): 1,
        ("first_wait", "within_3_days"): 1,
        ("window", "first_assessment:kept"): 1,
        ("escalation_raised", "red_flag"): 1,
        ("referral_proposed", None): 1,
    }
    by_unit = {one.kind for one in rows if one.unit_id == story.organisation.units["North"].id}
    assert by_unit == {one.kind for one in rows} - {"assessment"}
    assert {one.staff_group for one in rows if one.kind == "offer_answered"} == {"employee"}
    # Two incidents have two marks, or by chance one; never more.
    assert 1 <= len({one.mark for one in rows}) <= 2
    assert all(one.mark > 0 for one in rows)


def opens_for(story: Story, name: str) -> str:
    """A case of somebody, from an incident of their own."""
    there = ExposedPerson(exposure="direct", person_id=story.organisation.people[name].id)
    ref = story.plans(story.reports(exposed=(there,)))
    assert ref is not None
    return ref


@pytest.mark.large_on_postgresql
def test_nobody_reached_counts_as_unanswered_and_support_that_ends_so_does_not(story: Story) -> None:
    """One never answers; one accepts and cannot be reached any more; one accepts and stops again."""
    made = story.organisation
    lost = story.supported_case()
    silent = opens_for(story, "Sam Birch")
    story.does("Carol", "make_offer", silent, channel="phone")
    for _attempt in range(2):
        story.does("Carol", "log_contact", silent, channel="phone", result="no_answer")
        made.later(hours=24)
    story.does("Carol", "record_no_answer", silent)
    stops = story.is_accepted(opens_for(story, "Quinn Dale"))
    story.does("Carol", "withdraw", stops)
    story.does("Carol", "close", lost, outcome="could_not_be_reached")
    declared = read_declaration()
    measure, answers = declared.measures["offers"], declared.dimensions["offer"]
    rows = [
        Count(**{name: getattr(one, name) for name in facts.SAYING if name != "mark"})
        for one in told(story.organisation)
    ]
    counted = Counter(answers.code(one) for one in rows if measure.sign(one))
    assert counted == {"offer_made": 3, "offer_answered:accepted": 2, "offer_answered:unanswered": 1}


def test_every_table_says_what_is_left_out_and_what_its_total_counts() -> None:
    for table in read_declaration().tables:
        english, french = table.definition.en, table.definition.fr
        assert "Left out are" in english, table.name
        assert "The total counts" in english, table.name
        assert "Sont exclus" in french, table.name
        assert "Le total compte" in french, table.name
        assert "tests" in english, table.name


#: What the issue asks that HR can read, and the table and direction in which it stands.
PROMISED = {
    ("incidents", "incident_kind"),
    ("incidents", "unit"),
    ("exposed", "exposure"),
    ("exposed", "staff_group"),
    ("offers", "offer"),
    ("assessments", "interview"),
    ("bands", "band"),
    ("changes", "change"),
    ("escalations", "reason"),
    ("referrals", "referral"),
    ("waits", "wait"),
    ("windows", "window"),
    ("themes", "scale"),
    ("themes", "theme"),
    ("activities", "activity"),
}


def test_every_figure_that_was_promised_stands_in_a_table() -> None:
    tables = read_declaration().tables
    there = {(one.name, name) for one in tables for name in one.dimensions} | {
        (one.name, "unit") for one in tables if one.by_unit
    }
    assert there >= PROMISED
    assert len(tables) <= 12
    answers = read_declaration().dimensions["offer"].values
    assert {one.rpartition(":")[2] for one in answers} == {"offer_made", "accepted", "declined", "unanswered"}
    steps = read_declaration().dimensions["referral"].values
    assert {one.rpartition(":")[2] for one in steps} == {"referral_proposed", "agreed", "attended"}

"""What each figure counts, against a story that is counted by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.facts_told import told
from tests.support.story import Story


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

"""Which steps are interviews: what else an interview completes on the way is none."""

from __future__ import annotations

from tests.support.organisation import trim_pack
from trim.engine.interviews import interview_steps


def test_the_look_at_a_pause_is_no_interview_though_one_ends_it() -> None:
    found = interview_steps(trim_pack())
    assert found.firsts == {"first_assessment", "reassessment"}
    assert found.follow_ups == {"follow_up", "further_follow_up"}

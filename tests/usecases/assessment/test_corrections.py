"""A slip in a submitted interview: corrected by a new version, the earlier one kept, the rules asked again (CARE 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.facts_told import told
from tests.support.talks import CHANGEABLE, FIRST, FOLLOW_UP, ITEMS, Talks
from tests.usecases.assessment.test_drafts import hold
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, StaleVersion
from trim.store.tables import ActionRecord

LOW: dict[str, Any] = dict.fromkeys(ITEMS[FIRST], "0")
HIGH: dict[str, Any] = dict.fromkeys(ITEMS[FIRST], "2")


def facts(talks: Talks, kind: str) -> list[str | None]:
    return sorted(str(one.category) for one in told(talks.organisation) if one.kind == kind)


@pytest.mark.care(8)
def test_the_earlier_version_is_kept_and_can_be_read(talks: Talks) -> None:
    first = talks.talks(points=0, notes="As it was.").made["assessment"]
    second = talks.corrects(first, {**LOW, "alcohol": "2"}, values={"notes": "As it is."}).made["assessment"]
    old, new = talks.shows(first), talks.shows(second)
    assert (old.stands, old.score.total, old.form["notes"]) == (False, 0, "As it was.")
    assert (new.stands, new.score.total, new.form["notes"]) == (True, 2, "As it is.")
    assert [(one.assessment_id, one.reason, one.stands) for one in new.versions] == [
        (first, "", False),
        (second, "A slip of the finger.", True),
    ]
    assert not old.can_correct
    assert new.can_correct
    assert [one.id for one in talks.held()] == [second]
    with pytest.raises(NotFound):
        talks.corrects(first, LOW)
    third = talks.corrects(second, LOW).made["assessment"]
    assert [one.assessment_id for one in talks.shows(first).versions] == [first, second, third]


@pytest.mark.care(8)
def test_a_correction_names_the_record_it_corrects_and_keeps_the_state(talks: Talks) -> None:
    first = talks.talks(points=0)
    state, version = talks.state(talks.ref), talks.case().version
    act = talks.corrects(first.made["assessment"], HIGH)
    assert (talks.state(talks.ref), talks.case().version) == (state, version + 1)
    with talks.organisation.backend.reading() as uow:
        record = uow.session.get(ActionRecord, act.record_id)
        assert record is not None
        assert record.corrects_id == first.record_id
    line = talks.trail()[-1]
    assert line["what"] == "case.correct_interview"
    assert "slip of the finger" not in str(line)


@pytest.mark.care(8)
def test_the_rules_look_again_and_raise_nothing_twice(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    assert talks.rules() == []
    second = talks.corrects(first, HIGH).made["assessment"]
    assert talks.rules() == ["high_first_score"]
    assert [one.label.en for one in talks.shows(second).raised] == ["High score at the first interview"]
    third = talks.corrects(second, {**HIGH, "alcohol": "1"}).made["assessment"]
    talks.does("Carol", "decide", talks.escalations()[0].ref, kind="escalation", decision="no_change", reason="x")
    talks.corrects(third, HIGH)
    assert talks.rules() == ["high_first_score"]


@pytest.mark.care(7)
@pytest.mark.care(8)
def test_a_correction_of_the_first_interview_looks_at_the_change_again(talks: Talks) -> None:
    first = talks.talks(points=1).made["assessment"]
    held_at = talks.organisation.now
    talks.organisation.later(days=28)
    later = talks.talks(FOLLOW_UP, dict.fromkeys(CHANGEABLE, "1")).made["assessment"]
    change = talks.shows(later).change
    assert change is not None
    assert change.difference == 0
    assert talks.rules() == []
    talks.corrects(first, LOW, held_at=held_at)
    change = talks.shows(later).change
    assert change is not None
    assert change.difference == 7
    assert talks.rules() == ["worse"]


def test_facts_are_taken_back_and_told_anew(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    same = talks.corrects(first, LOW, values={"notes": "Only a word."}).made["assessment"]
    assert facts(talks, "assessment") == ["first_assessment:low"]
    talks.corrects(same, HIGH)
    assert facts(talks, "assessment") == ["first_assessment:high"]


def test_another_day_moves_the_clock_of_the_follow_up(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    due = talks.open_steps()["follow_up"].due_at
    earlier = talks.organisation.now - timedelta(days=1)
    talks.corrects(first, LOW, held_at=earlier)
    step = talks.open_steps()["follow_up"]
    assert (step.anchor_at, step.due_at) == (earlier, due - timedelta(days=1))
    with pytest.raises(InvalidInput) as invalid:
        talks.corrects(talks.held()[0].id, LOW, held_at=earlier - timedelta(days=20))
    assert invalid.value.problems["held_at"].code == "before_incident"


def test_an_interview_stays_before_the_next_one(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, 0)
    talks.organisation.later(days=1)
    with pytest.raises(InvalidInput) as invalid:
        talks.corrects(first, {**LOW, "alcohol": "7"})
    assert {name: one.code for name, one in invalid.value.problems.items()} == {
        "held_at": "after_next",
        "alcohol": "not_a_choice",
    }


def test_a_correction_needs_its_reason_and_the_present_version(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    with pytest.raises(InvalidInput) as invalid:
        talks.corrects(first, LOW, reason="")
    assert set(invalid.value.problems) == {"reason"}
    with pytest.raises(StaleVersion):
        talks.corrects(first, LOW, version=1)
    with pytest.raises(InvalidInput):
        talks.corrects(first, LOW, values={"channel": "by pigeon"})


@pytest.mark.care(6)
def test_a_disclosure_can_be_corrected_too(talks: Talks) -> None:
    talks.talks(points=0)
    talks.organisation.later(days=28)
    later = talks.talks(FOLLOW_UP, 0).made["assessment"]
    zero = dict.fromkeys(CHANGEABLE, "0")
    with pytest.raises(InvalidInput):
        talks.corrects(later, zero, newly_disclosed={"life_threat": "5"})
    again = talks.corrects(later, zero, newly_disclosed={"life_threat": "1"}).made["assessment"]
    assert talks.shows(again).disclosed == {"life_threat": "1"}


@pytest.mark.care(17)
def test_under_an_evidence_hold_the_warning_comes_first_and_notes_stay_as_they_were(talks: Talks) -> None:
    first = talks.talks(points=0, notes="Before the investigation.").made["assessment"]
    hold(talks)
    assert "notes" not in {field.name for field in talks.shows(first).shown_fields}
    with pytest.raises(NotAllowedNow):
        talks.corrects(first, LOW)
    act = talks.corrects(first, LOW, values={"notes": "What happened."}, evidence_hold_acknowledged=True)
    assert talks.shows(act.made["assessment"]).form["notes"] == "Before the investigation."


def test_an_early_talk_keeps_its_reason(talks: Talks) -> None:
    talks.talks()
    talks.organisation.later(days=7)
    early = talks.talks(FOLLOW_UP, 0, early_reason="They go away.").made["assessment"]
    assert "early_reason" in {field.name for field in talks.shows(early).shown_fields}
    act = talks.corrects(early, dict.fromkeys(CHANGEABLE, "0"), values={"early_reason": "They went away."})
    assert talks.shows(act.made["assessment"]).form["early_reason"] == "They went away."


def test_who_may_correct(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    with pytest.raises(NotFound):
        talks.corrects(first, LOW, who="Quinn")
    second = talks.corrects(first, LOW, who="Carol").made["assessment"]
    assert talks.shows(second, who="Carol").by == "Carol"
    with pytest.raises(NotFound):
        talks.shows("no-such-interview")
    talks.does("Pat", "close", talks.ref, outcome="left")
    talks.corrects(second, LOW)

"""A step that nobody does acts: reminders, then a question to somebody else, each once (on both databases)."""

from __future__ import annotations

from datetime import timedelta

from tests.support.sweeping import escalations, lines, stages, step_of, sweep, told

DAY = timedelta(days=1)


def test_a_step_reminds_before_and_when_it_is_due_and_escalates_once_it_is_late(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    sweep(made)
    assert stages(made, step.id) == []
    seen = []
    for at in (step.due_at - DAY, step.due_at, step.latest_at, step.latest_at + DAY, step.latest_at + 2 * DAY):
        sweep(made, at)
        sweep(made, at)
        seen.append([one.stage for one in stages(made, step.id)])
    assert seen[0] == []
    assert [one[-1] for one in seen[1:] if one][-1] == "escalate"
    assert len(set(seen[-1])) == len(seen[-1])
    assert told(made, "step_due") == [("step_due", "Pat")]
    [escalation] = escalations(made)
    assert escalation.step_id == step.id
    assert escalation.to_role == "coordinator"
    assert told(made, "step_escalated") == [("step_escalated", "Carol")]
    assert lines(made, "deadline.escalated") == ["deadline.escalated"]

"""A condition that fails at run time refuses, and somebody hears of it (TECH.md: a failed condition looks true)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.trail import broken_chains, lines
from trim.domain.access import Role
from trim.engine import machine
from trim.engine.conditions import ConditionFailed
from trim.store.tables import Notice
from trim.usecases import perform as performing
from trim.usecases.rule_failed import RuleFailed


def told(story: Any) -> tuple[list[dict[str, Any]], list[Notice]]:
    with story.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        found = [line for line in lines(uow.session, "organisation") if line["what"] == "pack.rule_failed"]
        return found, list(uow.session.scalars(select(Notice).where(Notice.kind == "rule_failed")))


def test_a_failed_condition_refuses_and_tells_the_administrators(story, monkeypatch):
    """A variable that never arrives: whoever acts is refused, nothing moves, and no case is named to anybody."""
    made = story.organisation
    made.add_account("Ada Admin", Role.ADMINISTRATOR)
    ref = story.supported_case()
    made.later(days=3)
    before = story.state(ref)
    given = performing.form_variables
    monkeypatch.setattr(
        performing,
        "form_variables",
        lambda *both: {name: one for name, one in given(*both).items() if name != "confidentiality_explained"},
    )
    for _ in range(2):
        with pytest.raises(RuleFailed) as caught:
            story.interviews(ref)
        assert caught.value.codes == ["condition_failed"]
    assert story.state(ref) == before
    entries, notices = told(story)
    assert [one["codes"] for one in entries] == [{"action": "record_first_assessment", "lifecycle": "case"}] * 2
    administrators = {made.accounts[name].id for name in ("Adam", "Ada Admin")}
    assert sorted(one.recipient_id for one in notices) == sorted(administrators), "once a day, however often one tries"
    assert ref not in str(entries) + str([one.model_dump() for one in notices])


def test_a_window_that_cannot_be_chosen_refuses_too(story, monkeypatch):
    ref = story.supported_case()
    story.organisation.later(days=3)
    story.interviews(ref)

    def fails(*_: Any, **__: Any) -> None:
        raise ConditionFailed("no truth value")

    monkeypatch.setattr(machine, "window_of", fails)
    before = story.state(ref)
    with pytest.raises(RuleFailed):
        story.does("Carol", "arrange_follow_up", ref)
    assert story.state(ref) == before
    assert len(told(story)[0]) == 1

"""What an access package holds of a case under stress: the plan, what was ticked, how it came; no sender."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.straw import STRAW, add_straw, agreed_step, supported_case
from trim.engine.wording import Text
from trim.store import cases
from trim.usecases.disclosure.held_in_case import case_sections
from trim.usecases.requests.concern import send_concern


@pytest.mark.care(13)
@pytest.mark.care(18)
def test_plan_tags_and_requests_are_given_and_no_sender(organisation: Organisation) -> None:
    add_straw(organisation)
    ref = supported_case(organisation)
    step = agreed_step(organisation, ref)
    Story(organisation).does("Quinn", "drop", step, kind="agreed_step", reason="A sister helped.")
    with organisation.backend.writing() as uow:
        send_concern(
            uow,
            organisation.actor("Rita"),
            now=organisation.now,
            programme=STRAW,
            who="Sam Birch",
            unit_id=organisation.units["North"].id,
            as_whom="colleague",
            note="Hardly eats.",
        )
    with organisation.backend.reading() as uow:
        sections = case_sections(uow, cases.load(uow.session, "case", ref), organisation.now)
    said = [
        part for section in sections for item in section.items for line in item.lines for part in _words(line.value)
    ]
    labels = {line.label.en for section in sections for item in section.items for line in item.lines}
    for word in (
        "Ask for two fixed evenings",
        "A sister helped.",
        "Demands",
        "Role",
        "Money, debts",
        "Hardly eats.",
        "In the evening.",
    ):
        assert word in said, word
    assert "A colleague was concerned" in labels
    assert "Score" not in labels
    assert "Rita" not in said


def _words(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [part for one in value for part in _words(one)]
    return [value.en if isinstance(value, Text) else str(value)]

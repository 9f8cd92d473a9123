"""In their own ledger the person also reads where else they take part and who leads it (CARE 15)."""

from __future__ import annotations

import pytest

from tests.support.groups import held_session, running_check
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.ledger.test_ledger import ledger
from trim.store import cases


@pytest.mark.care(15)
def test_where_the_person_takes_part_and_who_leads_it(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    planned_on = made.now.date()
    held_session(made, "Robin Ashe", "Sam Birch")
    running_check(made, "Sam Birch")
    made.later(days=1)
    own = running_check(made, "Robin Ashe", leader="Quinn")
    checked, group = ledger(made, ref).beside
    assert (checked.label.en, checked.named_on, checked.led_by, checked.is_open) == (
        "Periodic check", made.now.date(), ("Quinn",), True,
    )  # fmt: skip
    assert (group.label.en, group.led_by, group.named_on) == ("Group session", ("Pat",), planned_on)
    story.does("Carol", "end", own, kind="periodic_check")
    assert [one.is_open for one in ledger(made, ref).beside] == [False, True]


@pytest.mark.care(27)
def test_the_trail_ties_no_case_to_a_group(story: Story) -> None:
    """The ledger reads rows, and leaves no line by which an auditor could find out who was in the room."""
    made = story.organisation
    ref = story.supported_case()
    held_session(made, "Robin Ashe")
    page = ledger(made, ref)
    assert page.beside
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        told = lines(uow.session, f"case:{case.id}")
    assert [one for one in told if "undertaking" in str(one) or "group_session" in str(one)] == []

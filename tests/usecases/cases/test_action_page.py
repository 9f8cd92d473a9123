"""The page of an action: its form as it is asked now, and what stands in the way."""

from __future__ import annotations

import pytest

from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import opens
from trim.domain.access import Role
from trim.domain.errors import NotAllowedNow, NotFound
from trim.store import cases
from trim.usecases.cases.action_page import action_page


def test_it_names_the_person_and_leaves_a_line(story: Story) -> None:
    ref = story.opens_case()
    page = opens(story, "Carol", "make_offer", ref)
    assert (page.person, page.case_ref, page.version, page.refused) == ("Robin Ashe", ref, 1, ())
    assert [field.name for field in page.fields] == ["channel"]
    assert page.advice[0].en.startswith("Say who you are")
    made = story.organisation
    with made.backend.reading() as uow:
        action_page(uow, made.actor("Carol"), now=made.now, kind="case", ref=ref, action="make_offer", is_shown=False)
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        pages = [one["codes"]["page"] for one in lines(uow.session, f"case:{case.id}") if one["what"] == "case.read"]
    assert pages == ["case.make_offer"]


def test_what_stands_in_the_way_is_said_before_anything_is_filled_in(story: Story) -> None:
    ref = story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="Unsure.")
    page = opens(story, "Pat", "close", ref)
    assert [reason.en for reason in page.refused] == ["An escalation is still waiting for a decision."]


@pytest.mark.parametrize(
    ("who", "action", "problem"),
    [
        ("Carol", "reopen", NotAllowedNow),
        ("Carol", "accept_allocation", NotAllowedNow),
        ("Pat", "allocate", NotAllowedNow),
        ("Carol", "dance", NotFound),
        ("Carol", "correct_interview", NotFound),
        ("Quinn", "log_contact", NotFound),
    ],
)
def test_what_is_not_to_be_had_is_refused(story: Story, who: str, action: str, problem: type[Exception]) -> None:
    ref = story.supported_case()
    with pytest.raises(problem):
        opens(story, who, action, ref)


def test_an_unknown_reference_and_anothers_look_alike(story: Story) -> None:
    ref = story.supported_case()
    raised = story.does("Pat", "raise_escalation", ref, reason="Unsure.").made["escalation"]
    for somebody, wanted, kind in (("Quinn", raised, "escalation"), ("Carol", "E-0000000", "escalation")):
        with pytest.raises(NotFound):
            opens(story, somebody, "decide", wanted, kind)


def test_an_incident_has_action_pages_too(story: Story) -> None:
    incident = story.reports()
    page = opens(story, "Carol", "close_incident", incident, "incident")
    assert (page.person, page.case_ref, page.confirm is not None) == (None, None, True)


def test_many_practitioners_cost_no_more_queries_than_few(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    with counted(made.backend) as few:
        assert len(opens(story, "Carol", "allocate", ref).candidates) == 2
    for number in range(6):
        made.add_person(f"Person {number}")
        made.add_account(f"Helper {number}", Role.PRACTITIONER, person=f"Person {number}")
    with counted(made.backend) as many:
        assert len(opens(story, "Carol", "allocate", ref).candidates) == 8
    assert len(many) == len(few)

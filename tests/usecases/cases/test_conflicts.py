"""Conflict rules bind every reader, on a case and in lists alike; unknown means ask (CARE 10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import case_of, coordinator, listed, opens, reads, uses
from trim.domain.access import Role
from trim.domain.errors import ConflictUnknown, InvalidInput, NotFound
from trim.store import cases
from trim.store.tables import Person
from trim.usecases.cases.declare import declare_line, line_question
from trim.usecases.cases.exclude import exclude, exclusion_page, lift_exclusion

pytestmark = pytest.mark.care(10)


def leads(story: Story, manager: str, person: str) -> None:
    """The directory says who leads whom."""
    made = story.organisation
    with made.backend.writing() as uow:
        session: Session = uow.session
        row = session.scalar(select(Person).where(Person.id == made.people[person].id))
        assert row is not None
        row.line_manager_id, row.line_manager_known = made.people[manager].id, True
        uow.record(made.actor("Lee"), made.now, "person.changed", chain="organisation", subject=f"person:{row.id}")


def own_case(story: Story) -> str:
    return case_of(story, "Carol Elm")


def led_by_reader(story: Story) -> str:
    leads(story, "Carol Elm", "Robin Ashe")
    return case_of(story, "Robin Ashe")


def leads_reader(story: Story) -> str:
    leads(story, "Robin Ashe", "Carol Elm")
    return case_of(story, "Robin Ashe")


def same_incident(story: Story) -> str:
    made = story.organisation
    exposed = tuple(
        type(made.report().exposed[0])(exposure="witness", person_id=made.people[name].id)
        for name in ("Robin Ashe", "Carol Elm")
    )
    incident = story.reports(exposed=exposed)
    story.plans(incident, who="Lee")
    with made.backend.reading() as uow:
        index = uow.vault.blind_index("person", made.people["Robin Ashe"].id)
        case = cases.open_of_person(uow.session, index, "trim", ["closed"])
        assert case is not None
        return case.ref


def excluded(story: Story) -> str:
    ref = case_of(story, "Robin Ashe")
    uses(story, "Lee", exclude, ref=ref, account_id=story.organisation.accounts["Carol"].id, reason="She knows.")
    return ref


def declared(story: Story) -> str:
    story.organisation.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    uses(story, "Carol", declare_line, ref=ref, is_clear=False)
    return ref


@pytest.mark.parametrize("kept_away", [own_case, led_by_reader, leads_reader, same_incident, excluded, declared])
def test_what_is_kept_from_a_coordinator_is_in_no_list_either(story: Story, kept_away: Callable[[Story], str]) -> None:
    other = case_of(story, "Sam Birch")
    ref = kept_away(story)
    with pytest.raises(NotFound):
        reads(story, "Carol", ref)
    with pytest.raises(NotFound):
        opens(story, "Carol", "log_contact", ref)
    assert other in listed(story, "Carol")
    assert ref not in listed(story, "Carol")


@pytest.mark.care(13)
def test_a_restricted_incident_hides_its_cases_from_coordinators_it_does_not_name(story: Story) -> None:
    coordinator(story, "Cleo")
    incident = story.reports(who="Carol", restricted=True)
    ref = story.plans(incident)
    assert ref is not None
    assert ref in listed(story, "Carol")
    assert reads(story, "Carol", ref).ref == ref
    with pytest.raises(NotFound):
        reads(story, "Cleo", ref)
    assert ref not in listed(story, "Cleo")


def test_unknown_means_ask_and_only_the_name_is_shown(story: Story) -> None:
    story.organisation.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    assert ref in listed(story, "Carol")
    with pytest.raises(ConflictUnknown):
        reads(story, "Carol", ref)
    question = uses(story, "Carol", line_question, ref=ref)
    assert (question.ref, question.person) == (ref, "Kim Vega")
    uses(story, "Carol", declare_line, ref=ref, is_clear=True)
    assert reads(story, "Carol", ref).person == "Kim Vega"
    assert uses(story, "Carol", line_question, ref=ref) is None
    with story.organisation.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        said = [one["codes"] for one in lines(uow.session, f"case:{case.id}") if one["what"] == "case.line_declared"]
    assert said == [{"clear": True}]


def test_an_answer_that_nobody_asked_for_changes_nothing(story: Story) -> None:
    ref = case_of(story, "Robin Ashe")
    uses(story, "Carol", declare_line, ref=ref, is_clear=False)
    assert reads(story, "Carol", ref).ref == ref
    with pytest.raises(NotFound):
        uses(story, "Quinn", declare_line, ref=ref, is_clear=True)


def test_a_practitioner_says_whether_there_is_a_line_on_accepting(story: Story) -> None:
    made = story.organisation
    made.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    uses(story, "Carol", declare_line, ref=ref, is_clear=True)
    story.is_accepted(ref)
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    assert reads(story, "Pat", ref).person == "Kim Vega"
    page = opens(story, "Pat", "accept_allocation", ref)
    assert [(field.name, field.required) for field in page.fields] == [("not_in_line", True)]
    for answer, code in (({}, "missing"), ({"not_in_line": False}, "conflict_declared")):
        with pytest.raises(InvalidInput) as caught:
            story.does("Pat", "accept_allocation", ref, **answer)
        assert caught.value.problems["not_in_line"].code == code
    story.does("Pat", "accept_allocation", ref, not_in_line=True)
    assert reads(story, "Pat", ref).standing == "own"


def test_nobody_is_asked_about_a_line_that_is_known(story: Story) -> None:
    ref = story.is_accepted(case_of(story, "Robin Ashe"))
    story.does("Carol", "allocate", ref, practitioner=story.organisation.accounts["Pat"].id)
    assert opens(story, "Pat", "accept_allocation", ref).fields == ()


def test_reasons_private_to_a_practitioner_read_not_available(story: Story) -> None:
    made = story.organisation
    leads(story, "Pat Cole", "Robin Ashe")
    made.add_person("Dee Fox")
    made.add_account("Dee", Role.PRACTITIONER, person="Dee Fox")
    ref = story.is_accepted(case_of(story, "Robin Ashe"))
    uses(story, "Lee", exclude, ref=ref, account_id=made.accounts["Quinn"].id)
    page = opens(story, "Carol", "allocate", ref)
    assert {one.name: one.obstacles for one in page.candidates} == {
        "Dee": (),
        "Pat": ("line_manager",),
        "Quinn": ("not_available",),
    }
    for name in ("Pat", "Quinn"):
        with pytest.raises(InvalidInput):
            story.does("Carol", "allocate", ref, practitioner=made.accounts[name].id)


def test_not_by_this_person_takes_back_what_was_asked_and_can_be_undone(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(case_of(story, "Robin Ashe"))
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    assert "Pat" in [name for _, name in uses(story, "Carol", exclusion_page, ref=ref).choices]
    uses(story, "Carol", exclude, ref=ref, account_id=made.accounts["Pat"].id, reason="Close friends.")
    assert story.state(ref) == "to_allocate"
    with pytest.raises(NotFound):
        reads(story, "Pat", ref)
    with pytest.raises(InvalidInput):
        uses(story, "Carol", exclude, ref=ref, account_id=made.accounts["Pat"].id)
    (kept,) = reads(story, "Carol", ref).kept_away
    assert kept.name == "Pat"
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        said = [one for one in lines(uow.session, f"case:{case.id}") if one["what"] == "case.exclusion_recorded"]
    assert said[0]["codes"] == {"account": made.accounts["Pat"].id}
    assert "Close friends" not in str(said)
    uses(story, "Carol", lift_exclusion, ref=ref, exclusion_id=kept.exclusion_id)
    assert reads(story, "Carol", ref).kept_away == ()
    with pytest.raises(NotFound):
        uses(story, "Carol", lift_exclusion, ref=ref, exclusion_id=kept.exclusion_id)


def test_a_practitioner_who_is_kept_away_loses_sight_at_once(story: Story) -> None:
    ref = story.supported_case()
    uses(story, "Carol", exclude, ref=ref, account_id=story.organisation.accounts["Pat"].id)
    with pytest.raises(NotFound):
        reads(story, "Pat", ref)


def test_who_is_asked_cannot_keep_others_away(story: Story) -> None:
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=story.organisation.accounts["Pat"].id)
    with pytest.raises(NotFound):
        uses(story, "Pat", exclusion_page, ref=ref)


def test_a_question_to_somebody_away_is_taken_back_and_a_hand_over_refused_changes_nothing(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    story.does("Carol", "withdraw_proposal", ref)
    assert story.state(ref) == "to_allocate"
    with pytest.raises(NotFound):
        reads(story, "Pat", ref)
    story.is_allocated(ref, "Pat")
    for answer, who in (("decline_allocation", "Quinn"), ("withdraw_proposal", "Carol")):
        story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
        story.does(who, answer, ref)
        assert story.state(ref) == "awaiting_first_assessment"
        assert [step.name for step in reads(story, "Pat", ref).steps] == ["first_assessment"]
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
    story.does("Quinn", "accept_allocation", ref)
    assert reads(story, "Quinn", ref).standing == "own"
    with pytest.raises(NotFound):
        reads(story, "Pat", ref)


def test_whoever_comes_back_may_meet_the_practitioner_they_knew(story: Story) -> None:
    ref = story.supported_case()
    story.does("Pat", "withdraw", ref)
    story.does("Carol", "undo_decline", ref)
    assert reads(story, "Carol", ref).practitioner is None
    story.is_allocated(ref, "Pat")
    assert reads(story, "Pat", ref).standing == "own"

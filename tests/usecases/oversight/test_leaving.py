"""Whoever leaves loses sight at once; their cases stay with the coordinators until somebody else accepts each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from tests.support.trail_lines import lines_of
from tests.usecases.cases.test_conflicts import leads
from trim.domain.access import Role
from trim.domain.errors import Forbidden, NotFound
from trim.domain.incident import ExposedPerson
from trim.store import accounts, notices
from trim.usecases.cases.read_case import read_case
from trim.usecases.oversight.board import board
from trim.usecases.oversight.leaving import PAGE, cases_of, unattended
from trim.usecases.oversight.lists import list_cases
from trim.usecases.oversight.today import today
from trim.usecases.people.accounts import deactivate_account, end_role, give_role


def leaves(made: Organisation, name: str = "Pat") -> None:
    with made.backend.writing() as uow:
        deactivate_account(uow, made.actor("Adam"), now=made.now, account_id=made.accounts[name].id)


def list_of(story: Story, who: str = "Carol", name: str | None = None):
    made = story.organisation
    with made.backend.writing() as uow:
        if name is None:
            return unattended(uow, made.actor(who), now=made.now)
        return cases_of(uow, made.actor(who), now=made.now, account_id=made.accounts[name].id)


def refs(found) -> list[str]:
    return [one.row.ref for one in found.rows]


def reads(story: Story, ref: str, who: str):
    made = story.organisation
    with made.backend.writing() as uow:
        return read_case(uow, made.actor(who), now=made.now, ref=ref)


def another(story: Story, name: str, unit: str = "North") -> str:
    made = story.organisation
    person = made.add_person(name, unit)
    exposed = (ExposedPerson(exposure="direct", person_id=person.id),)
    ref = story.plans(story.reports(exposed=exposed, unit_id=made.units[unit].id), who="Lee")
    assert ref is not None
    story.does("Lee", "make_offer", ref, channel="phone")
    story.does("Lee", "record_acceptance", ref)
    return ref


@pytest.mark.care(11)
@pytest.mark.parametrize("way", ["account", "role"])
def test_a_case_is_unattended_from_the_moment_its_practitioner_leaves_until_somebody_accepts(story: Story, way: str):
    made, ref = story.organisation, story.supported_case()
    assert refs(list_of(story)) == []
    if way == "account":
        leaves(made)
    else:
        with made.backend.writing() as uow:
            [grant] = accounts.grants_not_ended(uow.session, made.accounts["Pat"].id, made.now)
            end_role(uow, made.actor("Adam"), now=made.now, grant_id=grant.id)
    with pytest.raises(NotFound):
        reads(story, ref, "Pat")
    [one] = list_of(story).rows
    assert (one.row.name, one.practitioner, one.practitioner_left, one.action) == (
        "Robin Ashe",
        "Pat",
        True,
        "hand_over",
    )
    assert [due.what.en for due in one.due] == ["First interview"]
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
    [one] = list_of(story).rows
    assert (one.asked, one.asked_left, one.practitioner) == ("Quinn", False, "Pat")
    story.does("Quinn", "decline_allocation", ref)
    assert refs(list_of(story)) == [ref]
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
    assert not reads(story, ref, "Quinn").reads_content
    story.does("Quinn", "accept_allocation", ref)
    assert refs(list_of(story)) == []
    assert reads(story, ref, "Quinn").reads_content


@pytest.mark.care(11)
def test_a_role_that_ends_by_its_date_leaves_nothing_behind_in_silence(story: Story):
    made = story.organisation
    made.add_account("Dora")
    with made.backend.writing() as uow:
        give_role(
            uow,
            SETUP,
            now=made.now,
            account_id=made.accounts["Dora"].id,
            role=Role.PRACTITIONER,
            programme="trim",
            unit_id=made.units["North"].id,
            until=made.now + timedelta(days=2),
        )
    from trim.usecases.people.accounts import record_training

    with made.backend.writing() as uow:
        day = made.now.date()
        record_training(
            uow,
            SETUP,
            now=made.now,
            account_id=made.accounts["Dora"].id,
            programme="trim",
            trained_on=day,
            valid_until=day + timedelta(days=100),
        )
    ref = story.is_allocated(story.is_accepted(story.opens_case()), "Dora")
    reads(story, ref, "Dora")
    made.later(days=2)
    with pytest.raises(NotFound):
        reads(story, ref, "Dora")
    assert refs(list_of(story)) == [ref]


def test_somebody_who_was_asked_and_left_is_taken_back(story: Story):
    made, ref = story.organisation, story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Quinn"].id)
    assert refs(list_of(story)) == []
    leaves(made, "Quinn")
    [one] = list_of(story).rows
    assert (one.asked, one.asked_left, one.action) == ("Quinn", True, "withdraw_proposal")
    story.does("Carol", "withdraw_proposal", ref)
    assert refs(list_of(story)) == []
    assert story.state(ref) == "to_allocate"


def test_a_planned_leave_begins_before_the_account_is_ended(story: Story):
    made, ref = story.organisation, story.supported_case()
    found = list_of(story, name="Pat")
    assert (found.name, found.has_left, refs(found)) == ("Pat", False, [ref])
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Quinn"].id)
    assert reads(story, ref, "Pat").reads_content
    story.does("Quinn", "accept_allocation", ref)
    with pytest.raises(NotFound):
        reads(story, ref, "Pat")
    found = list_of(story, name="Pat")
    assert (refs(found), found.has_left) == ([], False)
    leaves(made)
    with pytest.raises(NotFound):
        list_of(story, name="Pat")


@pytest.mark.care(10)
def test_only_cases_of_ones_units_and_without_conflict_are_listed(story: Story):
    made = story.organisation
    north, south = story.supported_case(), another(story, "Sol Vane", "South")
    for ref in (south, hidden := another(story, "Kit Moor")):
        story.does("Lee", "allocate", ref, practitioner=made.accounts["Pat"].id)
        story.does("Pat", "accept_allocation", ref)
    leads(story, "Carol Elm", "Kit Moor")
    leaves(made)
    assert refs(list_of(story)) == [north]
    assert refs(list_of(story, name="Pat")) == [north]
    assert set(refs(list_of(story, "Lee"))) == {north, south, hidden}


@pytest.mark.parametrize("who", ["Pat", "Rita", "Hana", "Adam", "Ada"])
def test_nobody_else_may_look(story: Story, who: str):
    story.supported_case()
    with pytest.raises(Forbidden):
        list_of(story, who)
    with pytest.raises(Forbidden):
        list_of(story, who, "Quinn")


def test_a_stranger_to_the_units_is_nobody(story: Story):
    for name in ("Hana", "Rita"):
        with pytest.raises(NotFound):
            list_of(story, name=name)


@pytest.mark.care(12)
def test_coordinators_are_told_alike_whether_or_not_there_are_cases(story: Story):
    made = story.organisation
    story.supported_case()
    for leaver in ("Pat", "Quinn"):
        leaves(made, leaver)
        with made.backend.reading() as uow:
            told = [
                one.kind
                for name in ("Carol", "Lee")
                for one in notices.newest(uow.session, made.accounts[name].id)
                if one.subject_ref == made.accounts[leaver].id[:16]
            ]
        assert told == ["practitioner_left"] * 2
    assert [one.get("codes", {}) for one in lines_of(made, "Pat") if one["what"] == "account.deactivated"] == [{}]
    leaves(made, "Rita")
    with made.backend.reading() as uow:
        assert not any(
            one.subject_ref == made.accounts["Rita"].id[:16]
            for one in notices.newest(uow.session, made.accounts["Carol"].id)
        )


def test_the_board_shows_the_first_and_how_many_and_the_list_is_in_the_trail(story: Story):
    made = story.organisation
    for number in range(6):
        ref = another(story, f"Person {number}")
        story.does("Lee", "allocate", ref, practitioner=made.accounts["Pat"].id)
        story.does("Pat", "accept_allocation", ref)
    leaves(made)
    with made.backend.writing() as uow:
        found = board(uow, made.actor("Carol"), now=made.now)
    assert (len(found.unattended), found.unattended_count) == (5, 6)
    list_of(story)
    line = lines_of(made, "Carol")[-1]
    assert (line["what"], line["subject"], line["codes"]) == ("list.read", "list:leaving", {"rows": 6})
    assert len(found.unattended) < 6 < PAGE


@pytest.mark.care(11)
@pytest.mark.care(24)
def test_a_newcomer_sees_nothing_until_they_accept(story: Story):
    made, ref = story.organisation, story.supported_case()
    leaves(made)
    made.add_account("Nova", Role.PRACTITIONER)
    with made.backend.writing() as uow:
        day = today(uow, made.actor("Nova"), now=made.now)
        assert (day.due.rows, day.asked, day.begun) == ((), (), ())
    with pytest.raises(NotFound):
        reads(story, ref, "Nova")
    with pytest.raises(Forbidden):
        list_of(story, "Nova")
    story.does("Carol", "hand_over", ref, practitioner=made.accounts["Nova"].id)
    offer = reads(story, ref, "Nova")
    assert (offer.standing, offer.interviews, offer.timeline, offer.practitioner) == ("proposed", (), (), None)
    story.does("Nova", "accept_allocation", ref)
    assert reads(story, ref, "Nova").timeline


@pytest.mark.care(11)
def test_a_deputys_cover_ends_on_the_minute_in_lists_and_on_the_case(story: Story):
    made, ref = story.organisation, story.supported_case()
    made.add_account("Dan")
    with made.backend.writing() as uow:
        give_role(
            uow,
            SETUP,
            now=made.now,
            account_id=made.accounts["Dan"].id,
            role=Role.COORDINATOR,
            programme="trim",
            unit_id=made.units["North"].id,
            until=made.now + timedelta(days=1),
        )
    made.later(hours=23, minutes=59)
    assert reads(story, ref, "Dan").standing == "oversees"
    with made.backend.writing() as uow:
        assert [one.ref for one in list_cases(uow, made.actor("Dan"), now=made.now).listed.rows] == [ref]
    made.later(minutes=1)
    with pytest.raises(NotFound):
        reads(story, ref, "Dan")
    with made.backend.writing() as uow:
        assert list_cases(uow, made.actor("Dan"), now=made.now).listed.rows == ()
    with pytest.raises(NotFound):
        story.does("Dan", "raise_red_flag", ref, level="now")
    assert made.actor("Dan").grants == ()

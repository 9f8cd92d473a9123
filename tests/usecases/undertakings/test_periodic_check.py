"""Checks at intervals with no event behind them (CARE 22): the next one is always there, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from tests.support.groups import case_of, led, opens, party, reads, running_check
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotFound
from trim.store import cases, undertakings
from trim.store.tables import Step

KIND = "periodic_check"


def rows(story: Story, ref: str) -> list[Step]:
    with story.organisation.backend.reading() as uow:
        row = undertakings.load(uow.session, ref)
        query = select(Step).where(col(Step.subject_id) == row.id, col(Step.name) == "check")
        return sorted(uow.session.scalars(query), key=lambda one: one.number)


@pytest.mark.care(22)
def test_the_check_comes_back_counted_from_the_one_before(story: Story) -> None:
    made = story.organisation
    ref = running_check(made)
    for _ in range(3):
        made.later(days=80)
        story.does("Pat", "record_check", ref, kind=KIND, held_at=made.now, channel="phone")
    found = rows(story, ref)
    assert [(one.number, one.state, one.anchor) for one in found] == [
        (1, "done", "now"), (2, "done", "repetition.done_at"), (3, "done", "repetition.done_at"),
        (4, "open", "repetition.done_at"),
    ]  # fmt: skip
    assert len({one.series_id for one in found}) == 1
    assert found[-1].anchor_at == made.now
    (step,) = reads(made, "Pat", ref).steps
    assert step.number == 4


def test_the_database_itself_refuses_a_repetition_that_is_there_already(story: Story) -> None:
    ref = running_check(story.organisation)
    (row,) = rows(story, ref)
    again = {name: getattr(row, name) for name in Step.__table__.columns.keys()}  # noqa: SIM118 - columns are no mapping
    with pytest.raises(IntegrityError), story.organisation.backend.writing() as uow:
        uow.session.add(Step(**{**again, "id": "f" * 32}))
        uow.session.flush()


def test_it_stops_with_the_last_state_and_leaves_nothing_open(story: Story) -> None:
    ref = running_check(story.organisation)
    story.does("Carol", "end", ref, kind=KIND)
    assert [one.state for one in rows(story, ref)] == ["cancelled"]


@pytest.mark.care(22)
def test_a_check_can_lead_to_an_offer_without_a_word(story: Story) -> None:
    made = story.organisation
    ref = running_check(made)
    story.does("Pat", "offer_contact", ref, kind=KIND, party=party(made, ref, "Robin Ashe"))
    case_ref = case_of(made, ref, "Robin Ashe")
    assert case_ref is not None
    with made.backend.reading() as uow:
        case = cases.load(uow.session, "case", case_ref)
        assert (case.state, case.came_by) == ("offer_to_make", "offered")
    # Who has support already keeps it: the same case, not a second one.
    again = running_check(made)
    story.does("Pat", "offer_contact", again, kind=KIND, party=party(made, again, "Robin Ashe"))
    assert case_of(made, again, "Robin Ashe") == case_ref


@pytest.mark.care(10)
def test_nobody_checks_on_themselves_on_whom_they_lead_or_on_who_leads_them(story: Story) -> None:
    made = story.organisation
    made.add_account("Lena", Role.COORDINATOR, person="Robin Ashe")
    ref = led(made, opens(made, KIND), KIND)
    with pytest.raises(InvalidInput) as refused:
        story.does("Lena", "enrol", ref, kind=KIND, person="Robin Ashe", role="other")
    assert refused.value.problems["person"].code == "yourself"
    story.does("Carol", "enrol", ref, kind=KIND, person="Robin Ashe", role="other")
    with pytest.raises(NotFound):
        reads(made, "Lena", ref)


def test_one_person_and_no_second(story: Story) -> None:
    made = story.organisation
    ref = running_check(made)
    assert [(one.name, one.part) for one in reads(made, "Carol", ref).people] == [("Robin Ashe", "checked")]
    with pytest.raises(InvalidInput):
        story.does("Carol", "name_leader", ref, kind=KIND, leader=made.accounts["Hana"].id)


def test_a_pause_of_the_checks_stands_on_the_coordinators_list(story: Story) -> None:
    made = story.organisation
    ref = running_check(made)
    day = (made.now + timedelta(days=40)).date()
    story.does("Pat", "pause", ref, kind=KIND, reason="away", look_again_on=day)
    steps = {one.name: one for one in reads(made, "Carol", ref).steps}
    assert steps["check"].is_paused
    assert steps["pause_review"].who == "coordinator"

"""Requests and concerns: what each leaves behind, and what a concern must not leave (CARE 13)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from tests.support.straw import STRAW, add_straw, agreed_step, asked_case, supported_case, talks
from trim.domain.errors import Forbidden, InvalidInput, NotFound
from trim.store import cases, facts
from trim.store.tables import AgreedStep, CaseLink, CaseRequest, FactIntake, Person, Step, SupportCase, TrailEntry
from trim.usecases.cases.read_case import read_case
from trim.usecases.counting import handle
from trim.usecases.requests.ask import ask_for_support
from trim.usecases.requests.concern import send_concern
from trim.usecases.requests.record import record_request
from trim.usecases.retention.erase import erase

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def both(organisation: Organisation) -> Organisation:
    add_straw(organisation)
    return organisation


def concern(both: Organisation, who: str = "Robin Ashe", sender: str = "Rita", **more: Any) -> str:
    given = {"programme": STRAW, "unit_id": both.units["North"].id, "as_whom": "manager", "note": "Very quiet.", **more}
    before = refs(both)
    with both.backend.writing() as uow:
        send_concern(uow, both.actor(sender), now=both.now, who=who, **given)
    return next(iter(refs(both) - before), "")


def refs(both: Organisation) -> set[str]:
    with both.backend.reading() as uow:
        return cases.refs_of_programme(uow.session, STRAW)


def lines(both: Organisation, ref: str) -> list[dict[str, Any]]:
    """The lines of the trail about a case, as they are stored."""
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        rows = uow.session.scalars(select(TrailEntry).where(TrailEntry.chain == f"case:{case.id}"))
        return [json.loads(one.text) for one in rows]


def counted(both: Organisation, ref: str, kind: str, slot: str = "") -> bool:
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        name = handle(uow, kind, case.id, slot, "2026-Q1")
        return bool(facts.known(uow.session, {name}))


@pytest.mark.care(13)
def test_the_trail_of_a_concern_reads_as_that_of_a_request(both: Organisation) -> None:
    both.add_account("Robin", person="Robin Ashe")
    with both.backend.writing() as uow:
        ask_for_support(uow, both.actor("Robin"), now=both.now, programme=STRAW, note="Evenings.")
    [asked] = refs(both)
    worried = concern(both, "Sam Birch")
    told = [[(one["what"], one["actor"], one.get("codes")) for one in lines(both, ref)] for ref in (asked, worried)]
    assert told[0] == told[1]
    whole = json.dumps(lines(both, asked) + lines(both, worried))
    for name in ("Robin", "Rita"):
        assert both.accounts[name].id not in whole


@pytest.mark.care(13)
def test_a_declined_concern_leaves_no_word_and_no_figure(both: Organisation) -> None:
    ref = concern(both)
    assert not counted(both, ref, "case_opened")
    Story(both).does("Carol", "record_decline", ref)
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        assert (case.came_by, case.state) == ("request", "declined")
        assert uow.session.scalars(select(CaseRequest)).all() == []
    assert not counted(both, ref, "offer_answered")
    # As one that was asked for and declined, but for its figures: there the person asked themselves.
    other = asked_case(both)
    assert counted(both, other, "case_opened")


def test_an_accepted_concern_is_counted_like_any_case(both: Organisation) -> None:
    ref = concern(both)
    story = Story(both)
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_acceptance", ref)
    assert counted(both, ref, "case_opened")
    with both.backend.reading() as uow:
        assert len(cases.requests(uow.session, cases.load(uow.session, "case", ref).id)) == 1


@pytest.mark.care(13)
def test_whatever_there_is_a_sender_learns_nothing(both: Organisation) -> None:
    supported_case(both, whom="Robin Ashe")
    with both.backend.writing() as uow:
        answers = [
            send_concern(
                uow,
                both.actor("Rita"),
                now=both.now,
                programme=STRAW,
                who=who,
                unit_id=both.units["North"].id,
                as_whom="colleague",
            )
            for who in ("Robin Ashe", "Sam Birch", "Somebody New")
        ]
    assert answers == [None, None, None]
    with pytest.raises(InvalidInput):
        concern(both, "Carol Elm", sender="Carol")
    with pytest.raises(NotFound):
        concern(both, programme="trim")
    with pytest.raises(InvalidInput):
        concern(both, as_whom="hr")


def test_a_request_is_noted_within_ones_own_units_and_programmes(both: Organisation) -> None:
    def note(who: str, unit: str = "North", days: int = 0, programme: str = STRAW) -> str | None:
        with both.backend.writing() as uow:
            return record_request(
                uow,
                both.actor(who),
                now=both.now,
                programme=programme,
                who="Robin Ashe",
                unit_id=both.units[unit].id,
                asked_on=(both.now - timedelta(days=days)).date(),
            ).case_ref

    for who in ("Pat", "Rita", "Hana", "Adam"):
        with pytest.raises(Forbidden):
            note(who)
    with pytest.raises(InvalidInput):
        note("Carol", days=-1)
    # A practitioner notes it and does not see the case.
    assert note("Quinn", days=3) is None
    [ref] = refs(both)
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        [step] = uow.session.scalars(select(Step).where(Step.case_id == case.id)).all()
    assert step.anchor == "case.requested_at"
    assert step.due_at.date() == (both.now - timedelta(days=2)).date()
    # Whoever asks twice has one case.
    assert note("Carol") == ref
    assert refs(both) == {ref}


def test_somebody_without_a_person_cannot_ask(both: Organisation) -> None:
    with both.backend.writing() as uow, pytest.raises(Forbidden):
        ask_for_support(uow, both.actor("Rita"), now=both.now, programme=STRAW)


def test_each_tag_is_one_figure_and_goes_when_it_was_a_slip(both: Organisation) -> None:
    ref = supported_case(both)
    assert counted(both, ref, "theme", "tag work demands")
    assert counted(both, ref, "theme", "tag outside finance")
    assert not counted(both, ref, "theme", "tag work change")
    with both.backend.reading() as uow:
        before = len(uow.session.scalars(select(FactIntake)).all())
    both.later(days=20)
    talks(both, ref, "Quinn", "record_review", work="demands change")
    assert counted(both, ref, "theme", "tag work change")
    with both.backend.reading() as uow:
        # Named in two talks of one quarter it counts once: the newer fact stands in its place.
        assert len(uow.session.scalars(select(FactIntake)).all()) > before


@pytest.mark.care(21)
def test_a_linked_case_needs_the_person_and_a_programme(both: Organisation) -> None:
    ref, story = supported_case(both), Story(both)
    for wrong in ({"agreed": False, "programme": "trim"}, {"agreed": True, "programme": "straw"}, {"agreed": True}):
        with pytest.raises(InvalidInput):
            story.does("Quinn", "open_linked_case", ref, **wrong)
    story.does("Quinn", "open_linked_case", ref, agreed=True, programme="trim", may_know="At night.")
    with pytest.raises(InvalidInput):
        story.does("Quinn", "open_linked_case", ref, agreed=True, programme="trim")
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        [(_, other)] = cases.linked_with(uow.session, case.id)
        assert (other.programme, other.came_by, other.person_index) == ("trim", "linked", case.person_index)
        assert [one.id for _, one in cases.linked_with(uow.session, other.id)] == [case.id]
    # Quinn practises in both programmes, and still has no business in the other case.
    with both.backend.writing() as uow, pytest.raises(NotFound):
        read_case(uow, both.actor("Quinn"), now=both.now, ref=other.ref)


@pytest.mark.care(26)
def test_whoever_stops_is_left_in_peace_by_the_plan_too(both: Organisation) -> None:
    ref = supported_case(both)
    agreed_step(both, ref)
    Story(both).does("Quinn", "withdraw", ref)
    with both.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        open_now = uow.session.scalars(select(Step).where(Step.case_id == case.id, Step.state == "open"))
        assert open_now.all() == []


def test_a_case_of_straw_is_erased_with_all_that_belongs_to_it(both: Organisation) -> None:
    ref = supported_case(both)
    agreed_step(both, ref)
    Story(both).does("Quinn", "open_linked_case", ref, agreed=True, programme="trim")
    with both.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref, lock=True)
        erase(uow, SETUP, now=both.now, subject=case, rule="supported")
    with both.backend.reading() as uow:
        assert uow.session.scalars(select(AgreedStep)).all() == []
        assert uow.session.scalars(select(CaseLink)).all() == []
        [left] = uow.session.scalars(select(SupportCase)).all()
        assert left.programme == "trim"
        assert uow.session.get(Person, both.people["Sam Birch"].id) is not None

"""Who leads whom, beside cases (CARE 10): known keeps out, unknown means ask, and lists say what pages say."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.groups import held_session, led, opens, reads, running_check, takes
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import lines
from trim.domain.access import Role
from trim.domain.errors import ConflictUnknown, InvalidInput, NotFound
from trim.store import undertakings
from trim.store.tables import Notice
from trim.usecases.undertakings.declare import LineQuestion, declare_line, line_question
from trim.usecases.undertakings.lists import list_undertakings

pytestmark = pytest.mark.care(10)
KIND = "periodic_check"


def asks(made: Organisation, who: str, ref: str) -> LineQuestion | None:
    with made.backend.writing() as uow:
        return line_question(uow, made.actor(who), now=made.now, ref=ref)


def says(made: Organisation, who: str, ref: str, *, is_clear: bool) -> None:
    with made.backend.writing() as uow:
        declare_line(uow, made.actor(who), now=made.now, ref=ref, is_clear=is_clear)


def listed(made: Organisation, who: str) -> list[str]:
    with made.backend.writing() as uow:
        return [one.ref for one in list_undertakings(uow, made.actor(who), now=made.now).rows]


@pytest.fixture
def unknown(organisation: Organisation) -> str:
    """Checks of somebody whose line manager nobody knows, led by Pat."""
    organisation.add_person("Kim Vega", line_manager_known=False)
    return running_check(organisation, "Kim Vega")


@pytest.mark.parametrize("who", ["Carol", "Pat"])
def test_unknown_means_ask_and_only_the_name_is_shown(organisation: Organisation, unknown: str, who: str) -> None:
    made = organisation
    assert listed(made, who) == [unknown]
    with pytest.raises(ConflictUnknown):
        reads(made, who, unknown)
    with pytest.raises(ConflictUnknown):
        Story(made).does(who, "record_check", unknown, kind=KIND, held_at=made.now, channel="phone")
    assert asks(made, who, unknown) == LineQuestion(unknown, ("Kim Vega",))
    says(made, who, unknown, is_clear=True)
    assert [one.name for one in reads(made, who, unknown).people] == ["Kim Vega"]
    assert asks(made, who, unknown) is None
    with made.backend.reading() as uow:
        chain = f"undertaking:{undertakings.load(uow.session, unknown).id}"
        said = [one["codes"] for one in lines(uow.session, chain) if one["what"] == "undertaking.line_declared"]
    assert said == [{"clear": True}]


def test_a_leader_in_line_leads_no_more_and_somebody_else_is_sought(organisation: Organisation, unknown: str) -> None:
    made = organisation
    says(made, "Carol", unknown, is_clear=True)
    says(made, "Pat", unknown, is_clear=False)
    with pytest.raises(NotFound):
        reads(made, "Pat", unknown)
    assert listed(made, "Pat") == []
    assert reads(made, "Carol", unknown).leaders == ()
    with made.backend.reading() as uow:
        told = [one for one in uow.session.scalars(select(Notice)) if one.kind == "leader_missing"]
    assert {one.recipient_id for one in told} == {made.accounts["Carol"].id, made.accounts["Lee"].id}
    led(made, unknown, KIND, "Quinn")
    with pytest.raises(InvalidInput) as refused:
        led(made, unknown, KIND, "Pat")
    assert refused.value.problems["leader"].code == "not_a_leader"


def test_an_answer_that_nobody_asked_for_changes_nothing(organisation: Organisation) -> None:
    made = organisation
    ref = running_check(made)
    says(made, "Pat", ref, is_clear=False)
    assert reads(made, "Pat", ref).leads
    with pytest.raises(NotFound):
        says(made, "Quinn", ref, is_clear=True)


def test_an_answer_counts_for_those_who_were_named_by_then(organisation: Organisation) -> None:
    made, story = organisation, Story(organisation)
    takes(made, "mentoring")
    for name in ("Kim Vega", "Lou Marsh"):
        made.add_person(name, line_manager_known=False)
    ref = led(made, opens(made, "pair", programme="mentoring"), "pair")
    story.does("Carol", "name_person", ref, kind="pair", person="Kim Vega", part="mentor")
    says(made, "Carol", ref, is_clear=True)
    made.later(minutes=1)
    story.does("Carol", "name_person", ref, kind="pair", person="Lou Marsh", part="mentee")
    with pytest.raises(ConflictUnknown):
        reads(made, "Carol", ref)
    says(made, "Carol", ref, is_clear=True)
    assert len(reads(made, "Carol", ref).people) == 2


def test_whoever_is_in_line_neither_leads_nor_lists_it(organisation: Organisation) -> None:
    made, story = organisation, Story(organisation)
    made.add_account("Robin", Role.COORDINATOR, Role.PRACTITIONER, person="Robin Ashe")
    made.add_person("Kim Vega", line_manager_id=made.people["Robin Ashe"].id)
    ref = running_check(made, "Kim Vega")
    assert listed(made, "Robin") == []
    with pytest.raises(NotFound):
        reads(made, "Robin", ref)
    with pytest.raises(InvalidInput) as refused:
        led(made, ref, KIND, "Robin")
    assert refused.value.problems["leader"].code == "not_a_leader"
    # The other way round: the leader is there first.
    other = led(made, opens(made, KIND), KIND, "Robin")
    with pytest.raises(InvalidInput) as refused:
        story.does("Carol", "enrol", other, kind=KIND, person="Kim Vega", role="other")
    assert refused.value.problems["person"].code == "leader_in_line"


def test_of_a_group_nobody_is_asked(organisation: Organisation) -> None:
    """Nothing is written about one person there, and whoever leads it cannot ask about a whole watch."""
    made = organisation
    made.add_person("Kim Vega", line_manager_known=False)
    ref = held_session(made, "Kim Vega")
    assert [one.name for one in reads(made, "Pat", ref).people] == ["Kim Vega"]
    assert listed(made, "Pat") == [ref]

"""An opening ends before its time; the person is told later only for a recorded reason, and not for ever (CARE 15)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.break_glass.outside import chain_of, openings, opens, with_cora
from trim.domain.access import person_of_case
from trim.domain.errors import InvalidInput, KeyDestroyed, NotFound
from trim.store.tables import BreakGlass, SupportCase
from trim.usecases.break_glass.end_opening import end_delay, end_opening
from trim.usecases.break_glass.open_case import Delay
from trim.usecases.cases.read_case import read_case
from trim.usecases.ledger.read_ledger import ledger_of
from trim.usecases.retention.erase import erase, finish_erasures


def ends(story: Story, ref: str, who: str, what=end_opening) -> None:
    made = story.organisation
    with made.backend.writing() as uow:
        what(uow, made.actor(who), now=made.now, ref=ref, opening_id=openings(made)[-1].id)


def words(story: Story, ref: str) -> list[str]:
    """The code words that the person's own ledger shows, with the readings of Cora."""
    made = story.organisation
    with made.backend.writing() as uow:
        case = uow.session.scalars(select(SupportCase).where(SupportCase.ref == ref)).one()
        shown = ledger_of(uow, person_of_case(case.id), now=made.now)
    return [
        one.what
        for day in shown.days
        for who in day.who
        for one in who.happened
        if who.name == "Cora" or one.what.startswith("break_glass.")
    ]


def delay(now: datetime, **more) -> Delay:
    values = {"ground": "puts_in_danger", "reason": "The one who hurts her reads her mail.", **more}
    return Delay(until=now + timedelta(days=7), **values)


@pytest.mark.parametrize("who", ["Cora", "Carol", "Lee"])
def test_it_is_ended_by_whoever_opened_it_and_by_those_who_oversee(story: Story, who: str):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref)
    ends(story, ref, who)
    with made.backend.writing() as uow, pytest.raises(NotFound):
        read_case(uow, made.actor("Cora"), now=made.now, ref=ref)
    [row] = openings(made)
    assert (row.ended_at, row.ended_by) == (made.now, made.accounts[who].id)
    with made.backend.reading() as uow:
        assert lines(uow.session, chain_of(made, ref))[-1]["what"] == "break_glass.ended"
    before = len(lines_of_case(story, ref))
    ends(story, ref, who)
    assert len(lines_of_case(story, ref)) == before


def lines_of_case(story: Story, ref: str) -> list:
    made = story.organisation
    with made.backend.reading() as uow:
        return lines(uow.session, chain_of(made, ref))


@pytest.mark.parametrize("what", [end_opening, end_delay])
def test_nobody_else_ends_anything(story: Story, what):
    made, ref = with_cora(story), story.supported_case()
    made.add_account("Cosmo", *made.actor("Cora").roles, unit="South")
    opens(story, ref, delay=delay(made.now))
    for who in ("Pat", "Cosmo", "Adam", *(["Cora"] if what is end_delay else [])):
        with pytest.raises(NotFound):
            ends(story, ref, who, what)


@pytest.mark.care(15)
def test_the_person_reads_of_it_in_their_ledger_at_once(story: Story):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref)
    with made.backend.writing() as uow:
        read_case(uow, made.actor("Cora"), now=made.now, ref=ref)
    assert set(words(story, ref)) == {"break_glass.opened", "case.read"}


@pytest.mark.care(15)
@pytest.mark.parametrize("by", ["time", "Carol"])
def test_a_delay_keeps_it_back_until_its_day_or_until_a_coordinator_ends_it(story: Story, by: str):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref, delay=delay(made.now))
    with made.backend.writing() as uow:
        read_case(uow, made.actor("Cora"), now=made.now, ref=ref)
    ends(story, ref, "Carol")
    assert words(story, ref) == []
    made.later(hours=5)
    assert words(story, ref) == []
    if by == "time":
        made.later(days=7)
    else:
        ends(story, ref, "Carol", end_delay)
        with made.backend.reading() as uow:
            last = [one for one in lines(uow.session, chain_of(made, ref)) if one["what"].startswith("break_glass.")][
                -1
            ]
        assert (last["what"], last["role"]) == ("break_glass.delay_ended", "coordinator")
    assert {"break_glass.opened", "break_glass.ended", "case.read"} <= set(words(story, ref))


@pytest.mark.care(15)
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ground": "convenient"}, "tell"),
        ({"reason": ""}, "delay_reason"),
        ({"days": 29}, "told_after"),
        ({"days": 0}, "told_after"),
    ],
)
def test_a_delay_has_its_ground_its_reason_and_its_end(story: Story, changed, field):
    made, ref = with_cora(story), story.supported_case()
    days = changed.get("days", 7)
    wanted = delay(made.now, **{name: value for name, value in changed.items() if name != "days"})
    with pytest.raises(InvalidInput) as invalid:
        opens(story, ref, delay=Delay(wanted.ground, wanted.reason, made.now + timedelta(days=days)))
    assert set(invalid.value.problems) == {field}


@pytest.mark.care(15)
def test_those_who_oversee_read_why_the_person_is_told_later(story: Story):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref, delay=delay(made.now))
    with made.backend.writing() as uow:
        [one] = read_case(uow, made.actor("Carol"), now=made.now, ref=ref).openings
        assert read_case(uow, made.actor("Pat"), now=made.now, ref=ref).openings == ()
    assert (one.by, one.delay_ground, one.delay_reason) == (
        "Cora",
        "puts_in_danger",
        "The one who hurts her reads her mail.",
    )
    assert one.told_after == made.now + timedelta(days=7)


@pytest.mark.care(14)
def test_erasure_takes_the_opening_and_its_reason(story: Story):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref)
    [row] = openings(made)
    with made.backend.writing() as uow:
        case = uow.session.scalars(select(SupportCase).where(SupportCase.ref == ref)).one()
        erase(uow, made.actor("Lee"), now=made.now, subject=case, rule="supported")
    finish_erasures(made.backend, made.actor("Lee"), now=made.now)
    with made.backend.reading() as uow:
        assert list(uow.session.scalars(select(BreakGlass))) == []
        with pytest.raises(KeyDestroyed):
            uow.vault.unseal(f"case:{row.case_id}", "break_glass", row.id, row.sealed)
    assert made.actor("Cora").opened_case_ids == frozenset()

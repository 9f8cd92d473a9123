"""Cases stay on the behaviour they began with; their words are live (law 2, decision 19)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.changed_packs import (
    NEW_WORDS,
    brings_in,
    corrected,
    installs,
    later_follow_up,
    other_places,
    renamed,
)
from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import case_of, opens, reads
from trim.engine.definition import ContactPlace, Pack
from trim.engine.durations import Duration
from trim.engine.wording import Text
from trim.store.packs import PackShelf
from trim.store.tables import Assessment, Step, SupportCase
from trim.usecases.people.accounts import record_training


def many_cases(story: Story, number: int) -> list[str]:
    """Cases in every stage: with an offer to make, offered, allocated, interviewed with a low and a high score."""
    made = story.organisation
    with made.backend.writing() as uow:
        today, pat = made.now.date(), made.accounts["Pat"].id
        ends = today + timedelta(days=365)
        record_training(
            uow,
            SETUP,
            now=made.now,
            account_id=pat,
            programme="trim",
            trained_on=today,
            valid_until=ends,
            max_open_cases=number,
        )
    refs = [case_of(story, f"Person {one}") for one in range(number)]
    for one, ref in enumerate(refs):
        if one % 5 >= 1:
            story.does("Lee", "make_offer", ref, channel="phone")
        if one % 5 >= 2:
            story.does("Lee", "record_acceptance", ref)
            story.does("Lee", "allocate", ref, practitioner=made.accounts["Pat"].id)
            story.does("Pat", "accept_allocation", ref)
    made.later(hours=60)
    for one, ref in enumerate(refs):
        if one % 5 >= 3:
            story.interviews(ref, points=one % 5 - 2)
    return refs


def standing(story: Story, refs: list[str]) -> tuple[Any, ...]:
    """Each case as a lead sees it (state, steps, windows, possible actions, scores), and the rows behind it."""
    with story.organisation.backend.reading() as uow:
        rows = [
            [row.model_dump() for row in uow.session.scalars(select(table).order_by(col(table.id)))]
            for table in (Step, SupportCase, Assessment)
        ]
    return {ref: reads(story, "Lee", ref) for ref in refs}, rows


def due(story: Story, ref: str, step: str) -> int:
    """How many days after its anchor an open step of a case is due, whatever the clocks do meanwhile."""
    (found,) = [one for one in reads(story, "Lee", ref).steps if one.name == step]
    return round((found.due_at - found.anchor_at) / timedelta(days=1))


def told(story: Story, ref: str) -> list[Text]:
    """What stands on the page of the red flag of a case."""
    return list(opens(story, "Lee", "raise_red_flag", ref).advice)


def unmoved(organisation: Organisation, number: int) -> None:
    story = Story(organisation)
    refs = many_cases(story, number)
    before = standing(story, refs)
    assert len({file.state for file in before[0].values()}) >= 4
    brings_in(organisation, later_follow_up(trim_pack()))
    assert standing(story, refs) == before
    # They go on under the old rules; what begins now is under the new ones.
    organisation.later(hours=1)
    new = case_of(story, "Somebody new")
    assert due(story, new, "offer") == 40
    story.interviews(refs[2])
    assert due(story, refs[2], "follow_up") == 28
    with organisation.backend.reading() as uow:
        pinned = {one.ref: one.pack_version_id for one in uow.session.scalars(select(SupportCase))}
    assert len({pinned[ref] for ref in refs}) == 1
    assert pinned[new] != pinned[refs[0]]


def test_nothing_moves_for_live_cases_when_a_changed_pack_is_installed(organisation: Organisation) -> None:
    unmoved(organisation, 5)


@pytest.mark.large
def test_nothing_moves_for_a_hundred_live_cases(organisation: Organisation) -> None:
    unmoved(organisation, 100)


@pytest.mark.care(1)
def test_corrected_words_show_on_all_live_cases_at_once_and_stand_in_the_trail(organisation: Organisation) -> None:
    story = Story(organisation)
    refs = [case_of(story, name) for name in ("Sam Birch", "Robin Ashe")]
    assert told(story, refs[0]) == [trim_pack().texts["call_now"]]
    state = Text("The offer has to be made", "La proposition reste à faire")
    assert installs(organisation, corrected(renamed(trim_pack(), "offer_to_make", state)), None).outcome == "installed"
    for ref in refs:
        assert told(story, ref) == [NEW_WORDS]
        assert reads(story, "Lee", ref).state == state
    with organisation.backend.reading() as uow:
        *_before, line = [one for one in lines(uow.session, "organisation") if one["what"] == "pack.installed"]
    assert (line["codes"]["changes"], line["codes"]["version"]) == ("wording", "1.0.1")
    # Back to the words before: the newest installed counts, not the youngest row.
    installs(organisation, trim_pack(), None)
    assert told(story, refs[0]) == [trim_pack().texts["call_now"]]


@pytest.mark.care(1)
def test_words_for_somebody_in_danger_reach_cases_of_an_older_behaviour_and_no_other_words_do(
    organisation: Organisation,
) -> None:
    story = Story(organisation)
    old = case_of(story, "Sam Birch")
    before = reads(story, "Lee", old)
    place = ContactPlace("vicar", Text("Vicar", "Vicaire"))
    newer = later_follow_up(renamed(trim_pack(), "offer_to_make", Text("Other", "Autre")))
    brings_in(organisation, other_places(corrected(newer), place))
    assert told(story, old) == [NEW_WORDS]
    assert reads(story, "Lee", old) == before
    with organisation.backend.reading() as uow:
        pinned = uow.session.scalars(select(SupportCase.pack_version_id)).one()
        pack = uow.pack(pinned)
        assert pack.contacts == (place,)
        assert pack.behaviour_hash == trim_pack().behaviour_hash
        assert uow.shelf.as_installed(uow.session, pinned) == trim_pack()


def test_another_process_notices_newer_words_without_a_restart(organisation: Organisation) -> None:
    installs(organisation, trim_pack(), None)
    other = PackShelf()

    def reads_there() -> Text:
        with organisation.backend.database.reading() as session:
            return other.current(session, "trim")[1].texts["call_now"]

    assert reads_there() == trim_pack().texts["call_now"]
    installs(organisation, corrected(trim_pack()), None)
    assert reads_there() == NEW_WORDS


def test_what_is_installed_is_asked_once_however_many_cases_are_shown(organisation: Organisation) -> None:
    installs(organisation, corrected(trim_pack()), None)
    with organisation.backend.reading() as uow, counted(organisation.backend) as sent:
        version, _pack = uow.shelf.current(uow.session, "trim")
        for _ in range(50):
            uow.pack(version)
    assert len([one for one in sent if "pack_version" in one]) <= 2, "the list once, the text once in a process"


def test_durations_of_the_changed_pack_are_what_the_tests_mean() -> None:
    pack: Pack = later_follow_up(trim_pack())
    assert pack.lifecycles["case"].steps["follow_up"].window.due == Duration.parse("P40D")
    assert pack.behaviour_hash != trim_pack().behaviour_hash
    assert corrected(trim_pack()).behaviour_hash == trim_pack().behaviour_hash

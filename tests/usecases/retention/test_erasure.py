"""What is kept long enough is announced, then erased: nothing opens, the trail holds, supervisors see a stone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.facts_told import told
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import broken_chains, lines
from trim.domain.errors import Forbidden, InvalidInput, KeyDestroyed, NotFound
from trim.store.tables import Incident, Notice, SupportCase, Tombstone, metadata
from trim.usecases.perform import find
from trim.usecases.planning.close_incident import close_incident
from trim.usecases.retention.erase import finish_erasures
from trim.usecases.retention.erase_due import SYSTEM, Night, erase_due
from trim.usecases.retention.legal_hold import legal_holds, lift_legal_hold, set_legal_hold
from trim.usecases.retention.list_tombstones import list_tombstones
from trim.usecases.retention.set_periods import set_period
from trim.vault import erasure_log


@pytest.fixture
def made(organisation: Organisation) -> Organisation:
    return organisation


def declined_case(made: Organisation) -> str:
    story = Story(made)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    return ref


def id_of(made: Organisation, ref: str) -> str:
    with made.backend.reading() as uow:
        return uow.session.scalars(select(SupportCase.id).where(SupportCase.ref == ref)).one()


def night(made: Organisation) -> Night:
    return erase_due(made.backend, now=made.now)


def count(made: Organisation, table) -> int:
    with made.backend.reading() as uow:
        return len(list(uow.session.scalars(select(table))))


@pytest.mark.care(26)
def test_a_declined_case_is_announced_then_erased_and_leaves_a_stone(made):
    ref = declined_case(made)
    case_id = id_of(made, ref)
    with made.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        sealed = case.sealed
        assert len([one for one in told(made) if one.kind == "offer_answered"]) == 1
    assert night(made) == Night()
    made.later(days=70)
    assert night(made) == Night(warned=1)
    assert night(made) == Night()
    with made.backend.reading() as uow:
        notices = list(uow.session.scalars(select(Notice).where(Notice.kind == "erasure_near")))
        names = {account.id: name for name, account in made.accounts.items()}
    assert {names[one.recipient_id] for one in notices} == {"Carol", "Lee"}
    made.later(days=31)
    assert night(made) == Night(erased=1, keys_destroyed=1)
    assert night(made) == Night()
    vault = made.backend.vault
    with pytest.raises(KeyDestroyed):
        vault.unseal(f"case:{case_id}", "support_case", case_id, sealed)
    with pytest.raises(KeyDestroyed):
        vault.digest(f"case:{case_id}", {})
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert [line["what"] for line in lines(uow.session, f"case:{case_id}")][-2:] == [
            "case.erased",
            "case.key_destroyed",
        ]
        [stone] = uow.session.scalars(select(Tombstone))
    assert (stone.kind, stone.ref, stone.rule) == ("case", ref, "declined")
    assert stone.key_destroyed_at is not None
    # Nothing of it was published: its facts went with it. Those of the incident, which is kept, stay.
    assert {one.kind for one in told(made)} == {"incident", "exposed", "response"}
    assert [one.owner for one in erasure_log.read(made.backend.erasures)] == [f"case:{case_id}"]
    assert _rows_naming(made, case_id, ref) <= {"tombstone", "trail_entry", "trail_head", "trail_subject"}


def _rows_naming(made: Organisation, *words: str) -> set[str]:
    """Tables in which any of these ids or references still stands."""
    found = set()
    with made.backend.reading() as uow:
        for table in metadata.sorted_tables:
            for row in uow.session.execute(select(table)):
                if any(isinstance(value, str) and word in value for value in row for word in words):
                    found.add(table.name)
    return found


def test_an_erased_case_is_unknown_to_everybody_and_supervisors_see_that_it_existed(made):
    ref = declined_case(made)
    made.later(days=70)
    night(made)
    made.later(days=31)
    night(made)
    for name in ("Carol", "Lee", "Pat", "Hana", "Adam", "Ada"):
        with made.backend.reading() as uow, pytest.raises(NotFound):
            find(uow, made.actor(name), "case", ref, lock=False)
    with made.backend.writing() as uow:
        page = list_tombstones(uow, made.actor("Carol"), now=made.now)
    assert [(one.kind, one.ref, one.rule) for one in page.stones] == [("case", ref, "declined")]
    for name in ("Pat", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(Forbidden), made.backend.writing() as uow:
            list_tombstones(uow, made.actor(name), now=made.now)
    # A new case for the same person begins as if there had been none.
    assert Story(made).opens_case() != ref


def test_new_activity_postpones_and_voids_the_warning(made):
    ref = declined_case(made)
    made.later(days=70)
    assert night(made).warned == 1
    story = Story(made)
    story.does("Carol", "undo_decline", ref)
    made.later(days=31)
    assert night(made) == Night()
    story.does("Carol", "withdraw", ref)
    made.later(days=100)
    assert night(made) == Night()
    made.later(days=60)
    assert night(made) == Night(warned=1)
    made.later(days=31)
    assert night(made).erased == 1


def test_after_a_long_sleep_of_the_worker_people_are_warned_first(made):
    declined_case(made)
    made.later(days=900)
    assert night(made) == Night(warned=1)
    made.later(days=29)
    assert night(made) == Night()
    made.later(days=2)
    assert night(made).erased == 1


@pytest.mark.care(17)
def test_a_legal_hold_stops_erasure_and_nothing_else(made):
    ref = declined_case(made)
    with made.backend.writing() as uow:
        hold = set_legal_hold(
            uow,
            made.actor("Carol"),
            now=made.now,
            kind="case",
            ref=ref,
            ground="coroner",
            reason="An inquest is announced.",
        )
    with pytest.raises(InvalidInput), made.backend.writing() as uow:
        set_legal_hold(uow, made.actor("Carol"), now=made.now, kind="case", ref=ref, ground="whim", reason=" ")
    for name in ("Pat", "Hana", "Adam"):
        with pytest.raises(NotFound), made.backend.writing() as uow:
            set_legal_hold(uow, made.actor(name), now=made.now, kind="case", ref=ref, ground="court", reason="x")
    made.later(days=400)
    assert night(made) == Night()
    with made.backend.reading() as uow:
        assert not uow.session.scalars(select(Incident)).one().evidence_hold
    with made.backend.writing() as uow:
        [shown] = legal_holds(uow, made.actor("Lee"), now=made.now, kind="case", ref=ref)
        assert (shown.why, shown.lifted_at) == ("An inquest is announced.", None)
    with made.backend.writing() as uow:
        lift_legal_hold(uow, made.actor("Lee"), now=made.now, kind="case", ref=ref, hold_id=hold)
    assert night(made) == Night(warned=1)
    made.later(days=31)
    assert night(made).erased == 1


def test_a_hold_on_the_incident_holds_its_case(made):
    ref = declined_case(made)
    with made.backend.writing() as uow:
        incident = uow.session.scalars(select(Incident)).one()
        set_legal_hold(
            uow,
            made.actor("Carol"),
            now=made.now,
            kind="incident",
            ref=incident.ref,
            ground="court",
            reason="Claim 77.",
        )
    made.later(days=9000)
    assert night(made) == Night()
    assert id_of(made, ref)


def test_an_incident_goes_after_its_last_case(made):
    declined_case(made)
    with made.backend.reading() as uow:
        incident = uow.session.scalars(select(Incident)).one()
    with made.backend.writing() as uow:
        close_incident(uow, made.actor("Carol"), now=made.now, incident_ref=incident.ref, version=incident.version)
    made.later(days=365 * 7)
    assert night(made) == Night(warned=1)
    made.later(days=31)
    # The case goes tonight; the incident is announced tomorrow and goes a month later.
    assert night(made).erased == 1
    assert night(made) == Night(warned=1)
    made.later(days=31)
    assert night(made) == Night(erased=1, keys_destroyed=1)
    assert count(made, Incident) == 0
    assert not made.backend.vault.owners()
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []


@pytest.mark.care(26)
def test_after_a_death_nothing_is_erased_until_somebody_decides(made):
    story = Story(made)
    ref = story.supported_case()
    story.does("Carol", "close", ref, outcome="died")
    made.later(days=365 * 30)
    assert night(made) == Night()
    with made.backend.writing() as uow:
        set_period(uow, SYSTEM, now=made.now, name="died", period="P20Y")
    assert night(made) == Night(warned=1)


def test_an_open_question_beside_the_case_holds_it(made):
    story = Story(made)
    ref = story.supported_case()
    story.does("Carol", "raise_red_flag", ref, level="today")
    story.does("Carol", "withdraw", ref)
    made.later(days=3650)
    assert night(made) == Night()


def test_finishing_twice_does_no_harm(made):
    assert finish_erasures(made.backend, SYSTEM, now=made.now + timedelta(1)) == 0

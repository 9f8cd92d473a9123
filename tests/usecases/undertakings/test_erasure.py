"""What runs beside cases is announced and goes with its key; cases and events it came from do not take it along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from tests.support.groups import case_of, held_session, party, reads, running_check
from tests.support.story import Story
from trim.domain.access import system_actor
from trim.domain.errors import NotFound
from trim.store import cases, undertakings
from trim.store.tables import ActionRecord, Incident, Step, Tombstone, UndertakingMeeting, UndertakingParty
from trim.usecases.retention.erase import erase
from trim.usecases.retention.erase_due import erase_due

KIND = "group_session"


def left(story: Story) -> list[int]:
    with story.organisation.backend.reading() as uow:
        tables = (UndertakingParty, UndertakingMeeting)
        return [uow.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.large_on_postgresql
def test_it_is_announced_after_a_year_and_then_goes_with_its_key(story: Story) -> None:
    made = story.organisation
    ref = held_session(made, "Robin Ashe")
    story.does("Pat", "close", ref, kind=KIND)
    with made.backend.reading() as uow:
        owner = f"undertaking:{undertakings.load(uow.session, ref).id}"
    made.later(days=340)
    assert erase_due(made.backend, now=made.now).warned == 1
    made.later(days=40)
    night = erase_due(made.backend, now=made.now)
    assert (night.erased, night.keys_destroyed) == (1, 1)
    with pytest.raises(NotFound):
        reads(made, "Pat", ref)
    assert left(story) == [0, 0]
    assert owner not in made.backend.vault.owners()
    with made.backend.reading() as uow:
        row_id = owner.partition(":")[2]
        assert uow.session.scalars(select(Step).where(col(Step.subject_id) == row_id)).all() == []
        assert uow.session.scalars(select(ActionRecord).where(col(ActionRecord.subject_id) == row_id)).all() == []
        assert [(one.kind, one.ref) for one in uow.session.scalars(select(Tombstone))] == [("undertaking", ref)]


def test_what_goes_on_is_never_erased(story: Story) -> None:
    running_check(story.organisation)
    story.organisation.later(days=4000)
    assert erase_due(story.organisation.backend, now=story.organisation.now).warned == 0


@pytest.mark.large_on_postgresql
def test_the_erasure_of_a_case_or_of_an_event_leaves_the_session_with_those_who_led_it(story: Story) -> None:
    made = story.organisation
    incident = story.reports()
    story.plans(incident, "group_session")
    ref = held_session(made, "Robin Ashe", incident=incident)
    story.does("Pat", "offer_contact", ref, kind=KIND, party=party(made, ref, "Robin Ashe"))
    case_ref = case_of(made, ref, "Robin Ashe")
    assert case_ref is not None
    system = system_actor("test")
    with made.backend.writing() as uow:
        erase(uow, system, now=made.now, subject=cases.load(uow.session, "case", case_ref), rule="test")
    with made.backend.writing() as uow:
        row: Incident = cases.load(uow.session, "incident", incident)
        erase(uow, system, now=made.now + timedelta(days=1), subject=row, rule="test")
    seen = reads(made, "Pat", ref)
    assert [(one.name, one.offered, one.case_ref) for one in seen.people] == [("Robin Ashe", False, None)]
    assert seen.incident_kind is None
    assert len(seen.meetings) == 1

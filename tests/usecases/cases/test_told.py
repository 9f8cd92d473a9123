"""Whom a notice about a case goes to: those who may open it, and no others (CARE 10, 13)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.usecases.cases.reading import on_duty
from trim.domain.errors import NotFound
from trim.store import incidents
from trim.store.tables import Incident, Notice
from trim.usecases.cases.read_case import read_case
from trim.usecases.intake.protection import change_readers


def told(made: Organisation, kind: str) -> set[str]:
    """Names of those who have a notice of a kind."""
    names = {account.id: name for name, account in made.accounts.items()}
    with made.backend.reading() as uow:
        return {names[one] for one in uow.session.scalars(select(Notice.recipient_id).where(Notice.kind == kind))}


@pytest.mark.care(13)
def test_a_case_of_a_restricted_incident_is_told_to_its_readers_alone(story: Story) -> None:
    made, ref = story.organisation, story.supported_case()
    with made.backend.writing() as uow:
        incident = uow.session.scalars(select(Incident)).one()
        change_readers(
            uow, made.actor("Lee"), now=made.now, incident_ref=incident.ref, version=incident.version, restricted=True,
            readers=[made.accounts["Lee"].id], reason="set_right",
        )  # fmt: skip
    story.does("Pat", "raise_escalation", ref, reason="Please look.")
    assert told(made, "escalation") == {"Lee"}


@pytest.mark.care(2)
def test_danger_on_a_restricted_case_reaches_whoever_has_duty_who_still_cannot_open_it(story: Story) -> None:
    """Decision 23: a reference that one more has seen is less than a red flag that nobody hears."""
    made, ref = story.organisation, story.supported_case()
    with made.backend.writing() as uow:
        incident = uow.session.scalars(select(Incident)).one()
        change_readers(
            uow, made.actor("Lee"), now=made.now, incident_ref=incident.ref, version=incident.version, restricted=True,
            readers=[made.accounts["Lee"].id], reason="set_right",
        )  # fmt: skip
    on_duty(story, "Carol")
    story.does("Pat", "raise_red_flag", ref, level="now")
    assert "Carol" in told(made, "red_flag")
    with made.backend.writing() as uow, pytest.raises(NotFound):
        read_case(uow, made.actor("Carol"), now=made.now, ref=ref)


@pytest.mark.care(2)
def test_where_no_reader_is_left_a_question_still_reaches_somebody(story: Story) -> None:
    made, ref = story.organisation, story.supported_case()
    with made.backend.writing() as uow:
        incident = uow.session.scalars(select(Incident)).one()
        incident.restricted = True
        incidents.name_readers(uow.session, incident.id, set(), uow.new_id)
        uow.record(made.actor("Lee"), made.now, "incident.readers", chain="organisation", subject="test")
    story.does("Pat", "raise_red_flag", ref, level="now")
    assert {"Carol", "Lee"} <= told(made, "red_flag")

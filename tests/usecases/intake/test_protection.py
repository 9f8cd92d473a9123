"""Evidence hold, clearance for groups and restriction: each set alone, each with its reason in the trail."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements, lines
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotFound, StaleVersion
from trim.store import cases
from trim.store.tables import Incident, Notice
from trim.usecases.intake.protection import change_evidence_hold, change_group_clearance, change_readers
from trim.usecases.intake.read_incident import read_incident


def change(
    story: Story, what: Any, ref: str, who: str = "Carol", *, version: int | None = None, **values: Any
) -> Incident:
    made = story.organisation
    with made.backend.writing() as uow:
        shown = version or cases.load(uow.session, "incident", ref).version
        return what(uow, made.actor(who), now=made.now, incident_ref=ref, version=shown, **values)


def hold(story: Story, ref: str, value: bool = True, reason: str = "investigation_opened", **more: Any) -> Incident:
    return change(story, change_evidence_hold, ref, hold=value, reason=reason, **more)


def last_line(story: Story, ref: str) -> dict[str, Any]:
    with story.organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", ref)
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
        return lines(uow.session, f"incident:{incident.id}")[-1]


@pytest.mark.care(17)
def test_the_hold_is_set_and_lifted_with_a_reason(story):
    ref = story.reports()
    assert hold(story, ref).evidence_hold
    line = last_line(story, ref)
    assert (line["what"], line["codes"]) == (
        "incident.evidence_hold",
        {"hold": True, "reason": "investigation_opened", "version": 2},
    )
    lifted = hold(story, ref, False, "investigation_closed")
    assert (lifted.evidence_hold, lifted.version) == (False, 3)


@pytest.mark.care(17)
def test_groups_are_cleared_on_their_own_and_not_beyond_the_hold(story):
    ref = story.reports()
    with pytest.raises(InvalidInput) as caught:
        change(story, change_group_clearance, ref, cleared=True, reason="cleared_by_investigation")
    assert caught.value.problems["cleared"].code == "no_hold"
    hold(story, ref)
    cleared = change(story, change_group_clearance, ref, cleared=True, reason="cleared_by_investigation")
    assert (cleared.evidence_hold, cleared.groups_cleared) == (True, True)
    hold(story, ref, False, "investigation_closed")
    # Another investigation begins without the clearance of the last one.
    assert not hold(story, ref).groups_cleared


@pytest.mark.care(14)
@pytest.mark.parametrize("reason", ["", "because I say so", "investigation_closed"])
def test_a_reason_is_a_word_of_the_list_that_fits(story, reason):
    with pytest.raises(InvalidInput) as caught:
        hold(story, story.reports(), reason=reason)
    assert list(caught.value.problems) == ["reason"]


def test_an_old_page_changes_nothing(story):
    ref = story.reports()
    story.plans(ref)
    with pytest.raises(StaleVersion) as caught:
        hold(story, ref, version=1)
    assert [change.what for change in caught.value.changes] == ["Planning meeting recorded"]


@pytest.mark.care(13)
def test_a_restricted_incident_is_seen_by_its_named_readers_alone(story):
    made = story.organisation
    cleo = made.add_account("Cleo", Role.COORDINATOR, unit="North")
    ref = story.reports()
    case = story.plans(ref)
    change(
        story,
        change_readers,
        ref,
        restricted=True,
        readers=[made.accounts["Carol"].id, cleo.id],
        reason="colleague_concerned",
    )
    line = last_line(story, ref)
    assert line["codes"]["added"] == sorted([made.accounts["Carol"].id, cleo.id])
    with pytest.raises(NotFound):
        hold(story, ref, who="Lee")
    # Its cases are hidden with it.
    with pytest.raises(NotFound):
        story.does("Lee", "log_contact", case, channel="phone", result="no_answer")
    assert hold(story, ref, who="Cleo").evidence_hold
    with made.backend.reading() as uow:
        told = [one.recipient_id for one in uow.session.scalars(select(Notice).where(Notice.kind == "named_as_reader"))]
    assert told == [cleo.id]


@pytest.mark.care(13)
def test_readers_change_and_the_incident_opens_again(story):
    made = story.organisation
    cleo = made.add_account("Cleo", Role.COORDINATOR, unit="North")
    ref = story.reports()
    carol, lee = made.accounts["Carol"].id, made.accounts["Lee"].id
    change(story, change_readers, ref, restricted=True, readers=[carol, lee], reason="person_known_to_all")
    change(story, change_readers, ref, restricted=True, readers=[cleo.id, lee], reason="cover_or_leave")
    assert last_line(story, ref)["codes"]["removed"] == [carol]
    with pytest.raises(NotFound):
        hold(story, ref)
    change(story, change_readers, ref, "Lee", restricted=False, reason="no_longer_needed")
    with made.backend.writing() as uow:
        page = read_incident(uow, made.actor("Carol"), now=made.now, ref=ref)
    assert (page.restricted, page.readers) == (False, ())


@pytest.mark.care(13)
def test_only_coordinators_and_leads_of_the_unit_can_be_named(story):
    made = story.organisation
    far = made.add_account("Sue", Role.COORDINATOR, unit="South")
    for readers, code in (
        ([], "reader_missing"),
        ([far.id], "not_a_reader"),
        ([made.accounts["Pat"].id], "not_a_reader"),
    ):
        with pytest.raises(InvalidInput) as caught:
            change(story, change_readers, story.reports(), restricted=True, readers=readers, reason="set_right")
        assert caught.value.problems["readers"].code == code

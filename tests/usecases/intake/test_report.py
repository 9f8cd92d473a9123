"""Reporting: what is asked, what is checked, who hears of it, and what a reporter may learn."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound
from trim.domain.incident import ExposedPerson, IncidentReport
from trim.store import cases, incidents, people
from trim.store.tables import Incident, Notice, Person, Step, Unit
from trim.usecases.intake.duplicates import ProbablyReported
from trim.usecases.intake.name_exposed import name_exposed, name_several
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.intake.report_incident import report_incident


def send(story: Story, who: str = "Rita", report: IncidentReport | None = None, *, ask: bool = False) -> str:
    made = story.organisation
    with made.backend.writing() as uow:
        return report_incident(
            uow, made.actor(who), now=made.now, report=report or made.report(), ask_about_similar=ask
        ).ref


def problems_of(story: Story, **changed: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        send(story, report=story.organisation.report(**changed))
    return {name: reason.code for name, reason in caught.value.problems.items()}


def exposed(**who: object) -> tuple[ExposedPerson, ...]:
    return (ExposedPerson(**{"exposure": "direct", **who}),)


def test_a_report_starts_the_clock_of_the_meeting_and_tells_who_plans(story):
    made = story.organisation
    ref = send(story)
    with made.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", ref)
        step = uow.session.scalars(select(Step)).one()
        told = {notice.recipient_id for notice in uow.session.scalars(select(Notice))}
    assert (incident.state, incident.became_known_at) == ("reported", made.now)
    assert (step.name, step.due_at, step.latest_at) == (
        "planning",
        made.now + timedelta(hours=24),
        made.now + timedelta(hours=48),
    )
    assert told == {made.accounts["Carol"].id, made.accounts["Lee"].id}


@pytest.mark.care(22)
def test_a_day_without_its_time_is_kept_as_such_and_noon_is_assumed(story):
    ref = send(story, report=story.organisation.report(occurred_time=None, occurred_on=date(2026, 3, 1)))
    with story.organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", ref)
    assert not incident.time_known
    assert incident.occurred_at.isoformat() == "2026-03-01T12:00:00+00:00"


def test_each_slip_is_told_at_its_field(story):
    assert problems_of(
        story, occurred_on=date(2026, 3, 9), kind="boredom", description="x" * 501, place="y" * 201, severity=""
    ) == {
        "occurred_on": "in_future",
        "kind": "not_a_choice",
        "description": "too_long",
        "place": "too_long",
        "severity": "not_a_choice",
    }
    assert problems_of(story, occurred_time=time(23, 0), occurred_on=date(2026, 3, 2)) == {"occurred_on": "in_future"}
    assert problems_of(story, exposed=exposed(name="X", exposure="distant")) == {"exposed-0-exposure": "not_a_choice"}


def test_a_unit_that_was_closed_takes_no_new_incidents(story):
    made = story.organisation
    with made.backend.writing() as uow:
        uow.session.get(Unit, made.units["South"].id).active = False
        uow.record(made.actor("Adam"), made.now, "unit.closed", chain="organisation", subject="unit")
    assert problems_of(story, unit_id=made.units["South"].id) == {"unit_id": "unknown_unit"}
    assert problems_of(story, unit_id="0" * 32) == {"unit_id": "unknown_unit"}


@pytest.mark.parametrize("who", ["Hana", "Adam", "Ada"])
def test_only_the_programme_and_reporters_report(story, who):
    with pytest.raises(Forbidden):
        send(story, who)


@pytest.mark.parametrize("who", ["Rita", "Carol", "Lee", "Pat"])
def test_reporters_practitioners_coordinators_and_leads_report(story, who):
    assert send(story, who).startswith("I-")


# Names


def test_a_name_that_several_bear_is_asked_about_at_its_row(story):
    made = story.organisation
    made.add_person("Alex Moor")
    made.add_person("Alex Moor", unit="South")
    robin = ExposedPerson(exposure="witness", name="Robin Ashe")
    assert problems_of(story, exposed=(robin, *exposed(name="alex  MOOR"))) == {
        "exposed-1-name": "several_of_this_name"
    }


def test_the_own_unit_tells_two_of_one_name_apart_and_a_wrong_one_is_asked_about(story):
    made = story.organisation
    made.add_person("Alex Moor")
    south = made.add_person("Alex Moor", unit="South")
    ref = send(story, report=made.report(exposed=exposed(name="Alex Moor", unit_id=made.units["South"].id)))
    assert story_people(story, ref) == {south.id}
    assert problems_of(story, exposed=exposed(name="Robin Ashe", unit_id=made.units["South"].id)) == {
        "exposed-0-name": "of_this_name_elsewhere"
    }


def test_somebody_of_a_known_name_may_be_new(story):
    made = story.organisation
    ref = send(story, report=made.report(exposed=exposed(name="Robin Ashe", is_new=True, staff_group="volunteer")))
    (person_id,) = story_people(story, ref)
    with made.backend.reading() as uow:
        person = uow.session.get(Person, person_id)
    assert person.id != made.people["Robin Ashe"].id
    # Who their line manager is, nobody knows yet: unknown means ask (CARE 10).
    assert (person.staff_group, person.line_manager_known) == ("volunteer", False)


def test_staff_numbers_and_doubles(story):
    made = story.organisation
    number = made.add_person("Jo Lind", staff_number="A 17")
    ref = send(story, report=made.report(exposed=exposed(staff_number="A 17")))
    assert story_people(story, ref) == {number.id}
    assert problems_of(story, exposed=exposed(staff_number="Z9")) == {"exposed-0-staff_number": "unknown_staff_number"}
    twice = (ExposedPerson(exposure="direct", name="Jo Lind"), ExposedPerson(exposure="witness", staff_number="A 17"))
    assert problems_of(story, exposed=twice) == {"exposed-1-name": "named_already"}
    assert problems_of(story, exposed=exposed(name="  ")) == {"exposed-0-name": "name_missing"}


def story_people(story: Story, ref: str) -> set[str]:
    with story.organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", ref)
        return {
            uow.vault.unseal(f"incident:{incident.id}", "exposure", one.id, one.sealed)["person_id"]
            for one in incidents.exposures(uow.session, incident.id)
        }


# Reported already


@pytest.mark.care(13)
def test_a_reporter_learns_probably_reported_and_a_coordinator_which(story):
    made = story.organisation
    ref = send(story)
    with pytest.raises(ProbablyReported) as told:
        send(story, "Rita", ask=True)
    assert (told.value.similar.known, told.value.similar.hidden) == ((), True)
    with pytest.raises(ProbablyReported) as told:
        send(story, "Carol", ask=True)
    assert [(one.ref, one.people) for one in told.value.similar.known] == [(ref, 1)]
    assert not told.value.similar.hidden
    with made.backend.reading() as uow:
        assert len(list(uow.session.scalars(select(Incident)))) == 1


def test_another_kind_unit_or_day_is_another_event(story):
    made = story.organisation
    send(story)
    other_kind = "fire_explosion"
    for changed in (
        {"unit_id": made.units["South"].id},
        {"kind": other_kind},
        {"occurred_on": date(2026, 2, 20)},
    ):
        send(story, "Carol", made.report(**changed), ask=True)


@pytest.mark.care(13)
def test_a_restricted_incident_is_known_only_as_probably_reported(story):
    made = story.organisation
    send(story, "Lee", made.report(restricted=True))
    with pytest.raises(ProbablyReported) as told:
        send(story, "Carol", ask=True)
    assert (told.value.similar.known, told.value.similar.hidden) == ((), True)


def test_people_are_added_to_what_was_reported_instead(story):
    made = story.organisation
    ref = send(story)
    both = (ExposedPerson(exposure="witness", name="Robin Ashe"), ExposedPerson(exposure="witness", name="Sam Birch"))
    with made.backend.writing() as uow:
        named = name_several(uow, made.actor("Carol"), now=made.now, incident_ref=ref, people=both)
    assert (named.added, named.there_already) == (1, 1)
    assert story_people(story, ref) == {made.people["Robin Ashe"].id, made.people["Sam Birch"].id}
    with pytest.raises(InvalidInput) as caught, made.backend.writing() as uow:
        name_several(uow, made.actor("Carol"), now=made.now, incident_ref=ref, people=exposed(staff_number="0"))
    assert list(caught.value.problems) == ["exposed-0-staff_number"]


# Restricted from the first moment


@pytest.mark.care(13)
def test_a_restricted_report_is_read_by_the_leads_and_who_made_it(story):
    made = story.organisation
    made.add_account("Cleo", Role.COORDINATOR, unit="North")
    ref = send(story, "Carol", made.report(restricted=True))
    for who in ("Carol", "Lee"):
        with made.backend.writing() as uow:
            assert read_incident(uow, made.actor(who), now=made.now, ref=ref).readers == ("Carol", "Lee")
    with pytest.raises(NotFound), made.backend.writing() as uow:
        read_incident(uow, made.actor("Cleo"), now=made.now, ref=ref)
    with made.backend.reading() as uow:
        told = {notice.recipient_id for notice in uow.session.scalars(select(Notice))}
    assert told == {made.accounts["Lee"].id}


@pytest.mark.care(13)
@pytest.mark.parametrize("who", ["Rita", "Pat"])
def test_a_reporter_cannot_restrict(story, who):
    with pytest.raises(Forbidden):
        send(story, who, story.organisation.report(restricted=True))


# Named later


@pytest.mark.care(22)
@pytest.mark.care(25)
def test_who_is_named_after_the_meeting_has_their_own_clock(story):
    made = story.organisation
    ref = send(story)
    story.plans(ref)
    made.later(days=2)
    with made.backend.writing() as uow:
        row = name_exposed(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=ref,
            named=ExposedPerson(exposure="vicarious", name="Sam Birch"),
        )
    with made.backend.reading() as uow:
        step = uow.session.scalars(select(Step).where(Step.subject_id == row.id)).one()
        incident = cases.load(uow.session, "incident", ref)
    assert (step.name, step.anchor, step.due_at) == (
        "planning",
        "exposure.became_known_at",
        made.now + timedelta(hours=24),
    )
    # Naming moves no version: nobody else's open form becomes stale by it.
    assert incident.version == 2


def test_nobody_names_themselves(story):
    made = story.organisation
    ref = send(story)
    with pytest.raises(InvalidInput) as caught, made.backend.writing() as uow:
        name_exposed(
            uow,
            made.actor("Carol"),
            now=made.now,
            incident_ref=ref,
            named=ExposedPerson(exposure="direct", name="Carol Elm"),
        )
    assert caught.value.problems["name"].code == "yourself"


def test_who_was_there_sees_nothing_of_it(story):
    made = story.organisation
    ref = send(story, report=made.report(exposed=exposed(name="Carol Elm")))
    with pytest.raises(NotFound), made.backend.writing() as uow:
        read_incident(uow, made.actor("Carol"), now=made.now, ref=ref)


def test_names_are_compared_without_accents_and_case(story):
    assert people.name_key("  ÉLODIE  Marchal ") == "elodie marchal"

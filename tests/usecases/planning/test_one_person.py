"""One person, one screen: incident, planning and case in one transaction (CARE 25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import disagreements
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.store.tables import Incident, Step
from trim.usecases.intake.duplicates import ProbablyReported
from trim.usecases.planning.one_person import OnePerson, plan_for_one, responses_for_one

pytestmark = pytest.mark.care(25)

ROBIN = ExposedPerson(exposure="direct", name="Robin Ashe")


def plans(story: Story, who: str = "Carol", person: ExposedPerson = ROBIN, **more: object) -> OnePerson:
    made = story.organisation
    options: dict[str, object] = {
        "response": "individual_assessment",
        "look_again_on": None,
        "ask_about_similar": False,
    }
    options |= {name: more.pop(name) for name in list(more) if name in options}
    report = replace(made.report(source="self", description=""), exposed=(), **more)
    with made.backend.writing() as uow:
        return plan_for_one(uow, made.actor(who), now=made.now, report=report, person=person, **options)


def test_somebody_asks_for_help_and_has_a_case_at_once(story):
    made = story.organisation
    one = plans(story)
    with made.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", one.incident_ref)
        case = cases.load(uow.session, "case", one.case_ref)
        assert disagreements(uow.session) == []
    assert (incident.source, incident.state, case.state, one.joins) == ("self", "planned", "offer_to_make", False)


@pytest.mark.care(22)
def test_somebody_who_asks_weeks_later_is_not_late(story):
    made = story.organisation
    one = plans(story, occurred_on=date(2026, 1, 20))
    story.is_accepted(one.case_ref)
    with made.backend.reading() as uow:
        step = uow.session.scalars(select(Step).where(Step.name == "first_assessment")).one()
    assert (step.anchor, step.due_at) == ("exposure.became_known_at", made.now + timedelta(hours=72))


def test_somebody_new_is_added_to_the_directory(story):
    one = plans(story, person=ExposedPerson(exposure="repeated", name="Nia Vale", staff_group="contractor"))
    assert one.case_ref


def test_nothing_yet_needs_its_day_and_each_slip_is_at_its_field(story):
    def slips(**more):
        with pytest.raises(InvalidInput) as caught:
            plans(story, **more)
        return {name: reason.code for name, reason in caught.value.problems.items()}

    assert slips(response="nothing_yet") == {"look_again": "look_again_missing"}
    assert slips(response="") == {"response": "response_missing"}
    assert slips(person=ExposedPerson(exposure="direct")) == {"name": "name_missing"}
    assert slips(person=ExposedPerson(exposure="far", name="Robin Ashe")) == {"exposure": "not_a_choice"}
    assert slips(person=ExposedPerson(exposure="direct", name="Carol Elm")) == {"name": "yourself"}
    assert slips(occurred_on=date(2027, 1, 1)) == {"occurred_on": "in_future"}
    with story.organisation.backend.reading() as uow:
        assert uow.session.scalars(select(Incident)).all() == []


def test_an_open_case_is_joined_and_not_doubled(story):
    story.supported_case()
    one = plans(story, kind="assault")
    assert (one.case_ref, one.joins) == (None, True)


def test_an_incident_that_is_known_is_shown_first(story):
    ref = story.reports()
    with pytest.raises(ProbablyReported) as caught:
        plans(story, ask_about_similar=True)
    assert [one.ref for one in caught.value.similar.known] == [ref]


def test_nobody_meets_as_a_group_alone(story):
    with story.organisation.backend.reading() as uow:
        pack = uow.shelf.current(uow.session, "trim")[1]
    assert responses_for_one(pack) == ("nothing_yet", "individual_assessment", "professional_care")


@pytest.mark.parametrize("who", ["Rita", "Pat", "Hana", "Adam"])
def test_only_coordinators_and_leads_of_the_unit(story, who):
    with pytest.raises(Forbidden):
        plans(story, who)
    story.organisation.add_account("Sue", Role.COORDINATOR, unit="South")
    with pytest.raises(Forbidden):
        plans(story, "Sue")

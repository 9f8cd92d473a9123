"""Reporting over HTTP: nothing typed is lost, names are told apart, a reporter learns what happens next and no more."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.page_client import Page, PageClient
from tests.page_forms import FilledForm
from tests.support.site import Site
from tests.support.story import Story
from trim.store.tables import Exposure, Unit

KIND = "Assault or violence"


def filled(client: PageClient, *people: str, day: date | datetime = date(2026, 3, 1)) -> FilledForm:
    """The form with everything that must be there, and the first rows with these names."""
    form = client.get("/incidents/report").form()
    form.fill("When did it happen?", day).fill("Which unit was it?", "North")
    form.fill("What kind of incident?", KIND).fill("Why is it reported?", "A manager asked")
    form.fill("How grave is it for the organisation?", "Serious")
    form.fill("Is an investigation running, or expected?", "No")
    for number, name in enumerate(people):
        form.set(**{f"people-{number}-who": name, f"people-{number}-exposure": "witness"})
    return form


def names_on(page: Page) -> set[str]:
    """The people on the page of an incident."""
    return {text.split(" North")[0].split(" South")[0] for text in page.texts("main tbody th")}


def test_everything_that_is_missing_is_told_at_once(site: Site) -> None:
    page = site.as_("Rita").get("/incidents/report").form().submit("Report")
    assert page.errors() == [
        "Enter the day of the incident",
        "Choose the unit",
        "Choose the kind of incident",
        "Choose why it is reported",
        "Choose how grave it is",
        "Choose whether an investigation is running",
    ]


def exposed_ids(site: Site) -> set[str]:
    """The ids of everybody who is named anywhere."""
    with site.organisation.backend.reading() as uow:
        return {
            uow.vault.unseal(f"incident:{one.incident_id}", "exposure", one.id, one.sealed)["person_id"]
            for one in uow.session.scalars(select(Exposure))
        }


@pytest.mark.care(13)
def test_a_reporter_reads_what_happens_next_and_nothing_else(site: Site) -> None:
    page = filled(site.as_("Rita"), "Robin Ashe").submit("Report")
    assert (page.path, page.h1) == ("/incidents/report/done", "Thank you. It is reported.")
    assert "I-" not in page.text
    assert "Robin" not in page.text
    ref = site.as_("Carol").get("/incidents").link(KIND).rsplit("/", 1)[-1]
    for path in ("", "/plan", "/people", "/sheet", "/hold"):
        site.as_("Rita").get(f"/incidents/{ref}{path}", status=403)
    site.as_("Rita").get("/incidents", status=403)


def test_a_coordinator_goes_to_the_incident_that_was_just_reported(site: Site) -> None:
    form = filled(site.as_("Carol"), "Robin Ashe", "Nia Vale").set(description="A fight.", place="Ward 3")
    page = form.submit("Report")
    assert page.h1 == KIND
    assert "Reported. The coordinators of the unit have been told." in page.text
    assert "time not known: clocks count from noon" in page.text
    assert "A fight." in page.text
    assert "Ward 3" in page.text
    assert names_on(page) == {"Robin Ashe", "Nia Vale"}


def test_with_its_time_nothing_is_assumed(site: Site) -> None:
    page = filled(site.as_("Carol"), day=datetime(2026, 3, 1, 21, 15)).submit("Report")
    assert "1 March 2026, 21:15" in page.text
    assert "time not known" not in page.text


def test_more_rows_keep_everything_that_was_typed(site: Site) -> None:
    form = filled(site.as_("Rita"), "Robin Ashe", "Sam Birch").set(description="A fight.")
    page = form.set(**{"people-1-staff_group": "volunteer"}).submit("Add more rows")
    assert page.errors() == []
    assert len(page.find_all("fieldset.trim-row")) == 10
    form = page.form()
    assert form.value("What happened, in short") == "A fight."
    assert form.value("Name or staff number") == "Robin Ashe"
    assert [one.get("value") for one in page.find_all("#people-1-staff_group option[selected]")] == ["volunteer"]
    done = form.set(**{"people-9-who": "Pat Cole", "people-9-exposure": "direct"}).submit("Report")
    assert done.path == "/incidents/report/done"
    incident = site.as_("Carol").get("/incidents").follow(KIND)
    assert names_on(incident) == {"Robin Ashe", "Sam Birch", "Pat Cole"}


def test_a_row_needs_both_a_name_and_how(site: Site) -> None:
    form = filled(site.as_("Rita")).set(
        **{
            "people-0-who": "Robin Ashe",
            "people-2-exposure": "direct",
            "people-3-who": "x" * 121,
            "people-3-exposure": "direct",
        }
    )
    page = form.submit("Report")
    assert page.errors() == [
        "Choose how they were exposed",
        "Enter the name or staff number",
        "The name or staff number must be 120 characters or fewer",
    ]
    assert page.error_at("people-0-exposure") == "Choose how they were exposed"
    assert page.form().value("Name or staff number") == "Robin Ashe"


def test_a_name_of_two_people_comes_back_with_a_choice_at_its_row(site: Site) -> None:
    made = site.organisation
    made.add_person("Alex Moor", staff_number="N-1")
    south = made.add_person("Alex Moor", unit="South", staff_number="S-1")
    page = filled(site.as_("Rita"), "Robin Ashe", "alex moor").submit("Report")
    assert page.errors() == ["Several people have this name. Choose one from the list or give the staff number."]
    assert page.error_at("people-1-person")
    assert "Alex Moor North · N-1 Alex Moor South · S-1 Somebody else of this name" in page.text
    done = page.form().set(**{"people-1-person": south.id}).submit("Report")
    assert done.path == "/incidents/report/done"
    assert "Alex Moor South · Employee · S-1" in site.as_("Carol").get("/incidents").follow(KIND).text


def test_the_choice_may_be_somebody_new_and_is_dropped_with_another_name(site: Site) -> None:
    made = site.organisation
    made.add_person("Alex Moor")
    made.add_person("Alex Moor", unit="South")
    page = filled(site.as_("Rita"), "Alex Moor").submit("Report")
    changed = page.form().set(**{"people-0-person": "new", "people-0-who": "Robin Ashe"})
    assert changed.submit("Report").path == "/incidents/report/done"
    assert exposed_ids(site) == {made.people["Robin Ashe"].id}
    page = filled(site.as_("Rita"), "Alex Moor", day=date(2026, 2, 1)).submit("Report")
    done = page.form().set(**{"people-0-person": "new", "people-0-staff_group": "agency"}).submit("Report")
    assert done.path == "/incidents/report/done"


def test_a_choice_that_was_not_offered_is_refused(site: Site) -> None:
    page = filled(site.as_("Rita"), "Robin Ashe").set(**{"people-0-person": site.organisation.people["Sam Birch"].id})
    # Nobody else bears that name, so the name counts and the forged choice does not.
    assert page.submit("Report").path == "/incidents/report/done"
    assert names_on(site.as_("Carol").get("/incidents").follow(KIND)) == {"Robin Ashe"}


def test_a_staff_number_nobody_has_is_told_at_its_row(site: Site) -> None:
    page = filled(site.as_("Rita"), "Robin Ashe", "Z-99").submit("Report")
    assert page.errors() == ["Nobody has this staff number."]
    assert page.error_at("people-1-who") == "Nobody has this staff number."


@pytest.mark.care(13)
def test_a_reporter_is_told_no_more_than_probably_reported(site: Site) -> None:
    filled(site.as_("Carol"), "Sam Birch").submit("Report")
    page = filled(site.as_("Rita"), "Robin Ashe").submit("Report")
    assert "This has probably been reported already" in page.text
    assert "I-" not in page.main_html
    assert "Sam" not in page.text
    assert page.form().value("Name or staff number") == "Robin Ashe"
    done = page.form().submit("Report it all the same")
    assert done.path == "/incidents/report/done"
    assert len(site.as_("Carol").get("/incidents").find_all("main tbody tr")) == 2


@pytest.mark.care(13)
def test_other_facts_are_looked_at_anew_and_a_forged_answer_opens_nothing(site: Site) -> None:
    filled(site.as_("Carol")).submit("Report")
    ref = site.as_("Carol").get("/incidents").link(KIND).rsplit("/", 1)[-1]
    page = filled(site.as_("Rita")).submit("Report")
    again = page.form().fill("When did it happen?", date(2026, 2, 28)).submit("Report it all the same")
    assert "This has probably been reported already" in again.text
    forged = again.form().set(same_as=ref).submit("Report it all the same")
    assert forged.path in {"/incidents/report", "/incidents/report/done"}
    assert ref not in forged.text


def test_a_coordinator_adds_the_people_to_the_one_that_is_known(site: Site) -> None:
    filled(site.as_("Rita"), "Sam Birch").submit("Report")
    page = filled(site.as_("Carol"), "Robin Ashe", "Sam Birch").submit("Report")
    (label,) = [text for text in page.texts("label") if text.startswith("I-")]
    assert label.endswith("Sun 1 March, people: 1")
    added = page.form().fill("Is it one of these?", label).submit("Report")
    assert added.path == f"/incidents/{label.split(':')[0]}"
    assert "1 person was added. 1 stood on the list already." in added.text
    assert names_on(added) == {"Robin Ashe", "Sam Birch"}


def test_a_coordinator_says_that_it_is_another(site: Site) -> None:
    filled(site.as_("Rita")).submit("Report")
    page = filled(site.as_("Carol")).submit("Report")
    done = page.form().fill("Is it one of these?", "No, it is another incident").submit("Report")
    assert done.h1 == KIND
    assert "Possibly the same incident" in done.text


@pytest.mark.care(13)
def test_only_who_oversees_may_restrict(site: Site) -> None:
    assert "Restrict" not in site.as_("Rita").get("/incidents/report").text
    page = filled(site.as_("Rita")).set(restricted="y").submit("Report")
    assert page.path == "/incidents/report/done"
    page = filled(site.as_("Carol"), day=date(2026, 2, 1)).fill(
        "Restrict this incident to the programme leads and to me", True
    )
    assert "Restricted" in page.submit("Report").text


def test_units_that_were_closed_are_not_offered(site: Site) -> None:
    made = site.organisation
    with made.backend.writing() as uow:
        unit = uow.session.get(Unit, made.units["South"].id)
        assert unit is not None
        unit.active = False
        uow.session.add(unit)
        uow.record(made.actor("Adam"), made.now, "unit.closed", chain="organisation", subject=f"unit:{unit.id}")
    options = site.as_("Rita").get("/incidents/report").texts("#unit_id option")
    assert options == ["Choose from the list", "Everywhere", "North"]


@pytest.mark.parametrize("who", ["Hana", "Adam", "Ada"])
def test_who_does_not_report_does_not_see_the_form(site: Site, who: str) -> None:
    site.as_(who).get("/incidents/report", status=403)


@pytest.mark.care(10)
def test_who_was_there_reports_and_then_sees_no_more_of_it(site: Site) -> None:
    page = filled(site.as_("Carol"), "Carol Elm").submit("Report")
    assert page.path == "/incidents/report/done"
    assert KIND not in site.as_("Carol").get("/incidents").text


def test_the_list_is_paged_and_narrowed(site: Site) -> None:
    story = Story(site.organisation)
    for day in range(1, 28):
        story.reports(occurred_on=date(2026, 2, day), exposed=())
    story.plans(story.reports())
    carol = site.as_("Carol")
    first = carol.get("/incidents")
    assert len(first.find_all("main tbody tr")) == 25
    assert "1 person" in first.text
    rest = first.follow("Show more")
    assert len(rest.find_all("main tbody tr")) == 3
    assert rest.follow("Back to the start").texts("main tbody th") == first.texts("main tbody th")
    planned = first.form("/incidents").fill("Show", "Planned").submit("Show these")
    assert len(planned.find_all("main tbody tr")) == 1
    assert "Nothing to do" in planned.text
    assert len(carol.get("/incidents?state=nonsense&after=nonsense").find_all("main tbody tr")) == 25

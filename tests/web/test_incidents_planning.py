"""Planning over HTTP: one page for everybody, the sheet, names found later, one person at once."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.planning.people import crew, exposure_of, incident_of, meets
from trim.domain.incident import ExposedPerson

PERSON = "Individual support"


@pytest.fixture
def story(site: Site) -> Story:
    return Story(site.organisation)


def plan(site: Site, ref: str, who: str = "Carol") -> Page:
    return site.as_(who).get(f"/incidents/{ref}/plan")


def chosen(page: Page, legend: str) -> set[str]:
    """What is chosen for somebody; the boxes of the day that a choice reveals are no choices."""
    return set(page.form().values(legend)) - {"Day", "Month", "Year"}


# The meeting


def test_a_response_for_each_person_on_one_page(site: Site, story: Story) -> None:
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch"))
    page = plan(site, ref)
    assert "At the latest" in page.text
    form = page.form().fill("Robin Ashe", PERSON).fill("Sam Birch", "Nothing yet")
    form.set(**{f"look_again-{exposure_of(story, ref, 'Sam Birch').id}": "2026-03-20"})
    done = form.fill("Who took part?", "Coordinator, watch manager").submit("Record the plan")
    assert done.path == f"/incidents/{ref}"
    assert "The plan is recorded." in done.text
    assert "Individual support" in done.text
    assert "Look again on Fri 20 March" in done.text
    assert "Coordinator, watch manager" in done.text
    assert "Open the case" in done.text


def test_nobody_is_left_out_and_everything_typed_stays(site: Site, story: Story) -> None:
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch", "Kim Vane"))
    form = plan(site, ref).form().fill("Robin Ashe", PERSON).fill("Kim Vane", "Nothing yet")
    form.fill("What was agreed for the whole team", "Quiet weekend.")
    page = form.submit("Record the plan")
    kim = exposure_of(story, ref, "Kim Vane")
    assert page.errors() == [
        "Enter the day to look again at Kim Vane",
        "Choose a response for Sam Birch",
    ]
    assert page.error_at(f"look_again-{kim.id}") == "Enter the day to look again at Kim Vane"
    again = page.form()
    assert chosen(page, "Robin Ashe") == {PERSON}
    assert chosen(page, "Kim Vane") == {"Nothing yet"}
    assert again.value("What was agreed for the whole team") == "Quiet weekend."
    assert story.state(ref, "incident") == "reported"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("held_at", "2026-03-09T10:00", "“When did you meet?” must not be in the future"),
        ("held_at", "2026-02-01T10:00", "The meeting cannot be before the incident."),
        ("held_at", "31 6 2026", "Answer “When did you meet?”"),
    ],
)
def test_a_slip_is_told_at_its_field(site: Site, story: Story, name: str, value: str, message: str) -> None:
    ref = story.reports()
    form = plan(site, ref).form().fill("Robin Ashe", PERSON)
    form.set(**{f"{name}-{part}": "" for part in ("day", "month", "year", "time")}).set(**{name: value})
    assert form.submit("Record the plan").errors() == [message]


def test_a_day_that_is_not_to_come_says_for_whom(site: Site, story: Story) -> None:
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch"))
    form = plan(site, ref).form().fill("Robin Ashe", PERSON).fill("Sam Birch", "Nothing yet")
    today = site.organisation.now.date().isoformat()
    form.set(**{f"look_again-{exposure_of(story, ref, 'Sam Birch').id}": today})
    page = form.submit("Record the plan")
    assert page.errors() == ["Choose a day to come on which to look again at Sam Birch."]


@pytest.mark.care(17)
def test_a_group_under_investigation_comes_back_with_the_reason_and_the_page_filled(site: Site, story: Story) -> None:
    ref = story.reports(evidence_hold=True)
    page = plan(site, ref)
    assert "An investigation is running" in page.text
    page = page.form().fill("Robin Ashe", "Group session").submit("Record the plan")
    assert page.status == 200
    assert "Ask the investigation for clearance" in page.errors()[0]
    assert chosen(page, "Robin Ashe") == {"Group session"}


def test_a_name_given_meanwhile_stands_on_the_page_that_comes_back(site: Site, story: Story) -> None:
    ref = story.reports()
    open_page = plan(site, ref).form().fill("Robin Ashe", PERSON)
    lee = site.as_("Lee").get(f"/incidents/{ref}/people").form().fill("Name or staff number", "Sam").submit("Search")
    lee.form().fill("Whom do you mean?", "Sam Birch").fill("How were they exposed?", "Saw or heard it").submit(
        "Add this person"
    )
    page = open_page.submit("Record the plan")
    assert page.errors() == ["Choose a response for Sam Birch"]
    assert chosen(page, "Robin Ashe") == {PERSON}


def test_an_older_page_is_told_what_changed_and_can_be_sent_again(site: Site, story: Story) -> None:
    ref = story.reports(exposed=crew(story, "Robin Ashe"))
    old = plan(site, ref).form().fill("Robin Ashe", "Nothing yet")
    old.set(**{f"look_again-{exposure_of(story, ref, 'Robin Ashe').id}": "2026-03-20"})
    site.as_("Lee").get(f"/incidents/{ref}/hold").form().fill("Why?", "An investigation was opened").submit()
    stale = old.submit("Record the plan", status=409)
    assert "Robin Ashe" in stale.text
    assert "Nothing yet" in stale.text
    done = stale.press("Send mine now, knowing this")
    assert "Look again on Fri 20 March" in done.text


@pytest.mark.parametrize("who", ["Rita", "Pat", "Hana", "Adam", "Ada"])
def test_only_coordinators_and_leads_see_the_pages(site: Site, story: Story, who: str) -> None:
    ref = story.reports()
    client = site.as_(who)
    for path in ("", "/plan", "/sheet", "/people", "/hold", "/clearance", "/readers", "/open"):
        client.get(f"/incidents/{ref}{path}", status=403)
    client.get("/incidents/one-person", status=403)


@pytest.mark.care(10)
def test_who_was_there_finds_nothing(site: Site, story: Story) -> None:
    ref = story.reports(exposed=(ExposedPerson(exposure="direct", name="Carol Elm"),))
    carol = site.as_("Carol")
    for path in ("", "/plan", "/sheet", "/people", "/hold"):
        carol.get(f"/incidents/{ref}{path}", status=404)
    carol.get("/incidents/I-0000000", status=404)


# What the meeting may see


@pytest.mark.care(9)
def test_nothing_else_about_anybody_is_on_the_page_or_the_sheet(site: Site, story: Story) -> None:
    made = story.organisation
    case = story.plans(story.reports(kind="drowning"))
    assert case
    story.does("Carol", "make_offer", case, channel="phone")
    story.does("Carol", "record_decline", case)
    made.later(days=20)
    ref = story.reports(kind="assault", exposed=crew(story, "Robin Ashe", "Sam Birch"))
    meets(story, ref, {"Robin Ashe": "briefing", "Sam Birch": ("nothing_yet", date(2026, 4, 20))})
    sheet = site.as_("Carol").get(f"/incidents/{ref}/sheet")
    assert sheet.texts("thead th") == ["Name", "How", "Response"]
    assert [" ".join(row.split()) for row in sheet.texts("tbody tr")] == [
        "Robin Ashe Saw or heard it Briefing",
        "Sam Birch Saw or heard it Nothing yet",
    ]
    for page in (sheet, plan(site, ref)):
        for word in (case, "C-", "eclin", "rowning", "arlier"):
            assert word not in page.main_html, word


@pytest.mark.care(9)
def test_earlier_incidents_are_one_press_away_for_the_coordinator_alone(site: Site, story: Story) -> None:
    made = story.organisation
    before = story.reports(kind="drowning")
    made.later(days=30)
    ref = story.reports(kind="assault", exposed=crew(story, "Robin Ashe", "Sam Birch"))
    page = site.as_("Carol").get(f"/incidents/{ref}").follow("Earlier incidents Robin Ashe")
    assert page.h1 == "Robin Ashe"
    assert before in page.text
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"incident:{incident_of(story, ref).id}")
    assert [line["what"] for line in chain][-1] == "incident.earlier_read"
    site.as_("Pat").get(page.path, status=403)


@pytest.mark.care(10)
def test_the_line_manager_question_comes_before_earlier_incidents(site: Site, story: Story) -> None:
    story.organisation.add_person("Max Unsure", line_manager_known=False)
    ref = story.reports(exposed=crew(story, "Max Unsure"))
    page = site.as_("Carol").get(f"/incidents/{ref}").follow("Earlier incidents Max Unsure")
    assert page.form().submit("Go on").errors()
    question = "Are you this person’s line manager, or do they lead you?"
    shown = page.form().fill(question, "No").submit("Go on")
    assert "None in the last twelve months" in shown.text
    away = page.form().fill(question, "Yes").submit("Go on")
    assert away.path == f"/incidents/{ref}"


# Later


@pytest.mark.care(25)
def test_somebody_found_later_has_their_own_clock_on_the_page(site: Site, story: Story) -> None:
    made = story.organisation
    ref = story.reports()
    story.plans(ref)
    made.later(hours=2)
    page = site.as_("Carol").get(f"/incidents/{ref}")
    assert "Add people to the plan" not in page.text
    page = page.follow("Add somebody who was there").form().fill("Name or staff number", "Sam").submit("Search")
    page = page.form().fill("Whom do you mean?", "Sam Birch").fill("How were they exposed?", "Saw or heard it")
    page = page.submit("Add this person")
    assert "Found later: Mon 2 March, 11:00" in page.text
    page = page.follow("Add people to the plan")
    assert "Found later; to be planned for by Tue 3 March, 11:00." in page.text
    assert "1 person has a response already" in page.text
    assert page.form().fill("Sam Birch", PERSON).submit("Record the plan").path == f"/incidents/{ref}"


@pytest.mark.care(25)
def test_nothing_yet_is_looked_at_again_or_left(site: Site, story: Story) -> None:
    made = story.organisation
    ref = story.reports(exposed=crew(story, "Robin Ashe", "Sam Birch"))
    meets(story, ref, {name: ("nothing_yet", date(2026, 3, 16)) for name in ("Robin Ashe", "Sam Birch")})
    made.later(days=14)
    page = plan(site, ref)
    assert "Choose nothing to leave it so." in page.text
    done = page.form().fill("Robin Ashe", PERSON).submit("Record the plan")
    assert done.text.count("Look again on") == 1


def test_naming_somebody_finds_them_or_adds_them(site: Site, story: Story) -> None:
    ref = story.reports()
    start = site.as_("Carol").get(f"/incidents/{ref}/people")
    assert start.form().submit("Search").errors() == ["Enter a name or a staff number"]
    found = start.form().fill("Name or staff number", "nia vale").submit("Search")
    assert found.form().values("Whom do you mean?")[0] == "Somebody new: nia vale"
    wrong = found.form().fill("Name or staff number", "Sam").submit("Add this person")
    assert "Choose whom you mean" in wrong.errors()
    assert "Sam Birch" in wrong.text
    new = wrong.form().fill("Name or staff number", "Nia Vale").submit("Search again").form()
    page = new.fill("How were they exposed?", "Was in it").fill("Works here as", "Contractor").submit("Add this person")
    assert "Nia Vale North · Contractor" in page.text
    twice = (
        site.as_("Carol").get(f"/incidents/{ref}/people").form().fill("Name or staff number", "Nia").submit("Search")
    )
    twice = twice.form().fill("Whom do you mean?", "Nia Vale").fill("How were they exposed?", "Was in it")
    assert twice.submit("Add this person").errors() == ["This person is on the list already."]


def test_an_incident_is_closed_and_says_why_not_before(site: Site, story: Story) -> None:
    ref = story.reports()
    page = site.as_("Carol").get(f"/incidents/{ref}")
    assert "Close the incident. Not yet: Somebody on the list has no response yet." in page.text
    story.plans(ref)
    page = site.as_("Carol").get(f"/incidents/{ref}").press("Close the incident")
    assert "Closed. Support for people goes on" in page.text
    stale = site.as_("Carol").client
    assert stale.get(f"/incidents/{ref}/close").status_code == 405


# One person


def one_person(site: Site, **more: str) -> Page:
    page = site.as_("Carol").get("/incidents/one-person").form().fill("Name or staff number", "Robin").submit("Search")
    form = page.form().fill("Whom do you mean?", "Robin Ashe").fill("How were they exposed?", "Was in it")
    form.fill("When did it happen?", datetime(2026, 3, 1, 14, 0)).fill("What kind of incident?", "Assault or violence")
    form.fill("Is an investigation running, or expected?", "No")
    for label, value in more.items():
        form.fill(label, value)
    return form.submit("Record and go on")


@pytest.mark.care(25)
def test_a_self_referral_on_one_screen(site: Site) -> None:
    page = one_person(site, **{"What do they need?": PERSON})
    assert page.path.startswith("/cases/")
    assert "The case is open." in page.text
    incident = site.as_("Carol").get("/incidents?state=planned").follow("Assault or violence")
    assert "The person asked" in incident.text


@pytest.mark.care(25)
def test_one_screen_tells_every_slip_and_keeps_what_was_typed(site: Site) -> None:
    start = site.as_("Carol").get("/incidents/one-person")
    page = start.form().fill("Name or staff number", "Robin").submit("Record and go on")
    assert page.errors() == [
        "Choose whom you mean",
        "Choose how they were exposed",
        "Enter the day of the incident",
        "Choose the kind of incident",
        "Choose whether an investigation is running",
        "Choose a response",
    ]
    assert "Robin Ashe" in page.text
    page = one_person(site, **{"What do they need?": "Nothing yet"})
    assert page.errors() == ["Enter the day to look again"]
    assert page.form().values("Whom do you mean?") == ["Robin Ashe"]
    form = page.form().set(look_again="2026-03-20")
    assert "You will be reminded on the day you chose." in form.submit("Record and go on").text


@pytest.mark.care(25)
def test_a_known_incident_is_joined_instead_of_doubled(site: Site, story: Story) -> None:
    ref = story.reports(kind="assault", exposed=crew(story, "Sam Birch"))
    page = one_person(site, **{"What do they need?": PERSON})
    (label,) = [text for text in page.texts("label") if text.startswith(ref)]
    done = page.form().fill("Is it one of these?", label).submit("Record and go on")
    assert done.path == f"/incidents/{ref}/plan"
    assert "Robin Ashe" in done.text
    page = one_person(site, **{"What do they need?": PERSON})
    another = page.form().fill("Is it one of these?", "No, it is another incident").submit("Record and go on")
    assert another.path.startswith("/cases/")


@pytest.mark.care(21)
def test_somebody_with_support_is_asked_about_joining(site: Site, story: Story) -> None:
    story.supported_case()
    page = one_person(site, **{"What do they need?": PERSON})
    assert "/join/" in page.path
    assert "This person has support already." in page.text

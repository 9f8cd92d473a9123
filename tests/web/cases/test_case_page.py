"""The page of a case, and the pages of its actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.usecases.cases.reading import case_of, on_duty


@pytest.mark.care(24)
def test_an_offer_shows_three_facts(site: Site, story: Story) -> None:
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=site.organisation.accounts["Pat"].id)
    page = site.as_("Pat").get(f"/cases/{ref}")
    assert page.texts("dt") == ["Name", "Unit", "Kind of incident"]
    assert page.find(".trim-timeline") is None
    assert page.texts("main button") == ["Accept", "Not this time"]


@pytest.mark.care(1)
def test_the_red_flag_is_one_press_and_leads_to_the_numbers(site: Site, story: Story) -> None:
    ref = story.supported_case()
    on_duty(story, "Carol")
    # Somebody else has changed the case since the page was opened: that must not matter.
    page = site.as_("Pat").get(f"/cases/{ref}")
    story.does("Carol", "log_contact", ref, channel="phone", result="spoke")
    page = page.press("Now")
    assert page.h1 == "Call now"
    assert page.texts(".trim-call__number strong") == ["+44 1632 960123", "999"]
    assert "On duty: Carol" in page.text
    page = page.follow("Note whom you spoke to")
    page = page.form(page.path).fill("Who did you speak to?", "Carol, duty").submit("Record who was spoken to")
    assert page.h1 == "Red flag"
    assert "Carol, duty" in page.text
    case = site.as_("Pat").get(f"/cases/{ref}")
    assert "Red flag open" in case.texts(".trim-heading .trim-tag")
    assert case.find(".trim-flag") is not None


@pytest.mark.care(2)
def test_nobody_on_duty_is_said(site: Site, story: Story) -> None:
    ref = story.supported_case()
    page = site.as_("Pat").get(f"/cases/{ref}").press("Today")
    assert page.h1 == "Call today"
    assert page.texts(".trim-call__title") == ["Nobody is on duty"]
    assert page.texts(".trim-call__number strong") == ["999"]


@pytest.mark.parametrize(
    ("who", "action", "errors"),
    [
        ("Pat", "log_contact", ["Answer “How?”", "Answer “What came of it?”"]),
        ("Pat", "propose_referral", ["Answer “To whom?”", "Answer “What should they help with?”"]),
        ("Pat", "raise_escalation", ["Answer “What would you like to talk about?”"]),
        ("Pat", "close", ["Answer “How does it end?”"]),
        ("Carol", "hand_over", ["Answer “Practitioner”"]),
    ],
)
def test_a_form_comes_back_with_a_message_at_each_field(
    site: Site, story: Story, who: str, action: str, errors: list[str]
) -> None:
    ref = story.supported_case()
    page = site.as_(who).get(f"/cases/{ref}/actions/{action}")
    page = page.form(f"/{action}").submit()
    assert page.errors() == errors
    assert story.state(ref) == "awaiting_first_assessment"


def test_what_was_typed_is_kept(site: Site, story: Story) -> None:
    ref = story.supported_case()
    page = site.as_("Pat").get(f"/cases/{ref}/actions/log_contact")
    later = (site.organisation.now + timedelta(days=1)).replace(tzinfo=None)
    page = page.form("/log_contact").fill("How?", "Video call").fill("When?", later).submit()
    assert page.errors() == ["Answer “What came of it?”", "“When?” must not be in the future"]
    form = page.form("/log_contact")
    assert form.values("How?") == ["Video call"]
    page = form.fill("What came of it?", "We spoke").fill("When?", later - timedelta(days=1)).submit()
    assert page.path == f"/cases/{ref}"


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(site: Site, story: Story) -> None:
    ref = story.supported_case()
    form = site.as_("Pat").get(f"/cases/{ref}/actions/propose_referral").form("/propose_referral")
    story.does("Carol", "log_contact", ref, channel="phone", result="spoke")
    form.fill("To whom?", "Own doctor").fill("What should they help with?", "Sleep at night.")
    page = form.submit(status=409)
    assert page.h1 == "Somebody changed this meanwhile"
    assert "Contact logged Carol" in page.text
    assert "Sleep at night." in page.text
    page = page.press("Send mine now, knowing this")
    assert page.h1 == "Referral: Own doctor"
    assert "Sleep at night." in page.text


def test_a_opens_the_form_b_reads_the_case_a_submits(site: Site, story: Story) -> None:
    """A read never makes an open form stale (law 7)."""
    ref = story.supported_case()
    form = site.as_("Pat").get(f"/cases/{ref}/actions/log_contact").form("/log_contact")
    site.as_("Carol").get(f"/cases/{ref}")
    page = form.fill("How?", "Telephone").fill("What came of it?", "We spoke").submit()
    assert page.path == f"/cases/{ref}"


def test_a_choice_that_the_rules_refuse_is_said_above_the_form_which_keeps_what_was_written(
    site: Site, story: Story
) -> None:
    ref = story.supported_case()
    form = site.as_("Pat").get(f"/cases/{ref}/actions/close").form("/close")
    page = form.fill("How does it end?", "Support completed").fill("Short note", "Much better.").submit()
    [error] = page.errors()
    assert error.startswith("Support is completed only after the last interview.")
    form = page.form("/close")
    assert form.values("How does it end?") == ["Support completed"]
    assert "Much better." in page.main_html
    story.does("Carol", "close", ref, outcome="left")
    assert "Support is completed" not in form.submit(status=409).text


def test_a_refused_action_says_why(site: Site, story: Story) -> None:
    ref = story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="Unsure.")
    page = site.as_("Pat").get(f"/cases/{ref}/actions/close")
    assert "An escalation is still waiting for a decision." in page.text
    assert page.find_all("main form") == []
    assert "Not yet: An escalation is still waiting for a decision." in site.as_("Pat").get(f"/cases/{ref}").text


@pytest.mark.parametrize("path", ["", "/actions/log_contact", "/history", "/not-by", "/line-manager"])
def test_anothers_case_and_an_unknown_one_look_alike(site: Site, story: Story, path: str) -> None:
    ref = story.supported_case()
    who = "Carol" if path == "/history" else "Quinn"
    if who == "Quinn":
        hidden = site.as_(who).get(f"/cases/{ref}{path}", status=404)
    else:
        own = case_of(story, "Carol Elm")
        hidden = site.as_(who).get(f"/cases/{own}{path}", status=404)
    unknown = site.as_(who).get(f"/cases/C-0000000{path}", status=404)
    assert hidden.text == unknown.text


@pytest.mark.care(10)
def test_the_one_question_and_a_yes_that_hides_the_case(site: Site, story: Story) -> None:
    site.organisation.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    carol = site.as_("Carol")
    listed = carol.get("/cases")
    assert "Kim Vega" not in listed.text
    assert carol.get(f"/cases/{ref}", status=403).h1 == "One question first"
    page = listed.follow("One question first")
    assert "This case is about Kim Vega." in page.text
    page = page.form("/line-manager").submit()
    assert page.errors() == ["Choose whether there is a line between you"]
    page = page.form("/line-manager").fill("Are you this person’s line manager, or do they lead you?", "Yes").submit()
    assert page.h1 == "Overview"
    assert "You will not see this case any more" in page.text
    carol.get(f"/cases/{ref}", status=404)
    assert ref not in carol.get("/cases").text


@pytest.mark.care(10)
def test_not_by_this_person(site: Site, story: Story) -> None:
    ref = story.supported_case()
    carol = site.as_("Carol")
    page = carol.get(f"/cases/{ref}").follow("“Not by this person”")
    page = page.form("/not-by").submit()
    assert page.errors() == ["Choose the name"]
    page = page.form("/not-by").fill("Who should not see this case?", "Pat").submit()
    assert "From now on they do not see this case." in page.text
    site.as_("Pat").get(f"/cases/{ref}", status=404)
    page = page.press("Let Pat see it again")
    assert site.as_("Pat").get(f"/cases/{ref}").h1 == "Robin Ashe"


def test_candidates_are_shown_with_their_load_and_obstacles(site: Site, story: Story) -> None:
    story.supported_case()
    ref = story.is_accepted(case_of(story, "Quinn Dale"))
    page = site.as_("Carol").get(f"/cases/{ref}/actions/allocate")
    form = page.form("/allocate")
    assert "1 of 6 cases" in page.text
    assert "Quinn Not available" in page.text
    page = form.set(practitioner=site.organisation.accounts["Quinn"].id).submit()
    assert page.errors() == ["Answer “Practitioner”"]
    assert page.form("/allocate").fill("Practitioner", "Pat").submit().h1 == "Quinn Dale"


def test_the_history_tells_who_looked_in_plain_words(site: Site, story: Story) -> None:
    ref = story.supported_case()
    site.as_("Pat").get(f"/cases/{ref}")
    page: Page = site.as_("Carol").get(f"/cases/{ref}").follow("Who has looked at this case")
    rows = [" ".join(row.split()) for row in page.texts("tbody tr")]
    assert rows[0].startswith("Read the case Carol (coordinator)")
    assert rows[1].startswith("Read the case Pat")
    assert rows[2].startswith("Support taken on → First interview to come Pat")
    assert rows[-1].startswith("Case opened Carol")
    site.as_("Pat").get(f"/cases/{ref}/history", status=403)


def test_an_interview_has_its_own_pages(site: Site, story: Story) -> None:
    ref = story.supported_case()
    page = site.as_("Pat").get(f"/cases/{ref}/actions/record_first_assessment")
    assert page.path == f"/cases/{ref}/interviews/record_first_assessment"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_can_be_read_in_both_languages(site: Site, story: Story, language: str) -> None:
    made = site.organisation
    ref = story.supported_case()
    made.later(days=3)
    raised = story.interviews(ref, points=2).made["escalation"]
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    for name in ("Carol", "Pat"):
        client = site.as_(name)
        page = client.get("/")
        client.post("/language", {"language": language, "csrf_token": _token(page), "next": "/"})
        for path in (
            "/board" if name == "Carol" else "/today",
            f"/cases/{ref}",
            f"/escalations/{raised}",
            f"/referrals/{referral}",
            f"/cases/{ref}/actions/log_contact",
            f"/cases/{ref}/call-now/{raised}",
        ):
            assert client.get(path).language == language


def _token(page: Page) -> str:
    found = page.find("input[name=csrf_token]")
    assert found is not None
    return str(found.get("value"))

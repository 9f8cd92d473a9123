"""The start pages and lists: in order, paged, each row leading to its page."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.support.story import Story
from tests.usecases.cases.reading import case_of, on_duty
from trim.usecases.oversight import lists


def test_the_board_says_what_waits(site: Site, story: Story) -> None:
    story.reports()
    case_of(story, "Sam Birch")
    ref = story.is_allocated(story.is_accepted(case_of(story, "Kim Vega")))
    story.does("Pat", "raise_red_flag", ref, level="now")
    site.organisation.later(days=8)
    page = site.as_("Carol").get("/")
    assert page.h1 == "Overview"
    assert page.texts("caption") == [
        "Escalations (1)",
        "Incidents without a plan",
        "Make the offer (1)",
        "Overdue with practitioners (1)",
    ]
    assert page.follow("Sam Birch").h1 == "Sam Birch"
    assert page.texts("tr.trim-worklist__row--overdue th a")[0] == "Kim Vega"


def test_an_empty_board_is_calm(site: Site) -> None:
    assert "Nothing is waiting for you." in site.as_("Carol").get("/board").text


def test_a_practitioners_day(site: Site, story: Story) -> None:
    page = site.as_("Pat").get("/today")
    assert "Nothing is due." in page.text
    assert "No coordinator is on duty at the moment" in page.text
    ref = story.supported_case()
    asked = story.is_accepted(case_of(story, "Sam Birch"))
    story.does("Carol", "allocate", asked, practitioner=site.organisation.accounts["Pat"].id)
    on_duty(story, "Carol")
    page = site.as_("Pat").get("/today")
    assert page.texts("caption") == ["Could you support them? (1)", "To do"]
    assert "+44 1632 960123" in page.text
    assert page.follow("Robin Ashe").path == f"/cases/{ref}"
    assert page.follow("Sam Birch").h1 == "Could you support this person?"


def test_overdue_comes_first_and_what_is_early_last(site: Site, story: Story) -> None:
    made = site.organisation
    early = story.is_allocated(story.is_accepted(case_of(story, "Sam Birch")))
    made.later(days=3)
    story.interviews(early)
    story.is_allocated(story.is_accepted(case_of(story, "Kim Vega")))
    made.later(days=9)
    story.is_allocated(story.is_accepted(case_of(story, "Robin Ashe")))
    page = site.as_("Pat").get("/today")
    assert page.texts("tbody th a") == ["Kim Vega", "Robin Ashe", "Sam Birch"]
    assert page.texts("tbody .trim-tag") == ["Overdue", "Not yet", "Not yet"]


def test_lists_go_on_by_key(site: Site, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(5):
        case_of(story, f"Person {number}")
    seen = []
    page = site.as_("Carol").get("/cases")
    while True:
        seen += page.texts("tbody th a")
        if "Show more" not in page.texts(".trim-paging a"):
            break
        page = page.follow("Show more")
    assert sorted(seen) == [f"Person {number}" for number in range(5)]
    assert page.follow("Back to the start").texts("tbody th a") == seen[:2]


@pytest.mark.parametrize("after", ["x", "1-2", "99999999999999999999-" + "0" * 32, "'; --"])
def test_a_made_up_key_is_the_first_page(site: Site, story: Story, after: str) -> None:
    case_of(story, "Robin Ashe")
    for path in ("/cases", "/escalations", "/board/overdue", "/board/due/case/offer"):
        site.as_("Carol").get(path, query_string={"after": after})


def test_a_filter_by_state(site: Site, story: Story) -> None:
    offered = case_of(story, "Sam Birch")
    story.does("Carol", "make_offer", offered, channel="phone")
    case_of(story, "Robin Ashe")
    page = site.as_("Carol").get("/cases")
    assert len(page.texts("tbody tr")) == 2
    page = page.form("/cases").fill("Show", "Offer made").submit()
    assert page.texts("tbody th a") == ["Sam Birch"]
    page = page.form("/cases").fill("Show", "All that have ended").submit()
    assert "No case is in this list." in page.text


def test_the_queue_and_what_was_decided(site: Site, story: Story) -> None:
    ref = story.supported_case()
    raised = story.does("Pat", "raise_escalation", ref, reason="Would like advice.").made["escalation"]
    page = site.as_("Carol").get("/escalations").follow("Robin Ashe")
    assert "Would like advice." in page.text
    assert "Raised by Pat" in page.text
    page = page.press("I am looking at it")
    assert "Looked at by Carol" in page.text
    page = page.follow("Decide")
    page = page.form("/decide").fill("What will happen?", "Close the case").fill("Why?", "It is over.").submit()
    assert (page.h1, page.path) == ("Close the case", f"/cases/{ref}/actions/close")
    page = site.as_("Carol").get("/escalations")
    assert "No escalation is waiting." in page.text
    assert page.follow("Those that are decided").follow("Robin Ashe").path == f"/escalations/{raised}"
    assert "Your question was decided" in site.as_("Pat").get("/today").text


def test_a_referral_without_printing_says_what_to_install(
    site: Site, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trim.documents.pdf import PrintingUnavailable
    from trim.web import printing

    def without_pango(_html: str, **_: object) -> bytes:
        raise PrintingUnavailable("libpango-1.0-0", "apt-get install -y libpango-1.0-0")

    monkeypatch.setattr(printing, "render_pdf", without_pango)
    ref = story.supported_case()
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    page = site.as_("Pat").get(f"/referrals/{referral}")
    assert "Make the letter (PDF)" not in page.texts("button")
    story.does("Pat", "record_agreement", referral, kind="referral")
    page = site.as_("Pat").get(f"/referrals/{referral}")
    page = page.form("/letter").submit(status=503)
    assert page.h1 == "The letter cannot be made on this machine"
    assert "apt-get install -y libpango-1.0-0" in page.text

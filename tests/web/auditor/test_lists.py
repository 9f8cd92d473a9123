"""The auditor's lists, and that none of the auditor's pages says how anybody is (CARE 14)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.page_client import PageClient
from tests.support.looking import notes
from tests.support.organisation import trim_pack
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail_lines import lines_of
from tests.usecases.disclosure.desk import Desk
from trim.audit import trail
from trim.domain.access import Role
from trim.domain.trail_words import TRAIL_WORDS
from trim.store import cases
from trim.usecases.break_glass.open_case import open_case
from trim.usecases.disclosure.see_to_request import end_request
from trim.usecases.people.refusals import record_refusal

PAGES = ("/trail", "/trail/worth-a-look", "/trail/break-glass", "/trail/exports", "/trail/refused")


def test_break_glass_shows_who_when_and_which_case_by_an_id_that_says_nothing(site: Site) -> None:
    organisation = site.organisation
    chain = trail.case_chain("c" * 32)
    assert "Nobody broke the glass" in site.as_("Ada").get("/trail/break-glass").text
    opened = {"chain": chain, "subject": chain}
    notes(organisation, "Lee", "break_glass.opened", 1, **opened, reason="safeguarding")
    organisation.later(minutes=20)
    notes(organisation, "Lee", "break_glass.ended", 1, **opened)
    page = site.as_("Ada").get("/trail").follow("Break-glass")
    assert len(page.texts("tbody th")) == 2
    assert "break_glass.ended" in page.texts("tbody th")[0]
    assert page.texts("tbody td:nth-of-type(2)") == ["Lee", "Lee"]
    assert page.texts("tbody td:nth-of-type(3)") == ["case cccccccc · 2", "case cccccccc · 1"]
    assert "safeguarding" not in page.text
    assert lines_of(organisation, "Ada")[-1]["codes"]["list"] == "break_glass"


def test_exports_and_documents(site: Site) -> None:
    story = Story(site.organisation)
    ref = story.supported_case()
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    story.does("Pat", "record_agreement", referral, kind="referral")
    from trim.usecases.referral.letter import referral_letter

    with site.organisation.backend.writing() as uow:
        referral_letter(uow, site.organisation.actor("Pat"), now=site.organisation.now, ref=referral)
    page = site.as_("Ada").get("/trail").follow("Exports and documents")
    [row] = page.texts("tbody th")
    assert "document.made" in row
    assert "document: referral_letter" in page.text
    assert "Robin" not in page.text
    site.organisation.later(days=31)
    assert "Nothing was made" in site.sign_in("Ada").get("/trail/exports").text


def test_refused_attempts_are_one_row_for_each_day_account_and_page(site: Site) -> None:
    organisation = site.organisation
    for place, times in (("auditor.trail", 30), ("hr.statistics", 1)):
        for _ in range(times):
            organisation.later(seconds=1)
            with organisation.backend.writing() as uow:
                record_refusal(uow, organisation.actor("Pat"), now=organisation.now, place=place, code="role")
    guess = site.stranger()
    for _ in range(5):
        token = guess.get("/sign-in").find("input[name=csrf_token]")
        assert token is not None
        values = {"email": "nobody@example.org", "password": "guessed", "csrf_token": token.get("value")}
        guess.client.post("/sign-in", data=values)
    page = site.as_("Ada").get("/trail").follow("Refused attempts")
    who, what = page.texts("tbody th"), page.texts("tbody td:nth-of-type(1)")
    times = page.texts("tbody td:nth-of-type(3)")
    assert sorted(zip(who, what, times, strict=True)) == [
        ("An address without an account", "Sign-in locked after several failures", "1"),
        ("Pat", "Page refused auditor.trail", "30"),
        ("Pat", "Page refused hr.statistics", "1"),
    ]


def test_refused_attempts_are_paged_by_key(site: Site) -> None:
    organisation = site.organisation
    for number in range(60):
        at = organisation.now - timedelta(days=number % 29)
        notes(organisation, "Pat", "access.refused", 2, at=at, subject=f"page:room.{number}", reason="role")
    page = site.as_("Ada").get("/trail/refused")
    seen = page.texts("tbody td:nth-of-type(1)")
    assert len(seen) == 50
    page = page.follow("Show more")
    seen += page.texts("tbody td:nth-of-type(1)")
    assert len(seen) == len(set(seen)) == 60
    assert page.follow("Back to the start").texts("tbody td:nth-of-type(1)") == seen[:50]


@pytest.mark.care(14)
def test_no_rule_outcome_band_or_reason_reaches_the_auditor(site: Site) -> None:
    """A case with everything in it: a flag, a high score, an override, a decision, an end; and one that is declined."""
    _much_happens(site)
    patterns = ("many_cases", "at_night", "outside_units", "after_support", "many_refusals", "many_searches")
    everything = ""
    for path in (*PAGES, *(f"/trail/worth-a-look/{pattern}" for pattern in patterns)):
        page = site.as_("Ada").get(path)
        everything += _rows_of(page)
        while "Show more" in page.texts(".trim-paging a"):
            page = page.follow("Show more")
            everything += _rows_of(page)
    assert "case.action" in everything
    # Words of the catalogue, such as `incident.reported`, stand for all cases alike.
    for word in sorted(TRAIL_WORDS, key=len, reverse=True):
        everything = everything.replace(word, "").replace(TRAIL_WORDS[word].words.en, "")
    told = sorted(word for word in _telling_words() if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", everything))
    assert not told


@pytest.mark.care(18)
def test_an_access_request_tells_the_auditor_nothing_of_what_is_held(site: Site) -> None:
    story, desk = Story(site.organisation), Desk(site.organisation)
    case_ref = story.supported_case()
    story.does("Pat", "raise_escalation", case_ref, reason="Please look.")
    ref = desk.checked()
    desk.marks("Lee", ref, "Please look.", "leave_out", reason="serious_harm")
    desk.does("Carol", end_request, ref, code="identity_not_shown", reason="Not shown.")
    page = site.as_("Ada").get("/trail?kind=request")
    told = " ".join(page.texts("tbody td"))
    assert "access_request.item_marked" in _rows_of(page)
    for word in ("escalation", "leave_out", "serious_harm", "photo_document", "identity_not_shown"):
        assert word not in told, word


@pytest.mark.care(14)
@pytest.mark.parametrize("word", ["case.raise_red_flag", "case.close", "escalation.decide", "case.%", "nonsense"])
def test_nor_does_asking_for_one_by_its_name(site: Site, word: str) -> None:
    _much_happens(site)
    assert "No entry matches." in site.as_("Ada").get(f"/trail?what={word}").text
    page = site.as_("Ada").get("/trail?what=case.action")
    assert set(page.texts("tbody th")) == {"Action on a case case.action"}


def _rows_of(page: PageClient) -> str:
    """What stands in the rows of a list; sentences of ours may use such words in another sense."""
    return " ".join(page.texts("tbody th") + page.texts("tbody td") if page.h1 != "Worth a look" else [])


def _much_happens(site: Site) -> None:
    story = Story(site.organisation)
    ref = story.supported_case()
    story.does("Pat", "raise_red_flag", ref, level="now")
    site.organisation.later(hours=60)
    story.interviews(ref, points=2)
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    story.does("Pat", "override", referral, kind="referral", grounds="risk_to_life", explanation="Said so.")
    with site.organisation.backend.reading() as uow:
        case_id = str(cases.load(uow.session, "case", ref).id)
        raised = [one.ref for one in cases.escalations(uow.session, case_id)]
    for one in raised:
        story.does("Carol", "take", one, kind="escalation")
        story.does("Carol", "decide", one, kind="escalation", decision="other_support", reason="Talked.")
    story.does("Carol", "cancel", referral, kind="referral")
    story.does("Carol", "close", ref, outcome="support_elsewhere")
    # And the pages about it are opened.
    for path in (f"/cases/{ref}", f"/cases/{ref}/history", f"/escalations/{raised[0]}", "/board", "/escalations"):
        site.as_("Carol").get(path)


def _telling_words() -> set[str]:
    """Code words and names of the pack that say how somebody is: rules, outcomes, decisions, grounds, bands, states."""
    pack = trim_pack()
    told: set[str] = set()

    def add(*ones: Any) -> None:
        for one in ones:
            told.update({getattr(one, "name", "") or one.value, one.label.en, one.label.fr})

    add(*pack.escalations.values())
    for instrument in pack.instruments.values():
        add(*instrument.bands)
    for lifecycle in pack.lifecycles.values():
        add(*lifecycle.actions.values(), *lifecycle.states.values())
        for action in lifecycle.actions.values():
            for field in action.form:
                if field.field_class in {"choice", "level"}:
                    add(*field.choices)
    # Words of the pages themselves, or of the language, that only look alike.
    return told - {
        "",
        "case",
        "open",
        "Closed",
        "closed",
        "Clos",
        "now",
        "yes",
        "no",
        "Yes",
        "No",
        "Oui",
        "Non",
        "other",
    }


def test_a_case_opened_by_break_glass_is_listed_and_named_as_outside_the_own_units(site: Site) -> None:
    organisation, story = site.organisation, Story(site.organisation)
    ref = story.supported_case()
    organisation.add_account("Cora", Role.COORDINATOR, unit="South")
    with organisation.backend.writing() as uow:
        cora = organisation.actor("Cora")
        assert open_case(uow, cora, now=organisation.now, ref=ref, ground="safeguarding", reason="Nobody answers.")
    site.as_("Cora").get(f"/cases/{ref}")
    page = site.as_("Ada").get("/trail/break-glass")
    assert [who.partition(" ")[0] for who in page.texts("tbody td:nth-of-type(2)")] == ["Cora"]
    assert "safeguarding" not in page.text
    page = site.as_("Ada").get("/trail/worth-a-look/outside_units")
    assert page.texts("tbody th") == ["Cora"]
    assert ref not in page.text


def test_the_pages_speak_french(site: Site) -> None:
    client = site.as_("Ada")
    form = client.get("/account").form("/account")
    form.fill("Language of pages and mails", "Français").submit()
    assert client.get("/trail/worth-a-look").h1 == "À regarder de plus près"
    assert "La nuit" in client.get("/trail/worth-a-look").text
    assert client.get("/trail/refused").h1 == "Tentatives refusées"

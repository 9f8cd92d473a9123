"""The pages of retention: periods, what goes, what went, legal holds."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.support.story import Story
from trim.usecases.retention.erase_due import erase_due


def declined(site: Site) -> str:
    story = Story(site.organisation)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    return ref


def test_a_lead_changes_a_period_and_a_coordinator_is_told(site: Site) -> None:
    page = site.as_("Lee").get("/retention")
    assert "Until somebody decides" in page.text
    assert "6 years" in page.text
    page = site.as_("Lee").get("/retention/periods/supported")
    page = page.form().fill("How long?", "7 years").submit("Change it")
    assert page.errors() == ["Choose why"]
    assert page.h1 == "All other cases"
    page = page.form().fill("Why?", "Law or contract asks for it").submit("Change it")
    assert page.h1 == "How long things are kept"
    assert "7 years" in page.text
    assert "How long records are kept was changed" in site.as_("Carol").get("/notices").text


def test_two_leads_at_once_the_second_is_shown_what_holds(site: Site) -> None:
    first = site.as_("Lee").get("/retention/periods/supported").form().fill("How long?", "7 years")
    other = site.sign_in("Lee").get("/retention/periods/supported").form().fill("How long?", "10 years")
    first.fill("Why?", "The organisation decided so").submit("Change it")
    page = other.fill("Why?", "The organisation decided so").submit("Change it")
    assert page.errors() == ["Somebody changed it meanwhile. Look at what holds now, then choose again."]
    assert "Now: 7 years." in page.text


@pytest.mark.care(11)
def test_administrator_and_auditor_read_the_periods_and_find_no_case_there(site: Site) -> None:
    declined(site)
    for name in ("Adam", "Ada"):
        page = site.as_(name).get("/retention")
        assert "6 years" in page.text
        assert not page.texts("a[href*='/retention/']")
        assert "A programme lead over the whole organisation changes these." in page.text


@pytest.mark.care(17)
def test_a_legal_hold_is_set_with_who_asks_and_why_and_lifted_again(site: Site) -> None:
    ref = declined(site)
    site.organisation.later(days=70)
    erase_due(site.organisation.backend, now=site.organisation.now)
    carol = site.as_("Carol")
    page = carol.get("/retention/soon/case")
    assert "Nothing: it goes" in page.text
    page = carol.get(f"/cases/{ref}")
    page = carol.get(page.link("Keep it from being erased: legal hold"))
    assert page.h1 == "Legal hold"
    page = page.form("/hold").submit("Keep it")
    assert page.errors() == ["Choose who asks for it", "Enter why it is kept"]
    page = (
        page.form("/hold")
        .fill("Who asks for it?", "A coroner")
        .fill("Why, in a few words", "An inquest.")
        .submit("Keep it")
    )
    assert "An inquest." in page.text
    assert "In force" in page.text
    assert "Legal hold" in carol.get("/retention/soon/case").text
    page = carol.get(f"/retention/case/{ref}/hold").press("Lift this hold")
    assert "Lifted" in page.text


def test_what_was_erased_is_listed_without_a_name(site: Site) -> None:
    ref = declined(site)
    for days in (70, 40):
        site.organisation.later(days=days)
        erase_due(site.organisation.backend, now=site.organisation.now)
    page = site.as_("Carol").get("/retention/erased")
    assert ref in page.text
    assert "Robin" not in page.text
    assert "Nothing is announced." in site.as_("Carol").get("/retention/soon/incident").text


def test_an_unknown_period_or_kind_is_not_found(site: Site) -> None:
    for path in ("/retention/periods/sandwiches", "/retention/soon/account", "/retention/account/x/hold"):
        assert site.as_("Lee").client.get(path).status_code == 404

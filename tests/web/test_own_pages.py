"""The rota, help, the trail, statistics and one's own account: small pages that everybody leans on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.page_client import Page
from tests.support.organisation import SETUP
from tests.support.site import Site
from tests.support.trail_lines import lines_of
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.people.accounts import put_on_duty


def puts_on_duty(
    site: Site, who: str = "Carol", start: str = "2026-03-02T09:00", end: str = "2026-03-03T09:00"
) -> Page:
    page = site.as_("Carol").get("/duty").follow("Put somebody on duty")
    form = page.form().fill("Who", who).fill("Telephone", "+44 1632 960009")
    form.fill("From", datetime.fromisoformat(start)).fill("Until", datetime.fromisoformat(end))
    return form.submit("Put on duty")


@pytest.mark.care(2)
def test_practitioners_see_who_is_on_duty_with_the_number_to_call(site: Site) -> None:
    page = puts_on_duty(site)
    assert "The turn is on the rota" in page.text
    for name in ("Pat", "Carol", "Lee"):
        page = site.as_(name).get("/duty")
        assert "tel:+441632960009" in page.html
        assert "until" in page.text
    assert "+44 1632 960009" in site.as_("Pat").get("/help-now").text
    assert "Put somebody on duty" not in site.as_("Pat").get("/duty").text


@pytest.mark.care(2)
def test_with_nobody_on_duty_the_page_says_so_and_shows_the_crisis_route(site: Site) -> None:
    page = site.as_("Pat").get("/duty")
    assert "Nobody is on duty now" in page.text
    assert "tel:999" in page.html
    assert "Nobody of the programme is on duty now" in site.as_("Pat").get("/help-now").text
    with site.organisation.backend.writing() as uow:
        change_settings(uow, SETUP, now=site.organisation.now, values={"crisis_lines": []})
    assert "emergency number of your country" in site.as_("Pat").get("/duty").text


@pytest.mark.care(2)
def test_a_gap_that_comes_is_said_before_it_is_there(site: Site) -> None:
    puts_on_duty(site)
    assert "nobody is on duty" in site.as_("Carol").get("/duty").text
    puts_on_duty(site, "Lee", "2026-03-03T09:00", "2026-03-12T09:00")
    assert "nobody is on duty" not in site.as_("Carol").get("/duty").text


def test_a_turn_is_taken_off(site: Site) -> None:
    puts_on_duty(site)
    site.organisation.later(minutes=20)
    page = site.as_("Carol").get("/duty")
    page = page.press("Take Carol off")
    assert "The turn is off the rota" in page.text
    assert "Nobody is on duty now" in page.text


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2026-03-02T09:00", "2026-03-02T08:00", "must not be before the start"),
        ("2026-03-01T09:00", "2026-03-02T08:00", "must be in the future"),
        ("2026-03-02T09:00", "2027-03-02T09:00", "31 days at most"),
    ],
)
def test_a_turn_that_cannot_be_is_refused(site: Site, start: str, end: str, message: str) -> None:
    page = puts_on_duty(site, start=start, end=end)
    assert message in page.errors()[0]
    assert page.form().value("Telephone") == "+44 1632 960009"


def test_help_is_there_for_everybody_and_not_monitored(site: Site) -> None:
    with site.organisation.backend.writing() as uow:
        lines = [{"label": "Helpline", "phone": "0800 111 222", "hours": "day and night"}]
        change_settings(uow, SETUP, now=site.organisation.now, values={"crisis_lines": lines})
        put_on_duty(
            uow,
            SETUP,
            now=site.organisation.now,
            programme="trim",
            account_id=site.organisation.accounts["Carol"].id,
            phone="+44 1632 960009",
            from_at=site.organisation.now,
            until_at=site.organisation.now + timedelta(days=1),
        )
    page = site.stranger().get("/help-now")
    assert "tel:0800111222" in page.html
    assert "day and night" in page.text
    assert "This page is not monitored" in page.text
    for seen in (page, site.as_("Hana").get("/help-now")):
        assert "Carol" not in seen.text, "who is on duty is for those who may see the rota"
    assert site.stranger().in_language("fr").get("/help-now").language == "fr"


def test_the_auditor_reads_the_trail_and_that_is_written_too(site: Site) -> None:
    site.as_("Pat").get("/trail", status=403)
    client = site.as_("Ada")
    page = client.get("/trail")
    assert "sign_in.succeeded" in page.text
    assert "access.refused" in page.text
    assert lines_of(site.organisation, "Ada")[-1]["what"] == "trail.read"
    page = page.form("/trail").fill("What happened", "access.refused").submit("Show")
    assert set(page.texts("tbody th")) == {"Page refused access.refused"}
    assert lines_of(site.organisation, "Ada")[-1]["codes"]["what"] == "access.refused"
    page = page.form("/trail").fill("What happened", "").fill("About", "The organisation").submit("Show")
    assert "Unit added unit.added" in page.texts("tbody th")
    assert "account.opened" not in page.text
    page = client.get("/trail?day=2026-03-01")
    assert "No entry matches" in page.text
    assert client.get("/trail?day-day=45&day-month=13&day-year=2026").errors()


def test_the_trail_is_paged_by_key_and_shows_each_entry_once(site: Site) -> None:
    for _number in range(30):
        site.organisation.later(minutes=1)
        site.as_("Pat").get("/trail", status=403)
        site.as_("Quinn").get("/trail", status=403)
    page = site.as_("Ada").get("/trail?what=access.refused")
    seen = page.texts("tbody td:nth-of-type(3)")
    assert len(seen) == 50
    page = page.follow("Show more")
    seen += page.texts("tbody td:nth-of-type(3)")
    assert len(seen) == len(set(seen)) == 60
    assert site.as_("Ada").get("/trail?before=nonsense")


def test_statistics_say_honestly_that_nothing_is_published(site: Site) -> None:
    page = site.as_("Hana").get("/statistics")
    assert "Nothing has been published yet" in page.text
    assert "Why there are no live figures" in page.text


def test_training_is_recorded_by_whoever_allocates(site: Site) -> None:
    page = site.as_("Carol").get("/practitioners")
    assert page.texts("tbody th a") == ["Pat", "Quinn"]
    page = page.follow("Pat")
    form = page.form().fill("Day of the course", datetime(2026, 2, 1)).fill("Valid until", datetime(2025, 2, 1))
    assert form.submit().error_at("valid_until") == "It must be valid until after the course."
    page = form.fill("Valid until", datetime(2028, 2, 1)).fill("Most open cases at a time", "3").submit()
    assert "The training is recorded" in page.text
    assert "3" in page.texts("tbody td")
    site.as_("Carol").get(f"/practitioners/{site.organisation.accounts['Hana'].id}/training", status=404)
    site.as_("Pat").get("/practitioners", status=403)


def test_one_sees_and_changes_ones_own_account(site: Site) -> None:
    client = site.sign_in("Carol")
    page = client.get("/account")
    assert "Coordinator, North" in page.text
    assert "Signed in" in page.text
    page = page.form("/account").fill("Language of pages and mails", "Français").fill("Telephone", "01632 960777")
    page = page.submit("Save")
    assert page.language == "fr"
    assert lines_of(site.organisation, "Carol")[-1]["codes"] == {"fields": ["locale", "phone"]}
    assert client.get("/duty").language == "fr"
    bad = client.get("/account").form("/account").set(phone="call me", locale="de").submit()
    assert len(bad.errors()) == 2


def test_whoever_has_no_role_learns_whom_to_ask(site: Site) -> None:
    site.organisation.add_account("Nils")
    page = site.as_("Nils").get("/")
    assert page.h1 == "You have no role yet"
    assert "Adam" in page.text


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("Hana", ["Statistics"]),
        ("Adam", ["Accounts", "Units", "Calendar", "Background work", "Retention", "Rules"]),
        ("Ada", ["Trail", "Published figures", "Register of disclosures", "Retention", "Rules"]),
        ("Rita", ["Report an incident"]),
        ("Pat", ["My work", "Report an incident", "Groups and checks", "On duty"]),
        (
            "Carol",
            [
                "Overview",
                "Incidents",
                "Cases",
                "Groups and checks",
                "Escalations",
                "Requests for data",
                "Practitioners",
                "On duty",
            ],
        ),
        (
            "Lee",
            [
                "Overview",
                "Incidents",
                "Cases",
                "Groups and checks",
                "Escalations",
                "Requests for data",
                "Practitioners",
                "On duty",
                "To confirm",
                "Figures for HR",
            ],
        ),
    ],
)
def test_the_navigation_holds_what_a_role_may_use_and_nothing_else(site: Site, name: str, entries: list[str]) -> None:
    assert site.as_(name).get("/account").texts(".trim-nav a") == entries

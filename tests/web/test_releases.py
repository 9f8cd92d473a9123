"""The pages on which a programme lead asks for a release, and what the others see of it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.page_client import PageClient
from tests.support.asking import asks, works
from tests.support.given_out import given_out, unpacked
from tests.support.organisation import SETUP
from tests.support.posting import TestPost, outbox, sends
from tests.support.site import Site
from tests.usecases.statistics.test_asking import late
from tests.usecases.statistics.test_releasing import fill, stored
from trim.domain.access import Role
from trim.domain.releasing import Refusal
from trim.store import jobs, release_requests
from trim.store.tables import ReleaseRequest
from trim.usecases.statistics.make_asked import LEASE, take_up

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def filled(site: Site) -> Site:
    fill(site.organisation, "2025-Q1", "2025-Q2")
    return site


def lee(site: Site, language: str = "en") -> PageClient:
    client = site.as_("Lee")
    if client.get("/releases").language != language:
        client.get("/releases").press("Français")
    return client


def noted(site: Site, request_id: str, **values: object) -> None:
    """As a worker writes it."""
    with site.organisation.backend.database.writing() as session:
        assert release_requests.note(session, request_id, worker="one", **values)


def ended(site: Site, request_id: str, **values: object) -> None:
    with site.organisation.backend.database.writing() as session:
        session.connection().execute(update(ReleaseRequest).values(claimed_by=None, claimed_until=None, **values))


def test_a_lead_asks_the_worker_makes_it_and_hr_reads_it(filled: Site) -> None:
    page = lee(filled).get("/").follow("Figures for HR")
    assert "Nothing has been asked for yet." in page.text
    form = page.follow("Ask for a release").form()
    assert form.submit("Ask for it").errors() == ["Choose the period"]
    page = form.fill("Period", "the first quarter of 2025").submit("Ask for it")
    assert page.h1 == "Figures for HR"
    assert "Asked for. You are told when it is published" in page.text
    assert page.texts("main .trim-tag") == ["Queued"]
    assert works(filled.organisation) == ["published"]
    page = lee(filled).get("/releases")
    assert page.texts("main .trim-tag") == ["It is published"]
    assert "Published as release 1. HR was told." in page.text
    hana = filled.as_("Hana")
    page = hana.get("/notices").follow("New figures are published")
    assert page.h1 == "The first quarter of 2025"
    assert lee(filled).get("/notices").follow("The figures you asked for are published").h1 == "Figures for HR"


@pytest.mark.care(33)
def test_hr_sees_neither_what_is_asked_for_nor_why_it_was_refused(filled: Site) -> None:
    """That a period was refused as too small would be a figure of its own."""
    request_id = asks(filled.organisation)
    ended(filled, request_id, state="refused", refused_because="too_small", refused_about={})
    hana = filled.as_("Hana")
    for path in ("/releases", "/releases/ask", "/releases/correct"):
        hana.get(path, status=403)
    page = hana.get("/statistics")
    assert "Nothing has been published yet" in page.text
    assert not page.texts("a[href*='/releases']")
    assert outbox(filled.organisation, kind="release_published") == []


def test_the_mail_about_new_figures_holds_none(filled: Site) -> None:
    asks(filled.organisation)
    works(filled.organisation)
    post = TestPost()
    for _turn in ("planned for the hour of each", "sent at that hour"):
        sends(filled.organisation, post)
        filled.organisation.later(hours=24)
    mail = next(one for one in post.mails if one.to[0].startswith("hana"))
    assert mail.subject == "A notice is waiting for you"
    assert "New figures are published" in mail.text
    assert "2025" not in mail.text + mail.html


@pytest.mark.parametrize("language", ["en", "fr"])
def test_while_it_is_made_the_page_says_how_far_it_is(filled: Site, language: str) -> None:
    request_id = asks(filled.organisation)
    assert take_up(filled.organisation.backend, worker="one", now=filled.organisation.now) is not None
    page = lee(filled, language).get("/releases")
    counting = {"en": "Records are counted.", "fr": "Les enregistrements sont comptés."}
    assert counting[language] in page.text
    assert not page.texts("main form")
    noted(filled, request_id, stage="attacking", stage_done=30, stage_of=120, turn=2)
    page = lee(filled, language).get("/releases")
    tried = {"en": "30 of 120. Some could still be worked out", "fr": "30 sur 120. Certains restaient calculables"}
    assert tried[language] in page.text
    assert page.texts("main .trim-tag") == [{"en": "Being made", "fr": "En préparation"}[language]]
    bar = page.find("main progress")
    assert bar is not None
    assert (bar.get("max"), bar.get("value")) == ("120", "30")
    filled.organisation.now += LEASE
    page = lee(filled, language).get("/releases")
    assert page.texts("main .trim-tag") == [{"en": "Interrupted", "fr": "Interrompue"}[language]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_refusal_has_its_plain_words(site: Site, language: str) -> None:
    made = site.organisation
    about = {"wait_for": ["2025-Q1", "2025-Q2"], "tables": ["a"], "en": ["Incidents"], "fr": ["Événements"]}
    with made.backend.writing() as uow:
        for because in Refusal:
            uow.session.add(
                ReleaseRequest(
                    id=uow.new_id(),
                    period_from="2025-Q1",
                    period_to="2025-Q1",
                    asked_at=made.now,
                    asked_by=made.accounts["Lee"].id,
                    state="refused",
                    refused_because=str(because),
                    refused_about=about if because in (Refusal.TOO_SMALL, Refusal.CONFLICT) else {},
                )
            )
        uow.record(SETUP, made.now, "statistics.request_refused", chain="organisation", subject="statistics")
    page = lee(site, language).get("/releases")
    titles = page.texts("main .trim-notice__title")
    assert len(set(titles)) == len(titles) == len(Refusal)
    assert not [one for one in titles for because in Refusal if "_" in one or one == because]
    assert [
        one for one in titles if one.endswith({"en": "Tables: Incidents.", "fr": "Tableaux : Événements."}[language])
    ]
    assert {"en": "Ask for the first half of 2025", "fr": "Demandez le premier semestre 2025"}[language] in page.text


def test_what_waits_is_taken_back_and_what_has_begun_is_not(filled: Site) -> None:
    asks(filled.organisation)
    page = lee(filled).get("/releases")
    other = filled.sign_in("Lee").get("/releases")
    assert take_up(filled.organisation.backend, worker="one", now=filled.organisation.now) is not None
    page = page.press("Take it back")
    assert page.errors() == ["It has begun, so it can no longer be taken back."]
    with filled.organisation.backend.database.writing() as session:
        release_requests.give_back_all(session, worker="one")
    page = other.press("Take it back")
    assert "Taken back. Nothing is published." in page.text
    assert page.texts("main .trim-tag") == ["Taken back"]
    assert works(filled.organisation) == []
    assert stored(filled.organisation) == []


def test_a_correction_is_asked_for_with_its_cause(filled: Site) -> None:
    client = lee(filled)
    page = client.get("/releases").follow("Have a release corrected")
    assert "every release stands" in page.text
    asks(filled.organisation)
    works(filled.organisation)
    late(filled.organisation)
    form = client.get("/releases/correct").form()
    form.fill("Release", "1: the first quarter of 2025").fill("Why?", "Something was recorded late")
    page = form.submit("Ask for it")
    assert "Corrects release 1: Something was recorded late." in page.text
    works(filled.organisation)
    assert "Published as release 2." in client.get("/releases").text
    page = filled.as_("Hana").get("/notices").follow("Published figures were corrected: use the new ones")
    assert "This release corrects release 1" in page.text
    assert "Why: Something was recorded late." in page.text
    for made_as in ("dictionary", "xlsx"):
        file = given_out(filled.as_("Hana"), 2, made_as)
        said = "\n".join(unpacked(made_as, file))
        assert "Why it was corrected" in said, made_as
        assert "Something was recorded late" in said, made_as
    page = page.follow("The release before the correction")
    assert "These figures were corrected" in page.text


def test_what_waits_for_no_worker_says_so(filled: Site) -> None:
    made = filled.organisation
    said = "No worker is running, so nothing is made"
    asks(made)
    made.later(minutes=9)
    assert said not in lee(filled).get("/releases").text
    made.later(minutes=1)
    assert said in lee(filled).get("/releases").text
    with made.backend.database.writing() as session:
        jobs.beat(session, "one", kind="embedded", now=made.now, ticks=1)
    assert said not in lee(filled).get("/releases").text
    with made.backend.database.writing() as session:
        jobs.beat(session, "one", kind="embedded", now=made.now, ticks=2, stopped=True)
    assert said in lee(filled).get("/releases").text


def test_a_lead_of_some_units_sees_who_asks_and_no_button(filled: Site) -> None:
    filled.organisation.add_account("Half", Role.PROGRAMME_LEAD, unit="North")
    client = filled.as_("Half")
    for path in ("/releases", "/releases/ask", "/releases/correct"):
        page = client.get(path)
        assert "A programme lead over the whole organisation asks for releases." in page.text
        assert not page.texts("main form")


@pytest.mark.large
def test_two_who_ask_at_once_the_second_is_told(filled: Site) -> None:
    first = lee(filled).get("/releases/ask").form().fill("Period", "the first quarter of 2025")
    other = filled.sign_in("Lee").get("/releases/ask").form().fill("Period", "the first quarter of 2025")
    first.submit("Ask for it")
    page = other.submit("Ask for it")
    # It is no longer on offer by then.
    assert page.errors() == ["Choose the period"]

"""A person's own ledger over HTTP: the link given out, a scanner that opens it, the code, who read, and stopping."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.page_client import Page, PageClient
from tests.support.groups import running_check
from tests.support.mail_server import MailServer, mail_server
from tests.support.rows import digests
from tests.support.site import Site
from tests.support.story import Story
from tests.walks.people import Coordinator, Practitioner

WANTED = "How does the person want the link?"
BY_HAND = "By hand: on paper, or copied into a message of their own"


def gives_link(practitioner: Practitioner, ref: str) -> tuple[str, str]:
    """Make a link by hand; gives the path of the link and the code, as the page shows them once."""
    page = practitioner.case(ref).follow("A private link for")
    page = page.form(f"/cases/{ref}/private-link").fill(WANTED, BY_HAND).submit("Make the link")
    code, url = page.texts(".trim-link code")
    assert code not in practitioner.opens(f"/cases/{ref}/private-link").text
    return url.removeprefix("http://localhost"), code


def enters(person: PageClient, path: str, code: str, *, status: int = 200) -> Page:
    """Open the link and give the code."""
    return person.get(path).form(path).fill("Your code", code).submit("Open", status=status)


@pytest.fixture
def ref(site: Site) -> str:
    return Story(site.organisation).supported_case()


@pytest.mark.care(15)
@pytest.mark.care(26)
def test_a_person_sees_who_looked_and_stops(
    site: Site, coordinator: Coordinator, practitioner: Practitioner, ref: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    path, code = gives_link(practitioner, ref)
    running_check(site.organisation, "Robin Ashe", leader="Quinn")
    coordinator.case(ref)
    backend = site.organisation.backend
    before = digests(backend, without=())
    for _scanner in range(5):
        page = site.stranger().get(path)
        assert page.h1 == "Enter your code"
    assert digests(backend, without=()) == before, "a scanner that opens links leaves nothing and uses nothing up"
    assert "Harbour" not in page.html
    assert "Robin" not in page.html
    assert "support" not in page.text.lower()

    person = site.stranger()
    page = enters(person, path, code)
    assert (page.path, page.h1) == ("/private", "Who has opened your record")
    assert "Pat, practitioner" in page.texts("h3")
    assert "Carol, coordinator" in page.texts("h3")
    assert "Read your record" in page.text
    assert "Pat supports you." in page.text
    assert "Periodic check, since 2 March 2026, led by Quinn" in page.text.replace("\xa0", " ")
    assert path.rsplit("/", 1)[-1] not in page.html, "the token stays at the door"
    assert path.rsplit("/", 1)[-1] not in caplog.text
    assert page.find_all(".trim-nav") == []
    assert "Sign in" not in page.html

    page = page.follow("Stop my support")
    assert "Nobody asks why" in page.text
    assert "One thing goes on" not in page.text
    page = page.press("Yes, stop my support")
    assert page.h1 == "Who has opened your record"
    assert "Your support has stopped." in page.text
    assert "You" in page.texts("h3")
    assert "Stopped the support" in page.text
    assert "The person wished to stop" not in page.text, "that is how it is told to others"
    assert "Stop my support" not in page.texts("main a")
    for somebody in (coordinator, practitioner):
        assert "Somebody with support has stopped by themselves" in somebody.opens("/notices").text
    page = coordinator.case(ref)
    assert page.texts(".trim-heading .trim-tag") == ["Withdrawn"]
    assert page.find_all(".trim-window") == []
    assert "Robin Ashe" in page.texts(".trim-timeline")[0]

    page = person.get("/private").press("I would like to come back")
    assert "will contact you" in page.text
    assert "Somebody who had stopped would like to come back" in coordinator.opens("/notices").text
    coordinator.does(f"/cases/{ref}", "The person comes back")
    assert person.get("/private").link("Stop my support")


@pytest.mark.care(26)
def test_a_danger_goes_on_and_the_page_says_so(site: Site, practitioner: Practitioner, ref: str) -> None:
    Story(site.organisation).does("Pat", "raise_red_flag", ref, level="today")
    page = enters(site.stranger(), *gives_link(practitioner, ref)).follow("Stop my support")
    assert "One thing goes on" in page.text
    page.press("Yes, stop my support")
    assert "A red flag is open" in practitioner.case(ref).text


@pytest.mark.care(15)
def test_wrong_codes_lock_the_link_and_the_person_asks_for_another(
    site: Site, practitioner: Practitioner, ref: str
) -> None:
    path, code = gives_link(practitioner, ref)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"
    person = site.stranger()
    assert enters(person, path, "").error_at("code") == "Enter your code"
    assert enters(person, path, wrong).error_at("code") == "This is not the code. You can try 4 more times."
    for _more in range(3):
        page = enters(person, path, wrong)
    assert page.error_at("code") == "This is not the code. You can try once more."
    page = enters(person, path, wrong)
    assert page.h1 == "This link is locked"
    assert page.find_all("main input[name=code]") == []
    page = page.press("Ask for a new link")
    assert "A new link was asked for" in page.text
    assert "Somebody needs a new private link" in practitioner.opens("/notices").text
    again, code = gives_link(practitioner, ref)
    assert "A new one is asked for" not in practitioner.opens(f"/cases/{ref}/private-link").text
    assert site.stranger().get(path, status=404).h1 == "This link opens nothing any more"
    assert enters(person, again, code).h1 == "Who has opened your record"


@pytest.mark.care(15)
def test_a_session_is_short_and_its_own(site: Site, practitioner: Practitioner, ref: str) -> None:
    person = site.stranger()
    path, code = gives_link(practitioner, ref)
    assert person.get("/private").path == "/private/closed"
    enters(person, path, code)
    assert person.get("/account").path == "/sign-in", "it is no sign-in"
    assert practitioner.opens("/private").path == "/private/closed", "and a sign-in is none of these"
    cookie = person.client.get_cookie("trim_private", path="/private")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Strict", "/private")
    for _look in range(3):
        site.organisation.later(minutes=14)
        assert person.get("/private").h1 == "Who has opened your record"
    site.organisation.later(minutes=16)
    assert person.get("/private").path == "/private/closed"
    assert person.get("/private/stop").path == "/private/closed"
    page = enters(person, path, code).press("Close this at once")
    assert (page.h1, page.path) == ("Closed", "/private/closed")
    assert person.get("/private").path == "/private/closed"


@pytest.mark.care(15)
def test_an_old_link_and_one_taken_back_open_nothing(site: Site, practitioner: Practitioner, ref: str) -> None:
    path, code = gives_link(practitioner, ref)
    person = site.stranger()
    enters(person, path, code)
    practitioner.opens(f"/cases/{ref}/private-link").press("Take this link back")
    assert person.get("/private").path == "/private/closed"
    assert site.stranger().get(path, status=404).h1 == "This link opens nothing any more"
    path, code = gives_link(practitioner, ref)
    site.organisation.later(days=30)
    page = site.stranger().get(path)
    assert page.h1 == "This link is too old"
    assert "A new link was asked for" in page.press("Ask for a new link").text


@pytest.mark.care(15)
def test_in_french_and_without_a_stale_form(site: Site, practitioner: Practitioner, ref: str) -> None:
    path, code = gives_link(practitioner, ref)
    person = site.stranger()
    page = person.get(path).press("Français")
    assert (page.path, page.language) == (path, "fr")
    page = page.form(path).set(code=code).submit("Ouvrir")
    assert "praticien" in page.text.lower()
    page = page.press("English").follow("Stop my support")
    Story(site.organisation).does("Carol", "log_contact", ref, channel="phone", result="no_answer")
    page = page.press("Yes, stop my support")
    assert "Something changed on your record a moment ago." in page.text
    assert "Your support has stopped." in page.press("Yes, stop my support").text


@pytest.fixture
def server(tmp_path: Path):
    with mail_server(tmp_path) as made:
        yield made


@pytest.mark.care(15)
def test_by_mail_the_page_shows_the_code_alone_and_the_mail_the_link_alone(
    site: Site, practitioner: Practitioner, ref: str, server: MailServer
) -> None:
    there = site.app.extensions["trim"]
    site.app.extensions["trim"] = replace(there, settings=replace(there.settings, smtp_url=server.url()))
    form = practitioner.opens(f"/cases/{ref}/private-link").form(f"/cases/{ref}/private-link")
    form.fill(WANTED, "By e-mail, to an address they choose")
    page = form.submit("Make the link")
    assert page.error_at("address") == "Enter the address"
    form.fill("Which address did they choose?", "robin@example.org")
    page = form.submit("Make the link")
    assert str(page.error_at("address")).startswith("This looks like a work address")
    page = form.fill("Which address did they choose?", "me@example.net").submit("Make the link")
    [code] = page.texts(".trim-link code")
    [mail] = server.mails
    assert server.recipients == [["me@example.net"]]
    body = mail.get_content()
    assert mail["From"] == "no-reply@localhost"
    assert mail["Subject"] == "A link for you / Un lien pour vous"
    for word in (
        "Robin",
        "Ashe",
        "Pat",
        "Carol",
        "Harbour",
        "trauma",
        "support",
        "soutien",
        code,
        code.replace(" ", ""),
    ):
        assert word not in body, word
    found = re.search(r"http://localhost(/private/\S+)", body)
    assert found
    assert enters(site.stranger(), found[1], code).h1 == "Who has opened your record"
    server.refusal = "550 no"
    page = form.fill("Which address did they choose?", "me@example.net").submit("Make the link")
    assert "The mail did not leave" in page.text
    assert len(page.texts(".trim-link code")) == 2

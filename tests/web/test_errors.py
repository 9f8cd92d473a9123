"""Problems as their readers meet them: enough to go on, nothing they may not know."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask, render_template

from tests.page_client import PageClient
from tests.web.gallery import GalleryForm, make_gallery
from trim.domain import errors as problems
from trim.domain.access import Can
from trim.web.access import allowed
from trim.web.errors import PAGES


def test_every_problem_of_the_domain_has_its_page() -> None:
    known = {one for one in vars(problems).values() if isinstance(one, type) and issubclass(one, problems.TrimError)}
    assert known - {problems.TrimError} == set(PAGES)


def test_a_stale_form_shows_what_changed_keeps_what_was_typed_and_can_be_sent_again(gallery: PageClient) -> None:
    form = gallery.get("/form").form().fill("Place", 'Bridge & "boat"').fill("Password", "correct horse")
    form._form.set("action", "/problem/stale")
    page = form.set(version="3").submit("Report", status=409)
    assert "Offer accepted" in page.text
    assert "Kim Vega" in page.text
    assert "Bridge" in page.text
    assert "correct horse" not in page.html
    again = page.form("/problem/stale")
    sent = dict(again._values)
    assert sent["place"] == 'Bridge & "boat"'
    assert sent["version"] == "5"
    assert "password" not in sent


def test_a_page_open_for_too_long_gives_the_words_back_but_never_sends_them(gallery: PageClient) -> None:
    form = gallery.get("/form").form().fill("What happened, in short", "Two people in the water.")
    page = form.fill("Password", "correct horse").set(csrf_token="of-another-session").submit("Report", status=400)
    assert page.h1 == "This page was open for too long"
    assert "Two people in the water." in page.text
    assert "correct horse" not in page.html
    assert page.find("main form") is None


def test_a_missing_right_names_the_roles_of_the_route() -> None:
    app = make_gallery()

    @app.get("/escalations")
    @allowed(Can.DECIDE_ESCALATION)
    def escalations() -> str:
        raise problems.Forbidden

    page = PageClient(app.test_client()).get("/escalations", status=403)
    assert page.texts("main li") == ["coordinator", "programme lead"]


def test_a_missing_record_and_a_hidden_one_look_alike(gallery: PageClient) -> None:
    hidden = gallery.get("/problem/missing", status=404)
    missing = gallery.get("/no/such/address", status=404)
    assert hidden.text == missing.text


@pytest.mark.parametrize("name", ["failure", "damaged", "500"])
def test_a_failure_shows_a_number_and_logs_no_words(
    gallery: PageClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        page = gallery.get(f"/problem/{name}", status=500)
    number = re.search(r"\b[0-9A-F]{8}\b", page.text)
    assert number
    assert number[0] in caplog.text
    for told in (page.html, caplog.text):
        assert "Okafor" not in told.replace("problems.ContentDamaged", "").replace('("the words of Sam Okafor")', "")


def test_a_failure_of_the_layout_itself_still_gives_a_page(gallery_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ConnectionError("database is gone")

    monkeypatch.setitem(gallery_app.extensions, "trim-frame", broken)
    answer = gallery_app.test_client().get("/worklist")
    assert answer.status_code == 500
    assert "Trim cannot work at the moment" in answer.get_data(as_text=True)
    assert "database is gone" not in answer.get_data(as_text=True)


def test_a_wrong_method_says_which_ones_there_are(gallery_app: Flask) -> None:
    answer = gallery_app.test_client().get("/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_script_gets_json(gallery_app: Flask) -> None:
    answer = gallery_app.test_client().get("/problem/stale", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json == {"error": "stale", "number": None}


def test_more_problems_can_be_handed_in() -> None:
    class Unavailable(problems.TrimError):
        """A room that the web may not import."""

    app = make_gallery(also={Unavailable: (503, "500")})

    @app.get("/unavailable")
    def unavailable() -> str:
        raise Unavailable

    assert PageClient(app.test_client()).get("/unavailable", status=503).h1 == "Something went wrong"


def test_a_stale_page_without_a_form_says_what_there_is_to_say(gallery_app: Flask) -> None:
    with gallery_app.test_request_context("/x"):
        html = render_template("errors/stale.html", changes=[], typed=[], form=None, resend=[])
    assert "The record moved on" in html
    assert GalleryForm.__name__ not in html

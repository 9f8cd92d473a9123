"""Signing in and out: what a stranger learns, what a session is worth, and its lines in the trail."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.page_client import Page, PageClient
from tests.support.databases import DatabaseUrls
from tests.support.organisation import SETUP, make_organisation
from tests.support.site import CHEAP, PASSWORD, Site
from tests.support.trail_lines import lines_of
from trim.app import create_app
from trim.store.database import DatabaseUnavailable
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.people import signing_in
from trim.usecases.people.accounts import deactivate_account


def attempt(client: PageClient, email: str, password: str = PASSWORD, **more: str) -> Page:
    page = client.get("/sign-in")
    return page.form().set(email=email, password=password, **more).submit("Sign in")


def test_an_account_signs_in_and_out(site: Site) -> None:
    client = site.as_("Hana")
    assert client.get("/").h1 == "Statistics"
    page = client.get("/account").press("Sign out")
    assert page.h1 == "Sign in"
    assert "You are signed out" in page.text
    assert client.get("/account").h1 == "Sign in"
    found = [line["what"] for line in lines_of(site.organisation, "Hana") if line["what"].startswith("sign_in.")]
    assert found[-2:] == ["sign_in.succeeded", "sign_in.ended"]


def test_a_stranger_learns_nothing_about_accounts(site: Site) -> None:
    """Unknown, mistyped, deactivated, never used: the same words, and the same page."""
    organisation = site.organisation
    site.sign_in("Quinn")
    organisation.add_account("Newcomer")
    with organisation.backend.writing() as uow:
        deactivate_account(uow, SETUP, now=organisation.now, account_id=organisation.accounts["Quinn"].id)
    tried = {
        "mistyped": ("pat@example.org", "not the password at all"),
        "unknown": ("nobody@example.org", PASSWORD),
        "deactivated": ("quinn@example.org", PASSWORD),
        "never used": ("newcomer@example.org", PASSWORD),
    }
    site.sign_in("Pat")
    texts = {name: attempt(site.stranger(), *values).text for name, values in tried.items()}
    assert len(set(texts.values())) == 1, texts
    assert "The e-mail address or the password is not right." in texts["unknown"]


@pytest.mark.parametrize("known", [True, False])
def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_then_longer(site: Site, known: bool) -> None:
    site.sign_in("Pat")
    email = "pat@example.org" if known else "nobody@example.org"
    for _number in range(5):
        assert "is not right" in attempt(site.stranger(), email, "wrong").errors()[0]
    assert "Wait until 09:15" in attempt(site.stranger(), email).errors()[0]
    site.organisation.later(minutes=16)
    for _number in range(5):
        assert "is not right" in attempt(site.stranger(), email, "wrong").errors()[0]
    assert "Wait until 09:46" in attempt(site.stranger(), email).errors()[0]
    site.organisation.later(minutes=31)
    page = attempt(site.stranger(), email)
    assert bool(page.errors()) is not known


def test_a_right_password_forgets_the_wrong_ones(site: Site) -> None:
    site.sign_in("Pat")
    for _round in range(3):
        for _number in range(4):
            attempt(site.stranger(), "pat@example.org", "wrong")
        site.sign_in("Pat")


def test_failures_stand_in_the_trail_without_drowning_it(site: Site) -> None:
    site.sign_in("Pat")
    before = len(lines_of(site.organisation, "Pat"))
    for _number in range(8):
        attempt(site.stranger(), "pat@example.org", "wrong")
    lines = lines_of(site.organisation, "Pat")[before:]
    assert [(line["what"], line["codes"]["failures"]) for line in lines] == [
        ("sign_in.failed", 1),
        ("sign_in.locked", 5),
    ]
    site.organisation.later(minutes=16)
    site.sign_in("Pat")
    assert lines_of(site.organisation, "Pat")[-1]["codes"] == {"failures_before": 5, "step": "password"}


def test_one_source_cannot_try_many_addresses(site: Site) -> None:
    for number in range(40):
        attempt(site.stranger(), f"guess{number}@example.org", "wrong")
    assert "too many attempts" in attempt(site.stranger(), "another@example.org").errors()[0]
    elsewhere = site.stranger()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert "is not right" in attempt(elsewhere, "another@example.org").errors()[0]


def test_without_its_line_in_the_trail_nobody_is_signed_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.sign_in("Pat")

    def fails(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("The trail cannot be written.")

    client = site.stranger()
    page = client.get("/sign-in")
    with monkeypatch.context() as patched:
        patched.setattr(signing_in, "record_sign_in", fails)
        page = page.form().set(email="pat@example.org", password=PASSWORD).submit("Sign in", status=503)
    assert page.h1 == "Trim cannot reach its database"
    assert client.get("/account").h1 == "Sign in"


def test_a_session_that_was_signed_out_cannot_be_used_again(site: Site) -> None:
    client = site.sign_in("Pat")
    cookie = client.client.get_cookie("trim_session")
    assert cookie is not None
    client.get("/account").press("Sign out")
    thief = site.stranger()
    thief.client.set_cookie("trim_session", cookie.value)
    assert thief.get("/account").h1 == "Sign in"


def test_a_session_ends_when_nothing_happens_for_half_an_hour(site: Site) -> None:
    client = site.sign_in("Pat")
    site.organisation.later(minutes=29)
    assert client.get("/account").h1 == "Your account"
    site.organisation.later(minutes=31)
    page = client.get("/account")
    assert page.h1 == "Sign in"
    assert "Nothing happened for 30 minutes" in page.text
    assert lines_of(site.organisation, "Pat")[-1]["codes"] == {"reason": "idle"}


def test_the_organisation_sets_how_long_a_screen_may_lie_open(site: Site) -> None:
    known = site.app.extensions["trim"]
    settings = dataclasses.replace(known.settings, idle_minutes=10)
    app = create_app(settings, clock=known.clock, backend=known.backend, cost=CHEAP)
    site.sign_in("Hana")
    client = PageClient(app.test_client())
    attempt(client, "hana@example.org")
    site.organisation.later(minutes=11)
    assert "Nothing happened for 10 minutes" in client.get("/account").text


def test_a_web_server_in_front_is_believed_only_where_it_is_named(site: Site) -> None:
    known = site.app.extensions["trim"]
    app = create_app(
        dataclasses.replace(known.settings, proxies=1), clock=known.clock, backend=known.backend, cost=CHEAP
    )
    behind = PageClient(app.test_client())
    for number in range(41):
        behind.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        assert "is not right" in attempt(behind, f"guess{number}@example.org", "wrong").errors()[0]
    direct = site.stranger()
    for number in range(40):
        direct.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        attempt(direct, f"more{number}@example.org", "wrong")
    assert "too many attempts" in attempt(direct, "another@example.org", "wrong").errors()[0]


def test_a_session_ends_after_half_a_day_however_busy(site: Site) -> None:
    client = site.sign_in("Pat")
    for _number in range(37):
        site.organisation.later(minutes=20)
        page = client.get("/account")
    assert page.h1 == "Sign in"
    assert "twelve hours" in page.text


def test_what_was_typed_after_the_session_ended_is_given_back(site: Site) -> None:
    client = site.sign_in("Adam")
    page = client.get("/units")
    site.organisation.later(minutes=31)
    page = page.form().fill("Name of the unit", "Lighthouse crew").submit("Add the unit", status=401)
    assert page.h1 == "You were signed out meanwhile"
    assert "Lighthouse crew" in page.text


@pytest.mark.care(11)
def test_deactivation_ends_every_session_at_once(site: Site) -> None:
    organisation, client = site.organisation, site.sign_in("Pat")
    with organisation.backend.writing() as uow:
        deactivate_account(uow, SETUP, now=organisation.now, account_id=organisation.accounts["Pat"].id)
    assert client.get("/duty").h1 == "Sign in"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/account", "/account"), ("https://evil.example/", "/statistics"), ("//evil.example/", "/statistics")],
)
def test_after_signing_in_one_is_where_one_wanted_to_be_and_never_elsewhere(
    site: Site, wanted: str, reached: str
) -> None:
    site.sign_in("Hana")
    assert attempt(site.stranger(), "hana@example.org", next=wanted).path == reached


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    answer = site.stranger().client.get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    context = site.app.extensions["trim"]
    settings = dataclasses.replace(context.settings, secure_cookies=True)
    secure = create_app(settings, backend=context.backend, cost=CHEAP)
    cookie = secure.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_no_token_and_no_json_opens_a_session(site: Site) -> None:
    client = site.sign_in("Pat").client
    assert client.get("/account", headers={"Accept": "application/json"}).mimetype == "text/html"
    stranger = site.stranger().client
    answer = stranger.post("/sign-in", json={"email": "pat@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert stranger.get("/account?auth_token=anything").status_code == 302


def test_form_fields_left_empty_are_named(site: Site) -> None:
    page = site.stranger().get("/sign-in").form().submit("Sign in")
    assert page.errors() == ["Enter your e-mail address", "Enter your password"]


@pytest.mark.care(34)
def test_only_a_demonstration_lists_its_sign_ins(site: Site) -> None:
    organisation = site.organisation
    one = {"role": "hr", "name": "Hana", "email": "hana@example.org", "password": PASSWORD}
    with organisation.backend.writing() as uow:
        change_settings(uow, SETUP, now=organisation.now, values={"demonstration_sign_ins": [one]})
    assert PASSWORD not in site.stranger().get("/sign-in").html
    with organisation.backend.writing() as uow:
        change_settings(uow, SETUP, now=organisation.now, values={"demonstration": True})
    site.sign_in("Hana")
    page = site.stranger().get("/sign-in")
    assert PASSWORD in page.text
    assert page.press("Sign in as Hana").h1 == "Statistics"
    for path in ("/sign-in", "/help-now"):
        assert "Everybody here is made up" in site.stranger().get(path).html
    assert "Everybody here is made up" in site.as_("Adam").get("/accounts").html


def test_while_the_database_is_away_every_page_says_so_in_one_line(sqlite_urls: DatabaseUrls, tmp_path: Path) -> None:
    site = Site(make_organisation(sqlite_urls, tmp_path))
    client = site.sign_in("Pat")
    site.organisation.backend.close()
    path = Path(sqlite_urls.url.removeprefix("sqlite:///"))
    hidden = path.rename(path.with_suffix(".away"))
    path.mkdir()
    try:
        for address in ("/account", "/sign-in", "/"):
            page = client.get(address, status=503)
            assert page.h1 == "Trim cannot reach its database"
            assert page.answer.headers["Retry-After"] == "30"
        with client.client.get("/static/css/trim.css") as style:
            assert style.status_code == 200
        assert client.client.get("/health").status_code == 503
    finally:
        path.rmdir()
        hidden.rename(path)
    assert client.get("/account").h1 == "Your account"
    site.organisation.backend.close()


def test_forms_go_through_over_https_although_no_browser_names_the_page_it_comes_from(site: Site) -> None:
    """Our own `Referrer-Policy: no-referrer` keeps the Referer from every form: nothing may ask for it."""
    site.sign_in("Hana")
    client = site.stranger().client
    page = client.get("/sign-in", base_url="https://localhost")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.get_data(as_text=True))
    assert token is not None
    values = {"email": "hana@example.org", "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/sign-in", data=values, base_url="https://localhost").status_code == 302
    del values["csrf_token"]
    assert client.post("/sign-in", data=values, base_url="https://localhost").status_code == 400

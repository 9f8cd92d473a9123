"""The second step at sign-in: set up by its owner, each code taken once, recovery codes for a lost telephone."""

from __future__ import annotations

import pytest
from flask_security.utils import verify_password

from tests.page_client import Page, PageClient
from tests.support.organisation import SETUP
from tests.support.site import PASSWORD, Site
from tests.support.trail_lines import lines_of
from trim.app import create_app
from trim.store import accounts
from trim.usecases.people.accounts import deactivate_account
from trim.web.sign_in.passwords import PasswordCost


def code_of(site: Site, name: str) -> str:
    """The code that the app of that account shows now."""
    with site.organisation.backend.reading() as uow:
        account = accounts.by_id(uow.session, site.organisation.accounts[name].id)
    assert account is not None
    assert account.tf_totp_secret is not None
    with site.app.app_context():
        return str(site.app.extensions["security"].totp_factory.generate_totp_password(account.tf_totp_secret))


def code_of_key(site: Site, key: str) -> str:
    """The code for the key that the page shows in letters."""
    from passlib.totp import TOTP

    return str(TOTP(key=key.replace(" ", "").replace("-", ""), format="base32").generate().token)


def set_up(site: Site, client: PageClient) -> list[str]:
    """Turn the second step on; gives the recovery codes."""
    page = client.get("/account/second-step").press("Set it up")
    key = page.texts("main li strong")[0]
    page = page.form().fill("Code from your app", code_of_key(site, key)).submit("Turn it on")
    assert page.h1 == "Your recovery codes"
    return page.texts(".trim-codes code")


def password_given(site: Site, name: str) -> Page:
    """Somebody who has given the password and is asked for the code."""
    page = site.stranger().get("/sign-in")
    return page.form().set(email=site.organisation.accounts[name].email, password=PASSWORD).submit("Sign in")


def test_a_code_is_asked_for_after_the_password_and_taken_once(site: Site) -> None:
    client = site.sign_in("Hana")
    assert len(set_up(site, client)) == 8
    page = password_given(site, "Hana")
    assert page.h1 == "Enter the code from your app"
    assert page.client.get("/account").h1 == "Sign in", "the password alone opens nothing"
    page = password_given(site, "Hana")
    # The code that turned it on was used already.
    page = page.form().fill("Code from your app", code_of(site, "Hana")).submit("Sign in")
    assert page.error_at("code") is not None
    with pytest.MonkeyPatch().context() as patched:
        patched.setattr("trim.web.sign_in.totp.OnceOnlyTotp.get_last_counter", lambda *_: None)
        page = page.form().fill("Code from your app", code_of(site, "Hana")).submit("Sign in")
    assert page.h1 == "Statistics"
    last = [line for line in lines_of(site.organisation, "Hana") if line["what"].startswith("sign_in.")][-1]
    assert (last["what"], last["codes"]["step"]) == ("sign_in.succeeded", "code")


def test_guessing_codes_locks_like_guessing_passwords(site: Site) -> None:
    set_up(site, site.sign_in("Hana"))
    page = password_given(site, "Hana")
    for _number in range(5):
        page = page.form().fill("Code from your app", "000000").submit("Sign in")
    page = page.form().fill("Code from your app", "000000").submit("Sign in")
    assert "too many attempts" in page.errors()[0]
    assert lines_of(site.organisation, "Hana")[-1]["what"] == "sign_in.locked"


def test_a_recovery_code_lets_in_once_without_the_telephone(site: Site) -> None:
    codes = set_up(site, site.sign_in("Hana"))
    page = password_given(site, "Hana").follow("I do not have my telephone")
    assert page.form().fill("Recovery code", "abcd-efgh-ijkl").submit("Sign in").error_at("code") is not None
    page = page.form().fill("Recovery code", codes[0]).submit("Sign in")
    assert page.h1 == "Statistics"
    assert "7 recovery codes left" in page.client.get("/account/second-step").text
    page = password_given(site, "Hana").follow("I do not have my telephone")
    assert page.form().fill("Recovery code", codes[0]).submit("Sign in").error_at("code") is not None
    whats = [line["what"] for line in lines_of(site.organisation, "Hana")]
    assert "recovery_codes.changed" in whats


def test_it_is_turned_on_only_by_a_right_code_and_can_be_turned_off(site: Site) -> None:
    client = site.sign_in("Hana")
    page = client.get("/account/second-step").press("Set it up")
    page = page.form().fill("Code from your app", "123").submit("Turn it on")
    assert page.h1 == "Set up the second step", "the same picture is shown again"
    assert page.error_at("code") is not None
    assert "Off" in client.get("/account/second-step").text
    set_up(site, client)
    page = client.get("/account/second-step").press("Turn the second step off")
    assert "The second step is off" in page.text
    assert password_given(site, "Hana").h1 == "Statistics"


def test_new_recovery_codes_make_the_earlier_ones_worthless(site: Site) -> None:
    client = site.sign_in("Hana")
    first = set_up(site, client)
    second = client.get("/account/second-step").press("Make new recovery codes").texts(".trim-codes code")
    assert not set(first) & set(second)
    page = password_given(site, "Hana").follow("I do not have my telephone")
    assert page.form().fill("Recovery code", first[0]).submit("Sign in").errors()


def test_the_password_is_asked_for_again_before_the_second_step_is_touched(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.sign_in("Hana")
    monkeypatch.setattr("trim.web.sign_in.second_step.check_and_update_authn_fresh", lambda *_: False)
    page = client.get("/account/second-step")
    assert page.h1 == "Your password once more"
    page = page.form().fill("Password", "wrong").submit("Go on")
    assert page.errors() == ["This is not your password."]
    monkeypatch.undo()
    assert page.form().fill("Password", PASSWORD).submit("Go on").h1 == "Second step at sign-in"


def test_secrets_are_not_in_the_database_in_clear(site: Site) -> None:
    codes = set_up(site, site.sign_in("Hana"))
    with site.organisation.backend.reading() as uow:
        account = accounts.by_id(uow.session, site.organisation.accounts["Hana"].id)
    assert account is not None
    assert codes[0] not in str(account.mf_recovery_codes)
    assert "enckey" in str(account.tf_totp_secret)


def test_the_password_is_changed_and_all_other_sessions_end(site: Site) -> None:
    client, other = site.sign_in("Hana"), site.sign_in("Hana")
    page = client.get("/account/password")
    wrong = page.form().fill("Present password", "not this").fill("New password", "seven quiet harbours")
    assert wrong.submit("Change the password").error_at("password") == "This is not your password."
    for bad in ("short", "hana hana hana hana", PASSWORD):
        again = page.form().fill("Present password", PASSWORD).fill("New password", bad)
        assert again.submit("Change the password").error_at("new_password"), bad
    good = page.form().fill("Present password", PASSWORD).fill("New password", "seven quiet harbours")
    assert "Your password is changed" in good.submit("Change the password").text
    assert client.get("/account").h1 == "Your account"
    assert other.get("/account").h1 == "Sign in"
    whats = [line["what"] for line in lines_of(site.organisation, "Hana")]
    assert whats[-2:] == ["password.changed", "sessions.ended"]


def test_one_can_sign_out_everywhere_else(site: Site) -> None:
    client, other = site.sign_in("Hana"), site.sign_in("Hana")
    assert "other sessions have ended" in client.get("/account").press("Sign out everywhere else").text
    assert client.get("/account").h1 == "Your account"
    assert other.get("/account").h1 == "Sign in"


def test_pages_out_of_their_order_lead_back_to_the_beginning(site: Site) -> None:
    assert site.stranger().get("/sign-in/code").h1 == "Sign in"
    assert site.stranger().get("/sign-in/recovery-code").h1 == "Sign in"
    client = site.sign_in("Hana")
    assert client.get("/sign-in/code").h1 == "Statistics", "nobody is signed out by looking"
    assert client.get("/account/second-step/begin").h1 == "Second step at sign-in"
    token = client.get("/account").find("input[name=csrf_token]")
    assert token is not None
    page = client.post("/account/second-step/recovery-codes", {"csrf_token": token.get("value")})
    assert page.h1 == "Second step at sign-in"


def test_a_half_signed_in_account_that_is_deactivated_gets_no_further(site: Site) -> None:
    set_up(site, site.sign_in("Hana"))
    page = password_given(site, "Hana")
    organisation = site.organisation
    with organisation.backend.writing() as uow:
        deactivate_account(uow, SETUP, now=organisation.now, account_id=organisation.accounts["Hana"].id)
    assert page.form().fill("Code from your app", "000000").submit("Sign in").h1 == "Sign in"


def test_a_hash_grows_dearer_with_the_next_sign_in(site: Site) -> None:
    site.sign_in("Hana")
    context = site.app.extensions["trim"]
    dearer = create_app(
        context.settings,
        clock=context.clock,
        backend=context.backend,
        cost=PasswordCost(rounds=2, memory_kib=16, lanes=1),
    )
    page = PageClient(dearer.test_client()).get("/sign-in")
    assert page.form().set(email="hana@example.org", password=PASSWORD).submit("Sign in").h1 == "Statistics"
    with site.organisation.backend.reading() as uow:
        account = accounts.by_id(uow.session, site.organisation.accounts["Hana"].id)
    assert account is not None
    assert "m=16,t=2,p=1" in str(account.password)
    assert "password.rehashed" in [line["what"] for line in lines_of(site.organisation, "Hana")]


def test_every_answer_costs_one_hash(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is such an account cannot be told by the clock."""
    site.sign_in("Pat")
    organisation = site.organisation
    organisation.add_account("Newcomer")
    hashes: list[str] = []

    def compared(password: str, stored: str) -> bool:
        hashes.append(stored)
        return verify_password(password, stored)

    monkeypatch.setattr("trim.web.sign_in.forms.verify_password", compared)
    for email in ("pat@example.org", "nobody@example.org", "newcomer@example.org"):
        page = site.stranger().get("/sign-in").form().set(email=email, password="wrong").submit("Sign in")
        assert page.errors()
    assert len(hashes) == 3
    assert len({stored.rsplit("$", 2)[0] for stored in hashes}) == 1, "all hashes cost the same"

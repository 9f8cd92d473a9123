"""`trim init` makes an empty organisation, and the links of two different people."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.page_client import PageClient
from tests.support.databases import DatabaseUrls
from tests.support.site import CHEAP
from trim.app import create_app
from trim.cli.main import main
from trim.settings import Settings
from trim.store.tables import RoleGrant
from trim.usecases.opening import open_instance

TWO = ("--administrator", "Ada Moss <ada@example.org>", "--lead", "Lee Fenn <lee@example.org>")


def environ(folder: Path, urls: DatabaseUrls | None = None) -> dict[str, str]:
    found = {"TRIM_INSTANCE": str(folder)}
    if urls is not None:
        found |= {"TRIM_DATABASE_URL": urls.url, "TRIM_DATABASE_OWNER_URL": urls.owner_url}
    return found


def init(env: dict[str, str], *arguments: str) -> Result:
    return CliRunner(env=env).invoke(main, ["init", "--name", "Harbour Service", "--zone", "Europe/Paris", *arguments])


@pytest.mark.care(11)
@pytest.mark.care(34)
def test_an_empty_organisation_is_made_and_both_people_get_in(unmigrated_urls: DatabaseUrls, tmp_path: Path) -> None:
    env = environ(tmp_path, unmigrated_urls)
    result = init(env, *TWO, "--crisis-line", "Helpline=0800 111=8:00 to 22:00", "--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    app = create_app(Settings.from_environment(env), cost=CHEAP)
    try:
        for who, email, home in (("administrator", "ada@example.org", "Accounts"), ("lead", "lee@example.org", "To")):
            client = PageClient(app.test_client())
            page = client.get(urlsplit(made[who]["link"]).path)
            assert email in page.text
            page = page.form().fill("Password", "seven quiet harbours").submit("Choose this password")
            assert "Your password is set" in page.text
            token = page.find("input[name=csrf_token]")
            assert token is not None
            sent = {"email": email, "password": "seven quiet harbours", "csrf_token": token.get("value")}
            assert client.client.post("/sign-in", data=sent).status_code == 302
            assert home in " ".join(client.get("/account").texts(".trim-nav a"))
        page = PageClient(app.test_client()).get("/help-now")
        assert "0800 111" in page.text
        assert "8:00 to 22:00" in page.text
    finally:
        app.extensions["trim"].backend.close()


@pytest.mark.parametrize("programmes", [["straw"], ["trim", "straw"]])
def test_it_runs_the_programmes_that_are_chosen(tmp_path: Path, programmes: list[str]) -> None:
    env = environ(tmp_path)
    result = init(env, *TWO, *(part for one in programmes for part in ("--programme", one)))
    assert result.exit_code == 0, result.output
    backend = open_instance(Settings.from_environment(env))
    try:
        with backend.reading() as uow:
            assert uow.shelf.programmes(uow.session) == sorted(programmes)
            held = {(one.role, one.programme) for one in uow.session.scalars(select(RoleGrant))}
        assert held == {(role, one) for role in ("administrator", "programme_lead") for one in programmes}
    finally:
        backend.close()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    assert init(environ(tmp_path), *TWO).exit_code == 0
    keys = (tmp_path / "keys" / "master.key").read_bytes()
    result = init(environ(tmp_path), *TWO)
    assert result.exit_code == 1
    assert "There is an organisation here already." in result.stderr
    assert (tmp_path / "keys" / "master.key").read_bytes() == keys


def test_no_keys_are_made_over_an_organisation_that_lost_its_own(tmp_path: Path) -> None:
    assert init(environ(tmp_path), *TWO).exit_code == 0
    for key in (tmp_path / "keys").iterdir():
        key.unlink()
    assert init(environ(tmp_path), *TWO).exit_code == 1
    assert not (tmp_path / "keys" / "master.key").exists()


@pytest.mark.care(11)
def test_administrator_and_lead_are_never_one_person(tmp_path: Path) -> None:
    same = ("--administrator", "Ada <ada@example.org>", "--lead", "Also Ada <ADA@example.org>")
    result = init(environ(tmp_path), *same)
    assert result.exit_code == 1
    assert "must be two people" in result.stderr
    assert init(environ(tmp_path), *TWO).exit_code == 0, "nothing was left behind"


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ((*TWO, "--zone", "Mars/Olympus"), "no time zone"),
        (("--administrator", "Ada Moss", "--lead", "Lee <lee@example.org>"), "names nobody"),
        (("--administrator", "ada@example.org", "--lead", "Lee <lee@example.org>"), "the name is missing"),
        ((*TWO, "--crisis-line", "Helpline"), "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_before_anything_is_made(
    tmp_path: Path, arguments: tuple[str, ...], cause: str
) -> None:
    result = init(environ(tmp_path), *arguments)
    assert result.exit_code == 1
    assert cause in result.stderr
    assert not (tmp_path / "trim.sqlite3").exists()


def test_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    typed = "Harbour Service\n\nAda Moss <ada@example.org>\nLee Fenn <lee@example.org>\n"
    result = CliRunner(env=environ(tmp_path)).invoke(main, ["init"], input=typed)
    assert result.exit_code == 0, result.output
    assert "Programme lead, Lee Fenn: http://127.0.0.1:8000/welcome/" in result.output

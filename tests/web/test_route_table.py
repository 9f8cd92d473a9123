"""Every route, as every kind of reader: who is let in, who is refused, who finds nothing; and GET changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page_client import PageClient
from tests.support.rows import digests
from tests.support.site import Site
from tests.support.world import World, make_world
from tests.web.route_table import READERS, ROUTES

#: A made-up id: an answer to it shows who is let in without anything being done.
NOWHERE = "0" * 32


class Walk:
    """A site with one of everything, and a signed-in client for each kind of reader."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.world: World = make_world(site.organisation)
        self.clients = {letter: self._client(name) for letter, name in READERS.items()}

    def _client(self, name: str | None) -> PageClient:
        return self.site.as_(name) if name else self.site.stranger()

    def address(self, endpoint: str, *, made_up: bool = False) -> str:
        """The address of an endpoint in this world, or one like it that leads nowhere."""
        rules = [rule for rule in self.site.app.url_map.iter_rules() if rule.endpoint == endpoint]
        values = self.world.of(endpoint, set(rules[0].arguments))
        if made_up:
            values = {name: value if name in {"action", "kind", "name"} else NOWHERE for name, value in values.items()}
        with self.site.app.test_request_context():
            return self.site.app.url_for(endpoint, **values)

    def get(self, letter: str, endpoint: str) -> TestResponse:
        """What that reader is answered."""
        answer = self.clients[letter].client.get(self.address(endpoint))
        # A static file stays open until its answer is closed.
        answer.close()
        return answer

    def post(self, letter: str, endpoint: str, *, made_up: bool) -> TestResponse:
        """What that reader is answered to an empty form with a good token."""
        client = self.clients[letter].client
        return client.post(self.address(endpoint, made_up=made_up), data={"csrf_token": token_of(client)})


def token_of(client: FlaskClient) -> str:
    """A token that the client's session is good for."""
    page = PageClient(client).get("/help-now").find("input[name=csrf_token]")
    assert page is not None
    return str(page.get("value"))


def verdict(answer: TestResponse) -> str:
    """let in, refused, nothing there, or to sign in first."""
    if answer.status_code == 403:
        return "refused"
    if answer.status_code == 401 or (answer.status_code == 302 and answer.location.startswith("/sign-in?")):
        return "sign in"
    if answer.status_code == 404:
        return "nothing there"
    assert answer.status_code < 500, answer.get_data(as_text=True)
    return "let in"


def expected(who: str, letter: str) -> str:
    """What the table says of a reader."""
    if letter in who:
        return "let in"
    if letter.lower() in who:
        return "nothing there"
    return "sign in" if letter == "S" else "refused"


@pytest.fixture
def walk(site: Site) -> Iterator[Walk]:
    return Walk(site)


def test_the_table_names_every_route_with_its_methods(site: Site) -> None:
    there: dict[str, set[str]] = {}
    for rule in site.app.url_map.iter_rules():
        there.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    table = {endpoint: set(methods.split()) for endpoint, (methods, _who) in ROUTES.items()}
    assert there == table, "a route that nobody has decided about: put it into tests/web/route_table.py"


@pytest.mark.large_on_postgresql
@pytest.mark.care(10)
@pytest.mark.care(11)
def test_everybody_sees_what_the_table_says_and_looking_changes_nothing(walk: Walk) -> None:
    wrong = []
    backend = walk.site.organisation.backend
    before = digests(backend)
    for endpoint, (methods, who) in ROUTES.items():
        if "GET" not in methods:
            continue
        for letter in READERS:
            found = verdict(walk.get(letter, endpoint))
            if found != expected(who, letter):
                wrong.append(f"GET {endpoint} as {letter}: {found}, the table says {expected(who, letter)}")
        after = digests(backend)
        changed = sorted(name for name in before if before[name] != after[name])
        if changed:
            wrong.append(f"GET {endpoint} changed {', '.join(changed)}")
            before = after
    assert not wrong, "\n".join(wrong)


@pytest.mark.large_on_postgresql
@pytest.mark.care(10)
@pytest.mark.care(11)
def test_whoever_may_not_look_may_not_send_and_nothing_is_changed(walk: Walk) -> None:
    wrong = []
    backend = walk.site.organisation.backend
    before = digests(backend)
    for endpoint, (methods, who) in ROUTES.items():
        if "POST" not in methods:
            continue
        for letter in READERS:
            if expected(who, letter) == "let in":
                continue
            found = verdict(walk.post(letter, endpoint, made_up=False))
            if found != expected(who, letter):
                wrong.append(f"POST {endpoint} as {letter}: {found}, the table says {expected(who, letter)}")
        after = digests(backend)
        changed = sorted(name for name in before if before[name] != after[name])
        if changed:
            wrong.append(f"POST {endpoint} changed {', '.join(changed)}")
            before = after
    assert not wrong, "\n".join(wrong)


@pytest.mark.large_on_postgresql
def test_whoever_may_send_is_let_in(walk: Walk) -> None:
    """With made-up ids, so that nothing is done: let in, or told that nothing is there."""
    wrong = []
    signing = {"security.logout", "account.sign_out_everywhere"}
    for endpoint, (methods, who) in ROUTES.items():
        if "POST" not in methods or endpoint in signing:
            continue
        for letter in READERS:
            if expected(who, letter) == "let in":
                found = verdict(walk.post(letter, endpoint, made_up=True))
                if found not in {"let in", "nothing there"}:
                    wrong.append(f"POST {endpoint} as {letter}: {found}")
    assert not wrong, "\n".join(wrong)


def test_a_form_without_its_token_is_refused_everywhere(walk: Walk) -> None:
    let_through = []
    before = digests(walk.site.organisation.backend)
    for endpoint, (methods, who) in ROUTES.items():
        if "POST" in methods:
            letter = next(letter for letter in READERS if letter in who)
            answer = walk.clients[letter].client.post(walk.address(endpoint), data={})
            if answer.status_code != 400:
                let_through.append(f"{endpoint}: {answer.status_code}")
    assert not let_through
    assert digests(walk.site.organisation.backend) == before

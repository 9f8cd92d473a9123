"""Every route that changes something, while the trail cannot be written: it fails honestly and changes nothing (law 7).

Table-driven over the URL map: a route that does not come as far as its line in the trail fails here, so that a new one
has to be thought of (`tests/web/sendings.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.page_client import Page, PageClient
from tests.support.any_form import fillings
from tests.support.broken_pen import LEFT_OUT, PenBroken
from tests.support.rows import TRAIL, digests
from tests.support.site import PASSWORD, Site
from tests.support.world import World, make_world
from tests.web.route_table import READERS, ROUTES
from tests.web.sendings import COOKIE_ALONE, READ_ALONE, SENDINGS, Sending
from tests.web.test_route_table import token_of
from trim.audit import trail
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS

READING = frozenset(word for word, known in TRAIL_WORDS.items() if known.kind in {Kind.READ, Kind.LIST, Kind.SEARCH})


def in_order(site: Site) -> list[str]:
    """Every route that takes a POST; those that need something done before come last, in the order of their table."""
    there = sorted({rule.endpoint for rule in site.app.url_map.iter_rules() if "POST" in (rule.methods or set())})
    after = [one for one, sending in SENDINGS.items() if sending.first is not None and one in there]
    return [one for one in there if one not in after and one not in COOKIE_ALONE] + after


@contextmanager
def broken(*, reading_works: bool) -> Iterator[list[str]]:
    """No line can be written, or none of a change while reading leaves its lines. Gives the words refused."""
    refused: list[str] = []
    kept = trail.record

    def refuse(*args: Any, **kwargs: Any) -> None:
        if reading_works and kwargs["what"] in READING:
            kept(*args, **kwargs)
            return
        refused.append(kwargs["what"])
        raise PenBroken

    trail.record = refuse
    try:
        yield refused
    finally:
        trail.record = kept


class Sender:
    """Sends each route something that it would take, as somebody who may."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.world: World = make_world(site.organisation)
        self.kept: dict[str, Any] = {}
        site.app.config["PROPAGATE_EXCEPTIONS"] = False

    def address(self, endpoint: str, parts: Mapping[str, str] | None = None) -> str:
        """The address of an endpoint in this world."""
        rule = next(rule for rule in self.site.app.url_map.iter_rules() if rule.endpoint == endpoint)
        known = dict(parts or {})
        known.update(self.world.of(endpoint, set(rule.arguments) - set(known)))
        with self.site.app.test_request_context():
            return self.site.app.url_for(endpoint, **known)

    def client(self, endpoint: str, sending: Sending) -> PageClient:
        """Somebody who may."""
        if sending.client is not None:
            return sending.client(self)
        letters = ROUTES[endpoint][1]
        name = READERS[next((one for one in letters if one in READERS), letters[:1].upper())]
        return self.site.as_(name) if name else self.site.stranger()

    def filled(self, page: Page, address: str) -> dict[str, Any]:
        """The form of a page that goes to an address, filled in with anything; a token alone where there is none."""
        found = fillings(page, address, {}) or fillings(page, page.path, {})
        return found or {"csrf_token": token_of(page.client.client)}

    def problem(self, endpoint: str, *, reading_works: bool) -> str | None:
        """What is wrong with how the route behaves while the pen is broken; None if nothing."""
        sending = SENDINGS.get(endpoint, Sending())
        if sending.first is not None:
            sending.first(self)
        address = self.address(endpoint, sending.at(self) if sending.at else None)
        client = self.client(endpoint, sending)
        where = sending.page(self) if sending.page else address if "GET" in ROUTES[endpoint][0] else "/help-now"
        values = self.filled(client.get(where), address)
        given = sending.given(self) if callable(sending.given) else sending.given
        values.update(given)
        if sending.twice:
            values = {**self.filled(client.post(address, values), address), **given}
        # A copy of the browser: what this answer does to its cookies must not be met by the next route.
        copy = self.site.app.test_client()
        copy._cookies = dict(client.client._cookies or {})
        without = LEFT_OUT | (TRAIL if reading_works else frozenset())
        before = digests(self.site.organisation.backend, without=without)
        with broken(reading_works=reading_works) as refused:
            answer = copy.post(address, data=values)
        after = digests(self.site.organisation.backend, without=without)
        changed = sorted(table for table in before if before[table] != after[table])
        if changed:
            return f"changed {', '.join(changed)} without its line in the trail"
        if not refused:
            return f"answered {answer.status_code} and came to no line"
        if answer.status_code != 500 or "nothing was half done" not in answer.get_data(as_text=True):
            return f"answered {answer.status_code}, not the honest page"
        return None


#: On PostgreSQL as well; that the trail is written first is the use case's doing, and the same on both.
HANDFUL = (
    "accounts.deactivate",
    "cases.action",
    "incidents.report",
    "interviews.begin",
    "security.login",
    "security.logout",
)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "reading_works",
    [pytest.param(False, id="no line", marks=pytest.mark.large), pytest.param(True, id="no line of a change")],
)
def test_every_route_that_changes_something_fails_and_changes_nothing(site: Site, *, reading_works: bool) -> None:
    sender = Sender(site)
    routes = [one for one in in_order(site) if not (reading_works and one in READ_ALONE)]
    wrong = {one: problem for one in routes if (problem := sender.problem(one, reading_works=reading_works))}
    assert not wrong, "\n".join(f"{one}: {problem}" for one, problem in wrong.items())


def test_a_handful_of_them_on_both_databases(site: Site) -> None:
    sender = Sender(site)
    wrong = {one: problem for one in HANDFUL if (problem := sender.problem(one, reading_works=False))}
    assert not wrong


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_table_names_no_route_that_is_gone(site: Site) -> None:
    there = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert {*SENDINGS, *COOKIE_ALONE, *READ_ALONE, *HANDFUL} <= there


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_keeps_a_cookie_alone_changes_no_row(site: Site) -> None:
    sender = Sender(site)
    for endpoint in sorted(COOKIE_ALONE):
        client = sender.client(endpoint, Sending())
        values = {**sender.filled(client.get("/help-now"), "/"), "language": "fr", "password": PASSWORD}
        before = digests(site.organisation.backend, without=LEFT_OUT)
        assert client.client.post(sender.address(endpoint), data=values).status_code < 500
        assert digests(site.organisation.backend, without=LEFT_OUT) == before, endpoint

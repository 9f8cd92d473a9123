"""Every route and method, as every kind of reader, for every way a case can stand, against the confidentiality table.

What is asked of each answer: that who may not is turned away as the table says, and that nobody reads words that the
table does not let them read, in page, header, address or letter.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from tests.support.site import Site
from tests.support.story import Story
from tests.support.told import STANDING, STATES, Secret, Told, tell_everything
from tests.support.world import World, make_world
from tests.usecases.break_glass.outside import opens
from tests.web.route_fields import EVERYBODY, FIELDS
from tests.web.route_table import READERS, ROUTES
from tests.web.test_route_table import expected as by_letters
from tests.web.test_route_table import token_of, verdict
from trim.domain.access import Role
from trim.domain.confidentiality import NOBODY, Reader, Readers, roles_in

#: The role of each kind of reader.
ROLES = {
    "C": Role.COORDINATOR,
    "L": Role.PROGRAMME_LEAD,
    "P": Role.PRACTITIONER,
    "Q": Role.PRACTITIONER,
    "R": Role.REPORTER,
    "H": Role.HR,
    "A": Role.ADMINISTRATOR,
    "U": Role.AUDITOR,
}
#: Rooms whose addresses name one case or one incident.
ROOMS = frozenset({"cases", "interviews", "escalations", "referrals", "incidents", "retention"})
#: A case that somebody is only asked about has neither interview nor referral yet.
NOT_YET = {"asked": ("interviews", "referrals")}
#: Nobody here was at two incidents, so that there is nothing to join, for whom it may concern.
NOTHING_THERE = frozenset({"incidents.join"})
#: What the first who may takes away is not there for the next.
ONCE = frozenset({"cases.lift", "retention.lift", "cases.take_link_back"})


@dataclass
class Walk:
    """The site over a world in which everything was said; what was wrong is collected, not stopped at."""

    site: Site
    world: World
    told: dict[str, Told]
    secrets: list[Secret] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    asked: int = 0
    #: Pages that say that nothing is there, by reader, method and route.
    nothing: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets = [secret for told in self.told.values() for secret in told.secrets]
        self.clients = {
            letter: (self.site.as_(name) if name else self.site.stranger()).client for letter, name in READERS.items()
        }
        self.tokens = {letter: token_of(client) for letter, client in self.clients.items()}
        self.words = re.compile("|".join(re.escape(secret.words) for secret in self.secrets), re.IGNORECASE)
        self.by_words = {secret.words.lower(): secret for secret in self.secrets}
        self.rules = {rule.endpoint: rule for rule in self.site.app.url_map.iter_rules()}

    def address(self, endpoint: str, state: str | None, **other: str) -> str:
        """The address of a route, about the case that stands so; `other` parts instead of its own."""
        arguments = set(self.rules[endpoint].arguments)
        values: dict[str, Any] = (
            self.told[state].values_of(endpoint, arguments) if state else self.world.of(endpoint, arguments)
        )
        with self.site.app.test_request_context():
            return self.site.app.url_for(endpoint, **(values | other))

    def send(self, letter: str, path: str) -> TestResponse:
        """The answer to a form with a good token and an older version than any."""
        return self.clients[letter].post(path, data={"csrf_token": self.tokens[letter], "version": "0"})

    def states_of(self, endpoint: str) -> tuple[str | None, ...]:
        """The ways in which what the route is about can stand; one, None, where it is about no case."""
        if "ref" not in self.rules[endpoint].arguments or endpoint.partition(".")[0] not in ROOMS:
            return (None,)
        return tuple(state for state in STATES if endpoint.partition(".")[0] not in NOT_YET.get(state, ()))

    def ask(self, letter: str, method: str, endpoint: str, state: str | None) -> TestResponse:
        """The answer to a reader; whatever it says is compared with what the reader may see."""
        path = self.address(endpoint, state)
        answer = self.send(letter, path) if method == "POST" else self.clients[letter].get(path)
        self.asked += 1
        text = text_of(answer)
        answer.close()
        if answer.status_code == 404 and state:
            self.nothing.setdefault((letter, method, endpoint), set()).add(
                without_chance(answer.get_data(as_text=True), path)
            )
        for words in set(self.words.findall(text)):
            secret = self.by_words[words.lower()]
            if secret.may_be_seen_by(letter):
                self.seen |= set(secret.fields)
            else:
                self.wrong.append(f"{method} {endpoint} ({state}) as {letter} shows {words}: {secret.fields}")
        return answer

    def compare(self, method: str, endpoints: list[str]) -> None:
        """Ask as everybody, and note every answer that is not the table's."""
        for endpoint in endpoints:
            for state in self.states_of(endpoint):
                is_done = False
                for letter in READERS:
                    if method == "POST" and state not in ("own", "erased") and by_role_alone(endpoint, letter):
                        continue
                    found, said = verdict(self.ask(letter, method, endpoint, state)), expected(endpoint, letter, state)
                    if is_done and (found, said) == ("nothing there", "let in"):
                        continue
                    is_done = is_done or (endpoint in ONCE and found == "let in")
                    if found != said:
                        self.wrong.append(f"{method} {endpoint} ({state}) as {letter}: {found}, the table says {said}")


def text_of(answer: TestResponse) -> str:
    """Everything that an answer says: its headers, its page, and what stands in a PDF."""
    body = answer.get_data()
    said = str(answer.headers)
    if answer.mimetype == "application/pdf":
        return said + "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return said + body.decode("utf-8", "replace")


def without_chance(page: str, path: str) -> str:
    """A page without its token and its own address, which differ from answer to answer."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page).replace(path, "")


def expected(endpoint: str, letter: str, state: str | None) -> str:
    """What the table says of a reader: let in, refused, nothing there, or to sign in first."""
    needs = FIELDS[endpoint]
    if needs == EVERYBODY:
        return "let in"
    if letter == "S":
        return "sign in"
    if isinstance(needs, str):
        return "let in"
    side, record, name = needs
    readers = side(record, name)
    if ROLES.get(letter) not in roles_in(readers):
        return "refused"
    if state is None:
        # Somebody else is named, such as the reviewer of an access request: narrower than the table, never wider.
        return "let in" if letter in ROUTES[endpoint][1] else "nothing there"
    return "let in" if standing(letter, state) & readers and endpoint not in NOTHING_THERE else "nothing there"


def by_role_alone(endpoint: str, letter: str) -> bool:
    """Whether a reader is turned away by the guard, which knows no case: then two states stand for all when sending,
    for looking has asked in every one of them."""
    return expected(endpoint, letter, "own") in {"refused", "sign in"}


def standing(letter: str, state: str) -> Readers:
    """How a reader stands to the case."""
    return STANDING.get(letter, {}).get(state, NOBODY)


def routes(method: str) -> list[str]:
    """The routes that take the method."""
    return [endpoint for endpoint, (methods, _who) in ROUTES.items() if method in methods.split()]


def _walk_as_one_who_broke_the_glass(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bea coordinates the other unit and opens one case of North: that one she reads, and no other there (CARE 10)."""
    story = Story(walk.site.organisation)
    story.organisation.add_person("Bea Gray", "South")
    story.organisation.add_account("Bea", Role.COORDINATOR, unit="South", person="Bea Gray")
    assert opens(story, walk.told["own"].rooms["cases"]["ref"], "Bea")
    coordinator = frozenset({Reader.COORDINATOR})
    monkeypatch.setitem(STANDING, "B", {"own": coordinator, "other_unit": coordinator})
    walk.clients["B"] = walk.site.as_("Bea").client
    shown = walk.asked
    for endpoint in routes("GET"):
        for state in walk.states_of(endpoint):
            found = verdict(walk.ask("B", "GET", endpoint, state))
            if state in ("same_unit", "asked", "closed", "erased"):
                assert found in {"nothing there", "refused"}, (endpoint, state)
    assert walk.asked > shown + 100
    assert not walk.wrong, "\n".join(walk.wrong)
    page = walk.ask("B", "GET", "cases.show", "own").get_data(as_text=True)
    assert len(set(walk.words.findall(page))) > 5


@pytest.fixture
def walk(site: Site) -> Walk:
    world = make_world(site.organisation)
    return Walk(site, world, tell_everything(site.organisation))


def test_every_route_names_its_field(site: Site) -> None:
    there = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert there == set(FIELDS), "a route that nobody has decided about: put it into tests/web/route_fields.py"


def test_the_letters_of_the_route_table_are_those_of_the_table_of_confidentiality() -> None:
    for endpoint, (_methods, who) in ROUTES.items():
        in_case = endpoint.partition(".")[0] in ROOMS and any(letter.islower() for letter in who)
        about = "own" if in_case and endpoint not in NOTHING_THERE else None
        for letter in READERS:
            assert by_letters(who, letter) == expected(endpoint, letter, about), (endpoint, letter)


@pytest.mark.large_on_postgresql
@pytest.mark.care(10)
@pytest.mark.care(11)
def test_nobody_is_shown_more_than_the_table_says(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One walk, for the world is dear. What concerns no case is sent in `test_route_table`: here it would change
    accounts under the walk's feet."""
    walk.compare("GET", routes("GET"))
    looked = walk.asked
    walk.compare("POST", [endpoint for endpoint in routes("POST") if walk.states_of(endpoint) != (None,)])
    assert not walk.wrong, "\n".join(walk.wrong)
    assert looked > 1500
    assert walk.asked - looked > 600
    # A case of others, one that was erased and one that never was look alike.
    assert len(walk.nothing) > 60
    for (letter, method, endpoint), found in walk.nothing.items():
        never = {"ref": "C-NEVER99"} if "ref" in walk.rules[endpoint].arguments else {}
        path = walk.address(endpoint, "erased", **never)
        answer = walk.clients[letter].get(path) if method == "GET" else walk.send(letter, path)
        assert found == {without_chance(answer.get_data(as_text=True), path)}, (letter, endpoint)
    # What nobody was shown anywhere proves nothing: these were seen by those who may see them.
    assert walk.seen >= {
        ("case", "person"),
        ("case", "notes"),
        ("interview", "notes"),
        ("interview", "reason"),
        ("interview", "draft"),
        ("escalation", "reason"),
        ("escalation", "notes"),
        ("escalation", "decision"),
        ("referral", "proposal"),
        ("referral", "notes"),
        ("incident", "description"),
        ("incident", "people"),
        ("incident", "meeting"),
        ("private_link", "address"),
        ("retention", "hold_reason"),
    }
    _walk_as_one_who_broke_the_glass(walk, monkeypatch)
    # And the walk notices: to whom nothing is allowed any more, every word is one too many.
    monkeypatch.setitem(STANDING, "C", {})
    walk.ask("C", "GET", "cases.show", "own")
    assert len(walk.wrong) > 5

"""One case more changes nothing that HR, an administrator or an auditor is shown: there is nothing to count (issue 4).

The same pages of the same organisation, before and after: byte for byte, but for the form's token.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.site import Site
from tests.support.story import Story
from tests.support.world import World, make_world
from tests.web.route_fields import FIELDS, sees
from tests.web.route_table import READERS, ROUTES
from tests.web.test_routes_and_states import without_chance
from trim.domain.incident import ExposedPerson

#: The trail has a line more for everything that is done: that is what it is for. That its lines hold no content is
#: shown in `test_routes_and_states`.
TRAIL = (sees, "trail", "lines")
#: Behind an address that only the practitioner was shown: whoever has it sees what they see, signed in or not.
SECRET_ADDRESS = "feed.read"


def pages(site: Site, world: World, letter: str) -> dict[str, str]:
    """Every page that this reader is let in to, refused or not, without what chance makes differ."""
    client, found = site.as_(READERS[letter]).client, {}
    for rule in site.app.url_map.iter_rules():
        if "GET" not in ROUTES[rule.endpoint][0].split() or FIELDS[rule.endpoint] == TRAIL:
            continue
        if rule.endpoint == SECRET_ADDRESS:
            continue
        values: dict[str, Any] = dict(world.of(rule.endpoint, set(rule.arguments)))
        with site.app.test_request_context():
            path = site.app.url_for(rule.endpoint, **values)
        answer = client.get(path)
        said = {name: value for name, value in answer.headers.items() if name not in {"Set-Cookie", "Date"}}
        found[path] = f"{answer.status} {said} {without_chance(answer.get_data(as_text=True), path)}"
        answer.close()
    return found


@pytest.mark.large_on_postgresql
@pytest.mark.care(11)
def test_one_case_more_is_seen_by_nobody_who_reads_no_case(site: Site) -> None:
    world, story = make_world(site.organisation), Story(site.organisation)
    for name in ("Hana", "Adam", "Ada", "Carol", "Pat"):
        site.as_(name)
    before = {letter: pages(site, world, letter) for letter in "HAU"}
    again = {letter: pages(site, world, letter) for letter in "HAU"}
    # What differs by itself proves nothing.
    assert [path for letter in "HAU" for path in again[letter] if again[letter][path] != before[letter][path]] == []
    seen = site.as_("Carol").client.get("/cases").get_data(as_text=True)
    person = site.organisation.add_person("Zora Zenith")
    ref = story.plans(story.reports(exposed=(ExposedPerson(exposure="direct", person_id=person.id),)))
    assert ref is not None
    story.is_allocated(story.is_accepted(ref))
    story.interviews(ref, points=2, early_reason="At the person’s wish.")
    story.does("Pat", "raise_red_flag", ref, level="now", note="At once, please.")
    assert site.as_("Carol").client.get("/cases").get_data(as_text=True) != seen
    for letter in "HAU":
        after = pages(site, world, letter)
        assert after.keys() == before[letter].keys()
        assert [path for path in after if after[path] != before[letter][path]] == []
        assert not [path for path in after if ref in after[path] or person.name in after[path]]

"""Whatever people do by real use cases, the trail alone rebuilds where everything stands, and holds no content."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import databases
from tests.support.anything import CAST, VERBS, Anything
from tests.support.organisation import trim_pack
from tests.support.trail import broken_chains, disagreements, lines

#: Mostly the work itself; a report, a plan and a wait now and then.
WEIGHTS = {"acts": 12, "plans": 3, "waits": 2}
VERB = st.sampled_from([verb for verb in VERBS for _ in range(WEIGHTS.get(verb, 1))])
#: Begun with what every case begins with, or nothing would happen in a short story.
BEGINNING = ["reports", "plans", "reports", "plans", "acts", "acts", "acts"]
TURNS = st.lists(VERB, min_size=10, max_size=50)
SEEDS = st.integers(0, 2**32)
#: Names under which a value in the trail would be content.
CONTENT = {
    "score",
    "total",
    "maximum",
    "change",
    "band",
    "answers",
    "answer",
    "notes",
    "note",
    "reason",
    "name",
    "text",
}


@pytest.fixture
def fresh(database_kind, request):
    """Hands out the small organisation on a database of its own, as often as it is asked."""

    @contextmanager
    def organisation():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if database_kind == "sqlite":
                prepared = request.getfixturevalue("prepared_sqlite")
                made = prepared.copy(databases.copy_of_sqlite(prepared.folder / "trim.sqlite3", folder), folder)
                yield made
                made.backend.close()
                return
            template, prepared = request.getfixturevalue("prepared_postgresql")
            with databases.new_postgresql(request.getfixturevalue("postgresql_server"), template=template) as urls:
                made = prepared.copy(urls, folder)
                yield made
                made.backend.close()

    return organisation


def live(fresh, seed, turns):
    """Let a story happen, then hold the trail against tables and content."""
    with fresh() as made:
        world = Anything(made, seed)
        for verb in (*BEGINNING, *turns):
            world.turn(verb)
        with made.backend.reading() as uow:
            assert broken_chains(uow.session) == []
            assert disagreements(uow.session) == []
            told = lines(uow.session)
        assert world.done > 3
        look_for_content(world, told)


def look_for_content(world, told):
    whole = json.dumps(told, ensure_ascii=False)
    people = [*world.made.people, *(world.made.accounts[name].email for name in CAST)]
    for text in (*world.texts, *people, "+44"):
        assert text not in whole, text
    themes = {item.name for instrument in trim_pack().instruments.values() for item in instrument.items()}
    for line in told:
        codes = line.get("codes", {})
        assert not (CONTENT | themes) & set(codes), line
        assert all(len(digest) == 64 for digest in line.get("digests", {}).values()), line


@pytest.mark.large_on_postgresql
@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(seed=SEEDS, turns=TURNS)
def test_the_trail_rebuilds_where_everything_stands(fresh, seed, turns):
    live(fresh, seed, turns)


@pytest.mark.large
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS, turns=st.lists(VERB, min_size=40, max_size=200))
def test_long_stories_rebuild_too(fresh, seed, turns):
    live(fresh, seed, turns)

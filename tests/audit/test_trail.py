"""The trail: chains of lines over canonical text, no content, every change with its line."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import MONDAY, SETUP
from tests.support.trail import broken_chains
from trim.audit import trail
from trim.domain.access import Actor
from trim.store.database import Database
from trim.store.tables import TrailEntry, TrailHead

PAT = Actor(account_id="a" * 32, name="Pat")


@pytest.fixture
def database(database_urls):
    opened = Database(database_urls.url, database_urls.owner_url)
    yield opened
    opened.close()


def write(database, chain="case:1", what="case.read", **more):
    with database.writing() as session:
        trail.record(session, chain=chain, at=MONDAY, actor=PAT, what=what, subject=chain, **more)


def test_each_line_names_the_one_before(database):
    for _ in range(3):
        write(database)
    with database.reading() as session:
        entries = list(session.scalars(select(TrailEntry).order_by(col(TrailEntry.number))))
        head = session.get(TrailHead, "case:1")
    before = trail.GENESIS
    for number, entry in enumerate(entries, start=1):
        line = json.loads(entry.text)
        assert (line["n"], line["prev"], line["chain"]) == (number, before, "case:1")
        before = hashlib.sha256(entry.text.encode()).hexdigest()
        assert entry.hash == before
    assert (head.number, head.hash) == (3, before)


def test_shown_columns_are_drawn_from_the_text(database):
    write(database, codes={"step": "follow_up"}, digests={"values": "d" * 64}, role="practitioner", pack="p")
    with database.reading() as session:
        entry = session.scalar(select(TrailEntry))
    line = json.loads(entry.text)
    assert entry.what == line["what"] == "case.read"
    assert entry.actor_id == line["actor"] == PAT.account_id
    assert line["at"] == entry.at.isoformat(timespec="microseconds")
    assert line["codes"] == {"step": "follow_up"}
    assert line["role"] == "practitioner"
    assert entry.text == trail.canonical(line)


def test_chains_do_not_touch_each_other(database):
    write(database, chain=trail.case_chain("1"))
    write(database, chain=trail.incident_chain("1"))
    write(database, chain=trail.account_chain("1"))
    with database.reading() as session:
        assert {head.chain: head.number for head in session.scalars(select(TrailHead))} == {
            "case:1": 1,
            "incident:1": 1,
            "account:1": 1,
        }


def test_what_is_undone_leaves_no_line(database):
    with pytest.raises(RuntimeError), database.writing() as session:
        trail.record(session, chain="case:1", at=MONDAY, actor=SETUP, what="case.read", subject="case:1")
        raise RuntimeError
    write(database)
    with database.reading() as session:
        assert [entry.number for entry in session.scalars(select(TrailEntry))] == [1]
        assert broken_chains(session) == []


def test_many_writers_of_one_chain_queue(database):
    failures = []

    def work():
        try:
            for _ in range(5):
                write(database)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=work) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert failures == []
    with database.reading() as session:
        assert session.get(TrailHead, "case:1").number == 20
        assert broken_chains(session) == []


def test_many_lines_at_once_are_the_lines_that_one_by_one_would_have_been(database):
    def lines(of: str) -> list[trail.Line]:
        return [
            trail.Line(chain=f"case:{of}{place % 3}", what="case.opened", subject=f"case:{place}", codes={"n": place})
            for place in range(7)
        ]

    with database.writing() as session:
        trail.record_many(session, at=MONDAY, actor=PAT, lines=lines("a"))
        trail.record_many(session, at=MONDAY, actor=PAT, lines=[])
    with database.writing() as session:
        trail.record_many(session, at=MONDAY, actor=PAT, lines=lines("a")[:2])
        for line in [*lines("b"), *lines("b")[:2]]:
            trail.record(
                session,
                chain=line.chain,
                at=MONDAY,
                actor=PAT,
                what=line.what,
                subject=line.subject,
                codes=line.codes,
            )
    with database.reading() as session:
        assert broken_chains(session) == []
        rows = list(session.scalars(select(TrailEntry).order_by(col(TrailEntry.chain), col(TrailEntry.number))))
        texts = {of: [row.text for row in rows if row.chain.startswith(f"case:{of}")] for of in "ab"}
        strip = [text.replace("case:b", "case:a") for text in texts["b"]]
        assert [_without_before(one) for one in texts["a"]] == [_without_before(one) for one in strip]
        assert len(texts["a"]) == 9


def _without_before(text: str) -> dict[str, object]:
    line = json.loads(text)
    # The hash of the line before tells the name of its chain.
    line["prev"] = line["prev"] == trail.GENESIS
    return dict(line)

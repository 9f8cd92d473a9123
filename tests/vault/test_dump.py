"""What a stolen dump tells: where only what was said differs, only ciphertext, digests and facts differ."""

from __future__ import annotations

import json
import os
import random
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.databases import copy_of_sqlite, new_postgresql
from tests.support.organisation import SETUP, Organisation, make_organisation, trim_pack
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.errors import ContentDamaged
from trim.store.database import sqlite_path
from trim.store.tables import ActionRecord, Assessment, AssessmentDraft, SupportCase, metadata
from trim.usecases.assessment.interview import interview_step
from trim.usecases.assessment.save_draft import begin_interview, save_draft
from trim.usecases.break_glass.open_case import Delay, open_case
from trim.usecases.disclosure.record_request import record_request
from trim.usecases.disclosure.register import decide_disclosure, record_disclosure
from trim.usecases.ledger.give_link import give_link
from trim.usecases.oversight.check_content import WrongContent, check_content

#: Columns that hold a hash over a line of the trail, which names keyed digests.
HASHES = {("trail_entry", "hash"), ("trail_head", "hash")}
KINDS = {"ciphertext", "digest", "fact"}
#: Parts of a line of the trail that may differ.
DIGESTS = {"digests", "prev"}

ITEMS = [item.name for item in trim_pack().instruments["first_interview"].items() if item.scored]
SAID = (
    {
        "notes": "He hears the engine at night.",
        "plan": "Call his brother Zebedee.",
        "points": [0, 1, 2, 0, 1],
        "address": "harvester@example.net",
    },
    {
        "notes": "She wept in the locker room.",
        "plan": "Walk with the dog Quixote",
        "points": [2, 0, 0, 1, 1],
        "address": "moonlight@example.net",
    },
)
TOLD = ("A lorry struck the parapet at Wexcombe.", "A child was lifted from the Tarnbeck.")


@contextmanager
def same_chance(monkeypatch):
    """Every random number comes from one seed: keys, ids and nonces are alike in two organisations."""
    chance = random.Random(7)
    with monkeypatch.context() as patched:
        patched.setattr(os, "urandom", chance.randbytes)
        patched.setattr(random, "_urandom", chance.randbytes)
        yield


def a_year(urls, folder: Path, which: int) -> Organisation:
    """The same actions of the same people; only what was said differs."""
    made = make_organisation(urls, folder)
    story, said = Story(made), SAID[which]
    ref = story.plans(story.reports(description=TOLD[which]))
    story.is_allocated(story.is_accepted(ref))
    made.later(days=3)
    points = dict(zip(ITEMS, (said["points"] * 4)[: len(ITEMS)], strict=True))
    story.interviews(ref, points=points, notes=said["notes"], plan=said["plan"])
    story.does("Pat", "raise_red_flag", ref, level="today", note=said["notes"])
    with made.backend.writing() as uow:
        give_link(uow, made.actor("Pat"), now=made.now, ref=ref, channel="mail", address=str(said["address"]))
    somebody_asks(made, ref, said)
    made.add_account("Cora", Role.COORDINATOR, unit="South")
    with made.backend.writing() as uow:
        later = Delay("puts_in_danger", str(said["plan"]), made.now + timedelta(days=7))
        why, cora = {"ground": "risk_to_life", "reason": str(said["notes"])}, made.actor("Cora")
        assert open_case(uow, cora, now=made.now, ref=ref, delay=later, **why)
    return made


def somebody_asks(made: Organisation, ref: str, said) -> None:
    """A court and the person themselves ask for the record."""
    today = {"now": made.now}
    with made.backend.writing() as uow:
        entry = record_disclosure(
            uow,
            made.actor("Carol"),
            **today,
            kind="case",
            ref=ref,
            asked_by="court",
            who=said["plan"],
            ground="court_order",
            ground_words=said["notes"],
            asked_on=made.now.date(),
            due_on=None,
        ).ref
    with made.backend.writing() as uow:
        told = {"reason": said["notes"], "given_words": said["plan"], "told": "told_later"}
        lee = made.actor("Lee")
        decide_disclosure(uow, lee, **today, ref=entry, version=1, decision="given", given=["dates"], **told)
    with made.backend.writing() as uow:
        person = made.people["Robin Ashe"].id
        asked = {"person_id": person, "asked_by": said["plan"], "remark": said["notes"], "language": "en"}
        record_request(uow, made.actor("Carol"), **today, channel="letter", received_on=made.now.date(), **asked)


def rows_of(made: Organisation) -> dict[str, list[dict[str, Any]]]:
    """All tables as a dump would hold them, by primary key."""
    with made.backend.reading() as uow:
        return {
            table.name: sorted(
                (dict(row) for row in uow.session.execute(select(table)).mappings()),
                key=lambda row, table=table: tuple(str(row[column.name]) for column in table.primary_key),
            )
            for table in metadata.sorted_tables
        }


@pytest.fixture
def two(database_kind, request, tmp_path, monkeypatch):
    """Two organisations of one seed, the one and the other thing said in them."""
    if database_kind == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        urls = [copy_of_sqlite(template, tmp_path / name) for name in ("one", "other")]
        yield from _both(urls, tmp_path, monkeypatch)
        return
    server, template = (request.getfixturevalue(name) for name in ("postgresql_server", "postgresql_template"))
    with new_postgresql(server, template=template) as one, new_postgresql(server, template=template) as other:
        yield from _both([one, other], tmp_path, monkeypatch)


def _both(urls, folder, monkeypatch):
    made = []
    for number, one in enumerate(urls):
        with same_chance(monkeypatch):
            made.append(a_year(one, folder / ("one", "other")[number], number))
    yield made
    for one in made:
        one.backend.close()


def test_two_dumps_differ_in_ciphertext_digests_and_facts_alone(two):
    one, other = map(rows_of, two)
    differing = set()
    for table in metadata.sorted_tables:
        assert len(one[table.name]) == len(other[table.name]), table.name
        for mine, theirs in zip(one[table.name], other[table.name], strict=True):
            for column in table.columns:
                a, b = mine[column.name], theirs[column.name]
                if a == b:
                    continue
                name = (table.name, column.name)
                differing.add(name)
                if name == ("trail_entry", "text"):
                    a, b = json.loads(a), json.loads(b)
                    assert {key for key in a.keys() | b.keys() if a.get(key) != b.get(key)} <= DIGESTS
                    continue
                assert column.info["kind"] in KINDS or name in HASHES, f"{name}: {a!r} {b!r}"
                if column.info["kind"] == "ciphertext":
                    assert len(a) == len(b), f"the length of {name} tells"
    assert ("assessment", "sealed") in differing
    assert ("trail_entry", "text") in differing
    assert ("private_link", "sealed") in differing
    assert ("break_glass", "sealed") in differing


def test_no_word_that_was_said_stands_in_a_dump(two):
    for number, made in enumerate(two):
        plain = [TOLD[number], *(str(SAID[number][name]) for name in ("notes", "plan", "address"))]
        plain += [word for text in plain for word in text.strip(".").split() if word[0].isupper() and len(word) > 6]
        dump = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for rows in rows_of(made).values()
            for row in rows
            for value in row.values()
        )
        file = sqlite_path(made.backend.database.url)
        if file is not None:
            # What SQLite keeps beside its rows as well: free pages and the log.
            dump += b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert b"C-" in dump
        for text in plain:
            assert text.encode() not in dump, text


@pytest.fixture
def made(database_urls, tmp_path):
    organisation = a_year(database_urls, tmp_path, 0)
    yield organisation
    organisation.backend.close()


def checked(made: Organisation) -> list[WrongContent]:
    with made.backend.writing() as uow:
        return check_content(uow, SETUP, now=made.now)


def put(made: Organisation, table, row_id: str, sealed: bytes) -> None:
    """What somebody does who writes into the database past the program."""
    with made.backend.database.engine.begin() as connection:
        connection.execute(update(table).where(table.id == row_id).values(sealed=sealed))


def test_a_changed_or_swapped_ciphertext_is_refused(made):
    assert checked(made) == []
    with made.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        record = uow.session.scalars(select(ActionRecord).where(ActionRecord.case_id == case.id)).first()
        interview = uow.session.scalars(select(Assessment)).one()
    put(made, Assessment, interview.id, record.sealed)
    put(made, SupportCase, case.id, case.sealed[:-1] + bytes([case.sealed[-1] ^ 1]))
    vault = made.backend.vault
    with pytest.raises(ContentDamaged):
        vault.unseal(f"case:{case.id}", "assessment", interview.id, record.sealed)
    assert checked(made) == [
        WrongContent("support_case", case.id, "damaged"),
        WrongContent("assessment", interview.id, "damaged"),
    ]


def test_an_older_ciphertext_in_its_own_row_opens_and_the_trail_tells(made):
    """Honest: AES-GCM cannot know that something newer stood here; the digest in the trail does."""
    with made.backend.reading() as uow:
        ref = uow.session.scalars(select(SupportCase)).one().ref
    made.later(days=28)
    action = trim_pack().lifecycles["case"].actions["record_follow_up"]
    with made.backend.writing() as uow:
        begin_interview(
            uow,
            made.actor("Pat"),
            now=made.now,
            case_ref=ref,
            action=action.name,
            confidentiality_explained=True,
            evidence_hold_acknowledged=True,
        )
    older = b""
    for version, answer in ((1, "1"), (2, "2")):
        with made.backend.writing() as uow:
            save_draft(
                uow,
                made.actor("Pat"),
                now=made.now,
                case_ref=ref,
                action=action.name,
                version=version,
                answers={"stress_reactions": answer},
            )
        with made.backend.reading() as uow:
            draft = uow.session.scalars(
                select(AssessmentDraft).where(AssessmentDraft.step == interview_step(action))
            ).one()
        older = older or draft.sealed
    assert checked(made) == []
    put(made, AssessmentDraft, draft.id, older)
    owner = f"case:{draft.case_id}"
    assert made.backend.vault.unseal(owner, "assessment_draft", draft.id, older) is not None
    assert checked(made) == [WrongContent("assessment_draft", draft.id, "other")]

"""Writes the trail: one line for every change, read of content, export, refusal and sign-in, in the same transaction.

A line holds ids, code words and keyed digests, never content (law 7). Lines form chains, one per case, incident and
account; each names the hash of the one before. The text that was hashed is stored as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import Session, col

from trim.domain.access import Actor
from trim.store import bulk
from trim.store.tables import TrailEntry, TrailHead, TrailSubject, metadata

#: What the first entry of a chain names as the one before.
GENESIS = "0" * 64
FORMAT = 1
#: What stands first in the text of a line, in this order.
FIRST = ("v", "chain", "n", "prev")

Code = str | int | bool | None | Sequence[str]


def case_chain(case_id: str) -> str:
    """The chain of a case."""
    return f"case:{case_id}"


def incident_chain(incident_id: str) -> str:
    """The chain of an incident."""
    return f"incident:{incident_id}"


def account_chain(account_id: str) -> str:
    """The chain of an account: its sign-ins, lists, searches and refusals."""
    return f"account:{account_id}"


#: Settings, packs, units, people: what belongs to nobody's case.
ORGANISATION = "organisation"


def record(
    session: Session,
    *,
    chain: str,
    at: datetime,
    actor: Actor,
    what: str,
    subject: str,
    role: str | None = None,
    pack: str | None = None,
    codes: Mapping[str, Code] | None = None,
    digests: Mapping[str, str] | None = None,
    also: Sequence[str] = (),
) -> None:
    """Add one line to `chain`. `what` is a code word such as `case.closed`, `subject` names what it was done to.

    `codes` are words out of closed sets, ids and field names; `digests` are keyed from the case's key. `also` names
    further subjects (`case:<id>`) that a list showed: their ledgers find the line through an index.
    The head is locked until the transaction ends, so that two writers of one chain queue.
    """
    number, before = _lock_head(session, chain)
    number += 1
    line = Line(chain, what, subject, role=role, pack=pack, codes=codes, digests=digests, also=also)
    text, digest = _written(_marked(session, line), number, before, at, actor)
    session.execute(
        insert(TrailEntry).values(
            chain=chain, number=number, text=text, hash=digest, at=at, actor_id=actor.account_id, what=what
        )
    )
    if also:
        named = [{"chain": chain, "number": number, "subject": one} for one in sorted(set(also))]
        session.execute(insert(TrailSubject), named)
    session.execute(
        update(TrailHead).where(col(TrailHead.chain) == chain).values(number=number, hash=digest),
        execution_options={"synchronize_session": False},
    )
    session.info["entries"] = session.info.get("entries", 0) + 1
    # What the witness notes once the transaction is kept.
    session.info.setdefault("heads", []).append((at, chain, number, digest))


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written; the words are those of `record`."""

    chain: str
    what: str
    subject: str
    role: str | None = None
    pack: str | None = None
    codes: Mapping[str, Code] | None = None
    digests: Mapping[str, str] | None = None
    also: Sequence[str] = ()


def record_many(session: Session, *, at: datetime, actor: Actor, lines: Sequence[Line]) -> None:
    """Add many lines at once, in their order: what one transaction of the worker leaves, in four statements.

    The heads are locked in the order of their names, so that two writers of the same chains queue and never stand in
    each other's way.
    """
    if not lines:
        return
    heads = _lock_heads(session, sorted({one.chain for one in lines}))
    written: list[dict[str, Any]] = []
    named: list[dict[str, Any]] = []
    for line in lines:
        number, before = heads[line.chain]
        number += 1
        text, digest = _written(_marked(session, line), number, before, at, actor)
        heads[line.chain] = (number, digest)
        about = {"chain": line.chain, "number": number}
        written.append(
            {**about, "text": text, "hash": digest, "at": at, "actor_id": actor.account_id, "what": line.what}
        )
        named += [{**about, "subject": one} for one in sorted(set(line.also))]
    bulk.insert_many(session, metadata.tables[TrailEntry.__tablename__], written)
    bulk.insert_many(session, metadata.tables[TrailSubject.__tablename__], named)
    # The database lets a head move on by one only: each round takes the next line of every chain that has one.
    left = written
    while left:
        step, later = _one_of_each(left)
        heads_table = metadata.tables[TrailHead.__tablename__]
        moved = [{"chain": one["chain"], "number": one["number"], "hash": one["hash"]} for one in step]
        bulk.update_many(session, heads_table, "chain", moved)
        left = later
    session.info["entries"] = session.info.get("entries", 0) + len(lines)
    session.info.setdefault("heads", []).extend((at, chain, *head) for chain, head in heads.items())


def _one_of_each(written: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first line of each chain, and what is left."""
    first: dict[str, dict[str, Any]] = {}
    later = [one for one in written if first.setdefault(one["chain"], one) is not one]
    return list(first.values()), later


def _marked(session: Session, line: Line) -> Line:
    """The line, marked where its instant is that of a clock put forward (CARE 34)."""
    if not session.info.get("simulated"):
        return line
    return replace(line, codes={**(line.codes or {}), "simulated": True})


def _written(line: Line, number: int, before: str, at: datetime, actor: Actor) -> tuple[str, str]:
    """The text of a line at its place in the chain, and its hash."""
    told: dict[str, object] = {
        "v": FORMAT,
        "chain": line.chain,
        "n": number,
        "prev": before,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor.account_id,
        "what": line.what,
        "subject": line.subject,
    }
    if line.role:
        told["role"] = line.role
    if line.pack:
        told["pack"] = line.pack
    if line.codes:
        told["codes"] = dict(sorted(line.codes.items()))
    if line.also:
        told["also"] = sorted(set(line.also))
    if line.digests:
        told["digests"] = dict(sorted(line.digests.items()))
    text = canonical(told)
    return text, hashlib.sha256(text.encode()).hexdigest()


def canonical(line: Mapping[str, object]) -> str:
    """The one text of a line: version, chain, number and hash before come first, then the rest by name; no spaces.

    What a verifier needs of every line stands at its beginning, so that it need not take the line apart.
    """
    rest = {name: line[name] for name in sorted(line) if name not in FIRST}
    return json.dumps({**{name: line[name] for name in FIRST}, **rest}, ensure_ascii=False, separators=(",", ":"))


def _lock_head(session: Session, chain: str) -> tuple[int, str]:
    query = select(TrailHead.number, TrailHead.hash).where(col(TrailHead.chain) == chain).with_for_update()  # type: ignore[call-overload]
    row = session.execute(query).one_or_none()
    if row is not None:
        return row[0], row[1]
    first = {"chain": chain, "number": 0, "hash": GENESIS}
    if session.get_bind().dialect.name == "postgresql":
        # Two first entries of one chain at the same moment: the second waits here for the first.
        session.execute(postgresql_insert(TrailHead).values(**first).on_conflict_do_nothing())
        row = session.execute(query).one()
        return row[0], row[1]
    session.execute(insert(TrailHead).values(**first))
    return 0, GENESIS


def _lock_heads(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    found = _heads(session, chains)
    first = [{"chain": one, "number": 0, "hash": GENESIS} for one in chains if one not in found]
    if first:
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        made = postgresql_insert(TrailHead).on_conflict_do_nothing() if on_postgresql else insert(TrailHead)
        session.connection().execute(made, first)
        found |= _heads(session, [str(one["chain"]) for one in first])
    return found


def _heads(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    query = (
        select(TrailHead.chain, TrailHead.number, TrailHead.hash)  # type: ignore[call-overload]
        .where(bulk.among(session, col(TrailHead.chain), chains))
        .order_by(col(TrailHead.chain))
        .with_for_update()
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}

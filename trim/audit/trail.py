"""Writes the trail: one line for every change, read of content, export, refusal and sign-in, in the same transaction.

A line holds ids, code words and keyed digests, never content (law 7). Lines form chains, one per case, incident and
account; each names the hash of the one before. The text that was hashed is stored as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import Session, col

from trim.domain.access import Actor
from trim.store.tables import TrailEntry, TrailHead, TrailSubject

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
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    line: dict[str, object] = {
        "v": FORMAT,
        "chain": chain,
        "n": number,
        "prev": before,
        "at": instant,
        "actor": actor.account_id,
        "what": what,
        "subject": subject,
    }
    if role:
        line["role"] = role
    if pack:
        line["pack"] = pack
    if codes:
        line["codes"] = dict(sorted(codes.items()))
    if also:
        line["also"] = sorted(set(also))
    if digests:
        line["digests"] = dict(sorted(digests.items()))
    text = canonical(line)
    digest = hashlib.sha256(text.encode()).hexdigest()
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

"""Looks at a trail from outside: are its chains whole, and do they say what the tables say?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from trim.audit.trail import GENESIS
from trim.store.tables import Escalation, Incident, Referral, SupportCase, TrailEntry, TrailHead


def lines(session: Session, chain: str | None = None) -> list[dict[str, Any]]:
    """The lines of a chain, or of all, in order."""
    query = select(TrailEntry).order_by(col(TrailEntry.chain), col(TrailEntry.number))
    if chain is not None:
        query = query.where(col(TrailEntry.chain) == chain)
    return [json.loads(entry.text) for entry in session.scalars(query)]


def broken_chains(session: Session) -> list[str]:
    """Chains whose hashes, numbers or head do not fit together."""
    entries: dict[str, list[TrailEntry]] = {}
    for entry in session.scalars(select(TrailEntry).order_by(col(TrailEntry.chain), col(TrailEntry.number))):
        entries.setdefault(entry.chain, []).append(entry)
    heads = {head.chain: head for head in session.scalars(select(TrailHead))}
    broken = []
    for chain in set(entries) | set(heads):
        before = GENESIS
        fits = chain in heads and chain in entries
        for number, entry in enumerate(entries.get(chain, []), start=1):
            line = json.loads(entry.text)
            digest = hashlib.sha256(entry.text.encode()).hexdigest()
            fits = fits and (line["n"], line["prev"], entry.number, entry.hash) == (number, before, number, digest)
            before = digest
        fits = fits and (heads[chain].number, heads[chain].hash) == (len(entries.get(chain, [])), before)
        if not fits:
            broken.append(chain)
    return sorted(broken)


def disagreements(session: Session) -> list[str]:
    """Cases, incidents, escalations and referrals whose state or version differs from what the trail says last."""
    said: dict[str, dict[str, Any]] = {}
    for line in lines(session):
        codes = line.get("codes", {})
        if "version" in codes:
            said.setdefault(line["subject"], {}).update(codes)
    wrong = []
    tables: dict[str, Any] = {
        "case": SupportCase,
        "incident": Incident,
        "escalation": Escalation,
        "referral": Referral,
    }
    for kind, table in tables.items():
        for row in session.scalars(select(table)):
            codes = said.get(f"{kind}:{row.id}")
            if codes is None:
                # Born in the transaction of another thing and not acted on since.
                if row.version != 1:
                    wrong.append(f"{kind} {row.id}: version {row.version}, the trail says nothing")
                continue
            if codes["version"] != row.version or codes.get("to", row.state) != row.state:
                wrong.append(f"{kind} {row.id}: {row.state} {row.version}, the trail says {codes}")
    return wrong

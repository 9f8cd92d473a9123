"""Looks at a trail from outside: are its chains whole, and do they say what the tables say?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.organisation import trim_pack
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


#: What a row's kind is called in the trail, and its table.
SUBJECTS: dict[str, Any] = {
    "case": SupportCase,
    "incident": Incident,
    "escalation": Escalation,
    "referral": Referral,
}


def replayed(session: Session) -> dict[str, tuple[str, int]]:
    """State and version of every case, incident, escalation and referral, rebuilt out of the trail alone.

    A row is born in a line of its own (`case:ID` with its first state) or in the line of what brought it forth, whose
    codes list its id under `escalations` or `referrals`; then it stands in its lifecycle's first state at version 1.
    """
    stood: dict[str, tuple[str, int]] = {}
    for line in lines(session):
        codes, subject = line.get("codes", {}), line["subject"]
        for kind in ("escalation", "referral"):
            for row_id in codes.get(f"{kind}s", ()):
                stood.setdefault(f"{kind}:{row_id}", (trim_pack().lifecycles[kind].initial, 1))
        if "version" in codes and subject.partition(":")[0] in SUBJECTS:
            earlier = stood.get(subject)
            # Lines of one subject stand in one chain, in order; the oldest are its birth.
            if earlier is None or codes["version"] >= earlier[1]:
                stood[subject] = (codes.get("to", earlier[0] if earlier else ""), codes["version"])
    return stood


def disagreements(session: Session) -> list[str]:
    """Cases, incidents, escalations and referrals whose state or version is not the one that the trail rebuilds."""
    stood = replayed(session)
    wrong = []
    for kind, table in SUBJECTS.items():
        for row in session.scalars(select(table)):
            said = stood.pop(f"{kind}:{row.id}", None)
            if said != (row.state, row.version):
                wrong.append(f"{kind} {row.id}: {row.state} {row.version}, the trail says {said}")
    return wrong

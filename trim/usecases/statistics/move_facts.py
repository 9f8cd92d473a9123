"""Move facts on from the sealed intake: opened in random order, mixed with those that are there, put away.

The worker calls it every night, a release before it counts, and an operator by `trim statistics facts`. What was
published is not touched: a fact that comes later for a published quarter waits for a correction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.audit import trail
from trim.domain.access import Actor, system_actor
from trim.store import facts
from trim.store.tables import Fact, FactIntake
from trim.usecases.statistics.note_activity import note_activity
from trim.usecases.unit_of_work import Backend, UnitOfWork

SYSTEM = system_actor("statistics")
#: Facts that are opened at once: what one transaction holds in memory.
BATCH = 5_000
#: Fewer wait for company, so that no night moves a single fact on; a release moves all of them.
LEAST = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: how many facts it put away, how many still wait for company."""

    moved: int = 0
    waiting: int = 0


def move_facts(backend: Backend, *, now: datetime, actor: Actor = SYSTEM, everything: bool = False) -> Moved:
    """Put away what came in, in batches of random choice; with fewer than 20 nothing, unless `everything` is asked.

    One transaction a batch, each with its line in the trail that holds a number and nothing else. Idempotent.
    """
    moved = 0
    while True:
        with backend.writing() as uow:
            there = facts.count_waiting(uow.session)
            if there == 0 or (there < LEAST and not everything):
                return Moved(moved, there)
            moved += move_batch(uow, actor, now=now)


def nightly(backend: Backend, *, now: datetime, actor: Actor = SYSTEM) -> Moved:
    """What a night does: note what practitioners carry and which groups met, then move facts on."""
    with backend.writing() as uow:
        noted = note_activity(uow, now=now)
        if noted:
            uow.record(
                actor,
                now,
                "statistics.activity_noted",
                chain=trail.ORGANISATION,
                subject="statistics",
                codes={"facts": noted},
            )
    return move_facts(backend, now=now, actor=actor)


def move_batch(uow: UnitOfWork, actor: Actor, *, now: datetime) -> int:
    """Put one batch away; gives how many facts were opened."""
    facts.hold(uow.session)
    rows = facts.waiting(uow.session, BATCH)
    came = {row.handle: _open(uow, row) for row in rows}
    published = facts.published_quarters(uow.session)
    known = facts.by_handle(uow.session, came)
    gone: list[str] = []
    new: list[dict[str, Any]] = []
    touched: set[str] = set()
    for handle, said in came.items():
        before = known.get(handle, [])
        counted = [one for one in before if one.state == "counted"]
        # An earlier one that no release counted simply gives way, whether it was open or waited for a correction.
        gone += [one.id for one in before if one.state != "counted"]
        touched |= {one.quarter for one in before if one.state == "open"}
        new += _changes(handle, said, counted, published)
    touched |= {str(row["quarter"]) for row in new if row["state"] == "open"}
    facts.delete_all(uow.session, gone)
    secrets.SystemRandom().shuffle(new)
    facts.add_all(uow.session, new)
    facts.mix(uow.session, touched)
    facts.taken_out(uow.session, [row.id for row in rows])
    uow.record(
        actor, now, "statistics.facts_moved", chain=trail.ORGANISATION, subject="statistics", codes={"facts": len(rows)}
    )
    return len(rows)


def _open(uow: UnitOfWork, row: FactIntake) -> Mapping[str, Any] | None:
    said: Mapping[str, Any] | None = uow.vault.unseal_fact(row.id, row.sealed)
    return said


def _changes(
    handle: str, said: Mapping[str, Any] | None, counted: Collection[Fact], published: Collection[str]
) -> list[dict[str, Any]]:
    """The rows that a fact adds: itself, and for a counted one that it differs from the taking back of that one."""
    net: dict[tuple[Any, ...], int] = {}
    for one in counted:
        key = tuple(getattr(one, name) for name in facts.SAYING)
        net[key] = net.get(key, 0) + one.weight
    wanted = {tuple(said[name] for name in facts.SAYING): 1} if said is not None else {}
    rows = []
    for key in {*net, *wanted}:
        by = wanted.get(key, 0) - net.get(key, 0)
        if by:
            values = dict(zip(facts.SAYING, key, strict=True))
            late = bool(counted) or values["quarter"] in published
            rows.append({**values, "handle": handle, "weight": by, "state": "late" if late else "open"})
    return rows

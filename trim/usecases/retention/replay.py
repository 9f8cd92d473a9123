"""Replay the list of erasures: after a restore, before anything is served, what was erased goes again (CARE 19)."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import erasure
from trim.usecases.retention.erase import erase, finish_erasures
from trim.usecases.unit_of_work import Backend
from trim.vault import erasure_log


def replay_erasures(backend: Backend, actor: Actor, *, now: datetime) -> int:
    """Erase whatever the list or a tombstone names and is here all the same; gives how many. Idempotent."""
    assert backend.erasures is not None
    listed = {one.owner: one.rule for one in erasure_log.read(backend.erasures)}
    alive = backend.vault.owners()
    with backend.reading() as uow:
        rows = erasure.existing(uow.session, listed)
        # A key store that is older than its database brings back keys whose tombstone stands.
        listed |= dict.fromkeys(_buried(uow.session, alive), "tombstone")
    again = [owner for owner in listed if owner in rows]
    for owner in again:
        kind, _, row_id = owner.partition(":")
        with backend.writing() as uow:
            subject = uow.session.get(erasure.TABLES[kind], row_id)
            if subject is not None:
                erase(uow, actor, now=now, subject=subject, rule=listed[owner], replayed=True)
    for owner in alive & set(listed):
        backend.vault.destroy_key(owner)
    finish_erasures(backend, actor, now=now)
    return len(set(again) | (alive & set(listed)))


def _buried(session: object, owners: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(owners)
    for place in range(0, len(ordered), 500):
        found |= erasure.buried(session, ordered[place : place + 500])  # type: ignore[arg-type]
    return found

"""Erase a case or an incident: its rows go, its key is destroyed, a tombstone and the trail stay.

Order that makes two stores safe: tombstone with "key still to be destroyed" and the list of erasures first, then the
key, then the confirmation. Broken off anywhere, `finish_erasures` goes on where it was.
"""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.store import erasure
from trim.store.tables import AccessRequest, Incident, SupportCase, Tombstone, Undertaking
from trim.usecases.counting import forget
from trim.usecases.unit_of_work import Backend, UnitOfWork
from trim.vault import erasure_log
from trim.vault.erasure_log import Erasure


def erase(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    subject: SupportCase | Incident | AccessRequest | Undertaking,
    rule: str,
    replayed: bool = False,
) -> None:
    """Take the rows away and note that the key must follow; afterwards it is unknown to everybody."""
    kind = next(name for name, table in erasure.TABLES.items() if isinstance(subject, table))
    owner = f"{kind}:{subject.id}"
    if not erasure.buried(uow.session, [owner]):
        uow.session.add(
            Tombstone(
                id=uow.new_id(),
                kind=kind,
                ref=subject.ref,
                programme=subject.programme,
                unit_id=subject.unit_id,
                rule=rule,
                key_owner=owner,
                erased_at=now,
            )
        )
    uow.record(
        actor,
        now,
        f"{kind}.erased",
        chain=owner,
        subject=owner,
        codes={"rule": rule, **({"replayed": True} if replayed else {})},
    )
    forget(uow, subject, now)
    uow.session.expunge(subject)
    uow.session.flush()
    erasure.take_away(uow.session, kind, subject.id)


def finish_erasures(backend: Backend, actor: Actor, *, now: datetime) -> int:
    """Destroy the keys of what was erased and confirm it; gives how many. Doing it twice does no harm."""
    assert backend.erasures is not None
    with backend.reading() as uow:
        waiting = erasure.unfinished(uow.session)
    for stone in waiting:
        erasure_log.append(backend.erasures, [Erasure(stone.erased_at, stone.key_owner, stone.rule)])
        backend.vault.destroy_key(stone.key_owner)
        with backend.writing() as uow:
            uow.session.add(stone)
            stone.key_destroyed_at = now
            uow.record(
                actor, now, f"{stone.kind}.key_destroyed", chain=stone.key_owner, subject=stone.key_owner, codes={}
            )
    return len(waiting)

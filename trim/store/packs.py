"""Installed packs: compiled JSON in the database, read once per process and kept (law 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.engine.definition import Pack
from trim.store.tables import PackVersion


class PackShelf:
    """Packs by the id of their installed version; an installed version never changes, so it is kept for good."""

    def __init__(self) -> None:
        self._packs: dict[str, Pack] = {}

    def get(self, session: Session, pack_version_id: str) -> Pack:
        """The pack a case is pinned to. Raises NotFound when it was never installed here."""
        pack = self._packs.get(pack_version_id)
        if pack is None:
            compiled = session.scalar(select(PackVersion.compiled).where(col(PackVersion.id) == pack_version_id))  # type: ignore[call-overload]
            if compiled is None:
                raise NotFound
            pack = self._packs[pack_version_id] = Pack.from_json(compiled)
        return pack

    def current(self, session: Session, programme: str) -> tuple[str, Pack]:
        """Id and pack that new cases of a programme begin on. Raises NotFound when none is installed."""
        found = session.scalar(
            select(PackVersion.id).where(col(PackVersion.name) == programme, col(PackVersion.current).is_(True))  # type: ignore[call-overload]
        )
        if found is None:
            raise NotFound
        return found, self.get(session, found)

    def programmes(self, session: Session) -> list[str]:
        """Names of the programmes that are installed."""
        return list(
            session.scalars(
                select(PackVersion.name).where(col(PackVersion.current).is_(True)).order_by(PackVersion.name)  # type: ignore[call-overload]
            )
        )


def every_version(session: Session) -> list[str]:
    """Ids of all installed versions, the oldest first."""
    return list(session.scalars(select(PackVersion.id).order_by(col(PackVersion.installed_at), col(PackVersion.id))))  # type: ignore[call-overload]


def install(session: Session, pack: Pack, *, row_id: str, now: datetime) -> bool:
    """Make `pack` the one that new cases begin on; False when it is already."""
    same = session.scalar(
        select(PackVersion).where(
            col(PackVersion.name) == pack.name,
            col(PackVersion.behaviour_hash) == pack.behaviour_hash,
            col(PackVersion.wording_hash) == pack.wording_hash,
        )
    )
    if same is not None and same.current:
        return False
    session.execute(update(PackVersion).where(col(PackVersion.name) == pack.name).values(current=False))
    if same is not None:
        same.current = True
    else:
        session.add(
            PackVersion(
                id=row_id,
                name=pack.name,
                version=pack.version,
                behaviour_hash=pack.behaviour_hash,
                wording_hash=pack.wording_hash,
                compiled=pack.to_json(),
                installed_at=now,
            )
        )
    session.flush()
    return True

"""Installed packs: compiled JSON in the database, read once per process and kept (law 2).

A case is pinned to the behaviour of its version, never to its words: it is answered with the newest wording that was
installed for that behaviour. See docs/decisions/0019-a-new-version-of-a-pack.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from trim.domain.errors import NotFound
from trim.domain.vocabulary import LIVE_TEXTS
from trim.engine.definition import Pack
from trim.engine.live import with_help_of
from trim.store.tables import PackVersion

_INDEX = "pack_index"


@dataclass(frozen=True, slots=True)
class _Index:
    """What is installed, as one transaction sees it: a few short rows, read once in each."""

    #: By the id of each version: the id of the newest wording of its behaviour, and its name.
    wordings: Mapping[str, tuple[str, str]]
    #: By name: the id of the version that new cases begin on.
    current: Mapping[str, str]


class PackShelf:
    """Packs by the id of their installed version; what was compiled never changes, so it is kept for good."""

    def __init__(self) -> None:
        self._compiled: dict[str, Pack] = {}
        self._shown: dict[tuple[str, str], Pack] = {}

    def get(self, session: Session, pack_version_id: str) -> Pack:
        """The pack a case is pinned to, in its newest words. Raises NotFound when it was never installed here.

        Of an older behaviour the words for somebody in danger are those of the version that is current.
        """
        index = _index(session)
        if pack_version_id not in index.wordings:
            raise NotFound
        wording, name = index.wordings[pack_version_id]
        current = index.current.get(name, wording)
        if current == wording:
            return self.as_installed(session, wording)
        shown = self._shown.get((wording, current))
        if shown is None:
            newest = self.as_installed(session, current)
            shown = with_help_of(self.as_installed(session, wording), newest, LIVE_TEXTS)
            self._shown[wording, current] = shown
        return shown

    def as_installed(self, session: Session, pack_version_id: str) -> Pack:
        """One version word for word, as it was installed. Raises NotFound."""
        pack = self._compiled.get(pack_version_id)
        if pack is None:
            compiled = session.scalar(select(PackVersion.compiled).where(col(PackVersion.id) == pack_version_id))  # type: ignore[call-overload]
            if compiled is None:
                raise NotFound
            pack = self._compiled[pack_version_id] = Pack.from_json(compiled)
        return pack

    def current(self, session: Session, programme: str) -> tuple[str, Pack]:
        """Id and pack that new cases of a programme begin on. Raises NotFound when none is installed."""
        found = _index(session).current.get(programme)
        if found is None:
            raise NotFound
        return found, self.get(session, found)

    def programmes(self, session: Session) -> list[str]:
        """Names of the programmes that are installed."""
        return sorted(_index(session).current)


def _index(session: Session) -> _Index:
    """Read in each transaction anew: another process may have corrected a word meanwhile."""
    found: _Index | None = session.info.get(_INDEX)
    if found is None:
        rows = session.execute(
            select(PackVersion.id, PackVersion.name, PackVersion.behaviour_hash, PackVersion.current).order_by(  # type: ignore[call-overload]
                col(PackVersion.turn)
            )
        ).all()
        newest = {(name, behaviour): row_id for row_id, name, behaviour, _current in rows}
        found = session.info[_INDEX] = _Index(
            {row_id: (newest[name, behaviour], name) for row_id, name, behaviour, _current in rows},
            {name: row_id for row_id, name, _behaviour, current in rows if current},
        )
    return found


def lock(session: Session, name: str) -> None:
    """Keep everybody else from installing a pack of that name until the end of the transaction."""
    session.execute(select(PackVersion.id).where(col(PackVersion.name) == name).with_for_update())  # type: ignore[call-overload]
    # What was read before the lock may be older than what the last one who held it has left.
    session.info.pop(_INDEX, None)


def every_version(session: Session) -> list[str]:
    """Ids of all installed versions, the oldest first."""
    return list(session.scalars(select(PackVersion.id).order_by(col(PackVersion.installed_at), col(PackVersion.id))))  # type: ignore[call-overload]


def current_versions(session: Session) -> list[PackVersion]:
    """The versions that new cases begin on, by name."""
    return list(session.scalars(select(PackVersion).where(col(PackVersion.current)).order_by(col(PackVersion.name))))


def install(session: Session, pack: Pack, *, row_id: str, now: datetime) -> bool:
    """Make `pack` the one that new cases begin on; False when it is already."""
    lock(session, pack.name)
    same = session.scalar(
        select(PackVersion).where(
            col(PackVersion.name) == pack.name,
            col(PackVersion.behaviour_hash) == pack.behaviour_hash,
            col(PackVersion.wording_hash) == pack.wording_hash,
        )
    )
    if same is not None and same.current:
        return False
    last: int = session.scalar(select(func.max(PackVersion.turn)).where(col(PackVersion.name) == pack.name)) or 0
    session.execute(update(PackVersion).where(col(PackVersion.name) == pack.name).values(current=False))
    if same is not None:
        same.current, same.turn = True, last + 1
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
                turn=last + 1,
            )
        )
    session.flush()
    session.info.pop(_INDEX, None)
    return True

"""One unit of work: a transaction, the vault, the packs and the trail, handed to every use case."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from trim.audit import trail
from trim.audit.witness import Witness
from trim.domain import organisation as organisations
from trim.domain.access import Actor
from trim.domain.organisation import Organisation
from trim.domain.references import LENGTH, reference
from trim.engine.definition import Pack
from trim.store import settings
from trim.store.database import Database
from trim.store.packs import PackShelf
from trim.vault.vault import Vault


@dataclass
class UnitOfWork:
    """What a use case works with; lives as long as its transaction."""

    session: Session
    vault: Vault
    shelf: PackShelf

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation's settings."""
        return organisations.from_settings(settings.read_all(self.session))

    def new_id(self) -> str:
        """A random row id."""
        return uuid4().hex

    def new_ref(self, prefix: str) -> str:
        """A random reference that people can read out."""
        return reference(prefix, secrets.token_bytes(LENGTH))

    def new_key(self, owner: str) -> None:
        """Make the key of a new case or incident; durable before the row that needs it.

        When the transaction fails the key is left as an orphan for the sweep: a failed answer to COMMIT does not prove
        that the row is not there, and a key destroyed too early would take content with it.
        """
        self.vault.create_key(owner)

    def pack(self, pack_version_id: str) -> Pack:
        """The pack a row is pinned to."""
        return self.shelf.get(self.session, pack_version_id)

    def record(
        self,
        actor: Actor,
        now: datetime,
        what: str,
        *,
        chain: str,
        subject: str,
        role: str | None = None,
        pack: str | None = None,
        codes: Mapping[str, trail.Code] | None = None,
        digests: Mapping[str, str] | None = None,
        also: Sequence[str] = (),
    ) -> None:
        """One line of the trail, in this transaction."""
        trail.record(
            self.session,
            chain=chain,
            at=now,
            actor=actor,
            what=what,
            subject=subject,
            role=role,
            pack=pack,
            codes=codes,
            digests=digests,
            also=also,
        )


@dataclass
class Backend:
    """Everything that outlives a request: database, vault, packs. Made once, handed in."""

    database: Database
    vault: Vault
    shelf: PackShelf = field(default_factory=PackShelf)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """A unit of work that is kept whole or not at all."""
        with self.database.writing() as session:
            yield UnitOfWork(session, self.vault, self.shelf)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A unit of work that reads what needs no line in the trail."""
        with self.database.reading() as session:
            yield UnitOfWork(session, self.vault, self.shelf)

    def close(self) -> None:
        """Give everything back."""
        self.database.close()


def open_backend(
    database_url: str,
    keys: Path,
    *,
    owner_url: str | None = None,
    create_keys: bool = False,
    witness: Path | None = None,
) -> Backend:
    """Database and vault of an instance, with the witness that watches its trail, if one is configured.

    Raises MasterKeyMissing when the keys are not there.
    """
    database = Database(database_url, owner_url)
    if witness is not None:
        watching = Witness(witness)
        database.before_writing = watching.require
        database.after_writing = lambda session: watching.note(session.info.get("heads", ()))
    return Backend(database, Vault(keys, create=create_keys))


def sealed_to(uow: UnitOfWork, owner: str, table: str, row_id: str, content: Mapping[str, Any]) -> bytes:
    """Content sealed to its row: `owner` is `case:<id>` or `incident:<id>`."""
    return uow.vault.seal(owner, table, row_id, dict(content))

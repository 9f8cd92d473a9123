"""One unit of work: a transaction, the vault, the packs and the trail, handed to every use case."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from sqlmodel import Session

from trim.audit import trail
from trim.domain import organisation as organisations
from trim.domain.access import Actor
from trim.domain.organisation import Organisation
from trim.domain.references import LENGTH, reference
from trim.engine.definition import Pack
from trim.store import settings
from trim.store.database import Database
from trim.store.packs import PackShelf
from trim.usecases.rule_failed import RuleFailed, alert
from trim.vault.vault import Vault


@dataclass
class UnitOfWork:
    """What a use case works with; lives as long as its transaction."""

    session: Session
    vault: Vault
    shelf: PackShelf
    #: What the words in a pack's `does` stand for; handed in, so that rooms and dispatch do not import each other.
    effects: Mapping[str, Callable[..., None]]

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
    effects: Mapping[str, Callable[..., None]]
    shelf: PackShelf = field(default_factory=PackShelf)
    #: The list of erasures, replayed at every restore (CARE 19); None only where nothing is ever erased.
    erasures: Path | None = None

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[UnitOfWork]:
        """A unit of work that is kept whole or not at all; of a rule that fails the administrators hear afterwards.

        `alone`: nobody else writes meanwhile. For what changes the ground under everybody, and must be short.
        """
        try:
            with self.database.writing(alone=alone) as session:
                yield UnitOfWork(session, self.vault, self.shelf, self.effects)
        except RuleFailed as failed:
            with self.database.writing() as session:
                alert(session, failed)
            raise

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A unit of work that reads what needs no line in the trail."""
        with self.database.reading() as session:
            yield UnitOfWork(session, self.vault, self.shelf, self.effects)

    def close(self) -> None:
        """Give everything back."""
        self.database.close()
        self.vault.ring.store.close()

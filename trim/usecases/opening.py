"""Open an instance: database, vault, witness and the effects that packs may name, put together once."""

from __future__ import annotations

from pathlib import Path

from trim.audit.witness import Witness
from trim.store.database import Database
from trim.usecases.effects import EFFECTS
from trim.usecases.unit_of_work import Backend
from trim.vault.vault import Vault


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
    return Backend(database, Vault(keys, create=create_keys), EFFECTS)

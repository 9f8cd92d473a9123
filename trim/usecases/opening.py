"""Open an instance: database, vault, witness and the effects that packs may name, put together once."""

from __future__ import annotations

from pathlib import Path

from trim.audit.witness import Witness
from trim.settings import Settings
from trim.store.database import Database
from trim.usecases.effects import EFFECTS
from trim.usecases.unit_of_work import Backend
from trim.vault.keystore import FileKeyStore, KeyStore
from trim.vault.masters import Masters
from trim.vault.vault import Vault


def open_instance(settings: Settings, *, create_keys: bool = False, as_owner: bool = False) -> Backend:
    """Everything as the settings of an instance say: the way in for servers, workers and commands.

    `as_owner` speaks to the database as the role that owns the tables.
    Raises MasterKeyMissing when the keys are not there.
    """
    return open_backend(
        settings.owner_database_url if as_owner else settings.database_url,
        settings.keys_dir,
        owner_url=settings.owner_database_url,
        create_keys=create_keys,
        witness=settings.witness,
        keys_url=settings.keys_database_url,
        keyholder=settings.keyholder,
        erasures=settings.erasures_file,
    )


def open_backend(
    database_url: str,
    keys: Path,
    *,
    owner_url: str | None = None,
    create_keys: bool = False,
    witness: Path | None = None,
    keys_url: str | None = None,
    keyholder: Path | None = None,
    erasures: Path | None = None,
) -> Backend:
    """Database and vault of an instance, with the witness that watches its trail, if one is configured.

    `keys_url` and `keyholder` say where wrapped keys and master key are when they are not in the folder `keys`.

    Raises MasterKeyMissing when the keys are not there.
    """
    database = Database(database_url, owner_url)
    if witness is not None:
        watching = Witness(witness)
        database.before_writing = watching.require
        database.after_writing = lambda session: watching.note(session.info.get("heads", ()))
    vault = open_vault(keys, create=create_keys, keys_url=keys_url, keyholder=keyholder)
    return Backend(database, vault, EFFECTS, erasures=erasures or keys.parent / "erasures.log")


def open_vault(
    keys: Path, *, create: bool = False, keys_url: str | None = None, keyholder: Path | None = None
) -> Vault:
    """The vault with its wrapped keys and master key where the settings say. Raises MasterKeyMissing."""
    return Vault(keys, create=create, store=open_store(keys_url, keys), masters=_masters(keyholder))


def open_store(url: str | None, keys: Path | None = None) -> KeyStore:
    """The store of wrapped keys: the database of that address, else the file in the folder `keys`."""
    if url is None:
        assert keys is not None
        return FileKeyStore(keys / "keyring.sqlite3")
    from trim.vault.keystore_postgresql import PostgreSQLKeyStore

    return PostgreSQLKeyStore(url)


def _masters(socket: Path | None) -> Masters | None:
    if socket is None:
        return None
    from trim.vault.keyholder_client import HeldMasters

    return HeldMasters(socket)

"""The key store: each case's and incident's own key, wrapped by the master key, in a file apart from the database.

Order that makes two stores safe: a key is durable here before the row that needs it is committed there; a key whose row
never came is an orphan and is swept. Destroying a key here is what erases content.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim.domain.errors import ContentDamaged, KeyDestroyed

KEY_BYTES = 32
NONCE_BYTES = 12
#: How many opened keys one process keeps at hand; each is 32 bytes.
CACHE_SIZE = 20_000


class MasterKeyMissing(Exception):
    """The key file is not where it should be: content cannot be opened, and must not be made under a new key."""


def load_master_key(path: Path, *, create: bool = False) -> bytes:
    """The 32 bytes of the master key; made once with `create`, readable by the owner alone.

    Raises MasterKeyMissing when the file is absent or has the wrong length.
    """
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written beside and linked in place: two processes that start together agree on one key.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        master = path.read_bytes()
    except FileNotFoundError as error:
        raise MasterKeyMissing(str(path)) from error
    if len(master) != KEY_BYTES:
        raise MasterKeyMissing(f"{path} does not hold {KEY_BYTES} bytes")
    return master


class KeyRing:
    """Wrapped keys by the name of what they protect (`case:<id>`, `incident:<id>`)."""

    def __init__(self, path: Path, master: bytes) -> None:
        self._path = path
        self._wrapping = AESGCM(master)
        self._opened: dict[str, bytes] = {}
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(self._open()) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS wrapped_key (owner TEXT PRIMARY KEY, wrapped BLOB, "
                "made_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, destroyed_at TEXT)"
            )
        path.chmod(0o600)

    def create(self, owner: str) -> None:
        """Make a key for `owner`; on return it is on the disk. Raises ValueError when there is one already."""
        key = secrets.token_bytes(KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._wrapping.encrypt(nonce, key, owner.encode())
        try:
            self._connection().execute("INSERT INTO wrapped_key (owner, wrapped) VALUES (?, ?)", (owner, wrapped))
        except sqlite3.IntegrityError as error:
            raise ValueError(f"there is a key for {owner} already") from error
        self._keep(owner, key)

    def key(self, owner: str) -> bytes:
        """The key of `owner`. Raises KeyDestroyed when it is gone, ContentDamaged when it does not unwrap."""
        opened = self._opened.get(owner)
        if opened is not None:
            return opened
        row = self._connection().execute("SELECT wrapped FROM wrapped_key WHERE owner = ?", (owner,)).fetchone()
        if row is None or row[0] is None:
            raise KeyDestroyed(owner)
        nonce, body = row[0][:NONCE_BYTES], row[0][NONCE_BYTES:]
        try:
            key = self._wrapping.decrypt(nonce, body, owner.encode())
        except InvalidTag as error:
            raise ContentDamaged(owner) from error
        self._keep(owner, key)
        return key

    def destroy(self, owner: str) -> None:
        """Destroy the key of `owner` for good: what it sealed never opens again. Doing it twice does no harm."""
        self._connection().execute(
            "UPDATE wrapped_key SET wrapped = NULL, destroyed_at = CURRENT_TIMESTAMP "
            "WHERE owner = ? AND wrapped NOT NULL",
            (owner,),
        )
        self._opened.pop(owner, None)

    def owners(self) -> set[str]:
        """Whose keys are here and alive: what the sweep of orphans compares with the rows."""
        return {row[0] for row in self._connection().execute("SELECT owner FROM wrapped_key WHERE wrapped NOT NULL")}

    def _keep(self, owner: str, key: bytes) -> None:
        if len(self._opened) >= CACHE_SIZE:
            self._opened.clear()
        self._opened[owner] = key

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        # A forked server must not share its parent's handle: SQLite locks would be lost.
        if connection is None or self._local.process != os.getpid():
            connection = self._local.connection = self._open()
            self._local.process = os.getpid()
        return connection  # type: ignore[no-any-return] # threading.local holds anything

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Destroyed means overwritten, not left in a free page.
        connection.execute("PRAGMA secure_delete = ON")
        return connection

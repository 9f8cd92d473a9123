"""Master keys: they wrap the keys of cases and incidents, and never meet content themselves.

While a master key is being changed two are known: `master.key` and `master.next`. A wrapped key names the one it needs.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim.domain.errors import ContentDamaged
from trim.vault import private_files
from trim.vault.escrow import forget_before, seal_for_recovery
from trim.vault.keystore import WrappedKey

KEY_BYTES = 32
NONCE_BYTES = 12


class MasterKeyMissing(Exception):
    """The key file is not where it should be: content cannot be opened, and must not be made under a new key."""


class WrongMasterKey(ContentDamaged):
    """No master key that is here has the name that a wrapped key needs."""


def load_key(path: Path, *, create: bool = False) -> bytes:
    """32 bytes of a key file; made once with `create`, readable by the owner alone.

    Raises MasterKeyMissing when the file is absent or has the wrong length.
    """
    if create and not path.exists():
        private_files.write_once(path, secrets.token_bytes(KEY_BYTES))
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise MasterKeyMissing(str(path)) from error
    if len(key) != KEY_BYTES:
        raise MasterKeyMissing(f"{path} does not hold {KEY_BYTES} bytes")
    return key


def name_of(master: bytes) -> str:
    """The name by which wrapped keys call their master key: 16 hexadecimal digits that say nothing about it."""
    return hashlib.sha256(b"trim master key\0" + master).hexdigest()[:16]


class Masters(Protocol):
    """Wraps and unwraps, in this process or in the key holder's."""

    def first(self) -> str:
        """Name of the master key with which a new store begins."""

    def wrap(self, master: str, owner: str, version: int, key: bytes) -> WrappedKey:
        """Wrap a key with the master key of that name. Raises WrongMasterKey."""

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """The key again. Raises WrongMasterKey, ContentDamaged."""

    def rewrap(self, wrapped: WrappedKey, master: str) -> WrappedKey:
        """The same key wrapped with another master key."""

    def prepare(self) -> str:
        """Make the next master key, or find the one of a change that was broken off; gives its name."""

    def finish(self, master: str) -> None:
        """Keep `master` alone; only when nothing needs another any more."""


class LocalMasters:
    """Master keys in the files of a folder."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        self._current = folder / "master.key"
        self._next = folder / "master.next"
        self._retired = folder / "master.retired"
        load_key(self._current, create=create)
        self._keys: dict[str, AESGCM] = {}
        self._read()

    def first(self) -> str:
        """Name of the key in `master.key`."""
        return name_of(load_key(self._current))

    def wrap(self, master: str, owner: str, version: int, key: bytes) -> WrappedKey:
        """Wrap a key; the place it belongs to is bound to it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = self._known(master, owner).encrypt(nonce, key, _place(owner, version, master))
        return WrappedKey(owner, version, master, nonce + body)

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """The key again."""
        nonce, body = wrapped.wrapped[:NONCE_BYTES], wrapped.wrapped[NONCE_BYTES:]
        place = _place(wrapped.owner, wrapped.version, wrapped.master)
        try:
            return self._known(wrapped.master, wrapped.owner).decrypt(nonce, body, place)
        except (InvalidTag, ValueError) as error:
            raise ContentDamaged(wrapped.owner) from error

    def rewrap(self, wrapped: WrappedKey, master: str) -> WrappedKey:
        """The same key wrapped with another master key."""
        return replace(self.wrap(master, wrapped.owner, wrapped.version, self.unwrap(wrapped)), owner=wrapped.owner)

    def prepare(self) -> str:
        """Make `master.next`, or go on with the one that is there; the recovery key's holders can open it at once."""
        if not self._next.exists() and self._retired.exists():
            # The change was over but for this: the old key still lay about.
            private_files.wipe(self._retired)
            return self.first()
        key = load_key(self._next, create=True)
        seal_for_recovery(self._folder, "master", key)
        self._read()
        return name_of(key)

    def finish(self, master: str) -> None:
        """Put `master.next` in the place of `master.key` and wipe the old one. Does nothing when that is done."""
        if self._next.exists() and name_of(load_key(self._next)) == master:
            if not self._retired.exists():
                os.link(self._current, self._retired)
            self._next.replace(self._current)
            private_files.sync_folder(self._folder)
            private_files.wipe(self._retired)
        forget_before(self._folder, "master")
        self._read()

    def _known(self, master: str, owner: str) -> AESGCM:
        if master not in self._keys:
            # Another process may have begun to change the master key since the files were read.
            self._read()
        try:
            return self._keys[master]
        except KeyError:
            raise WrongMasterKey(owner) from None

    def _read(self) -> None:
        found = {}
        for path in (self._next, self._current):
            # Read in this order, a rename in between leaves the new key read at one of its two places.
            if path.exists():
                try:
                    key = load_key(path)
                except MasterKeyMissing:
                    continue
                found[name_of(key)] = AESGCM(key)
        self._keys = found


def _place(owner: str, version: int, master: str) -> bytes:
    return "\0".join(("trim wrapped key", owner, str(version), master)).encode()

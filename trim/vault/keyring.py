"""The key ring: each case's and incident's own key, opened when it is needed.

Order that makes two stores safe: a key is durable here before the row that needs it is committed there; a key whose row
never came is an orphan and is swept. Destroying a key here is what erases content.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trim.domain.errors import KeyDestroyed
from trim.vault.keystore import KeyStore, MasterChanged
from trim.vault.masters import KEY_BYTES, Masters

#: How many opened keys one process keeps at hand; each is 32 bytes.
CACHE_SIZE = 20_000
#: The version that a new key bears. Content names the version it was sealed under.
FIRST_VERSION = 1
#: How often a new key is wrapped anew when the master key changes in between; once is already rare.
_TRIES = 5


@dataclass(frozen=True)
class OpenedKey:
    """A key and its version, and what is made of it once and used many times in recording one interview."""

    key: bytes
    version: int

    @cached_property
    def cipher(self) -> AESGCM:
        """AES-256-GCM under the key."""
        return AESGCM(self.key)

    @cached_property
    def digest_key(self) -> bytes:
        """What digests for the trail are keyed with: derived, so that neither use says anything about the other."""
        return HKDF(SHA256(), KEY_BYTES, None, b"trim trail digest").derive(self.key)


class KeyRing:
    """Keys by the name of what they protect (`case:<id>`, `incident:<id>`)."""

    def __init__(self, store: KeyStore, masters: Masters) -> None:
        self.store = store
        self.masters = masters
        self._opened: dict[str, OpenedKey] = {}

    def create(self, owner: str) -> None:
        """Make a key for `owner`; on return it is on the disk. Raises KeyExists when there is one already."""
        key = secrets.token_bytes(KEY_BYTES)
        for _ in range(_TRIES):
            master = self.store.current_master()
            if master is None:
                self.store.begin_with(self.masters.first())
                continue
            try:
                self.store.add(self.masters.wrap(master, owner, FIRST_VERSION, key))
            except MasterChanged:
                continue
            self._keep(owner, OpenedKey(key, FIRST_VERSION))
            return
        raise MasterChanged

    def key(self, owner: str) -> OpenedKey:
        """The key of `owner`. Raises KeyDestroyed when it is gone, ContentDamaged when it does not unwrap."""
        opened = self._opened.get(owner)
        if opened is not None:
            return opened
        wrapped = self.store.find(owner)
        if wrapped is None:
            raise KeyDestroyed(owner)
        opened = OpenedKey(self.masters.unwrap(wrapped), wrapped.version)
        self._keep(owner, opened)
        return opened

    def destroy(self, owner: str) -> None:
        """Destroy the key of `owner` for good: what it sealed never opens again. Doing it twice does no harm."""
        self.store.destroy(owner)
        self._opened.pop(owner, None)

    def _keep(self, owner: str, opened: OpenedKey) -> None:
        if len(self._opened) >= CACHE_SIZE:
            self._opened.clear()
        self._opened[owner] = opened

"""The vault: seals content to its place, opens it there and nowhere else, and makes keyed digests.

AES-256-GCM under the key of the case or incident; the associated data names owner, table, row and the key's version, so
that a ciphertext moved to another row or another case is refused. An older ciphertext put back into its own row opens:
what tells is its digest in the trail (docs/threat-model.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim.domain.errors import ContentDamaged
from trim.vault.keyring import KeyRing
from trim.vault.keystore import FileKeyStore, KeyStore
from trim.vault.masters import NONCE_BYTES, LocalMasters, Masters, load_key

#: First byte of every ciphertext: how it was made, so that a later way can stand beside it.
FORMAT = b"\x02"
#: Bytes that name the version of the key, after the first byte.
VERSION_BYTES = 2
#: Length of the tag that AES-GCM puts at the end.
TAG_BYTES = 16
#: Facts are filled up to one length that each of them fits in.
FACT_BYTES = 1024
#: Content is filled up to a multiple of so many bytes, or its length would tell short answers from long ones.
PADDING = 256

_HEAD = 1 + VERSION_BYTES


class Vault:
    """Seals and opens JSON content; `folder` holds the index key, and what is not handed in: masters and wrapped keys.

    Raises MasterKeyMissing.
    """

    def __init__(
        self, folder: Path, *, create: bool = False, store: KeyStore | None = None, masters: Masters | None = None
    ) -> None:
        masters = masters or LocalMasters(folder, create=create)
        # Its own key: rotating the master key must not change every index in the database.
        self._index_key = load_key(folder / "index.key", create=create)
        self.ring = KeyRing(store or FileKeyStore(folder / "keyring.sqlite3"), masters)

    def create_key(self, owner: str) -> None:
        """Make the key of a new case or incident; durable on return, before its row is committed."""
        self.ring.create(owner)

    def destroy_key(self, owner: str) -> None:
        """Erase everything sealed for `owner`, for good."""
        self.ring.destroy(owner)

    def owners(self, made_before: datetime | None = None) -> set[str]:
        """Whose keys are alive; with an instant, those that were made before it."""
        return self.ring.store.owners(made_before)

    def seal(self, owner: str, table: str, row_id: str, content: Any) -> bytes:
        """The ciphertext of JSON-able `content`, bound to `owner`, `table` and `row_id`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        # Blanks after a JSON text mean nothing to its reader.
        plain = plain.ljust(-(-len(plain) // PADDING) * PADDING)
        opened = self.ring.key(owner)
        head = FORMAT + opened.version.to_bytes(VERSION_BYTES, "big")
        return head + nonce + opened.cipher.encrypt(nonce, plain, _place(owner, table, row_id, head))

    def unseal(self, owner: str, table: str, row_id: str, sealed: bytes) -> Any:
        """The content again. Raises KeyDestroyed after erasure, ContentDamaged when changed or moved."""
        opened = self.ring.key(owner)
        head = FORMAT + opened.version.to_bytes(VERSION_BYTES, "big")
        if sealed[:_HEAD] != head or len(sealed) < _HEAD + NONCE_BYTES + TAG_BYTES:
            raise ContentDamaged(f"{table} {row_id}")
        nonce, body = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
        try:
            plain = opened.cipher.decrypt(nonce, body, _place(owner, table, row_id, head))
        except InvalidTag as error:
            raise ContentDamaged(f"{table} {row_id}") from error
        return json.loads(plain)

    def blind_index(self, purpose: str, value: str) -> str:
        """A keyed digest that finds equal values and says nothing else: 64 hexadecimal digits."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def digest(self, owner: str, content: Any) -> str:
        """A digest of content for the trail, keyed from the case's key: erasure destroys what could prove a guess."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.new(self.ring.key(owner).digest_key, text.encode(), hashlib.sha256).hexdigest()

    def seal_fact(self, row_id: str, content: Any) -> bytes:
        """A statistical fact, sealed to its row until it is mixed with others; every one has the same length.

        Its key comes from the index key: a fact belongs to no case, so no case's key may be what opens it.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) > FACT_BYTES:
            raise ValueError("a fact is longer than any fact may be")
        return nonce + self._facts().encrypt(nonce, plain.ljust(FACT_BYTES), row_id.encode())

    def unseal_fact(self, row_id: str, sealed: bytes) -> Any:
        """The fact again. Raises ContentDamaged when it was changed or moved to another row."""
        try:
            return json.loads(self._facts().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row_id.encode()))
        except InvalidTag as error:
            raise ContentDamaged(f"fact_intake {row_id}") from error

    def _facts(self) -> AESGCM:
        return AESGCM(hmac.new(self._index_key, b"trim fact intake", hashlib.sha256).digest())


def _place(owner: str, table: str, row_id: str, head: bytes) -> bytes:
    return "\0".join((owner, table, row_id)).encode() + b"\0" + head

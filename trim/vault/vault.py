"""The vault: seals content to its place, opens it there and nowhere else, and makes keyed digests.

AES-256-GCM under the key of the case or incident; the associated data names owner, table and row, so that a ciphertext
moved to another row or another case is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trim.domain.errors import ContentDamaged
from trim.vault.keyring import NONCE_BYTES, KeyRing, load_master_key

#: First byte of every ciphertext: how it was made, so that a later way can stand beside it.
FORMAT = b"\x01"
#: Length of the tag that AES-GCM puts at the end.
TAG_BYTES = 16


class Vault:
    """Seals and opens JSON content; `folder` holds the master key, the index key and the wrapped keys."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        master = load_master_key(folder / "master.key", create=create)
        self._ring = KeyRing(folder / "keyring.sqlite3", master)
        # Its own key: rotating the master key must not change every index in the database.
        self._index_key = load_master_key(folder / "index.key", create=create)

    def create_key(self, owner: str) -> None:
        """Make the key of a new case or incident; durable on return, before its row is committed."""
        self._ring.create(owner)

    def destroy_key(self, owner: str) -> None:
        """Erase everything sealed for `owner`, for good."""
        self._ring.destroy(owner)

    def owners(self) -> set[str]:
        """Whose keys are alive."""
        return self._ring.owners()

    def seal(self, owner: str, table: str, row_id: str, content: Any) -> bytes:
        """The ciphertext of JSON-able `content`, bound to `owner`, `table` and `row_id`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return FORMAT + nonce + AESGCM(self._ring.key(owner)).encrypt(nonce, plain, _place(owner, table, row_id))

    def unseal(self, owner: str, table: str, row_id: str, sealed: bytes) -> Any:
        """The content again. Raises KeyDestroyed after erasure, ContentDamaged when changed or moved."""
        key = self._ring.key(owner)
        if sealed[:1] != FORMAT or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            raise ContentDamaged(f"{table} {row_id}")
        try:
            plain = AESGCM(key).decrypt(
                sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _place(owner, table, row_id)
            )
        except InvalidTag as error:
            raise ContentDamaged(f"{table} {row_id}") from error
        return json.loads(plain)

    def blind_index(self, purpose: str, value: str) -> str:
        """A keyed digest that finds equal values and says nothing else: 64 hexadecimal digits."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def digest(self, owner: str, content: Any) -> str:
        """A digest of content for the trail, keyed from the case's key: erasure destroys what could prove a guess."""
        key = HKDF(SHA256(), 32, None, b"trim trail digest").derive(self._ring.key(owner))
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _place(owner: str, table: str, row_id: str) -> bytes:
    return "\0".join((owner, table, row_id)).encode()

"""What a signed checkpoint says, and whether its signature fits; the standard library and cryptography, no more."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

#: What the first entry of a chain, and the first checkpoint, name as the one before.
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as an export or a proof holds it: `TEXT⇥SIGNATURE`, the signature in base64."""

    number: int
    #: Leaves under it, and the root over them.
    size: int
    root: bytes
    at: str
    #: SHA-256 of the text of the checkpoint before.
    previous: str
    text: bytes
    signature: bytes

    @classmethod
    def read(cls, line: bytes) -> Signed:
        """Take a checkpoint apart; raises ValueError when it is none."""
        text, _, signature = line.partition(b"\t")
        try:
            said = json.loads(text)
            return cls(
                number=int(said["number"]),
                size=int(said["size"]),
                root=bytes.fromhex(said["root"]),
                at=str(said["at"]),
                previous=str(said["previous"]),
                text=text,
                signature=base64.b64decode(signature, validate=True),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ValueError("the checkpoint cannot be read") from problem

    @property
    def digest(self) -> str:
        """What the next checkpoint names as the one before."""
        return hashlib.sha256(self.text).hexdigest()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is this key's over this text."""
        try:
            key.verify(self.signature, self.text)
        except InvalidSignature:
            return False
        return True


def public_key(path: Path) -> Ed25519PublicKey:
    """The key in a PEM file. Raises OSError, ValueError."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} holds no Ed25519 public key")
    return key

"""Escrow: the master key sealed to a recovery key that no machine holds; people hold its shares (SLIP-39).

The recovery key is an X25519 key. Its public half stays here, so that each new master key is sealed to it at once and a
change of the master key needs no holder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trim.vault import private_files

PUBLIC_FILE = "escrow.pub"
SEALED_FILE = "escrow.sealed"
#: A key is used for one message only, so the nonce may stand still.
_NONCE = bytes(12)


class SharesDoNotFit(ValueError):
    """The shares are too few, mistyped, or of another escrow."""


def has_escrow(folder: Path) -> bool:
    """Whether a lost master key could be had back."""
    return (folder / PUBLIC_FILE).is_file() and (folder / SEALED_FILE).is_file()


def make_escrow(folder: Path, secrets_by_name: Mapping[str, bytes], *, holders: int, needed: int) -> list[str]:
    """A new recovery key, split among `holders` of whom `needed` must come together; gives one share for each.

    The shares exist in the answer alone. An earlier escrow ends: its shares open nothing that is kept here.
    """
    from shamir_mnemonic import generate_mnemonics

    recovery = X25519PrivateKey.generate()
    private = recovery.private_bytes_raw()
    [shares] = generate_mnemonics(1, [(needed, holders)], private)
    # The sealed file first: with the public key alone a rotation would seal to a file that is not there.
    sealed = {name: _seal(recovery.public_key(), name, secret) for name, secret in secrets_by_name.items()}
    private_files.replace(folder / SEALED_FILE, json.dumps(sealed).encode())
    private_files.replace(folder / PUBLIC_FILE, recovery.public_key().public_bytes_raw())
    return list(shares)


def seal_for_recovery(folder: Path, name: str, secret: bytes) -> None:
    """Seal a new secret to the recovery key, beside the earlier one of that name; nothing without an escrow."""
    if not has_escrow(folder):
        return
    public = X25519PublicKey.from_public_bytes((folder / PUBLIC_FILE).read_bytes())
    sealed = json.loads((folder / SEALED_FILE).read_bytes())
    # The earlier one stays openable until the change is over; a change that goes on again has it there already.
    sealed.setdefault(f"{name}.before", sealed.get(name))
    sealed[name] = _seal(public, name, secret)
    private_files.replace(folder / SEALED_FILE, json.dumps(sealed).encode())


def forget_before(folder: Path, name: str) -> None:
    """Drop the earlier secret of that name: nothing needs it any more."""
    if not has_escrow(folder):
        return
    sealed = json.loads((folder / SEALED_FILE).read_bytes())
    if sealed.pop(f"{name}.before", None):
        private_files.replace(folder / SEALED_FILE, json.dumps(sealed).encode())


def open_escrow(folder: Path, shares: Sequence[str]) -> dict[str, bytes]:
    """What was sealed, by name. Raises SharesDoNotFit, FileNotFoundError."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    sealed = json.loads((folder / SEALED_FILE).read_bytes())
    try:
        recovery = X25519PrivateKey.from_private_bytes(
            combine_mnemonics([" ".join(share.split()).lower() for share in shares])
        )
        return {name: _open(recovery, name, text) for name, text in sealed.items() if text}
    except (MnemonicError, InvalidTag, ValueError) as error:
        raise SharesDoNotFit(str(error) or "the shares open nothing here") from error


def _seal(public: X25519PublicKey, name: str, secret: bytes) -> str:
    passing = X25519PrivateKey.generate()
    key = _derive(passing.exchange(public), name)
    return (passing.public_key().public_bytes_raw() + AESGCM(key).encrypt(_NONCE, secret, name.encode())).hex()


def _open(recovery: X25519PrivateKey, name: str, text: str) -> bytes:
    raw, name = bytes.fromhex(text), name.removesuffix(".before")
    key = _derive(recovery.exchange(X25519PublicKey.from_public_bytes(raw[:32])), name)
    return AESGCM(key).decrypt(_NONCE, raw[32:], name.encode())


def _derive(shared: bytes, name: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"trim escrow " + name.encode()).derive(shared)

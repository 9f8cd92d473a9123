"""How the web process and the key holder speak: one JSON object a line over a Unix socket, keys in base64."""

from __future__ import annotations

import base64
import json
from typing import Any, BinaryIO

from trim.vault.keystore import WrappedKey

#: No line is longer, in bytes: a wrapped key takes about 200.
LONGEST = 4096


def write_line(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Send one message."""
    stream.write(json.dumps(message).encode() + b"\n")
    stream.flush()


def read_line(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message; None at the end. Raises ValueError for what is no message."""
    line = stream.readline(LONGEST)
    if not line:
        return None
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("no message")
    return message


def to_text(key: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(key).decode()


def to_bytes(text: Any) -> bytes:
    """Base64 as bytes. Raises ValueError."""
    return base64.b64decode(str(text), validate=True)


def wrapped_to(key: WrappedKey) -> dict[str, Any]:
    """A wrapped key as part of a message."""
    return {"owner": key.owner, "version": key.version, "master": key.master, "wrapped": to_text(key.wrapped)}


def wrapped_from(message: dict[str, Any]) -> WrappedKey:
    """A wrapped key out of a message. Raises ValueError, KeyError."""
    owner, master = str(message["owner"]), str(message["master"])
    return WrappedKey(owner, int(message["version"]), master, to_bytes(message["wrapped"]))

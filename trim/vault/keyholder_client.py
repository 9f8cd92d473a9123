"""Master keys that another process holds: the web process asks it to wrap and unwrap, and never sees them."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from trim.domain.errors import ContentDamaged, KeysUnavailable
from trim.vault import keyholder_wire as wire
from trim.vault.keystore import WrappedKey
from trim.vault.masters import WrongMasterKey

#: How long an answer may take, in seconds.
PATIENCE = 10


class KeyholderUnavailable(KeysUnavailable):
    """The key holder does not answer, refuses this user, or was asked too often: content cannot be opened now."""


class HeldMasters:
    """Speaks to the key holder behind a socket, over one connection for each thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def first(self) -> str:
        """Name of the master key with which a new store begins."""
        return str(self._ask("first", {})["master"])

    def wrap(self, master: str, owner: str, version: int, key: bytes) -> WrappedKey:
        """Have a key wrapped."""
        asked = {"master": master, "owner": owner, "version": version, "key": wire.to_text(key)}
        return wire.wrapped_from(self._ask("wrap", asked))

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """Have a key unwrapped."""
        return wire.to_bytes(self._ask("unwrap", wire.wrapped_to(wrapped))["key"])

    def rewrap(self, wrapped: WrappedKey, master: str) -> WrappedKey:
        """Have a key wrapped with another master key; it does not come here."""
        return wire.wrapped_from(self._ask("rewrap", {**wire.wrapped_to(wrapped), "to": master}))

    def prepare(self) -> str:
        """Ask for the next master key; granted to root and to the key holder's own user."""
        return str(self._ask("prepare", {})["master"])

    def finish(self, master: str) -> None:
        """Let the earlier master key go; granted to root and to the key holder's own user."""
        self._ask("finish", {"master": master})

    def _ask(self, what: str, message: dict[str, Any]) -> dict[str, Any]:
        answer = self._exchange({"do": what, **message})
        problem = answer.get("problem")
        if problem == "damaged":
            raise ContentDamaged(str(message.get("owner")))
        if problem == "wrong_master":
            raise WrongMasterKey(str(message.get("owner")))
        if problem:
            raise KeyholderUnavailable(f"The key holder refuses ({problem}). Its log says more.")
        return answer

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        for is_last in (False, True):
            stream = self._stream()
            try:
                wire.write_line(stream, message)
                answer = wire.read_line(stream)
            except (OSError, ValueError) as error:
                self._local.stream = None
                if is_last:
                    raise KeyholderUnavailable(f"The key holder at {self._path} does not answer.") from error
                continue
            if answer is not None:
                return answer
            # It was started anew since the last question: ask once more over a new connection.
            self._local.stream = None
        raise KeyholderUnavailable(f"The key holder at {self._path} closed the connection.")

    def _stream(self) -> BinaryIO:
        stream: BinaryIO | None = getattr(self._local, "stream", None)
        if stream is None or self._local.process != os.getpid():
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(PATIENCE)
            try:
                connection.connect(str(self._path))
            except OSError as error:
                connection.close()
                raise KeyholderUnavailable(
                    f"The key holder at {self._path} does not answer ({error.strerror}). Start `trim keyholder`."
                ) from error
            stream = cast(BinaryIO, connection.makefile("rwb"))
            # The stream keeps the socket open for as long as it lives itself.
            connection.close()
            self._local.stream, self._local.process = stream, os.getpid()
        return stream

"""The key holder: a process under a user of its own that has the master key and wraps and unwraps for others.

Who asks is known from the kernel (SO_PEERCRED), not from what is said. It answers so often a minute and no oftener, and
its log names whose key was asked for, by whom, and nothing that opens anything.
"""

from __future__ import annotations

import os
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from trim.domain.errors import ContentDamaged
from trim.vault import keyholder_wire as wire
from trim.vault.masters import Masters, WrongMasterKey

#: Questions a minute for each user, unless the command says otherwise: far above a busy day, far below a mass copy.
PER_MINUTE = 600
#: What changes the master key: for root and the holder's own user alone, or a broken web process could throw it away.
CHANGES = frozenset({"prepare", "finish"})


class PeersUnknown(OSError):
    """This system cannot say who is at the other end of a socket: no key is held for unknown users."""


@dataclass
class Bucket:
    """So many questions a minute: fills up evenly, holds one minute's worth."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    filled_at: dict[int, tuple[float, float]] = field(default_factory=dict)

    def takes(self, user: int) -> bool:
        """Whether this user may ask once more now."""
        now = self.clock()
        level, before = self.filled_at.get(user, (float(self.per_minute), now))
        level = min(float(self.per_minute), level + (now - before) * self.per_minute / 60)
        self.filled_at[user] = (level - 1 if level >= 1 else level, now)
        return level >= 1


class KeyHolder:
    """Answers questions about keys; knows nothing of sockets."""

    def __init__(self, masters: Masters, users: frozenset[int], bucket: Bucket, log: Callable[[str], None]) -> None:
        self._masters = masters
        self._users = users
        self._keepers = frozenset({0, os.geteuid()})
        self._bucket = bucket
        self._log = log
        self._one_at_a_time = threading.Lock()

    def answer(self, user: int, process: int, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to one question of a user; never raises for what is asked."""
        what = str(message.get("do"))
        with self._one_at_a_time:
            answer = self._answer(user, what, message)
        owner = str(message.get("owner", "-"))[:80]
        # What was asked is written as we know it: a line break in a name must not make a line of its own.
        owner = owner if owner.replace(":", "").isalnum() else "-"
        what = what if what.isalpha() else "-"
        self._log(f"uid={user} pid={process} {what} {owner} {answer.get('problem', 'done')}")
        return answer

    def _answer(self, user: int, what: str, message: dict[str, Any]) -> dict[str, Any]:
        is_keeper = user in self._keepers
        if not (is_keeper or user in self._users) or (what in CHANGES and not is_keeper):
            return {"problem": "not_allowed"}
        if not is_keeper and not self._bucket.takes(user):
            return {"problem": "too_often"}
        try:
            return self._do(what, message)
        except WrongMasterKey:
            return {"problem": "wrong_master"}
        except ContentDamaged:
            return {"problem": "damaged"}
        except (KeyError, ValueError, TypeError):
            return {"problem": "not_understood"}

    def _do(self, what: str, message: dict[str, Any]) -> dict[str, Any]:
        masters = self._masters
        if what == "first":
            return {"master": masters.first()}
        if what == "wrap":
            key, version = wire.to_bytes(message["key"]), int(message["version"])
            return wire.wrapped_to(masters.wrap(str(message["master"]), str(message["owner"]), version, key))
        if what == "unwrap":
            return {"key": wire.to_text(masters.unwrap(wire.wrapped_from(message)))}
        if what == "rewrap":
            return wire.wrapped_to(masters.rewrap(wire.wrapped_from(message), str(message["to"])))
        if what == "prepare":
            return {"master": masters.prepare()}
        if what == "finish":
            masters.finish(str(message["master"]))
            return {"master": masters.first()}
        raise ValueError(what)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        process, user, _ = peer(self.request)
        holder = cast(_Server, self.server).holder
        while True:
            try:
                message = wire.read_line(cast(BinaryIO, self.rfile))
            except ValueError:
                return
            if message is None:
                return
            wire.write_line(cast(BinaryIO, self.wfile), holder.answer(user, process, message))


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    holder: KeyHolder

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no event; anything it said is not to be shown."""


def peer(connection: socket.socket) -> tuple[int, int, int]:
    """Process, user and group at the other end, as the kernel knows them. Raises PeersUnknown."""
    if not hasattr(socket, "SO_PEERCRED"):
        raise PeersUnknown("this system does not tell who is at the other end of a socket")
    said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    process, user, group = struct.unpack("3i", said)
    return process, user, group


def serve(path: Path, holder: KeyHolder, *, ready: Callable[[], None] = lambda: None) -> None:
    """Listen at `path` until the process ends. Raises OSError, PeersUnknown."""
    if not hasattr(socket, "SO_PEERCRED"):
        raise PeersUnknown("this system does not tell who is at the other end of a socket")
    _remove_dead(path)
    with _Server(str(path), _Conversation) as server:
        server.holder = holder
        # Anybody may knock: who is let in is decided by what the kernel says of the caller.
        path.chmod(0o666)
        ready()
        try:
            server.serve_forever()
        finally:
            path.unlink(missing_ok=True)


def write_log(stream: Any) -> Callable[[str], None]:
    """Log lines with the instant, on the stream at once."""

    def write(line: str) -> None:
        stream.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {line}\n")
        stream.flush()

    return write


def _remove_dead(path: Path) -> None:
    """Take away the socket of a holder that was killed; a living one keeps its own (OSError: address in use)."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()

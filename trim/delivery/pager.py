"""Urgent notices to a telephone or pager, through the web hook of whatever service the organisation has.

A call says the neutral text and a reference, never a name. It is signed, so that the service knows who calls, and it
carries an id of its own, so that a call made twice rings once.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from trim.delivery.here import is_here
from trim.domain.errors import TrimError

#: How long the service may take to each answer, in seconds.
PATIENCE = 10.0
#: The version of what is signed and how.
SIGNED_AS = "v1"
#: Answers after which the same call would be refused again: the request itself is at fault. A number that has no
#: permission today (401, 403) or comes too often (408, 429) may be heard tomorrow.
FOR_GOOD = frozenset({400, 404, 405, 410, 413, 415, 422})


class NotPaged(TrimError):
    """A call was not taken; the message says why in one line, `problem` as a word. Without secret or content."""

    def __init__(self, message: str, problem: str) -> None:
        super().__init__(message)
        self.problem = problem


class CallRefused(NotPaged):
    """The service will never take this call: trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: to which number, what it says, and the reference to look for after signing in."""

    id: str
    number: str
    text: str
    reference: str


class Pager(Protocol):
    """A way for urgent notices to reach a telephone."""

    def send(self, call: Call, *, now: datetime) -> None:
        """Hand one call over. Raises NotPaged, CallRefused."""


@dataclass(frozen=True, slots=True)
class WebhookPager:
    """Posts each call as JSON. `trust` says whose certificates hold, the system's unless it is given.

    The header `Trim-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal digits, of the header `Trim-Timestamp`
    (seconds since 1970), a full stop and the body: the receiver compares it and refuses what is older than minutes.
    """

    url: str
    secret: str = field(repr=False)
    patience: float = PATIENCE
    trust: ssl.SSLContext | None = None

    def send(self, call: Call, *, now: datetime) -> None:
        """Post it. Any 2xx is taken for a yes; a redirection is not followed. Raises NotPaged, CallRefused."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not is_here(host):
            raise CallRefused(f"{host} is not called without encryption: give an address with https.", "no_encryption")
        body = body_of(call)
        connection = self._connection(parts.scheme, host, parts.port)
        try:
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("POST", target, body=body, headers=_headers(call, body, self.secret, now))
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as problem:
            raise NotPaged(
                f"The pager service {host} did not answer ({type(problem).__name__}).", _word(problem)
            ) from (problem)
        finally:
            connection.close()
        if not 200 <= status < 300:
            kind = CallRefused if status in FOR_GOOD else NotPaged
            raise kind(f"The pager service {host} answered {status}.", f"refused_{status}")

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme != "https":
            return http.client.HTTPConnection(host, port, timeout=self.patience)
        context = self.trust or ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self.patience, context=context)


def body_of(call: Call) -> bytes:
    """What is posted, in a stable order of keys."""
    said = {"id": call.id, "reference": call.reference, "text": call.text, "to": call.number}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(body: bytes, timestamp: str, secret: str) -> str:
    """The signature over timestamp and body."""
    made = hmac.new(secret.encode(), timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()
    return f"{SIGNED_AS}={made}"


def _headers(call: Call, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    timestamp = str(int(now.astimezone(UTC).timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": call.id,
        "Trim-Timestamp": timestamp,
        "Trim-Signature": signature(body, timestamp, secret),
        "User-Agent": "Trim",
        "Connection": "close",
    }


def _word(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "bad_certificate"
    if isinstance(problem, ssl.SSLError):
        return "no_encryption"
    if isinstance(problem, TimeoutError):
        return "no_answer"
    if isinstance(problem, ConnectionRefusedError):
        return "nobody_there"
    return "hung_up" if isinstance(problem, http.client.HTTPException | ConnectionError) else "not_sent"

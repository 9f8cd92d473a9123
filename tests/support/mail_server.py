"""A real mail server on this machine for one test; it keeps what it gets and can demand TLS or a password."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.processes import free_port

PASSWORD = "tide table"


@dataclass
class MailServer:
    """What arrived, and how to reach the server."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    #: Answered to every mail when set, such as "550 no".
    refusal: str = ""
    #: What it does with the next mails, one each: an answer such as "450 later"; "hang" and says nothing until the test
    #: ends; "slow" and takes it after a while; "drop" the connection; "drop after" its 250, when the client says
    #: goodbye. Then it takes them.
    moods: list[str] = field(default_factory=list)
    #: Addresses that it refuses.
    unknown: frozenset[str] = frozenset()
    #: Addresses that it puts off the first time it hears of them, as greylisting does.
    greylisted: set[str] = field(default_factory=set)
    _over: asyncio.Event | None = None
    _drops: bool = False
    certificate: Path | None = None

    def url(self, *, scheme: str = "smtp", user: str = "") -> str:
        """Address for TRIM_SMTP_URL."""
        return f"{scheme}://{user}127.0.0.1:{self.port}"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Refuse who is not known here."""
        if address in self.unknown:
            return "550 5.1.1 nobody of that name"
        if address in self.greylisted:
            self.greylisted.discard(address)
            return "450 4.2.0 not yet"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail, or what the mood says."""
        if self.refusal:
            return self.refusal
        mood = self.moods.pop(0) if self.moods else ""
        if mood == "hang":
            self._over = asyncio.Event()
            await self._over.wait()
        elif mood == "drop":
            server.transport.abort()
            return "250 never heard"
        elif mood == "slow":
            await asyncio.sleep(0.1)
        elif mood not in ("", "drop after"):
            return mood
        self._drops = mood == "drop after"
        message = BytesParser(policy=SMTP).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Say goodbye, or not even that."""
        if self._drops:
            server.transport.abort()
        return "221 bye"

    def let_go(self) -> None:
        """Let a mail that hangs come to its end."""
        if self._over is not None:
            self._over.set()


@contextmanager
def mail_server(
    folder: Path, *, tls: bool = False, from_start: bool = False, login: bool = False
) -> Iterator[MailServer]:
    """Run one on a free port; `login` demands a password.

    `tls` offers STARTTLS with a certificate of its own, `from_start` speaks nothing but TLS.
    """
    made = MailServer(port=free_port())
    options: dict[str, Any] = {}
    if from_start:
        made.certificate, options["ssl_context"] = certified(folder)
    if tls:
        made.certificate, options["tls_context"] = certified(folder)
    if login:
        options |= {"authenticator": _password, "auth_required": True, "auth_require_tls": tls}
    controller = Controller(made, hostname="127.0.0.1", port=made.port, **options)
    controller.start()
    try:
        yield made
    finally:
        controller.loop.call_soon_threadsafe(made.let_go)
        controller.stop()


def _password(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    fits = data.password == PASSWORD.encode()
    # Not handled: the server itself answers 535.
    return AuthResult(success=fits, handled=fits)


def certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine that nobody vouches for, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    public, private = folder / "mail.crt", folder / "mail.key"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return public, context

"""A real mail server on this machine for one test; it keeps what it gets and can demand TLS or a password."""

from __future__ import annotations

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
    certificate: Path | None = None

    def url(self, *, scheme: str = "smtp", user: str = "") -> str:
        """Address for TRIM_SMTP_URL."""
        return f"{scheme}://{user}127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail."""
        if self.refusal:
            return self.refusal
        message = BytesParser(policy=SMTP).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"


@contextmanager
def mail_server(folder: Path, *, tls: bool = False, login: bool = False) -> Iterator[MailServer]:
    """Run one on a free port; `tls` offers STARTTLS with a certificate of its own, `login` demands a password."""
    made = MailServer(port=free_port())
    options: dict[str, Any] = {}
    if tls:
        made.certificate, options["tls_context"] = _certified(folder)
    if login:
        options |= {"authenticator": _password, "auth_required": True, "auth_require_tls": tls}
    controller = Controller(made, hostname="127.0.0.1", port=made.port, **options)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


def _password(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    fits = data.password == PASSWORD.encode()
    # Not handled: the server itself answers 535.
    return AuthResult(success=fits, handled=fits)


def _certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
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

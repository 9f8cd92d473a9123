"""Hands a mail to a mail server, or to a spool folder when none is set. No case content ever goes into a mail.

Call it outside of any transaction: a mail server may take its time.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from trim.domain.errors import TrimError

#: How long a mail server may take to answer, in seconds.
PATIENCE = 20
_PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(TrimError):
    """A mail could not be handed over; the message says why, without password or content."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file in a mail; sent as it is, since a signature may be over its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one or several addresses, which all recipients see."""

    to: tuple[str, ...]
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()


class Post(Protocol):
    """A way for mails to leave."""

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Hand one mail over. Raises MailNotSent."""


def post_office(smtp_url: str | None, spool: Path, sender: str) -> Post:
    """The mail server of `smtp_url` (`smtp://user:password@host:port`, `smtps://...`), else the folder `spool`."""
    return SmtpPost(smtp_url, sender) if smtp_url else FolderPost(spool, sender)


@dataclass(frozen=True, slots=True)
class FolderPost:
    """Writes each mail as a file `.eml`, which any mail program opens; for machines without a mail server."""

    folder: Path
    sender: str

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Write the mail, whole or not at all. Raises MailNotSent."""
        message = as_message(mail, self.sender, now)
        name = f"{now:%Y%m%dT%H%M%S}-{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
        draft = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.touch(mode=0o600)
            draft.write_bytes(message.as_bytes())
            draft.replace(self.folder / name)
        except OSError as problem:
            raise MailNotSent(f"The mail could not be written to {self.folder} ({problem.strerror}).") from problem


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """Speaks to a mail server: encrypted from the start with `smtps`, else as soon as the server offers it."""

    url: str
    sender: str

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Hand the mail to the server. Raises MailNotSent, also when a password would go unencrypted."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        try:
            with self._connected(parts.scheme, host, parts.port or _PORTS[parts.scheme]) as server:
                if parts.username:
                    if parts.scheme != "smtps" and not isinstance(server.sock, ssl.SSLSocket) and not _is_here(host):
                        raise MailNotSent(f"{host} offers no encryption: the password was not sent. Use smtps.")
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(as_message(mail, self.sender, now))
        except (OSError, smtplib.SMTPException) as problem:
            # The server's own words may repeat addresses; its class and code are enough to mend it.
            code = getattr(problem, "smtp_code", None) or getattr(problem, "strerror", None) or ""
            raise MailNotSent(f"The mail server {host} did not take it ({type(problem).__name__} {code}).") from problem

    def _connected(self, scheme: str, host: str, port: int) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        return server


def as_message(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """The mail in the form that servers take. Raises MailNotSent for an address that cannot be one."""
    message = EmailMessage(policy=policy.SMTP)
    try:
        message["From"] = sender
        message["To"] = ", ".join(mail.to)
        message["Subject"] = mail.subject
    except ValueError as problem:
        raise MailNotSent("An address or the subject holds a line break.") from problem
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    # Answers of machines (out of office) go nowhere.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    for attachment in mail.attachments:
        message.add_attachment(
            attachment.content, maintype="application", subtype="octet-stream", filename=attachment.name
        )
    return message


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

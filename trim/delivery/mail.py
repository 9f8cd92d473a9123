"""Hands a mail to a mail server, or to a spool folder when none is set. No case content ever goes into a mail.

Call it outside of any transaction: a mail server may take its time.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from trim.delivery.here import is_here
from trim.domain.errors import TrimError
from trim.settings import IN_CLEAR

#: How long a mail server may take to answer, in seconds.
PATIENCE = 20
_PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(TrimError):
    """A mail could not be handed over; the message says why, without password or content.

    `problem` is the same as a word, for rows and the trail.
    """

    def __init__(self, message: str, problem: str = "not_sent") -> None:
        super().__init__(message)
        self.problem = problem


class MailPutOff(MailNotSent):
    """The server takes this mail for this address later (greylisting, a full mailbox); others may go meanwhile."""


class MailRefused(MailNotSent):
    """The server will never take this mail for this address: trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file in a mail; sent as it is, since a signature may be over its bytes.

    `invites` is the method of a calendar's invitation: clients then offer to take it over.
    """

    name: str
    content: bytes
    invites: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one or several addresses, which all recipients see.

    `message_id` is what stands before the @ of its Message-ID, so that a mail sent twice is known for the same; without
    it one is drawn. `html` says the same as `text`.
    """

    to: tuple[str, ...]
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()
    html: str = ""
    message_id: str | None = None
    language: str | None = None
    urgent: bool = False


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
    """Speaks to a mail server: encrypted from the start with `smtps`, else by STARTTLS; in clear to this machine alone.

    A relay of this machine often offers STARTTLS with a certificate that nobody vouches for, such as the one that its
    package made: `?starttls=no` at the end of the address says to speak to it in clear all the same.

    `patience` is how long the server may take for each answer, in seconds; `trust` says whose certificates hold, the
    system's unless it is given.
    """

    url: str = field(repr=False)
    sender: str
    patience: float = PATIENCE
    trust: ssl.SSLContext | None = None

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Hand the mail to the server. Raises MailNotSent, also when it would go unencrypted; MailRefused."""
        message = as_message(mail, self.sender, now)
        with self.signed_in() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as problem:
                code = next(iter(problem.recipients.values()))[0] if problem.recipients else 0
                raise _not_taken(self._host, problem, code, of_mail=True) from problem
            except smtplib.SMTPDataError as problem:
                raise _not_taken(self._host, problem, problem.smtp_code, of_mail=True) from problem
            except (OSError, smtplib.SMTPException) as problem:
                raise _not_taken(self._host, problem) from problem

    @contextmanager
    def signed_in(self) -> Iterator[smtplib.SMTP]:
        """A server that was met, trusted and signed in to. Raises MailNotSent."""
        server = None
        try:
            try:
                server = self._connected()
                self._sign_in(server)
            except (OSError, smtplib.SMTPException) as problem:
                raise _not_taken(self._host, problem) from problem
            yield server
        finally:
            if server is not None:
                _leave(server)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def _in_clear(self) -> bool:
        """Whether the address says to leave encryption out; another machine is never spoken to so."""
        return urlsplit(self.url).query == IN_CLEAR and is_here(self._host)

    def _connected(self) -> smtplib.SMTP:
        parts, host = urlsplit(self.url), self._host
        port = parts.port or _PORTS[parts.scheme]
        context = self.trust or ssl.create_default_context()
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=self.patience, context=context)
        server = smtplib.SMTP(host, port, timeout=self.patience)
        try:
            server.ehlo()
            if server.has_extn("starttls") and not self._in_clear:
                server.starttls(context=context)
                server.ehlo()
            elif not is_here(host):
                raise MailNotSent(f"{host} offers no encryption: nothing was sent. Use smtps.", "no_encryption")
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.url)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. What was taken is taken: a server that ends badly after its 250 must not make the mail go twice."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _not_taken(host: str, problem: Exception, code: int = 0, *, of_mail: bool = False) -> MailNotSent:
    """The failure in one line. The server's own words may repeat addresses; its class and code are enough to mend it.

    Only what the server says of this mail or this address can be for good: a sender or a password that it refuses is
    ours to mend, and then the mail goes.
    """
    said = code or getattr(problem, "smtp_code", None) or getattr(problem, "strerror", None) or ""
    message = f"The mail server {host} did not take it ({type(problem).__name__} {said})."
    if of_mail and 500 <= code < 600:
        return MailRefused(message, f"refused_{code}")
    if of_mail and 400 <= code < 500:
        return MailPutOff(message, f"refused_{code}")
    return MailNotSent(message, _word_of(problem, code))


def _word_of(problem: Exception, code: int) -> str:
    if isinstance(problem, ssl.SSLError):
        return "bad_certificate" if isinstance(problem, ssl.SSLCertVerificationError) else "no_encryption"
    if isinstance(problem, TimeoutError):
        return "no_answer"
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        # What smtplib says of a server that stays silent as well as of one that hangs up.
        return "no_answer" if "timed out" in str(problem) else "hung_up"
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return "not_signed_in"
    if isinstance(problem, ConnectionRefusedError):
        return "nobody_there"
    answer = code or getattr(problem, "smtp_code", 0)
    return f"refused_{answer}" if isinstance(answer, int) and 400 <= answer < 600 else "not_sent"


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
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{mail.message_id}@{domain}>" if mail.message_id else make_msgid(domain=domain)
    if mail.urgent:
        message["Importance"] = "high"
    # Answers of machines (out of office) go nowhere.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        if attachment.invites:
            message.add_attachment(
                attachment.content,
                maintype="text",
                subtype="calendar",
                filename=attachment.name,
                params={"method": attachment.invites, "charset": "utf-8"},
            )
            continue
        message.add_attachment(
            attachment.content, maintype="application", subtype="octet-stream", filename=attachment.name
        )
    if mail.language:
        # Last, or it would be moved to one of the parts.
        message["Content-Language"] = mail.language
    return message

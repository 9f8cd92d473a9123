"""`trim mail`: try the ways by which notices leave, and see how many wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.delivery.bounces import MOST_BYTES, Bounce, NoBounce, read_bounce
from trim.delivery.cures import mail_cure, pager_cure
from trim.delivery.mail import FolderPost, Mail, MailNotSent
from trim.delivery.outlets import outlets
from trim.delivery.pager import Call, NotPaged
from trim.settings import Settings
from trim.store import outbox
from trim.store.database import DatabaseUnavailable

_SUBJECT = "A test of notices / Un essai des messages"
_TEXT = """\
This is a test: mails of this installation reach you. There is nothing to do.

Ceci est un essai : les messages de cette installation vous parviennent. Il n’y a rien à faire.
"""


#: What a mail server takes for "keep it and hand it over again" (EX_TEMPFAIL of sysexits.h).
TRY_AGAIN = 75


@click.group("mail")
def command() -> None:
    """Try the mail server and the pager service, see how many notices wait, take in what comes back.

    \b
    Example:
      trim mail test you@example.org
    """


@command.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send a test mail to ADDRESS and say what is wrong if it does not leave.

    The server is set by TRIM_SMTP_URL (smtps://user:password@mail.example.org). A test mail says that it is one;
    nothing is written to the database.

    \b
    Example:
      trim mail test you@example.org
    """
    settings = Settings.from_environment()
    post = outlets(settings, demonstration=False).post
    mail = Mail(to=(address,), subject=_SUBJECT, text=_TEXT, message_id=uuid4().hex)
    try:
        took = _timed(lambda: post.send(mail, now=datetime.now(UTC)))
    except MailNotSent as problem:
        raise CommandFailed(str(problem), mail_cure(problem.problem)) from problem
    if isinstance(post, FolderPost):
        click.echo(f"No mail server is set: the mail is a file in {post.folder}. Set TRIM_SMTP_URL to send it.")
    else:
        click.echo(f"The mail server took it in {took:.1f} s, from {settings.sender}. Look whether it arrives.")


@command.command("ring")
@click.argument("number")
def ring(number: str) -> None:
    """Make a test call to NUMBER through the pager service and say what is wrong if it is not taken.

    The service is set by TRIM_PAGER_URL (https://sms.example.org/hook) and TRIM_PAGER_SECRET.

    \b
    Example:
      trim mail ring '+44 1632 960001'
    """
    pager = outlets(Settings.from_environment(), demonstration=False).pager
    if pager is None:
        raise CommandFailed("No pager service is set.", "Set TRIM_PAGER_URL and TRIM_PAGER_SECRET.")
    call = Call(uuid4().hex, number, "A test / Un essai", "TEST")
    try:
        took = _timed(lambda: pager.send(call, now=datetime.now(UTC)))
    except NotPaged as problem:
        raise CommandFailed(str(problem), pager_cure(problem.problem)) from problem
    click.echo(f"The pager service took it in {took:.1f} s. Look whether it rings.")


@command.command("state")
@as_json_option
def state(as_json: bool) -> None:
    """Say how many notices wait, left, failed or became pointless.

    \b
    Example:
      trim mail state --json
    """
    now = datetime.now(UTC)
    with opened(Settings.from_environment()) as backend, backend.reading() as uow:
        found = outbox.counts(uow.session)
        _, since = outbox.late(uow.session, now)
    if as_json:
        print_json({**found, "oldest_due": since.isoformat() if since else None})
        return
    for name in ("waiting", "sent", "failed", "dropped"):
        click.echo(f"{name:<8} {found.get(name, 0)}")
    if since is not None:
        click.echo(f"The one that is due for longest could have left at {since:%Y-%m-%d %H:%M} UTC.")


@command.command("bounced")
def bounced() -> None:
    """Take in, on standard input, what a mail server sends back about a mail that did not arrive (RFC 3464).

    For the pipe of a mail server, at the address that mails come from (TRIM_MAIL_FROM); deploy/README.md shows how.
    What was in the mail then counts as unanswered at once. Exit status 1: this is no such report, and is not taken;
    75: the database is away, hand it over again later. Nothing of the mail is repeated or kept.

    \b
    Example:
      trim mail bounced < report.eml
    """
    stream = sys.stdin.buffer
    if stream.isatty():
        raise CommandFailed("The report is read from standard input.", "Give one: trim mail bounced < report.eml")
    try:
        found = read_bounce(stream.read(MOST_BYTES + 1))
    except NoBounce as problem:
        raise CommandFailed(str(problem), "Nothing was changed. Nobody reads answers to this address.") from problem
    if not found.for_good:
        click.echo("The mail is still under way, or reached somebody. Nothing was changed.")
        return
    try:
        lost = _note_bounce(found)
    except DatabaseUnavailable as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(TRY_AGAIN)
    click.echo(f"Not delivered ({found.status}): {lost}." if lost else "That was known. Nothing was changed.")


def _note_bounce(found: Bounce) -> int:
    # Here: the other commands of the group need no use case, and start at once.
    from trim.domain.errors import NotFound
    from trim.usecases.delivery.bounced import note_bounce

    try:
        with opened(Settings.from_environment()) as backend, backend.writing() as uow:
            return note_bounce(uow, found, now=datetime.now(UTC))
    except NotFound as problem:
        raise CommandFailed(
            "The mail that it returns is none of this installation.", "Is TRIM_INSTANCE the right one?"
        ) from problem


def _timed(work: Callable[[], None]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start

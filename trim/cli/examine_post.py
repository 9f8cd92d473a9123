"""What `trim doctor` looks at of the ways by which notices leave: the mail server, the pager, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from trim.cli.finding import Finding
from trim.delivery.cures import mail_cure
from trim.delivery.mail import MailNotSent, SmtpPost
from trim.settings import Settings
from trim.store import outbox
from trim.store.database import Database

#: How long the mail server may take for each answer when it is only looked at, in seconds.
PATIENCE = 5.0
#: A notice that could have left for so long shows that nobody sends.
TOO_LONG = timedelta(hours=1)


def mail_server(settings: Settings) -> Finding:
    """Meet the mail server and sign in, without sending anything."""
    if not settings.smtp_url:
        # Not a fault: a first look needs none. It has to be known, though.
        found = f"none: mails are files in {settings.mail_dir}, and nobody gets them (TRIM_SMTP_URL)"
        return Finding("Mail server", True, found)
    try:
        with SmtpPost(settings.smtp_url, settings.sender, patience=PATIENCE).signed_in():
            return Finding("Mail server", True, "answers, is trusted and lets us in (`trim mail test ADDRESS` sends)")
    except MailNotSent as problem:
        return Finding("Mail server", False, str(problem), mail_cure(problem.problem))


def pager(settings: Settings) -> Finding:
    """Whether urgent notices ring a telephone; a call is made by `trim mail ring` alone."""
    if settings.pager_url:
        return Finding("Pager", True, "urgent notices ring as well (`trim mail ring NUMBER` tries it)")
    return Finding("Pager", True, "none: urgent notices go by mail alone (TRIM_PAGER_URL)")


def notices(settings: Settings) -> Iterator[Finding]:
    """How many notices wait, and whether anybody sends them."""
    now = datetime.now(UTC)
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            counts, (_, since) = outbox.counts(session), outbox.late(session, now)
            unseen, silent = outbox.unseen(session), outbox.calls_failed(session, now - timedelta(days=1))
    finally:
        database.close()
    if since is not None and since < now - TOO_LONG:
        found = f"one could have left at {since:%Y-%m-%d %H:%M} UTC and has not"
        yield Finding("Notices", False, found, "Start `trim worker`, and see `trim jobs` and `trim mail state`.")
    else:
        unread = f"; {unseen} reached nobody and wait on their page" if unseen else ""
        yield Finding("Notices", True, f"{counts.get('waiting', 0)} wait, {counts.get('sent', 0)} left{unread}")
    if silent:
        found = f"{silent} urgent calls were not taken since yesterday; their mails went by themselves"
        yield Finding("Calls", False, found, "Try `trim mail ring NUMBER`; it says what is wrong.")

"""A post of the tests' own, notices written straight into the outbox, and how it all stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import SETUP, Organisation
from trim.delivery.mail import Mail, MailNotSent
from trim.delivery.posting import Sent
from trim.store import accounts, notices
from trim.store.tables import HowTold, Leave, Notice, PagerCall
from trim.usecases.delivery.send_due import digest_due, send_due

BASE = "https://support.example.org"


@dataclass
class TestPost:
    """Keeps what it gets; raises what it is told to, once each."""

    __test__ = False

    mails: list[Mail] = field(default_factory=list)
    problems: list[MailNotSent] = field(default_factory=list)
    #: Called with each mail before it is kept: another worker at the same moment, say.
    before: Callable[[Mail], object] = lambda _: None

    def send(self, mail: Mail, *, now: datetime) -> None:  # noqa: ARG002 - every post has it
        """Keep it, or fail."""
        self.before(mail)
        if self.problems:
            raise self.problems.pop(0)
        self.mails.append(mail)

    @property
    def to(self) -> list[str]:
        """Before the @ of each mail's address, in order."""
        return [mail.to[0].partition("@")[0] for mail in self.mails]


def tells(made: Organisation, who: str, kind: str = "escalation_decided", **more: Any) -> str:
    """Write one notice, as some use case would; gives its id."""
    with made.backend.writing() as uow:
        recipient = accounts.by_id(uow.session, made.accounts[who].id)
        assert recipient is not None
        cause = more.pop("cause", "")
        values: dict[str, Any] = {"subject_kind": "case", "subject_ref": "C-7F2K9Q", **more}
        written = notices.add(
            uow.session,
            once_key=f"{kind}:{who}:{made.now.isoformat()}:{cause}",
            kind=kind,
            recipient=recipient,
            now=made.now,
            **values,
        )
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="test")
    return written


def sends(made: Organisation, post: Any, **more: Any) -> Sent:
    """One turn of the worker: what is prompt, then what is gathered."""
    options = {"base_url": BASE, "monotonic": lambda: 0.0, **more}
    prompt = send_due(made.backend, post, now=made.now, **options)
    options.pop("pager", None)
    return prompt + digest_due(made.backend, post, now=made.now, **options)


def outbox(made: Organisation, **by: Any) -> list[Notice]:
    """Notices as they stand, the first written first."""
    with made.backend.reading() as uow:
        query = select(Notice).order_by(col(Notice.made_at), col(Notice.once_key))
        for name, value in by.items():
            query = query.where(getattr(Notice, name) == value)
        return list(uow.session.scalars(query))


def the(made: Organisation, notice_id: str) -> Notice:
    """One notice as it stands."""
    with made.backend.reading() as uow:
        found = uow.session.get(Notice, notice_id)
        assert found is not None
        return found


def call_of(made: Organisation, notice_id: str) -> PagerCall:
    """The pager call of an urgent notice."""
    with made.backend.reading() as uow:
        found = uow.session.scalar(select(PagerCall).where(col(PagerCall.notice_id) == notice_id))
        assert found is not None
        return found


def wants(made: Organisation, who: str, *, digest: int = 450, quiet: tuple[int, int] = (1260, 420), days: str) -> None:
    """Set somebody's wishes as they lie in the database."""
    with made.backend.writing() as uow:
        uow.session.add(
            HowTold(
                id=uow.new_id(),
                account_id=made.accounts[who].id,
                digest_minute=digest,
                quiet_from=quiet[0],
                quiet_until=quiet[1],
                days=days,
                changed_at=made.now,
            )
        )
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="test")


def is_away(made: Organisation, who: str, from_on: date, until_on: date) -> None:
    """Note leave as it lies in the database."""
    with made.backend.writing() as uow:
        uow.session.add(
            Leave(
                id=uow.new_id(),
                account_id=made.accounts[who].id,
                from_on=from_on,
                until_on=until_on,
                noted_at=made.now,
                noted_by=made.accounts[who].id,
            )
        )
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="test")

"""What guards signing in: counters of failed attempts, sessions ended early, and one-time links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import Session, col

from trim.store.tables import EndedSession, Invitation, SignInGuard


def locked_guard(session: Session, digest: str, now: datetime) -> SignInGuard:
    """The counter of an address or a source, made at its first use and locked until the transaction ends."""
    query = select(SignInGuard).where(col(SignInGuard.address_digest) == digest).with_for_update()
    row = session.scalar(query)
    if row is None:
        first = {"address_digest": digest, "failures": 0, "last_failed_at": now}
        if session.get_bind().dialect.name == "postgresql":
            # Two first attempts at one moment: the second waits here for the first.
            session.execute(postgresql_insert(SignInGuard).values(**first).on_conflict_do_nothing())
        else:
            session.execute(insert(SignInGuard).values(**first))
        row = session.scalar(query)
    assert row is not None
    return row


def guard(session: Session, digest: str) -> SignInGuard | None:
    """The counter of an address or a source as it stands; None where nothing failed."""
    return session.scalar(select(SignInGuard).where(col(SignInGuard.address_digest) == digest))


def touch_guard(session: Session, digest: str, now: datetime) -> None:
    """Note the time of a failure."""
    session.execute(update(SignInGuard).where(col(SignInGuard.address_digest) == digest).values(last_failed_at=now))


def forget_guards(session: Session, before: datetime) -> None:
    """Drop counters that have been quiet since `before`: an attacker must not fill the table for good."""
    session.execute(delete(SignInGuard).where(col(SignInGuard.last_failed_at) < before))


def has_ended(session: Session, session_digest: str) -> bool:
    """Whether that session was signed out."""
    query = select(EndedSession.session_digest).where(col(EndedSession.session_digest) == session_digest)  # type: ignore[call-overload]
    return session.scalar(query) is not None


def forget_sessions(session: Session, before: datetime) -> None:
    """Drop sessions ended before an instant from which no cookie can still be valid."""
    session.execute(delete(EndedSession).where(col(EndedSession.ended_at) < before))


def invitation_of_token(session: Session, token_digest: str, *, lock: bool) -> Invitation | None:
    """The invitation of a link, used up or not; locked until the transaction ends, so that two cannot use it."""
    query = select(Invitation).where(col(Invitation.token_digest) == token_digest)
    return session.scalar(query.with_for_update() if lock else query)


def open_invitations(session: Session, account_id: str, now: datetime) -> list[Invitation]:
    """Links of an account, or requests for one, that can still come to something."""
    query = select(Invitation).where(
        col(Invitation.account_id) == account_id,
        col(Invitation.used_at).is_(None),
        col(Invitation.refused_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    return list(session.scalars(query.order_by(col(Invitation.made_at), col(Invitation.id))))


def renewals_to_confirm(session: Session, now: datetime) -> list[Invitation]:
    """Requests to open an account anew that wait for a second person (CARE 12)."""
    query = select(Invitation).where(
        col(Invitation.token_digest).is_(None),
        col(Invitation.refused_at).is_(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    return list(session.scalars(query.order_by(col(Invitation.made_at), col(Invitation.id))))

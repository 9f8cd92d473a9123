"""Published releases: written once, read as they were written."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from trim.store.tables import Release


def everything(session: Session) -> list[Release]:
    """Every release in the order of its number."""
    return list(session.scalars(select(Release).order_by(col(Release.number))))


def heads(session: Session) -> list[Release]:
    """Every release in the order of its number, without its figures and its report: for lists."""
    without = (defer(Release.body), defer(Release.report))  # type: ignore[arg-type]
    return list(session.scalars(select(Release).options(*without).order_by(col(Release.number))))


def by_number(session: Session, number: int) -> Release | None:
    """The release of a number."""
    return session.scalar(select(Release).where(col(Release.number) == number))


def last_number(session: Session) -> int:
    """The highest number given so far; 0 before the first release."""
    return session.scalar(select(func.max(Release.number))) or 0


def corrected_by(session: Session) -> dict[int, int]:
    """Number of each release that was corrected, with the newest release that corrects it."""
    rows = session.execute(select(Release.corrects, Release.number).order_by(col(Release.number)))  # type: ignore[call-overload]
    return {old: new for old, new in rows if old is not None}

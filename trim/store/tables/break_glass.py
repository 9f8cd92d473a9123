"""Break-glass: somebody outside a case's unit opened it for hours, for a stated reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from trim.store.columns import identifier, instant, key, link, sealed, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table


class BreakGlass(SQLModel, table=True):
    """One opening of one case by one account; over at `until_at`, or when it is ended before."""

    __tablename__ = "break_glass"
    __table_args__ = (
        CheckConstraint("until_at > opened_at", name="ends_after_start"),
        CheckConstraint("(delay_ground IS NULL) = (told_after IS NULL)", name="delay_has_its_end"),
        Index("ix_break_glass_account_until", "account_id", "until_at"),
    )

    id: str = key()
    case_id: str = link("support_case.id", "which case")
    account_id: str = link("account.id", "who opened it", index=False)
    role: str = word("in which role")
    ground: str = word("why, out of a closed list")
    opened_at: datetime = instant("since when")
    until_at: datetime = instant("sight ends by itself")
    ended_at: datetime | None = instant("sight was ended before", nullable=True, default=None)
    ended_by: str | None = identifier("account that ended it", 64, default=None, nullable=True)
    delay_ground: str | None = word("why the person is told later, out of a closed list", nullable=True, default=None)
    told_after: datetime | None = instant("the person's ledger shows it from then on", nullable=True, default=None)
    delay_ended_at: datetime | None = instant("the delay was ended before", nullable=True, default=None)
    delay_ended_by: str | None = identifier("account that ended the delay", 64, default=None, nullable=True)
    sealed: bytes = sealed("the reason in words, and that of the delay")

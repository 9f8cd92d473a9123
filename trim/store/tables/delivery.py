"""What leaves the house later: notices to send and how people want to be told, and statistical facts."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, UniqueConstraint, text
from sqlmodel import SQLModel

from trim.store.columns import ID_LENGTH, identifier, instant, key, link, plain, word
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table

#: Why a notice counts as unanswered at once: no address, the server will never take it, given up after many tries, the
#: account is closed, the person is on leave.
FAILED_REASONS = ("no_address", "bounced", "gave_up", "account_closed", "on_leave")
_FAILED = ",".join(f"'{one}'" for one in FAILED_REASONS)

#: Notices that failed and that nobody else was told of yet: few, and found without looking at the others.
UNWEIGHED = "state = 'failed' AND weighed_at IS NULL"


class Notice(SQLModel, table=True):
    """A notice to one account, written with the change that causes it; holds a reference, never content.

    Rows with one `message_id` left, or leave, in one mail. A claim is a lease: whoever holds it past `claimed_until`
    has lost it, and the mail goes again under the same id.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("once_key"),
        CheckConstraint("state IN ('waiting','sent','failed','dropped')", name="state"),
        CheckConstraint(f"failed_because IS NULL OR failed_because IN ({_FAILED})", name="failed_because"),
        CheckConstraint("(state = 'failed') = (failed_because IS NOT NULL)", name="failed_for_a_reason"),
        CheckConstraint("(state = 'dropped') = (dropped_because IS NOT NULL)", name="dropped_for_a_reason"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_an_instant"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claimed_until_an_instant"),
        Index("ix_outbox_recipient_made", "recipient_id", "made_at", "id"),
        Index("ix_outbox_waiting", "state", "urgent", "not_before", "id"),
        Index("ix_outbox_settled", "state", "settled_at", "id"),
        Index("ix_outbox_message", "message_id"),
        Index("ix_outbox_subject", "subject_ref"),
        Index(
            "ix_outbox_unweighed",
            # The same in all of them: without it SQLite takes another index and reads all that ever failed.
            "state",
            "settled_at",
            "id",
            sqlite_where=text(UNWEIGHED),
            postgresql_where=text(UNWEIGHED),
        ),
    )

    id: str = key()
    once_key: str = identifier("says which notice this is, so that it is written once", 200)
    kind: str = word("what kind of thing it tells")
    subject_kind: str = word("case, incident, escalation or referral")
    subject_ref: str = identifier("random reference", 16)
    step_id: str | None = link("step.id", "what is due, so that it is dropped once that is done", nullable=True)
    recipient_id: str = link("account.id", "who is told", index=False)
    urgent: bool = plain("passes quiet hours, digests and leave (CARE 2)", Boolean, default=False)
    made_at: datetime = instant("when it was written")
    state: str = word("waiting, sent, failed or dropped", default="waiting")
    not_before: datetime | None = instant(
        "leaves no earlier: the person's hour, or the next try; empty until planned", nullable=True, default=None
    )
    claimed_by: str | None = word("the worker that sends it now", nullable=True, default=None)
    claimed_until: datetime | None = instant("anybody may send it after", nullable=True, default=None)
    message_id: str | None = identifier(
        "random; the mail's id through every try, and what gathers several notices in one mail",
        ID_LENGTH,
        nullable=True,
        default=None,
    )
    attempts: int = plain("deliveries tried", Integer, default=0)
    last_problem: str | None = word("why the last try failed, as a word", nullable=True, default=None)
    sent_at: datetime | None = instant("when it was delivered", nullable=True, default=None)
    failed_because: str | None = word("why it will never be delivered", nullable=True, default=None)
    dropped_because: str | None = word("what happened that made it pointless", nullable=True, default=None)
    settled_at: datetime | None = instant("when it was sent, given up or dropped", nullable=True, default=None)
    weighed_at: datetime | None = instant(
        "when its failing was taken for an unanswered notice, and the next person told", nullable=True, default=None
    )
    seen_at: datetime | None = instant("when somebody took note that it failed", nullable=True, default=None)
    seen_by: str | None = identifier("account that took note", 64, nullable=True, default=None)


class PagerCall(SQLModel, table=True):
    """An urgent notice on its way to a telephone or pager besides the mail; written with the notice."""

    __tablename__ = "pager_call"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','sent','failed','dropped')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_an_instant"),
        Index("ix_pager_call_waiting", "state", "not_before", "id"),
    )

    id: str = key("random; the message's id through every try")
    notice_id: str = link("outbox.id", "which notice", unique=True, index=False)
    state: str = word("waiting, sent, failed or dropped", default="waiting")
    not_before: datetime | None = instant("the next try", nullable=True, default=None)
    claimed_until: datetime | None = instant("anybody may send it after", nullable=True, default=None)
    attempts: int = plain("calls tried", Integer, default=0)
    last_problem: str | None = word("why the last try failed, as a word", nullable=True, default=None)
    sent_at: datetime | None = instant("when the service took it", nullable=True, default=None)


class HowTold(SQLModel, table=True):
    """How an account wants to be told of what is not urgent; without a row the defaults of `domain.telling` hold."""

    __tablename__ = "how_told"

    id: str = key()
    account_id: str = link("account.id", "whose wish it is", unique=True, index=False)
    digest_minute: int = plain("minute of the local day at which notices come together", Integer)
    quiet_from: int = plain("minute of the local day from which nothing comes", Integer)
    quiet_until: int = plain("minute of the local day until which nothing comes", Integer)
    days: str = word("days of the week on which mail comes: 1 Monday to 7 Sunday", 7)
    changed_at: datetime = instant("when it was set")


class Leave(SQLModel, table=True):
    """Days on which an account's holder is away: what is told then counts as unanswered at once. Says no reason."""

    __tablename__ = "leave"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="ends_after_start"),)

    id: str = key()
    account_id: str = link("account.id", "who is away")
    from_on: date = plain("first day away, in the organisation's zone", Date)
    until_on: date = plain("last day away", Date)
    noted_at: datetime = instant("when it was noted")
    noted_by: str = identifier("account that noted it", 64)

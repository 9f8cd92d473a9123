"""Statistics: facts that lead back to nobody, their sealed intake, head-counts, releases that never change, and the
requests for them.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from trim.store.columns import (
    digest,
    fact,
    fact_number,
    identifier,
    instant,
    json_metadata,
    key,
    link,
    plain,
    sealed,
    text,
    word,
)
from trim.store.tables import base  # noqa: F401 - sets the naming convention before the first table

#: Requests that a worker has not finished: few, and found without looking at the others.
UNFINISHED = "state IN ('asked','making')"
#: Facts that wait for a correction: few beside all those that a page must not look through.
LATE = "state = 'late'"


class Fact(SQLModel, table=True):
    """A pseudonymous statistical fact: nothing in it leads to a person, a case or an instant (law 10).

    On SQLite the table has no rowid, so that rows lie in the order of their random key; on PostgreSQL each move writes
    the facts of an unpublished quarter anew in random order (docs/decisions/0032).
    """

    __tablename__ = "fact"
    __table_args__ = (
        CheckConstraint("state IN ('open','counted','late')", name="state"),
        CheckConstraint("weight IN (1,-1)", name="weight"),
        Index("ix_fact_quarter_kind", "quarter", "kind", "unit_id"),
        Index("ix_fact_late", "quarter", sqlite_where=sql(LATE), postgresql_where=sql(LATE)),
        {"sqlite_with_rowid": False},
    )

    id: str = key("random, unrelated to anything")
    handle: str | None = digest(
        "keyed; replaces or takes back a fact of an erasable case; emptied when the case is erased",
        nullable=True,
        default=None,
        index=True,
    )
    kind: str = fact("what happened")
    quarter: str = fact("no finer time")
    unit_id: str = fact("which unit; the top one for bands and change (CARE 33)")
    programme: str = fact("which programme")
    incident_kind: str | None = fact("kind of incident", nullable=True, default=None)
    exposure: str | None = fact("how exposed", nullable=True, default=None)
    staff_group: str | None = fact("employee, volunteer, agency, contractor", nullable=True, default=None)
    category: str | None = fact("the answer, band, outcome or rule", nullable=True, default=None)
    mark: int = fact_number(
        "one of sixteen keyed marks, each of many incidents: different marks prove different incidents", default=0
    )
    weight: int = fact_number("1; -1 takes a counted fact back in a correction", default=1)
    state: str = fact("open, counted in a release, or late: waits for a correction", default="open")


class FactIntake(SQLModel, table=True):
    """A fact as it came, sealed: its order follows the trail, so nothing of it can be read here (law 10)."""

    __tablename__ = "fact_intake"
    __table_args__ = (UniqueConstraint("handle"),)

    id: str = key("random, unrelated to anything")
    handle: str = digest("keyed; a later fact takes the place of an earlier one")
    sealed: bytes = sealed("the fact, of one length whatever it says")


class Headcount(SQLModel, table=True):
    """How many people a unit has, as HR imported it: what rates are reckoned from."""

    __tablename__ = "headcount"
    __table_args__ = (UniqueConstraint("unit_id", "quarter"), CheckConstraint("people >= 0", name="people"))

    id: str = key()
    unit_id: str = link("unit.id", "which unit, without those below it", index=False)
    quarter: str = fact("from which quarter on it holds")
    people: int = plain("how many people work there", Integer)


class Release(SQLModel, table=True):
    """Figures of one closed period as they were published; never changed, never computed again."""

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("kind IN ('release','correction')", name="kind"),
        CheckConstraint("(kind = 'correction') = (corrects IS NOT NULL)", name="correction_names_what"),
    )

    id: str = key()
    number: int = plain("which release, from 1", Integer)
    kind: str = word("release or correction", default="release")
    corrects: int | None = plain("release that a correction replaces", Integer, nullable=True, default=None)
    cause: str | None = word("why it was corrected", nullable=True, default=None)
    period_from: str = word("first quarter, as 2025-Q1", 7)
    period_to: str = word("last quarter", 7)
    released_at: datetime = instant("when it was published")
    released_by: str = identifier("account that published it", 64)
    body: str = text("canonical JSON of what was published: hidden figures are not in it")
    body_digest: str = word("SHA-256 of the body, as the trail has it")
    report: str = text("what the attack found before publication, as JSON: no hidden figure is in it")


class ReleaseRequest(SQLModel, table=True):
    """Somebody asked for a release; a worker makes it, and the row says how far it is and what came of it.

    A claim is a lease: who holds it past `claimed_until` has lost it, and another worker begins anew.
    """

    __tablename__ = "release_request"
    __table_args__ = (
        CheckConstraint("state IN ('asked','making','published','refused','taken_back')", name="state"),
        CheckConstraint("(state = 'published') = (release_number IS NOT NULL)", name="published_has_its_number"),
        CheckConstraint("(state = 'refused') = (refused_because IS NOT NULL)", name="refused_for_a_reason"),
        CheckConstraint("(corrects IS NULL) = (cause IS NULL)", name="correction_has_its_cause"),
        CheckConstraint("state IN ('asked','making') OR claimed_by IS NULL", name="claimed_while_unfinished"),
        Index("ix_release_request_asked", "asked_at", "id"),
        Index(
            "uq_release_request_unfinished",
            "period_from",
            "period_to",
            unique=True,
            sqlite_where=sql(UNFINISHED),
            postgresql_where=sql(UNFINISHED),
        ),
        UniqueConstraint("release_number"),
    )

    id: str = key()
    period_from: str = word("first quarter, as 2025-Q1", 7)
    period_to: str = word("last quarter", 7)
    corrects: int | None = plain("release that it is to correct", Integer, nullable=True, default=None)
    cause: str | None = word("why it is to be corrected", nullable=True, default=None)
    asked_at: datetime = instant("when it was asked for")
    asked_by: str = identifier("account that asked", 64)
    state: str = word("asked, making, published, refused or taken_back", default="asked")
    stage: str | None = word("what is done to it now: counting, hiding, attacking", nullable=True, default=None)
    stage_done: int = plain("parts of that which are finished", Integer, default=0)
    stage_of: int = plain("of how many", Integer, default=0)
    turn: int = plain("how often the tables were laid out: each time coarser", Integer, default=0)
    attempts: int = plain("how often a worker began", Integer, default=0)
    claimed_by: str | None = identifier("machine and process that makes it", 64, nullable=True, default=None)
    claimed_until: datetime | None = instant("another worker may begin after", nullable=True, default=None)
    begun_at: datetime | None = instant("when a worker began, the last time", nullable=True, default=None)
    ended_at: datetime | None = instant("when it was published, refused or taken back", nullable=True, default=None)
    release_number: int | None = plain("release that came of it", Integer, nullable=True, default=None)
    refused_because: str | None = word("why nothing was published", nullable=True, default=None)
    refused_about: dict[str, list[str]] | None = json_metadata(
        "which tables, or which longer period: words of the declaration of tables", nullable=True, default=None
    )

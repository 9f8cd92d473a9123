"""Sealed years of the trail are copied to an archive, and removed from the database once the archive holds them."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO

from trim.audit import trail
from trim.audit.archive import Archive, ArchiveUnfit, last_before, remove_archived
from trim.audit.export import Written, export_archive
from trim.domain.access import Actor
from trim.domain.calendar import start_of_day
from trim.domain.errors import Forbidden, TrimError
from trim.usecases.unit_of_work import UnitOfWork


class NothingSealed(TrimError):
    """No checkpoint was made before that year, or the year is still to come; the message says which."""


def note_archiving(uow: UnitOfWork, actor: Actor, *, now: datetime, before_year: int) -> int:
    """Say in the trail that its years before `before_year` are written out; gives the checkpoint that covers them.

    Raises Forbidden, NothingSealed.
    """
    if not actor.is_system:
        raise Forbidden
    start = _start_of(uow, before_year, now)
    checkpoint = last_before(uow.session, start)
    if checkpoint is None:
        raise NothingSealed(f"No checkpoint was made before {before_year}: nothing of the trail can be archived.")
    uow.record(
        actor,
        now,
        "trail.archived",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={"before": before_year, "checkpoint": checkpoint.number},
    )
    return checkpoint.number


def write_archive(uow: UnitOfWork, out: BinaryIO, *, now: datetime, before_year: int) -> Written:
    """Write what the last checkpoint before that year covers, in a transaction that reads. Raises NothingSealed."""
    checkpoint = last_before(uow.session, _start_of(uow, before_year, now))
    if checkpoint is None:
        raise NothingSealed(f"No checkpoint was made before {before_year}: nothing of the trail can be archived.")
    return export_archive(uow.session, out, checkpoint)


def prune_trail(uow: UnitOfWork, actor: Actor, *, now: datetime, before_year: int, archive: Archive) -> int:
    """Remove what a checked archive holds, sealed before that year; gives the number of entries removed.

    The database must be opened as the owner of its tables. Raises Forbidden, NothingSealed, ArchiveUnfit.
    """
    if not actor.is_system:
        raise Forbidden
    if archive.sealed_at >= _start_of(uow, before_year, now):
        raise ArchiveUnfit(
            f"{archive.path} goes on to {archive.sealed_at:%Y-%m-%d}, into {before_year} or later. Nothing was removed."
        )
    removed = remove_archived(uow.session, archive)
    uow.record(
        actor,
        now,
        "trail.pruned",
        chain=trail.ORGANISATION,
        subject="trail",
        codes={"before": before_year, "checkpoint": archive.checkpoint, "entries": removed, "archive": archive.sha256},
    )
    return removed


def _start_of(uow: UnitOfWork, year: int, now: datetime) -> datetime:
    zone = uow.organisation.zone
    if not 1 <= year <= now.astimezone(zone).year:
        raise NothingSealed(f"The year before {year} is not over: only whole years leave the trail.")
    return start_of_day(date(year, 1, 1), zone)

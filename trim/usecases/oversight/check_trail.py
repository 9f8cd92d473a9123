"""When the trail was last verified: what each check found is itself an entry, and pages show the newest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.audit.findings import Report
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden
from trim.store import trail_entries
from trim.usecases.unit_of_work import UnitOfWork

WHOLE, BROKEN = "trail.verified", "trail.found_broken"
#: A check is made every night; after this long one was missed, and pages say so.
OLD_AFTER = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The newest check. `vouched_at` is when the checkpoint was signed up to which the trail was compared."""

    at: datetime
    is_whole: bool
    checkpoint: int
    vouched_at: datetime | None
    entries: int
    places: int

    def is_old(self, now: datetime) -> bool:
        """Whether a nightly check was missed since."""
        return now - self.at > OLD_AFTER


def note_check(uow: UnitOfWork, actor: Actor, *, now: datetime, report: Report) -> LastCheck:
    """Write down what a check of the whole trail found. Raises Forbidden."""
    if not (actor.is_system or actor.can(Can.SEE_TRAIL)):
        raise Forbidden
    codes: dict[str, trail.Code] = {
        "checkpoint": report.vouched_number,
        "vouched_at": report.vouched_at or None,
        "entries": report.entries,
        "uncovered": report.uncovered,
        "places": len(report.findings),
        "kinds": sorted({one.kind for one in report.findings}),
    }
    uow.record(
        actor,
        now,
        WHOLE if report.is_whole else BROKEN,
        chain=trail.ORGANISATION,
        subject="trail",
        codes=codes,
    )
    return _check(now, is_whole=report.is_whole, codes=codes)


def last_check(uow: UnitOfWork) -> LastCheck | None:
    """The newest check; None when there was none. It says nothing about anybody, so it leaves no line."""
    found = trail_entries.of_chain(uow.session, trail.ORGANISATION, (WHOLE, BROKEN), 1)
    if not found:
        return None
    return _check(found[0].at, is_whole=found[0].what == WHOLE, codes=json.loads(found[0].text)["codes"])


def _check(at: datetime, *, is_whole: bool, codes: Mapping[str, trail.Code]) -> LastCheck:
    vouched = codes.get("vouched_at")
    return LastCheck(
        at=at,
        is_whole=is_whole,
        checkpoint=int(str(codes["checkpoint"])),
        vouched_at=datetime.fromisoformat(str(vouched)) if vouched else None,
        entries=int(str(codes["entries"])),
        places=int(str(codes["places"])),
    )

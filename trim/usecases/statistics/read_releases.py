"""Read what was published: for HR the figures, for auditors the attack on them. Each look has its line in the trail.

Nothing here reaches a case, a fact or a person: it cannot import what could (law 10, an import contract).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, NotFound, TrimError
from trim.statistics.model import Release, Words
from trim.statistics.model_json import from_json
from trim.store import releases
from trim.store.tables import Release as ReleaseRow
from trim.usecases.unit_of_work import UnitOfWork


class ReleaseChanged(TrimError):
    """The stored text of a release is not the one that was published: it is shown to nobody."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A release in a list: what it is about, when and by whom it was made, what it corrects and what corrects it."""

    number: int
    first: str
    last: str
    released_at: datetime
    released_by: str
    digest: str
    corrects: int | None = None
    cause: str | None = None
    corrected_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether no later release corrects it."""
        return self.corrected_by is None


@dataclass(frozen=True, slots=True)
class Published:
    """A release as it was published, with what is said about its making."""

    listed: Listed
    release: Release
    body: bytes


def list_releases(uow: UnitOfWork, actor: Actor, *, now: datetime) -> list[Listed]:
    """Every release, the newest first. Raises Forbidden."""
    _may(actor, Can.SEE_STATISTICS, Can.SEE_TRAIL)
    found = _listed(uow)
    uow.record(
        actor,
        now,
        "statistics.listed",
        chain=f"account:{actor.account_id}",
        subject="statistics",
        codes={"count": len(found)},
    )
    return found


def read_releases(
    uow: UnitOfWork, actor: Actor, *, now: datetime, numbers: Sequence[int], page: str
) -> list[Published]:
    """The releases of these numbers, in this order; `page` is a code word for what is looked at in them.

    Raises Forbidden, NotFound, ReleaseChanged.
    """
    _may(actor, Can.SEE_STATISTICS)
    found = [_published(uow, number) for number in numbers]
    uow.record(
        actor,
        now,
        "statistics.read",
        chain=f"account:{actor.account_id}",
        subject="statistics",
        codes={"releases": [str(one) for one in numbers], "page": page},
    )
    return found


def standing_releases(uow: UnitOfWork) -> list[Published]:
    """Every release that no later one corrects, the oldest period first: what trends are drawn from.

    It leaves no line of its own: whoever calls it has just written that a release was read.
    """
    standing = {one.number: one for one in _listed(uow) if one.stands}
    found = [_checked(standing[row.number], row) for row in releases.everything(uow.session) if row.number in standing]
    return sorted(found, key=lambda one: one.listed.first)


def export_release(uow: UnitOfWork, actor: Actor, *, now: datetime, number: int, made_as: str) -> Published:
    """A release to be given out as a file of a format. Raises Forbidden, NotFound, ReleaseChanged."""
    if not actor.is_system:
        _may(actor, Can.SEE_STATISTICS)
    found = _published(uow, number)
    uow.record(
        actor,
        now,
        "statistics.exported",
        chain=f"account:{actor.account_id}",
        subject="statistics",
        codes={"release": number, "format": made_as, "digest": found.listed.digest},
    )
    return found


def read_attack(
    uow: UnitOfWork, actor: Actor, *, now: datetime, number: int
) -> tuple[Listed, dict[str, Any], dict[str, dict[str, Words]]]:
    """What the attack on a release found before it was published, and by table the words for its codes.

    No figure is handed out with it, shown or hidden. Raises Forbidden, NotFound, ReleaseChanged.
    """
    _may(actor, Can.SEE_TRAIL)
    listed = _one(uow, number)
    row = releases.by_number(uow.session, number)
    assert row is not None
    uow.record(
        actor,
        now,
        "statistics.attack_read",
        chain=f"account:{actor.account_id}",
        subject="statistics",
        codes={"release": number},
    )
    report: dict[str, Any] = json.loads(row.report)
    words: dict[str, dict[str, Words]] = {}
    # The newest words last: cells of earlier releases stand in the report too, with units that were called otherwise.
    for one in sorted({number, *(cell["release"] for cell in report.get("cells", ()))}):
        for table in _published(uow, one).release.tables:
            said = words.setdefault(table.name, {"": table.title})
            for dimension in table.dimensions:
                said.update(dimension.labels)
    return listed, report, words


def _may(actor: Actor, *permissions: Can) -> None:
    if not any(actor.can(one) for one in permissions):
        raise Forbidden


def _listed(uow: UnitOfWork) -> list[Listed]:
    later = releases.corrected_by(uow.session)
    return [_as_listed(row, later.get(row.number)) for row in reversed(releases.heads(uow.session))]


def _one(uow: UnitOfWork, number: int) -> Listed:
    for one in _listed(uow):
        if one.number == number:
            return one
    raise NotFound


def _as_listed(row: ReleaseRow, later: int | None) -> Listed:
    return Listed(
        number=row.number,
        first=row.period_from,
        last=row.period_to,
        released_at=row.released_at,
        released_by=row.released_by,
        digest=row.body_digest,
        corrects=row.corrects,
        cause=row.cause,
        corrected_by=later,
    )


def _published(uow: UnitOfWork, number: int) -> Published:
    listed = _one(uow, number)
    row = releases.by_number(uow.session, number)
    assert row is not None
    return _checked(listed, row)


def _checked(listed: Listed, row: ReleaseRow) -> Published:
    body = row.body.encode()
    if hashlib.sha256(body).hexdigest() != row.body_digest:
        raise ReleaseChanged(
            f"Release {row.number} is not as it was published. Put the database back from a backup and check the trail."
        )
    return Published(listed, _parsed(row.body), body)


@lru_cache(maxsize=64)
def _parsed(body: str) -> Release:
    """A release never changes, so it is read once."""
    return from_json(body)

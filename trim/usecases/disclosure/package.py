"""The package: gathered for its reviewer, locked with a passphrase that only they saw, kept until it is handed over.

Three steps, because a document is never made inside a transaction: `gather_package` writes the lines in the trail and
gives the content, the caller makes and locks the file, `keep_package` stores it. The passphrase is never stored.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.disclosure import MADE, REVIEWED
from trim.domain.errors import NotAllowedNow, NotFound, Reason
from trim.usecases.disclosure.items import Item, Section, plain
from trim.usecases.disclosure.review import ReadSection, note_reading, reviewed
from trim.usecases.disclosure.see_to_request import NOT_MADE
from trim.usecases.disclosure.standing import Opened, keep, open_request, open_to_change
from trim.usecases.unit_of_work import UnitOfWork

FORMAT = "trim-access-package"
NOT_REVIEWED = Reason("not_reviewed", "Finish the review first.", "Terminez d’abord la relecture.")


@dataclass(frozen=True, slots=True)
class Package:
    """What stands in the package, without what was left out."""

    ref: str
    organisation: str
    person: str
    language: str
    received_on: date
    made_on: date
    version: int
    sections: tuple[Section, ...]
    reviewer: str

    def as_data(self) -> dict[str, Any]:
        """The same for a machine: ISO 8601, labels in the language of the package."""
        return {
            "format": FORMAT,
            "version": 1,
            "reference": self.ref,
            "organisation": self.organisation,
            "person": self.person,
            "language": self.language,
            "received_on": self.received_on.isoformat(),
            "made_on": self.made_on.isoformat(),
            "sections": [
                {"title": one.title.of(self.language), "items": [self._item(item) for item in one.items]}
                for one in self.sections
            ],
        }

    def _item(self, item: Item) -> dict[str, Any]:
        return {
            "title": item.title.of(self.language),
            "at": plain(item.at),
            "lines": [{"label": line.label.of(self.language), "value": self._value(line.value)} for line in item.lines],
            "left_out": list(item.left_out),
            "left_out_whole": item.whole,
        }

    def _value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return [self._value(one) for one in value]
        return value.of(self.language) if hasattr(value, "of") else plain(value)


def gather_package(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int) -> Package:
    """The reviewed content, with a line in the trail of each case. Raises NotFound, StaleVersion, NotAllowedNow."""
    opened = _made_by(uow, actor, ref, version)
    found = reviewed(uow, opened, now)
    note_reading(uow, actor, now, opened, [one.section for one in found], "access_package")
    request = opened.request
    return Package(
        ref=request.ref,
        organisation=uow.organisation.name,
        person=opened.person.name,
        language=request.language,
        received_on=request.received_on,
        made_on=now.astimezone(uow.organisation.zone).date(),
        version=request.version,
        sections=tuple(_cut(one) for one in found),
        reviewer=actor.name,
    )


def keep_package(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, locked: bytes) -> None:
    """Store the locked file until it is handed over; an earlier one, with its passphrase, is gone.

    Raises NotFound, StaleVersion, NotAllowedNow.
    """
    opened = _made_by(uow, actor, ref, version)
    request = opened.request
    request.package = uow.vault.seal(
        opened.owner, "access_request.package", request.id, base64.b64encode(locked).decode("ascii")
    )
    request.state, request.made_at = MADE, now
    codes = {"document": "access_package", "sha256": hashlib.sha256(locked).hexdigest(), "bytes": len(locked)}
    keep(uow, actor, now, opened, "access_request.package_made", codes=codes)


def take_package(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> bytes:
    """The locked file, for the reviewer alone, with a line in the trail. Raises NotFound, NotAllowedNow."""
    opened = open_request(uow, actor, ref=ref)
    request = opened.request
    if request.reviewer_id != actor.account_id or opened.must_declare:
        raise NotFound
    if request.package is None:
        raise NotAllowedNow([NOT_MADE])
    uow.record(
        actor,
        now,
        "access_request.package_taken",
        chain=opened.owner,
        subject=opened.owner,
        role=opened.role,
        codes={"document": "access_package"},
    )
    return base64.b64decode(
        uow.vault.unseal(opened.owner, "access_request.package", request.id, request.package), validate=True
    )


def _made_by(uow: UnitOfWork, actor: Actor, ref: str, version: int) -> Opened:
    opened = open_to_change(uow, actor, ref=ref, version=version, as_reviewer=True)
    if opened.request.state not in (REVIEWED, MADE):
        raise NotAllowedNow([NOT_REVIEWED])
    return opened


def _cut(found: ReadSection) -> Section:
    return Section(
        found.section.key, found.section.title, tuple(one.shown for one in found.items), found.section.subject
    )

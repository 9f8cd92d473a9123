"""The named reviewer reads a package item by item and marks what concerns somebody else (CARE 18; GDPR Art. 15(4))."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.disclosure import CHECKED, ENDED_STATES, LEFT_OUT, MADE, RECORDED, REVIEWED
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, Reason
from trim.usecases.disclosure.held_on_person import held_on
from trim.usecases.disclosure.items import Item, Mark, Section, cut, marks_of, passages
from trim.usecases.disclosure.standing import SAY_FIRST, Opened, keep, open_request, open_to_change
from trim.usecases.unit_of_work import UnitOfWork

NOT_CHECKED = Reason(
    "identity_not_checked",
    "The identity must be checked before anything is gathered.",
    "L’identité doit être vérifiée avant que quoi que ce soit soit réuni.",
)
NOT_ALL_READ = Reason(
    "not_all_read",
    "Some parts have not been read yet, or have changed since.",
    "Certaines parties n’ont pas encore été lues, ou ont changé depuis.",
)
CHANGED = Reason(
    "item_changed",
    "This part has changed since you opened it. Read it again.",
    "Cette partie a changé depuis que vous l’avez ouverte. Relisez-la.",
)
NOT_THERE = Reason(
    "passage_missing",
    "One of these passages does not stand in the text. Copy it exactly as it is written.",
    "L’un de ces passages ne figure pas dans le texte. Copiez-le exactement comme il est écrit.",
)
NO_PASSAGE = Reason("passage_needed", "Enter the passage to leave out.", "Indiquez le passage à retirer.")
NO_REASON = Reason("reason_missing", "Choose why.", "Choisissez le motif.")
KEEP, CUT, LEAVE_OUT = "keep", "cut", "leave_out"


@dataclass(frozen=True, slots=True)
class Read:
    """An item under review: `mark` what was decided, if the item is still the same; `shown` what will go out."""

    item: Item
    digest: str
    mark: Mark | None
    shown: Item


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section under review."""

    section: Section
    items: tuple[Read, ...]

    @property
    def open(self) -> int:
        """How many items were not read yet, or have changed since."""
        return sum(one.mark is None for one in self.items)

    @property
    def digest(self) -> str:
        """The digest of the section as it was shown: what came in afterwards was not read."""
        return hashlib.sha256("".join(one.digest for one in self.items).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Review:
    """A review as its reviewer sees it."""

    ref: str
    version: int
    person: str
    language: str
    state: str
    due_on: date
    sections: tuple[ReadSection, ...]

    @property
    def open(self) -> int:
        """How many items still wait."""
        return sum(one.open for one in self.sections)


def read_review(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, section: str | None = None) -> Review:
    """The review, or one section of it, with its lines in the trail, so call it while writing.

    Raises NotFound for everybody but the named reviewer, NotAllowedNow before the identity was checked.
    """
    opened = _for_reviewer(uow, actor, ref)
    found = _reading(uow, opened, now)
    if section is not None:
        found = tuple(one for one in found if one.section.key == section)
        if not found:
            raise NotFound
    note_reading(uow, actor, now, opened, [one.section for one in found], "access_review")
    return _review(opened, found)


def read_item(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, key: str) -> tuple[Review, Read]:
    """One item, with its line in the trail. Raises NotFound, NotAllowedNow."""
    opened = _for_reviewer(uow, actor, ref)
    for one in _reading(uow, opened, now):
        for read in one.items:
            if read.item.key == key:
                note_reading(uow, actor, now, opened, [one.section], "access_review")
                return _review(opened, (one,)), read
    raise NotFound


def keep_section(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, section: str, digest: str
) -> int:
    """Everything of a section that bears no mark yet was read and stays as it is; gives how many items.

    `digest` is that of the section as it was shown. Raises NotFound, StaleVersion, NotAllowedNow when it changed since.
    """
    opened = _to_review(uow, actor, ref, version)
    found = [one for one in _reading(uow, opened, now) if one.section.key == section]
    if not found:
        raise NotFound
    if found[0].digest != digest:
        raise NotAllowedNow([CHANGED])
    new = {one.item.key: Mark(one.digest) for one in found[0].items if one.mark is None}
    _keep_marks(uow, actor, now, opened, new, {"decided": KEEP, "items": len(new)})
    return len(new)


def mark_item(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    ref: str,
    version: int,
    key: str,
    decision: str,
    digest: str,
    leave_out: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Decide about one item: keep it, cut passages, or leave it out; `digest` is that of the item as it was shown.

    Raises NotFound, StaleVersion, NotAllowedNow when it changed meanwhile, InvalidInput.
    """
    opened = _to_review(uow, actor, ref, version)
    read = next((one for part in _reading(uow, opened, now) for one in part.items if one.item.key == key), None)
    if read is None:
        raise NotFound
    if read.digest != digest:
        raise NotAllowedNow([CHANGED])
    mark = _mark(read, decision, [one for one in leave_out if one], reason)
    codes = {"decided": decision, "item": key.partition("-")[0], **({"reason": reason} if decision != KEEP else {})}
    _keep_marks(uow, actor, now, opened, {key: mark}, codes)


def finish_review(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int) -> None:
    """Everything was read; the package may be made. Raises NotFound, StaleVersion, NotAllowedNow."""
    opened = _to_review(uow, actor, ref, version)
    items = [one for part in _reading(uow, opened, now) for one in part.items]
    if any(one.mark is None for one in items):
        raise NotAllowedNow([NOT_ALL_READ])
    opened.request.state, opened.request.reviewed_at = REVIEWED, now
    keep(uow, actor, now, opened, "access_request.reviewed", codes=counted(items))


def counted(items: Sequence[Read]) -> dict[str, Any]:
    """How many items there are, how many were cut or left out, and for which reasons: code words for the trail."""
    reasons = {reason for one in items for reason in one.shown.left_out}
    return {
        "items": len(items),
        "cut": sum(bool(one.mark and one.mark.cuts) for one in items),
        "left_out": sum(one.shown.whole for one in items),
        "reasons": sorted(reasons),
    }


def reviewed(uow: UnitOfWork, opened: Opened, now: datetime) -> tuple[ReadSection, ...]:
    """Every section as the package will hold it. Raises NotAllowedNow when something was not read as it is now."""
    found = _reading(uow, opened, now)
    if any(one.open for one in found):
        raise NotAllowedNow([NOT_ALL_READ])
    return found


def note_reading(
    uow: UnitOfWork, actor: Actor, now: datetime, opened: Opened, sections: Sequence[Section], page: str
) -> None:
    """The lines in the trail: in the request's own chain, and in that of each case whose content is shown."""
    subjects = sorted({one.subject for one in sections if one.subject})
    uow.record(
        actor,
        now,
        "access_request.read",
        chain=opened.owner,
        subject=opened.owner,
        role=opened.role,
        codes={"page": page, "sections": len(sections)},
        also=subjects,
    )
    for subject in subjects:
        uow.record(actor, now, "case.read", chain=subject, subject=subject, role=opened.role, codes={"page": page})


def _for_reviewer(uow: UnitOfWork, actor: Actor, ref: str) -> Opened:
    opened = open_request(uow, actor, ref=ref)
    if opened.request.reviewer_id != actor.account_id or opened.request.state in ENDED_STATES:
        raise NotFound
    if opened.must_declare:
        raise NotAllowedNow([SAY_FIRST])
    if opened.request.state == RECORDED:
        raise NotAllowedNow([NOT_CHECKED])
    return opened


def _to_review(uow: UnitOfWork, actor: Actor, ref: str, version: int) -> Opened:
    opened = open_to_change(uow, actor, ref=ref, version=version, as_reviewer=True)
    if opened.request.state == RECORDED:
        raise NotAllowedNow([NOT_CHECKED])
    return opened


def _reading(uow: UnitOfWork, opened: Opened, now: datetime) -> tuple[ReadSection, ...]:
    request = opened.request
    stored = uow.vault.unseal(opened.owner, "access_request.marks", request.id, request.marks) if request.marks else {}
    marks = marks_of(stored)
    return tuple(
        ReadSection(one, tuple(_read(uow, opened, item, marks.get(item.key)) for item in one.items))
        for one in held_on(uow, opened, now)
    )


def _read(uow: UnitOfWork, opened: Opened, item: Item, mark: Mark | None) -> Read:
    digest = uow.vault.digest(opened.owner, item.content())
    if mark is None or mark.digest != digest:
        return Read(item, digest, None, item)
    return Read(item, digest, mark, cut(item, mark))


def _mark(read: Read, decision: str, wanted: Sequence[str], reason: str) -> Mark:
    if decision == KEEP:
        return Mark(read.digest)
    if decision not in (CUT, LEAVE_OUT):
        raise InvalidInput({"decision": NO_REASON})
    if reason not in LEFT_OUT:
        raise InvalidInput({"reason": NO_REASON})
    if decision == LEAVE_OUT:
        return Mark(read.digest, whole=reason)
    if not wanted:
        raise InvalidInput({"passages": NO_PASSAGE})
    places = passages(read.item, wanted)
    if places is None:
        raise InvalidInput({"passages": NOT_THERE})
    return Mark(read.digest, tuple((*place, reason) for place in places))


def _keep_marks(
    uow: UnitOfWork, actor: Actor, now: datetime, opened: Opened, new: dict[str, Mark], codes: dict[str, Any]
) -> None:
    request = opened.request
    stored = uow.vault.unseal(opened.owner, "access_request.marks", request.id, request.marks) if request.marks else {}
    stored |= {key: mark.stored() for key, mark in new.items()}
    request.marks = uow.vault.seal(opened.owner, "access_request.marks", request.id, stored)
    if request.state in (REVIEWED, MADE):
        # What was made before shows something else now.
        request.state, request.package, request.made_at, request.reviewed_at = CHECKED, None, None, None
    keep(uow, actor, now, opened, "access_request.item_marked", codes=codes)


def _review(opened: Opened, found: tuple[ReadSection, ...]) -> Review:
    request = opened.request
    return Review(
        request.ref, request.version, opened.person.name, request.language, request.state, request.due_on, found
    )

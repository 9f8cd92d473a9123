"""Read the register: the list, one entry, and what an auditor sees of it: code words and days, no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.disclosure import HOLD_GROUND_OF
from trim.domain.errors import Forbidden, NotAllowedNow
from trim.store import accounts, disclosure, incident_lists, people
from trim.store.tables import Disclosure, SupportCase
from trim.usecases import incident_access
from trim.usecases.acting.standing import subject_of
from trim.usecases.acting.ties import sight_of
from trim.usecases.disclosure.register import ERASED, open_entry, subject_for
from trim.usecases.retention.legal_hold import set_legal_hold
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25
Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """One entry in a list; it names nobody. `about` is None once that was erased, and for an auditor."""

    ref: str
    unit: str
    about: str | None
    erased: bool
    asked_by: str
    ground: str
    asked_on: date
    due_on: date | None
    decision: str | None
    told: str | None
    recorded_by: str | None
    decided_by: str | None
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisclosureList:
    """A page of the register, the newest first; `after` says where the next one goes on."""

    rows: tuple[DisclosureRow, ...]
    after: Key | None


@dataclass(frozen=True, slots=True)
class DisclosurePage:
    """One entry for reading."""

    row: DisclosureRow
    version: int
    kind: str | None
    person: str | None
    who: str
    ground_words: str
    reason: str
    given_words: str
    decided_at: datetime | None
    recorded_at: datetime
    told_on: date | None
    may_decide: bool
    is_own: bool
    hold_ground: str


@dataclass(frozen=True, slots=True)
class About:
    """What a new entry will be about."""

    kind: str
    ref: str
    person: str | None


def about_what(uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, ref: str) -> About:
    """The case or incident of a new entry, with a line in the trail. Raises NotFound, ConflictUnknown."""
    subject, role = subject_for(uow, actor, kind=kind, ref=ref)
    chain = f"{kind}:{subject.id}"
    uow.record(actor, now, f"{kind}.read", chain=chain, subject=chain, role=role, codes={"page": "new_disclosure"})
    return About(kind, subject.ref, subject_of(uow, subject).name if isinstance(subject, SupportCase) else None)


def list_disclosures(uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None) -> DisclosureList:
    """The entries that a coordinator or lead may see. Raises Forbidden."""
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    incidents: incident_lists.Sight = incident_access.sight_of(uow, actor)
    found = disclosure.disclosures_seen(uow.session, sight_of(uow, actor), incidents, after=after, limit=PAGE + 1)
    return _listed(uow, actor, now, found, names_subjects=True)


def register_for_auditors(uow: UnitOfWork, actor: Actor, *, now: datetime, after: Key | None = None) -> DisclosureList:
    """That there are disclosures, on which ground, and what was decided; nothing of whom or what. Raises Forbidden."""
    if not actor.can(Can.SEE_TRAIL):
        raise Forbidden
    found = disclosure.register(uow.session, after=after, limit=PAGE + 1)
    return _listed(uow, actor, now, found, names_subjects=False)


def _listed(
    uow: UnitOfWork, actor: Actor, now: datetime, found: list[Disclosure], *, names_subjects: bool
) -> DisclosureList:
    shown = found[:PAGE]
    uow.record(
        actor,
        now,
        "disclosures.listed",
        chain=trail.account_chain(actor.account_id),
        subject="disclosures",
        codes={"shown": len(shown)},
        also=[
            f"case:{one.case_id}" if one.case_id else f"incident:{one.incident_id}"
            for one in shown
            if names_subjects and (one.case_id or one.incident_id)
        ],
    )
    last = shown[-1] if len(found) > PAGE else None
    rows = tuple(_rows(uow, shown, names_subjects=names_subjects))
    return DisclosureList(rows, (last.recorded_at, last.id) if last else None)


def _rows(uow: UnitOfWork, found: list[Disclosure], *, names_subjects: bool) -> list[DisclosureRow]:
    if not found:
        return []
    units = people.units(uow.session)
    refs = disclosure.refs_of(uow.session, found) if names_subjects else {}
    names = accounts.names(uow.session, {one for row in found for one in (row.recorded_by, row.decided_by) if one})
    return [
        DisclosureRow(
            ref=one.ref,
            unit=units[one.unit_id].name,
            about=refs.get(one.case_id or one.incident_id or ""),
            erased=one.case_id is None and one.incident_id is None,
            asked_by=one.asked_by,
            ground=one.ground,
            asked_on=one.asked_on,
            due_on=one.due_on,
            decision=one.decision,
            told=one.told,
            recorded_by=names.get(one.recorded_by),
            decided_by=names.get(one.decided_by or ""),
            given=tuple(one.given or ()),
        )
        for one in found
    ]


def read_disclosure(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> DisclosurePage:
    """One entry, with a line in the trail of what it is about. Raises NotFound, ConflictUnknown."""
    entry = open_entry(uow, actor, ref=ref)
    row, subject = entry.row, entry.subject
    uow.record(
        actor,
        now,
        "disclosure.read",
        chain=entry.owner or trail.account_chain(actor.account_id),
        subject=f"disclosure:{row.id}",
        role=entry.role,
        codes={"disclosure": row.id},
    )
    [shown] = _rows(uow, [row], names_subjects=True)
    is_own = row.recorded_by == actor.account_id
    return DisclosurePage(
        row=shown,
        version=row.version,
        kind=entry.owner.partition(":")[0] if entry.owner else None,
        person=subject_of(uow, subject).name if isinstance(subject, SupportCase) else None,
        who=str(entry.content.get("who", "")),
        ground_words=str(entry.content.get("ground", "")),
        reason=str(entry.content.get("decision", "")),
        given_words=str(entry.content.get("given", "")),
        decided_at=row.decided_at,
        recorded_at=row.recorded_at,
        told_on=row.told_on,
        may_decide=row.decision is None and not is_own and actor.can(Can.DECIDE_DISCLOSURE, row.unit_id, row.programme),
        is_own=is_own,
        hold_ground=HOLD_GROUND_OF.get(row.asked_by, "other"),
    )


def hold_for_disclosure(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, reason: str) -> None:
    """Set a legal hold on what an entry is about, by a press of its own (CARE 17).

    Raises NotFound, ConflictUnknown, NotAllowedNow once it was erased, InvalidInput.
    """
    entry = open_entry(uow, actor, ref=ref)
    if entry.subject is None or entry.owner is None:
        raise NotAllowedNow([ERASED])
    set_legal_hold(
        uow,
        actor,
        now=now,
        kind=entry.owner.partition(":")[0],
        ref=entry.subject.ref,
        ground=HOLD_GROUND_OF.get(entry.row.asked_by, "other"),
        reason=reason,
    )

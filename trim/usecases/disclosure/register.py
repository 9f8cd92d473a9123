"""The register of disclosures: a court or the like asks, a second person decides, what was given and who was told.

What stands in words is sealed under the key of the case or the incident it is about, and goes with it; code words stay.
An entry sets no hold of any kind: legal hold and evidence hold are each set alone (CARE 17, 18).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor, Can, Role
from trim.domain.disclosure import ASKING, DECISIONS, GROUNDS, RECORD_KINDS, TOLD
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, Reason, StaleVersion
from trim.store import cases, disclosure
from trim.store.tables import Disclosure, Incident, SupportCase
from trim.usecases.acting.standing import standing
from trim.usecases.acting.ties import SUPERVISORS
from trim.usecases.disclosure.record_request import FUTURE, MOST_WORDS, NOT_A_CHOICE, TOO_LONG
from trim.usecases.incident_access import may_work_on, possible_readers
from trim.usecases.telling import supervisors_of, tell
from trim.usecases.unit_of_work import UnitOfWork

PREFIX = "D"
OVERSEEING = frozenset(role.value for role in SUPERVISORS)

WHO = Reason("who_missing", "Say who asks.", "Indiquez qui demande.")
WHAT = Reason("given_missing", "Say what was given.", "Indiquez ce qui a été communiqué.")
KINDS = Reason("kinds_missing", "Choose what was given.", "Indiquez les types de données communiquées.")
WHY = Reason("reason_missing", "Say why, in a few words.", "Dites pourquoi, en quelques mots.")
EARLIER = Reason("due_before_asked", "This is before the day it was asked.", "Ce jour précède celui de la demande.")
SECOND = Reason(
    "second_person",
    "Somebody else must decide: you recorded this request.",
    "Une autre personne doit décider : vous avez enregistré cette demande.",
)
DECIDED = Reason("decided", "This request was decided already.", "Cette demande a déjà été tranchée.")
UNDECIDED = Reason("undecided", "This request was not decided yet.", "Cette demande n’a pas encore été tranchée.")
ERASED = Reason(
    "erased",
    "What this was about has been erased. The entry stays as it is.",
    "Ce dont il s’agissait a été effacé. L’inscription reste telle quelle.",
)


@dataclass
class Entry:
    """An entry with what it is about; `owner` None once that was erased."""

    row: Disclosure
    subject: SupportCase | Incident | None
    owner: str | None
    role: str
    content: dict[str, Any]


def subject_for(
    uow: UnitOfWork, actor: Actor, *, kind: str, ref: str, lock: bool = False
) -> tuple[SupportCase | Incident, str]:
    """The case or incident of a reference with the role in which the actor oversees it.

    Raises NotFound, ConflictUnknown.
    """
    if kind not in ("case", "incident"):
        raise NotFound
    subject = cases.load(uow.session, kind, ref, lock=lock)
    return subject, _role(uow, actor, subject)


def _role(uow: UnitOfWork, actor: Actor, subject: SupportCase | Incident) -> str:
    roles = (
        standing(uow, actor, subject).roles if isinstance(subject, SupportCase) else may_work_on(uow, actor, subject)
    )
    if not roles & OVERSEEING:
        raise NotFound
    return min(roles & OVERSEEING)


def open_entry(uow: UnitOfWork, actor: Actor, *, ref: str, lock: bool = False) -> Entry:
    """The entry of a reference, for whoever oversees what it is about. Raises NotFound, ConflictUnknown."""
    row = disclosure.disclosure_of(uow.session, ref, lock=lock)
    subject: SupportCase | Incident | None = None
    if row.case_id is not None:
        subject = uow.session.get(SupportCase, row.case_id)
    elif row.incident_id is not None:
        subject = uow.session.get(Incident, row.incident_id)
    if subject is None:
        roles = actor.roles_over(row.unit_id, row.programme) & SUPERVISORS
        if not roles:
            raise NotFound
        return Entry(row, None, None, min(roles).value, {})
    role = _role(uow, actor, subject)
    owner = f"{'case' if isinstance(subject, SupportCase) else 'incident'}:{subject.id}"
    content = uow.vault.unseal(owner, "disclosure", row.id, row.sealed) if row.sealed else {}
    return Entry(row, subject, owner, role, content)


def record_disclosure(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    kind: str,
    ref: str,
    asked_by: str,
    who: str,
    ground: str,
    ground_words: str,
    asked_on: date,
    due_on: date | None,
) -> Disclosure:
    """Write down who asks for what, on which ground and by when; the leads are told. Gives the entry.

    Raises NotFound, ConflictUnknown, InvalidInput.
    """
    subject, role = subject_for(uow, actor, kind=kind, ref=ref, lock=True)
    today = now.astimezone(uow.organisation.zone).date()
    _check(
        {
            "asked_by": None if asked_by in ASKING else NOT_A_CHOICE,
            "who": WHO if not who.strip() else _length(who),
            "ground": None if ground in GROUNDS else NOT_A_CHOICE,
            "ground_words": _length(ground_words),
            "asked_on": FUTURE if asked_on > today else None,
            "due_on": EARLIER if due_on is not None and due_on < asked_on else None,
        }
    )
    owner, row_id = f"{kind}:{subject.id}", uow.new_id()
    content = {"who": who.strip(), "ground": ground_words.strip()}
    row = Disclosure(
        id=row_id,
        ref=uow.new_ref(PREFIX),
        programme=subject.programme,
        unit_id=subject.unit_id,
        case_id=subject.id if kind == "case" else None,
        incident_id=subject.id if kind == "incident" else None,
        asked_by=asked_by,
        ground=ground,
        asked_on=asked_on,
        due_on=due_on,
        recorded_at=now,
        recorded_by=actor.account_id,
        sealed=uow.vault.seal(owner, "disclosure", row_id, content),
    )
    uow.session.add(row)
    entry = Entry(row, subject, owner, role, content)
    codes = {"asked_by": asked_by, "ground": ground, "due": due_on.isoformat() if due_on else None}
    _record(uow, actor, now, entry, "disclosure.recorded", codes)
    tell(
        uow,
        [one for one in _leads(uow, subject, now) if one.id != actor.account_id],
        kind="disclosure_to_decide",
        subject_kind="disclosure",
        subject_ref=row.ref,
        cause="recorded",
        now=now,
        actor=actor,
    )
    return row


def decide_disclosure(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    ref: str,
    version: int,
    decision: str,
    reason: str,
    given: Collection[str] = (),
    given_words: str = "",
    told: str = "",
    told_on: date | None = None,
) -> None:
    """A lead who did not record it decides; what was given is said in kinds of record and in words.

    Raises NotFound, ConflictUnknown, StaleVersion, NotAllowedNow, InvalidInput.
    """
    entry = _to_change(uow, actor, ref, version)
    row = entry.row
    if not actor.can(Can.DECIDE_DISCLOSURE, row.unit_id, row.programme):
        raise NotFound
    if row.recorded_by == actor.account_id:
        raise NotAllowedNow([SECOND])
    if row.decision is not None:
        raise NotAllowedNow([DECIDED])
    gives = decision in ("given", "given_in_part")
    kinds = [one for one in RECORD_KINDS if one in set(given)] if gives else []
    _check(
        {
            "decision": None if decision in DECISIONS else NOT_A_CHOICE,
            "reason": WHY if not reason.strip() else _length(reason),
            "given": KINDS if gives and (not kinds or set(given) - set(RECORD_KINDS)) else None,
            "given_words": (WHAT if not given_words.strip() else _length(given_words)) if gives else None,
            **_told_problems(uow, now, row, told, told_on),
        }
    )
    said = {"decision": reason.strip(), **({"given": given_words.strip()} if gives else {})}
    row.decision, row.decided_at, row.decided_by, row.given = decision, now, actor.account_id, kinds
    row.told, row.told_on = told, told_on if told == "told" else None
    codes = {"decision": decision, "given": kinds, "told": told}
    _keep(uow, actor, now, entry, "disclosure.decided", codes, said)


def record_told(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, told: str, told_on: date | None
) -> None:
    """The person was told, or there is a reason why not. Raises as `decide_disclosure`, UNDECIDED before it."""
    entry = _to_change(uow, actor, ref, version)
    if entry.row.decision is None:
        raise NotAllowedNow([UNDECIDED])
    _check(_told_problems(uow, now, entry.row, told, told_on))
    entry.row.told, entry.row.told_on = told, told_on if told == "told" else None
    _keep(uow, actor, now, entry, "disclosure.person_told", {"told": told}, None)


def _to_change(uow: UnitOfWork, actor: Actor, ref: str, version: int) -> Entry:
    entry = open_entry(uow, actor, ref=ref, lock=True)
    if version != entry.row.version:
        raise StaleVersion(version, entry.row.version)
    if entry.owner is None:
        raise NotAllowedNow([ERASED])
    return entry


def _told_problems(
    uow: UnitOfWork, now: datetime, row: Disclosure, told: str, told_on: date | None
) -> dict[str, Reason | None]:
    today = now.astimezone(uow.organisation.zone).date()
    when: Reason | None = None
    if told == "told":
        if told_on is None:
            when = Reason("day_missing", "Say on which day.", "Indiquez quel jour.")
        elif told_on > today:
            when = FUTURE
        elif told_on < row.asked_on:
            when = EARLIER
    return {"told": None if told in TOLD else NOT_A_CHOICE, "told_on": when}


def _keep(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    entry: Entry,
    what: str,
    codes: dict[str, Any],
    said: dict[str, str] | None,
) -> None:
    assert entry.owner is not None
    if said is not None:
        entry.content = {**entry.content, **said}
        entry.row.sealed = uow.vault.seal(entry.owner, "disclosure", entry.row.id, entry.content)
    entry.row.version += 1
    uow.session.add(entry.row)
    _record(uow, actor, now, entry, what, codes)


def _record(uow: UnitOfWork, actor: Actor, now: datetime, entry: Entry, what: str, codes: dict[str, Any]) -> None:
    assert entry.owner is not None
    uow.record(
        actor,
        now,
        what,
        chain=entry.owner,
        subject=f"disclosure:{entry.row.id}",
        role=entry.role,
        codes={**codes, "disclosure": entry.row.id, "version": entry.row.version},
        digests={"disclosure": uow.vault.digest(entry.owner, entry.content)},
    )


def _leads(uow: UnitOfWork, subject: SupportCase | Incident, now: datetime) -> list[Any]:
    if isinstance(subject, SupportCase):
        return supervisors_of(uow, subject, now, [Role.PROGRAMME_LEAD])
    return possible_readers(uow, subject, now, [Role.PROGRAMME_LEAD])


def _length(words: str) -> Reason | None:
    return TOO_LONG if len(words) > MOST_WORDS else None


def _check(found: dict[str, Reason | None]) -> None:
    problems = {name: reason for name, reason in found.items() if reason is not None}
    if problems:
        raise InvalidInput(problems)

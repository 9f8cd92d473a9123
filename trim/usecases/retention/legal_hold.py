"""Legal hold: stops the erasure of a case or an incident, with a reason; changes nothing else (CARE 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from trim.domain.access import Actor
from trim.domain.confidentiality import OVERSEERS
from trim.domain.errors import InvalidInput, NotFound, Reason
from trim.domain.retention import HOLD_GROUNDS
from trim.store import cases
from trim.store.tables import LegalHold
from trim.usecases.acting.standing import standing
from trim.usecases.incident_access import may_work_on
from trim.usecases.unit_of_work import UnitOfWork

SUPERVISORS = frozenset(role.value for role in OVERSEERS)
MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold for reading."""

    id: str
    ground: str
    why: str
    set_at: datetime
    lifted_at: datetime | None


def set_legal_hold(
    uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, ref: str, ground: str, reason: str
) -> str:
    """Hold a case or an incident; gives the hold's id. Raises NotFound, ConflictUnknown, InvalidInput."""
    owner, role = _may_hold(uow, actor, kind, ref)
    problems = {}
    if ground not in HOLD_GROUNDS:
        problems["ground"] = Reason("choose_ground", "Choose who asks for it.", "Indiquez qui le demande.")
    if not reason.strip() or len(reason) > MOST_WORDS:
        problems["reason"] = Reason("give_reason", "Say why, in a few words.", "Dites pourquoi, en quelques mots.")
    if problems:
        raise InvalidInput(problems)
    content, hold_id = {"reason": reason.strip()}, uow.new_id()
    row_id = owner.partition(":")[2]
    uow.session.add(
        LegalHold(
            id=hold_id,
            case_id=row_id if kind == "case" else None,
            incident_id=row_id if kind == "incident" else None,
            ground=ground,
            set_at=now,
            set_by=actor.account_id,
            sealed=uow.vault.seal(owner, "legal_hold", hold_id, content),
        )
    )
    uow.record(
        actor,
        now,
        f"{kind}.legal_hold_set",
        chain=owner,
        subject=owner,
        role=role,
        codes={"hold": hold_id, "ground": ground},
        digests={"reason": uow.vault.digest(owner, content)},
    )
    return hold_id


def lift_legal_hold(uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, ref: str, hold_id: str) -> None:
    """Let it be erased again, when its time is over. Raises NotFound, ConflictUnknown."""
    owner, role = _may_hold(uow, actor, kind, ref)
    hold = uow.session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None or owner.partition(":")[2] not in (hold.case_id, hold.incident_id) or hold.lifted_at:
        raise NotFound
    hold.lifted_at, hold.lifted_by = now, actor.account_id
    uow.record(actor, now, f"{kind}.legal_hold_lifted", chain=owner, subject=owner, role=role, codes={"hold": hold_id})


def legal_holds(uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, ref: str) -> tuple[Hold, ...]:
    """The holds of a case or an incident, with their reasons, the newest first; a read in the trail."""
    owner, role = _may_hold(uow, actor, kind, ref)
    column = col(LegalHold.case_id) if kind == "case" else col(LegalHold.incident_id)
    query = select(LegalHold).where(column == owner.partition(":")[2]).order_by(col(LegalHold.set_at).desc())
    uow.record(actor, now, f"{kind}.read", chain=owner, subject=owner, role=role, codes={"page": "legal_holds"})
    return tuple(
        Hold(
            one.id,
            one.ground,
            uow.vault.unseal(owner, "legal_hold", one.id, one.sealed)["reason"],
            one.set_at,
            one.lifted_at,
        )
        for one in uow.session.scalars(query)
    )


def _may_hold(uow: UnitOfWork, actor: Actor, kind: str, ref: str) -> tuple[str, str]:
    """Key owner of the record and the role in which the actor oversees it. Raises NotFound, ConflictUnknown."""
    if kind not in ("case", "incident"):
        raise NotFound
    subject = cases.load(uow.session, kind, ref, lock=True)
    roles = standing(uow, actor, subject).roles if kind == "case" else may_work_on(uow, actor, subject)
    if not roles & SUPERVISORS:
        raise NotFound
    return f"{kind}:{subject.id}", min(roles & SUPERVISORS)

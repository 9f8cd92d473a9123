"""“Not by this person”: somebody is kept away from a case, and stops seeing it (CARE 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor, Role
from trim.domain.errors import InvalidInput, NotFound, Reason
from trim.store import accounts, conflicts
from trim.store.tables import Account, Exclusion
from trim.usecases.acting.standing import subject_of
from trim.usecases.perform import Found, find, perform
from trim.usecases.unit_of_work import UnitOfWork

NOT_HERE = Reason("not_a_choice", "Choose one of the people shown.", "Choisissez l’une des personnes proposées.")
MAX_REASON = 200
TOO_LONG = Reason("too_long", "Shorten this text.", "Raccourcissez ce texte.")
READERS = (Role.PRACTITIONER, Role.COORDINATOR, Role.PROGRAMME_LEAD)


@dataclass(frozen=True, slots=True)
class ExclusionPage:
    """Whose case it is, and who could be kept away from it."""

    ref: str
    person: str
    choices: tuple[tuple[str, str], ...]


def exclusion_page(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, is_shown: bool = True) -> ExclusionPage:
    """Everybody who might read this case, by account id and name. Raises NotFound, ConflictUnknown."""
    found, able = _able(uow, actor, ref, now)
    case = found.case
    assert case is not None
    if is_shown:
        uow.record(
            actor,
            now,
            "case.read",
            chain=f"case:{case.id}",
            subject=f"case:{case.id}",
            role=sorted(found.roles)[0],
            codes={"page": "exclusion"},
        )
    return ExclusionPage(case.ref, subject_of(uow, case).name, tuple((one.id, one.name) for one in able))


def exclude(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, account_id: str, reason: str = "") -> None:
    """Keep an account away from a case from now on; a question that is still open to it is taken back.

    `reason` is the person's own, optional, sealed. Raises NotFound, InvalidInput.
    """
    found, able = _able(uow, actor, ref, now)
    case = found.case
    assert case is not None
    if account_id not in {one.id for one in able}:
        raise InvalidInput({"account": NOT_HERE})
    if len(reason) > MAX_REASON:
        raise InvalidInput({"reason": TOO_LONG})
    row_id, owner = uow.new_id(), f"case:{case.id}"
    content = {"reason": reason}
    uow.session.add(
        Exclusion(
            id=row_id,
            case_id=case.id,
            account_id=account_id,
            sealed=uow.vault.seal(owner, "exclusion", row_id, content) if reason else None,
            made_at=now,
        )
    )
    uow.record(
        actor,
        now,
        "case.exclusion_recorded",
        chain=owner,
        subject=owner,
        role=sorted(found.roles)[0],
        codes={"account": account_id},
        digests={"reason": uow.vault.digest(owner, content)} if reason else None,
    )
    if case.proposed_practitioner_id == account_id:
        _take_back(uow, actor, found, now)


def lift_exclusion(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, exclusion_id: str) -> None:
    """Undo an exclusion, at the person's wish or after a slip. Raises NotFound."""
    found = find(uow, actor, "case", ref, lock=True)
    case = found.case
    assert case is not None
    row = next((one for one in conflicts.exclusions(uow.session, case.id) if one.id == exclusion_id), None)
    if row is None or found.proposed:
        raise NotFound
    uow.session.delete(row)
    uow.record(
        actor,
        now,
        "case.exclusion_lifted",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=sorted(found.roles)[0],
        codes={"account": row.account_id},
    )


def _able(uow: UnitOfWork, actor: Actor, ref: str, now: datetime) -> tuple[Found, Sequence[Account]]:
    found = find(uow, actor, "case", ref, lock=True)
    case = found.case
    assert case is not None
    if found.proposed:
        raise NotFound
    kept_away = {one.account_id for one in conflicts.exclusions(uow.session, case.id)}
    holders = accounts.holders(uow.session, READERS, case.programme, case.unit_id, now)
    return found, [one for one in holders if one.id not in kept_away]


def _take_back(uow: UnitOfWork, actor: Actor, found: Found, now: datetime) -> None:
    """Where the rules let this actor; otherwise the coordinators see that the question is still open."""
    case = found.case
    assert case is not None
    for action in found.pack.lifecycles["case"].actions.values():
        able = case.state in action.from_ and bool(found.roles & set(action.by))
        if able and "withdraw_proposal" in action.does:
            perform(uow, actor, now=now, kind="case", ref=case.ref, action=action.name, version=None, values={})
            return

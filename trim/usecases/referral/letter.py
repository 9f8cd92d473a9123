"""The referral letter: what the person agreed to, or the ground on which help goes ahead, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, Reason
from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.store import accounts, cases
from trim.store.tables import ActionRecord, Referral
from trim.usecases.acting.standing import subject_of
from trim.usecases.cases.said import provider_of, said
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork

NOT_AGREED = Reason(
    "not_agreed",
    "The person has not agreed yet. Record what they say first.",
    "La personne n’a pas encore donné son accord. Notez d’abord sa réponse.",
)
ENDED = Reason(
    "wrong_state",
    "This referral has ended, so no letter is made any more.",
    "Cette orientation est terminée : aucun courrier n’est plus établi.",
)


@dataclass(frozen=True, slots=True)
class ReferralLetter:
    """What stands in the letter."""

    ref: str
    organisation: str
    made_on: date
    provider: Text | None
    person: str
    #: What help is asked for: words that the person has read.
    reason: str
    #: The ground on which help goes ahead without agreement; None when the person agreed.
    ground: Text | None
    #: Whether the provider may tell whether the person came; asked apart from the referral itself (CARE 28).
    may_answer: bool
    contact: str
    phone: str | None


def referral_letter(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> ReferralLetter:
    """The content of the letter, with a line in the trail; the PDF is made after this transaction.

    Raises NotFound, ConflictUnknown, and NotAllowedNow while nobody has agreed or when the referral has ended.
    """
    found = find(uow, actor, "referral", ref, lock=False)
    case, referral, pack = found.case, found.subject, found.pack
    assert case is not None
    basis = basis_of(uow, pack, referral)
    if basis is None:
        raise NotAllowedNow([ENDED if referral.ended_at else NOT_AGREED])
    proposed: dict[str, Any] = uow.vault.unseal(f"case:{case.id}", "referral", referral.id, referral.sealed)
    agreed: dict[str, Any] = uow.vault.unseal(f"case:{case.id}", "action_record", basis.id, basis.sealed)
    signs = accounts.by_id(uow.session, case.practitioner_id or actor.account_id)
    uow.record(
        actor,
        now,
        "document.made",
        chain=f"case:{case.id}",
        subject=f"referral:{referral.id}",
        role=sorted(found.roles)[0],
        codes={"document": "referral_letter"},
    )
    return ReferralLetter(
        ref=referral.ref,
        organisation=uow.organisation.name,
        made_on=now.astimezone(uow.organisation.zone).date(),
        provider=provider_of(pack, proposed),
        person=subject_of(uow, case).name,
        reason=str(proposed.get("reason") or ""),
        ground=_ground(pack, basis, agreed),
        may_answer=bool(agreed.get("share_attendance")),
        contact=signs.name if signs else "",
        phone=signs.phone if signs else None,
    )


def basis_of(uow: UnitOfWork, pack: Pack, referral: Referral) -> ActionRecord | None:
    """The newest agreement, or override, that the referral stands on; None before one, and once it has ended."""
    if referral.ended_at is not None:
        return None
    actions = pack.lifecycles["referral"].actions
    for record in reversed(cases.records_since(uow.session, referral.id, 0)):
        does = set(actions[record.action].does) if record.action in actions else set()
        if does & {"record_agreement", "override_agreement"}:
            return record
    return None


def _ground(pack: Pack, basis: ActionRecord, values: dict[str, Any]) -> Text | None:
    action = pack.lifecycles["referral"].actions[basis.action]
    if "override_agreement" not in action.does:
        return None
    return next((one.value for one in said(action, values, {}) if isinstance(one.value, Text)), None)

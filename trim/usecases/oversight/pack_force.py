"""How a version of a pack comes into force, and how one is proposed; no page and no command calls these directly."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.confidentiality import OVERSEERS
from trim.domain.errors import InvalidInput, Reason
from trim.engine.definition import Pack
from trim.store import accounts, pack_proposals, packs
from trim.store.tables import PackProposal
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

NOBODYS = Reason(
    "on_whose_behalf",
    "Say whose proposal it is: an account that is open.",
    "Indiquez de qui vient la proposition : un compte ouvert.",
)


def current_pack(uow: UnitOfWork, name: str) -> Pack | None:
    """The pack that new cases of a programme begin on; None where none of that name is installed."""
    return uow.shelf.current(uow.session, name)[1] if name in uow.shelf.programmes(uow.session) else None


def put_in_force(uow: UnitOfWork, actor: Actor, *, now: datetime, pack: Pack, by: str | None = None) -> bool:
    """Make it current, with its line in the trail, and tell every coordinator; False when it is current already."""
    before = current_pack(uow, pack.name)
    if not packs.install(uow.session, pack, row_id=uow.new_id(), now=now):
        return False
    codes = {**_codes(pack), "changes": _what_kind(before, pack)}
    if by is not None:
        codes["by"] = by
    uow.record(actor, now, "pack.installed", chain=trail.ORGANISATION, subject=f"pack:{pack.name}", codes=codes)
    if before is not None:
        tell_overseers(uow, actor, now=now, name=pack.name, kind="pack_installed")
    return True


def propose(uow: UnitOfWork, actor: Actor, *, now: datetime, pack: Pack, by: str | None) -> str:
    """Keep a version until a second person decides; gives its id. Raises InvalidInput without an account that is open.

    One that waited under the same name is replaced: of two a lead could not tell which is meant.
    """
    account = accounts.by_id(uow.session, by) if by is not None else None
    if account is None or not account.active:
        raise InvalidInput({"by": NOBODYS})
    pack_proposals.replace_waiting(uow.session, pack.name, by=actor.account_id, now=now)
    base_id, _before = uow.shelf.current(uow.session, pack.name)
    proposal = PackProposal(
        id=uow.new_id(),
        name=pack.name,
        version=pack.version,
        compiled=pack.to_json(),
        base_id=base_id,
        proposed_at=now,
        proposed_by=account.id,
    )
    uow.session.add(proposal)
    uow.session.flush()
    codes = {**_codes(pack), "by": account.id}
    uow.record(actor, now, "pack.proposed", chain=trail.ORGANISATION, subject=f"pack:{pack.name}", codes=codes)
    tell_overseers(uow, actor, now=now, name=pack.name, kind="pack_proposed")
    return proposal.id


def tell_overseers(uow: UnitOfWork, actor: Actor, *, now: datetime, name: str, kind: str) -> None:
    """Every coordinator and lead of the programme, over whatever unit (CARE 12)."""
    tell(
        uow,
        accounts.holders_anywhere(uow.session, sorted(OVERSEERS), name, now),
        kind=kind,
        subject_kind="pack",
        subject_ref="",
        cause=f"{name}-{uow.new_id()}",
        now=now,
        actor=actor,
    )


def _codes(pack: Pack) -> dict[str, trail.Code]:
    return {"version": pack.version, "behaviour": pack.behaviour_hash, "wording": pack.wording_hash}


def _what_kind(before: Pack | None, pack: Pack) -> str:
    """What an auditor wants to know first: words alone, which live cases show at once, or what decides as well."""
    if before is None:
        return "first_of_its_name"
    return "wording" if before.behaviour_hash == pack.behaviour_hash else "behaviour"

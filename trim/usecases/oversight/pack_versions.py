"""What is installed and what is proposed; a second person of the programme confirms or turns down (CARE 12).

That is a programme lead over the whole organisation, whose proposal it is not: a pack holds for all units.
See docs/decisions/0019-a-new-version-of-a-pack.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain.access import PERMISSIONS, Actor, Can
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.engine.definition import Pack
from trim.engine.differences import Difference, differences, place_in_words
from trim.engine.wording import Text
from trim.store import accounts, pack_proposals, packs, people
from trim.store.tables import PackProposal
from trim.usecases.oversight.pack_force import put_in_force, tell_overseers
from trim.usecases.unit_of_work import UnitOfWork

OVERTAKEN = Reason(
    "overtaken",
    "Another version was installed meanwhile. Read what this one changes now, then decide.",
    "Une autre version a été installée entre-temps. Lisez ce que celle-ci change maintenant, puis décidez.",
)
DECIDED = Reason("decided", "This is decided already.", "La décision est déjà prise.")
#: So many decided proposals are listed.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Installed:
    """The version of a pack that new cases begin on."""

    name: str
    title: Text
    version: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """A version that waits, or that was decided."""

    proposal_id: str
    name: str
    title: Text
    version: str
    proposed_by: str
    proposed_at: datetime
    outcome: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Versions:
    """What the list shows."""

    installed: tuple[Installed, ...]
    waiting: tuple[Proposed, ...]
    decided: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One proposal with what it would change of the version that is current at this moment."""

    about: Proposed
    current_version: str
    #: The id of the version it was compared with here: whoever decides sends it back.
    compared_with: str
    #: Whether another version came into force since it was proposed.
    is_overtaken: bool
    differences: tuple[Difference, ...]
    #: The way to each of them, by the labels of the pack.
    places: tuple[tuple[Text | str, ...], ...]
    may_decide: bool
    #: A lead whose own proposal it is.
    is_own: bool


def list_versions(uow: UnitOfWork, actor: Actor) -> Versions:
    """What is installed, what waits, what was decided last; no case stands in it, so that it leaves no line.

    Raises Forbidden.
    """
    if not actor.can(Can.SEE_PACKS):
        raise Forbidden
    waiting, decided = pack_proposals.waiting(uow.session), pack_proposals.decided(uow.session, SHOWN)
    names = _names(uow, [*waiting, *decided])
    return Versions(
        tuple(
            Installed(one.name, uow.shelf.as_installed(uow.session, one.id).title, one.version, one.installed_at)
            for one in packs.current_versions(uow.session)
        ),
        tuple(_proposed(one, names) for one in waiting),
        tuple(_proposed(one, names) for one in decided),
    )


def waiting_for(uow: UnitOfWork, actor: Actor) -> tuple[Proposed, ...]:
    """What this actor is asked to decide: not their own proposals, of a programme that they lead over every unit."""
    rows = [
        one
        for one in pack_proposals.waiting(uow.session)
        if one.proposed_by != actor.account_id and _leads_all(uow, actor, one.name)
    ]
    names = _names(uow, rows) if rows else {}
    return tuple(_proposed(one, names) for one in rows)


def look_at_proposal(uow: UnitOfWork, actor: Actor, *, proposal_id: str) -> ProposedChange:
    """One proposal against what is current now. Raises Forbidden, NotFound."""
    if not actor.can(Can.SEE_PACKS):
        raise Forbidden
    row = pack_proposals.load(uow.session, proposal_id)
    current_id, before = uow.shelf.current(uow.session, row.name)
    is_own = actor.account_id == row.proposed_by
    after = Pack.from_json(row.compiled)
    found = tuple(differences(before, after))
    return ProposedChange(
        about=_proposed(row, _names(uow, [row])),
        current_version=before.version,
        compared_with=current_id,
        is_overtaken=current_id != row.base_id,
        differences=found,
        places=tuple(place_in_words(before, after, one.path) for one in found),
        may_decide=row.decided_at is None and not is_own and _leads_all(uow, actor, row.name),
        is_own=is_own,
    )


def confirm_pack(uow: UnitOfWork, actor: Actor, *, now: datetime, proposal_id: str, shown: str) -> None:
    """Bring a proposed version into force; `shown` is the version that the page compared it with.

    Every coordinator and lead of the programme is told. Raises Forbidden, NotFound, and InvalidInput when it is decided
    already or when another version has come into force since the page was made.
    """
    row = _to_decide(uow, actor, proposal_id)
    current_id, _before = uow.shelf.current(uow.session, row.name)
    if shown != current_id:
        raise InvalidInput({"shown": OVERTAKEN})
    pack = Pack.from_json(row.compiled)
    _decide(uow, actor, now, row, "confirmed")
    codes: dict[str, trail.Code] = {"version": row.version, "by": row.proposed_by, "proposal": row.id}
    uow.record(actor, now, "pack.confirmed", chain=trail.ORGANISATION, subject=f"pack:{row.name}", codes=codes)
    put_in_force(uow, actor, now=now, pack=pack, by=row.proposed_by)


def turn_down_pack(uow: UnitOfWork, actor: Actor, *, now: datetime, proposal_id: str) -> None:
    """Leave everything as it is. Every coordinator and lead is told. Raises Forbidden, NotFound, InvalidInput."""
    row = _to_decide(uow, actor, proposal_id)
    _decide(uow, actor, now, row, "turned_down")
    codes: dict[str, trail.Code] = {"version": row.version, "by": row.proposed_by, "proposal": row.id}
    uow.record(actor, now, "pack.turned_down", chain=trail.ORGANISATION, subject=f"pack:{row.name}", codes=codes)
    tell_overseers(uow, actor, now=now, name=row.name, kind="pack_turned_down")


def _to_decide(uow: UnitOfWork, actor: Actor, proposal_id: str) -> PackProposal:
    if not actor.can(Can.CONFIRM_PACKS):
        raise Forbidden
    # In the order in which installing locks: the versions first. Two who decide at once then queue.
    packs.lock(uow.session, pack_proposals.load(uow.session, proposal_id).name)
    row = pack_proposals.load(uow.session, proposal_id, to_decide=True)
    uow.session.refresh(row)
    if actor.account_id == row.proposed_by or not _leads_all(uow, actor, row.name):
        raise Forbidden
    if row.decided_at is not None:
        raise InvalidInput({"shown": DECIDED})
    return row


def _decide(uow: UnitOfWork, actor: Actor, now: datetime, row: PackProposal, outcome: str) -> None:
    row.decided_at, row.decided_by, row.outcome = now, actor.account_id, outcome
    uow.session.flush()


def _leads_all(uow: UnitOfWork, actor: Actor, programme: str) -> bool:
    """Whether the actor may confirm for this programme over every unit."""
    covered: set[str] = set()
    for grant in actor.grants:
        if grant.programme == programme and Can.CONFIRM_PACKS in PERMISSIONS[grant.role]:
            covered |= grant.covers
    return set(people.units(uow.session)) <= covered and bool(covered)


def _names(uow: UnitOfWork, rows: list[PackProposal]) -> dict[str, str]:
    ids = {one.proposed_by for one in rows} | {one.decided_by for one in rows if one.decided_by}
    return accounts.names(uow.session, ids)


def _proposed(row: PackProposal, names: dict[str, str]) -> Proposed:
    return Proposed(
        proposal_id=row.id,
        name=row.name,
        title=Pack.from_json(row.compiled).title,
        version=row.version,
        proposed_by=names.get(row.proposed_by, row.proposed_by),
        proposed_at=row.proposed_at,
        outcome=row.outcome,
        decided_by=names.get(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
    )

"""The person stops by themselves: contact and clocks end, the short retention begins, a danger is seen to (CARE 26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import PERSON, Actor
from trim.domain.errors import NotAllowedNow, Reason
from trim.engine import machine
from trim.engine.definition import Action, Pack
from trim.store import cases
from trim.store.tables import SupportCase
from trim.usecases.acting.variables import final_states
from trim.usecases.ledger.withheld import withheld
from trim.usecases.perform import Found, find, perform, variables_of
from trim.usecases.telling import account_named, supervisors_of, tell, tell_of_act
from trim.usecases.unit_of_work import UnitOfWork

#: The effect by which an action stops contact, whatever a pack calls the action.
STOPS = "stop_contact"
OVERRIDES = "override_agreement"

NOT_NOW = Reason(
    "nothing_to_stop",
    "There is nothing left to stop: no contact is planned any more.",
    "Il n’y a plus rien à arrêter : aucun contact n’est prévu.",
)
STILL_OPEN = Reason(
    "not_stopped",
    "Your support goes on, so there is nothing to take up again.",
    "Votre accompagnement se poursuit : il n’y a rien à reprendre.",
)


@dataclass(frozen=True, slots=True)
class StopPage:
    """What stopping means for this case at this moment; `danger` when a safeguarding matter goes on all the same."""

    ref: str
    version: int
    supported_by: bool
    danger: bool


def can_stop(uow: UnitOfWork, actor: Actor, found: Found, now: datetime) -> Action | None:
    """The action of the pack by which the person stops from where the case stands; None when there is none."""
    possible = machine.possible(
        found.pack,
        lifecycle="case",
        state=found.subject.state,
        roles=found.roles,
        variables=variables_of(uow, actor, found, now),
    )
    return next((one.action for one in possible if STOPS in one.action.does and not one.refused), None)


def stop_page(uow: UnitOfWork, actor: Actor, *, now: datetime) -> StopPage:
    """What the person is asked before they stop, with a line in the trail. Raises NotFound, NotAllowedNow."""
    found, case, _action = _stopping(uow, actor, now, lock=False)
    chain = f"case:{case.id}"
    uow.record(actor, now, "ledger.read", chain=chain, subject=chain, role=PERSON, codes={"page": "stop"})
    return StopPage(
        case.ref, case.version, case.practitioner_id is not None, danger_goes_on(uow, found.pack, case, now)
    )


def stop(uow: UnitOfWork, actor: Actor, *, now: datetime, version: int | None) -> None:
    """Do it, and tell who supports the person (or is asked to) and who coordinates.

    No reason is asked. Raises NotFound, NotAllowedNow, StaleVersion.
    """
    _found, case, action = _stopping(uow, actor, now, lock=True)
    told = [
        *account_named(uow, case.practitioner_id or ""),
        *account_named(uow, case.proposed_practitioner_id or ""),
        *supervisors_of(uow, case, now),
    ]
    act = perform(uow, actor, now=now, kind="case", ref=case.ref, action=action.name, version=version, values={})
    tell_of_act(act, told, "person_stopped")


def ask_to_return(uow: UnitOfWork, actor: Actor, *, now: datetime) -> None:
    """Somebody who had stopped would like to come back: the coordinators are told, and take it up with the person.

    The pack says who opens it again, because somebody must be found who supports the person. Raises NotAllowedNow.
    """
    case = cases.by_id(uow.session, actor.own_case_id or "", lock=True)
    found = find(uow, actor, "case", case.ref, lock=True)
    if case.state not in final_states(found.pack, "case"):
        raise NotAllowedNow([STILL_OPEN])
    tell(
        uow,
        supervisors_of(uow, case, now),
        kind="person_returns",
        subject_kind="case",
        subject_ref=case.ref,
        cause=str(case.version),
        now=now,
        actor=actor,
    )
    chain = f"case:{case.id}"
    uow.record(actor, now, "ledger.return_asked", chain=chain, subject=chain, role=PERSON)


def danger_goes_on(uow: UnitOfWork, pack: Pack, case: SupportCase, now: datetime) -> bool:
    """Whether a matter of safety is open that stopping does not end; one kept back from the person is not told."""
    if withheld(uow, case, now).openings:
        return False
    ended = final_states(pack, "escalation")
    if any(one.level != "ordinary" and one.state not in ended for one in cases.escalations(uow.session, case.id)):
        return True
    # Help that was called without agreement, for a danger or a legal duty, is not called back by stopping (CARE 3).
    without_asking = {one.name for one in pack.lifecycles["referral"].actions.values() if OVERRIDES in one.does}
    going = {one.id for one in cases.referrals(uow.session, case.id) if one.ended_at is None}
    done = cases.records(uow.session, case.id) if going else []
    return any(one.subject_id in going and one.action in without_asking for one in done)


def _stopping(uow: UnitOfWork, actor: Actor, now: datetime, *, lock: bool) -> tuple[Found, SupportCase, Action]:
    case = cases.by_id(uow.session, actor.own_case_id or "", lock=lock)
    found = find(uow, actor, "case", case.ref, lock=lock)
    action = can_stop(uow, actor, found, now)
    if action is None:
        raise NotAllowedNow([NOT_NOW])
    return found, case, action

"""The duty rota: who answers for urgent matters, when, under which number (CARE 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.audit import trail
from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.domain.organisation import CrisisLine
from trim.store import accounts
from trim.store.tables import DutyTurn
from trim.usecases.people.accounts import put_on_duty
from trim.usecases.unit_of_work import UnitOfWork

#: Nobody is on duty for longer without a break; a longer turn is a slip of the year.
LONGEST = timedelta(days=31)
ON_DUTY = (Role.COORDINATOR, Role.PROGRAMME_LEAD)

ENDS_FIRST = Reason("ends_first", "The end must be after the start.", "La fin doit être après le début.")
ENDED = Reason("ended", "The end must be in the future.", "La fin doit être dans le futur.")
TOO_LONG = Reason("too_long", "A turn lasts 31 days at most.", "Une astreinte dure 31 jours au plus.")
NOT_A_COORDINATOR = Reason(
    "not_a_coordinator",
    "Choose a coordinator or programme lead from the list.",
    "Choisissez dans la liste une personne qui coordonne ou dirige le programme.",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as pages show it."""

    id: str
    account_id: str
    name: str
    phone: str
    from_at: datetime
    until_at: datetime
    is_now: bool


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on duty now, who follows, whom to call when nobody is, and until when there is no gap."""

    now: tuple[Turn, ...]
    coming: tuple[Turn, ...]
    crisis_lines: tuple[CrisisLine, ...]
    gap_from: datetime | None
    may_change: bool
    #: Who can be put on duty: id, name, usual telephone.
    candidates: tuple[tuple[str, str, str], ...]


def look_at_rota(uow: UnitOfWork, actor: Actor, *, now: datetime, programme: str) -> Rota:
    """The rota of a programme. Raises Forbidden."""
    if not actor.can(Can.SEE_ROTA, None, programme):
        raise Forbidden
    turns = [
        Turn(one.id, one.account_id, who.name, one.phone, one.from_at, one.until_at, one.from_at <= now)
        for one, who in accounts.turns_from(uow.session, programme, now)
        if who.active
    ]
    may_change = actor.can(Can.KEEP_ROTA, None, programme)
    held = accounts.holders_anywhere(uow.session, ON_DUTY, programme, now) if may_change else []
    return Rota(
        now=tuple(turn for turn in turns if turn.is_now),
        coming=tuple(turn for turn in turns if not turn.is_now),
        crisis_lines=uow.organisation.crisis_lines,
        gap_from=_gap(turns, now),
        may_change=may_change,
        candidates=tuple((one.id, one.name, one.phone or "") for one in held),
    )


def add_turn(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    account_id: str,
    phone: str,
    from_at: datetime,
    until_at: datetime,
) -> DutyTurn:
    """Put a coordinator or lead on duty. Raises Forbidden, InvalidInput."""
    if not actor.can(Can.KEEP_ROTA, None, programme):
        raise Forbidden
    problems: dict[str, Reason] = {}
    if account_id not in {one.id for one in accounts.holders_anywhere(uow.session, ON_DUTY, programme, now)}:
        problems["account"] = NOT_A_COORDINATOR
    if until_at <= from_at:
        problems["until_at"] = ENDS_FIRST
    elif until_at <= now:
        problems["until_at"] = ENDED
    elif until_at - from_at > LONGEST:
        problems["until_at"] = TOO_LONG
    if problems:
        raise InvalidInput(problems)
    return put_on_duty(
        uow,
        actor,
        now=now,
        programme=programme,
        account_id=account_id,
        phone=phone,
        from_at=from_at,
        until_at=until_at,
    )


def remove_turn(uow: UnitOfWork, actor: Actor, *, now: datetime, turn_id: str) -> None:
    """Take a turn off the rota: one that runs ends now, one to come is dropped. Raises Forbidden, NotFound."""
    if not actor.can(Can.KEEP_ROTA):
        raise Forbidden
    turn = uow.session.get(DutyTurn, turn_id, with_for_update=True)
    if turn is None or turn.until_at <= now or not actor.can(Can.KEEP_ROTA, None, turn.programme):
        raise NotFound
    if turn.from_at < now:
        turn.until_at = now
        uow.session.add(turn)
    else:
        uow.session.delete(turn)
    uow.record(
        actor,
        now,
        "duty.turn_removed",
        chain=trail.ORGANISATION,
        subject=f"account:{turn.account_id}",
        codes={"programme": turn.programme, "from": turn.from_at.isoformat()},
    )


def _gap(turns: list[Turn], now: datetime) -> datetime | None:
    """From when nobody is on duty, within a week; None when the week is covered."""
    covered = now
    for turn in turns:
        if turn.from_at > covered:
            break
        covered = max(covered, turn.until_at)
    return covered if covered < now + timedelta(days=7) else None

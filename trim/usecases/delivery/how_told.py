"""How somebody wants to be told of what is not urgent: hour, quiet hours, days, language and telephone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.domain.telling import EVERY_DAY, Wishes
from trim.store import outbox, telling
from trim.store.tables import HowTold
from trim.usecases.people.signing_in import change_own_settings, own_telephone
from trim.usecases.unit_of_work import UnitOfWork

NO_DAY = Reason(
    "no_day", "Choose at least one day: you would never be told.", "Choisissez au moins un jour, sinon rien n’arrivera."
)
IN_QUIET_HOURS = Reason(
    "in_quiet_hours",
    "This hour lies within your quiet hours.",
    "Cette heure tombe dans votre plage de silence.",
)


@dataclass(frozen=True, slots=True)
class HowToldPage:
    """What is set now; without a row of one's own, what holds for everybody."""

    digest_at: time
    quiet_from: time
    quiet_until: time
    days: frozenset[int]
    locale: str
    phone: str | None


def look_at_wishes(uow: UnitOfWork, actor: Actor) -> HowToldPage:
    """One's own wishes. Raises NotFound."""
    wishes = outbox.wishes_of(uow.session, [actor.account_id])[actor.account_id]
    return HowToldPage(
        digest_at=_time(wishes.digest_minute),
        quiet_from=_time(wishes.quiet_from),
        quiet_until=_time(wishes.quiet_until),
        days=wishes.days,
        locale=actor.locale,
        phone=own_telephone(uow, actor),
    )


def set_wishes(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    digest_at: time,
    quiet_from: time,
    quiet_until: time,
    days: Collection[int],
    locale: str,
    phone: str | None,
) -> None:
    """Set one's own wishes; what waits is planned anew. Raises InvalidInput, NotFound.

    Equal ends of the quiet hours mean that there are none. Urgent notices come whatever is set here (CARE 2).
    """
    chosen = Wishes(_minute(digest_at), _minute(quiet_from), _minute(quiet_until), frozenset(days) & EVERY_DAY)
    problems: dict[str, Reason] = {}
    if not chosen.days:
        problems["days"] = NO_DAY
    if chosen.is_quiet(chosen.digest_minute):
        problems["digest_at"] = IN_QUIET_HOURS
    if problems:
        raise InvalidInput(problems)
    change_own_settings(uow, actor, now=now, locale=locale, phone=phone)
    if outbox.wishes_of(uow.session, [actor.account_id])[actor.account_id] == chosen:
        return
    _keep(uow, actor, chosen, now)
    outbox.plan_anew(uow.session, actor.account_id)
    chain = trail.account_chain(actor.account_id)
    uow.record(actor, now, "notice.wishes_changed", chain=chain, subject=chain, codes=_codes(chosen))


def _keep(uow: UnitOfWork, actor: Actor, chosen: Wishes, now: datetime) -> None:
    row = telling.how_told(uow.session, actor.account_id, lock=True)
    if row is None:
        row = HowTold(id=uow.new_id(), account_id=actor.account_id)
    row.digest_minute, row.quiet_from, row.quiet_until = chosen.digest_minute, chosen.quiet_from, chosen.quiet_until
    row.days, row.changed_at = "".join(str(day) for day in sorted(chosen.days)), now
    uow.session.add(row)


def _codes(chosen: Wishes) -> dict[str, trail.Code]:
    return {
        "days": [str(day) for day in sorted(chosen.days)],
        "digest_minute": chosen.digest_minute,
        "quiet_from": chosen.quiet_from,
        "quiet_until": chosen.quiet_until,
    }


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)

"""Note what no single happening tells: how much the practitioners carry, and which groups and pairs met.

A night notes it for the quarter that runs, each practitioner and each group once; the last night of a quarter stands.
Handles are keyed from account and group, and nothing of either is in the fact. Practitioners are counted where their
role is given, whom they support nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from trim.domain.calendar import quarter
from trim.domain.roles import Role
from trim.store import accounts, cases, facts, telling
from trim.store.facts import Draft
from trim.store.tables import Undertaking, UndertakingMeeting
from trim.usecases.acting.variables import final_states
from trim.usecases.counting import ACTIVITIES, handle
from trim.usecases.unit_of_work import UnitOfWork

#: What a practitioner carries: up to how many open cases is called what.
LOADS: Final = ((0, "no_case"), (2, "1_to_2_cases"))
MORE: Final = "3_or_more_cases"
AWAY: Final = "away"
#: A group that met on the last day of a quarter is noted by the first nights of the next one.
LOOK_BACK: Final = timedelta(days=3)


def note_activity(uow: UnitOfWork, *, now: datetime) -> int:
    """Put one fact for each practitioner and each group that met; gives how many. Doing it twice does no harm.

    It leaves no line in the trail: `move_facts` does, in the transaction of which this is a part.
    """
    return _practitioners(uow, now) + _undertakings(uow, now)


def _practitioners(uow: UnitOfWork, now: datetime) -> int:
    zone = uow.organisation.zone
    when, done = quarter(now.astimezone(zone)), 0
    for programme in uow.shelf.programmes(uow.session):
        _, pack = uow.shelf.current(uow.session, programme)
        there = accounts.holders_anywhere(uow.session, [Role.PRACTITIONER], programme, now)
        ids = [one.id for one in there]
        away = telling.away_on(uow.session, ids, now.astimezone(zone).date())
        carried = cases.open_count_of_practitioner(uow.session, ids, final_states(pack, "case"))
        given = {
            grant.account_id: grant.unit_id
            for grant in accounts.grants_in_force(uow.session, now)
            if grant.role == Role.PRACTITIONER and grant.programme == programme
        }
        for one in ids:
            load = AWAY if one in away else load_class(carried.get(one, 0))
            draft = Draft("practitioner", when, given[one], programme, category=load)
            _put(uow, "practitioner", f"{one}\0{programme}", when, draft)
        done += len(ids)
    return done


def _undertakings(uow: UnitOfWork, now: datetime) -> int:
    zone = uow.organisation.zone
    since = now - LOOK_BACK
    first = facts.first_day(quarter(since.astimezone(zone)), zone)
    query = (
        select(Undertaking, UndertakingMeeting.held_at)  # type: ignore[call-overload]
        .join(UndertakingMeeting, col(UndertakingMeeting.undertaking_id) == col(Undertaking.id))
        .where(col(UndertakingMeeting.held_at) >= first)
    )
    met = {(one.id, quarter(at.astimezone(zone))): one for one, at in uow.session.execute(query)}
    for (row_id, when), one in met.items():
        kind = ACTIVITIES[one.kind]
        _put(uow, kind, row_id, when, Draft(kind, when, one.unit_id, one.programme))
    return len(met)


def load_class(open_cases: int) -> str:
    """What a number of open cases is called."""
    return next((name for most, name in LOADS if open_cases <= most), MORE)


def _put(uow: UnitOfWork, kind: str, owner: str, when: str, draft: Draft) -> None:
    facts.put(uow.session, handle(uow, kind, owner, quarter=when), draft, seal=uow.vault.seal_fact)

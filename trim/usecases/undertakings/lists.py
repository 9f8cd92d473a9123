"""What runs beside cases, as those see it who lead or oversee it; paged by key, no names of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from trim.domain.access import Actor
from trim.domain.confidentiality import CONTENT_ROLES, OVERSEERS, UNDERTAKINGS
from trim.engine.wording import Text
from trim.store import people, undertakings
from trim.store.undertakings import Key, Sight
from trim.usecases.acting.beside_standing import ABOUT_ONE
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.acting.ties import sight_of as case_sight
from trim.usecases.oversight.rows import record_list
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One of them, with what is due next."""

    ref: str
    kind: str
    label: Text
    about: str
    unit: str
    state: Text
    opened_at: datetime
    what: Text | None = None
    earliest_at: datetime | None = None
    due_at: datetime | None = None
    latest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list; `after` is the key from which the next page goes on."""

    rows: tuple[Row, ...]
    after: Key | None = None


def sight_of(uow: UnitOfWork, actor: Actor) -> ColumnElement[bool]:
    """What `stand_to` allows, as one condition of a query."""
    units: dict[str, set[str]] = {}
    for grant in actor.grants:
        if grant.role in OVERSEERS:
            units.setdefault(grant.programme, set()).update(grant.covers)
    known = case_sight(uow, actor)
    return undertakings.seen(
        Sight(
            account_id=actor.account_id,
            units=units,
            programmes={grant.programme for grant in actor.grants if grant.role in CONTENT_ROLES},
            line_matters_in=ABOUT_ONE,
            own_index=known.own_index or None,
            in_line=known.hidden_people,
        )
    )


def list_undertakings(
    uow: UnitOfWork, actor: Actor, *, now: datetime, closed: bool = False, after: Key | None = None
) -> Listed:
    """Those that go on, or those that have ended, the newest first."""
    found = undertakings.page_of(uow.session, sight_of(uow, actor), closed=closed, after=after, limit=PAGE + 1)
    here = found[:PAGE]
    running = undertakings.running(uow.session, [one.id for one in here])
    units = people.units(uow.session)
    rows = []
    for one in here:
        life = uow.pack(one.pack_version_id).lifecycles[one.kind]
        step = next(iter(running.get(one.id, ())), None)
        known = life.steps.get(step.name) if step is not None else None
        rows.append(
            Row(
                ref=one.ref,
                kind=one.kind,
                label=life.label,
                about=str(content_of(uow, one).get("about") or ""),
                unit=units[one.unit_id].name,
                state=life.states[one.state].label,
                opened_at=one.opened_at,
                what=known.label if known is not None else None,
                earliest_at=step.earliest_at if step is not None and step.state == "open" else None,
                due_at=step.due_at if step is not None and step.state == "open" else None,
                latest_at=step.latest_at if step is not None and step.state == "open" else None,
            )
        )
    record_list(uow, actor, now, "undertakings", len(rows))
    return Listed(tuple(rows), (here[-1].opened_at, here[-1].id) if len(found) > PAGE else None)


def count_due(uow: UnitOfWork, actor: Actor, *, now: datetime) -> int:
    """How many steps of what the actor leads or oversees are due."""
    return undertakings.count_due(uow.session, sight_of(uow, actor), UNDERTAKINGS, now)

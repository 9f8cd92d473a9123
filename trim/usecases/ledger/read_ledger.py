"""The person's own ledger: who opened or changed their record, when and in which role; never what was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from trim.domain.access import PERSON, Actor
from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.store import accounts, cases, ledger
from trim.store.tables import TrailEntry
from trim.usecases.ledger.beside import Beside, takes_part_in
from trim.usecases.ledger.open_link import STRANGER
from trim.usecases.ledger.stop import can_stop
from trim.usecases.ledger.withheld import withheld
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork

#: Entries of the trail on one page.
PAGE = 100

#: Who works with people is named; whoever else has a line (an auditor, an administrator) by role alone.
BY_NAME = frozenset({"practitioner", "coordinator", "programme_lead"})

Line = tuple[TrailEntry, dict[str, Any]]
"""An entry of the trail with its text, taken apart."""

Kind = Literal["named", "role", "system", "person", "stranger"]


@dataclass(frozen=True, slots=True)
class Happened:
    """One kind of thing that somebody did on one day, so many times between two instants.

    `what` is the trail's code word, `page` which page was read, `label` the pack's words for an action of the pack.
    """

    what: str
    page: str
    label: Text | None
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody with all they did on one day, the newest first; `name` is None where only the role is said.

    "stranger" is whoever gave a wrong code at the link: perhaps the person, perhaps not.
    """

    kind: Kind
    name: str | None
    role: str | None
    happened: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day on the organisation's clock."""

    on: date
    who: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of the ledger, the newest day first; `before` is where the next page goes on."""

    ref: str
    days: tuple[Day, ...]
    before: datetime | None
    supported_by: str | None
    is_open: bool
    can_stop: bool
    #: Where else the person takes part, beside this case.
    beside: tuple[Beside, ...] = ()


def ledger_of(uow: UnitOfWork, actor: Actor, *, now: datetime, before: datetime | None = None) -> Ledger:
    """The ledger of the person who asks, with a line of its own in the trail. Raises NotFound for anybody else."""
    case = cases.by_id(uow.session, actor.own_case_id or "")
    found = find(uow, actor, "case", case.ref, lock=False)
    chain = f"case:{case.id}"
    entries, following = _page(ledger.about(uow.session, chain, before=before, limit=PAGE + 1))
    hidden = withheld(uow, case, now)
    lines = [(one, json.loads(one.text)) for one in entries]
    shown = [(one, line) for one, line in lines if not hidden.covers(one, line)]
    named = {one.actor_id for one, _ in shown} | ({case.practitioner_id} if case.practitioner_id else set())
    names = accounts.names(uow.session, named)
    uow.record(actor, now, "ledger.read", chain=chain, subject=chain, role=PERSON, codes={"page": "ledger"})
    return Ledger(
        ref=case.ref,
        days=_days(uow, found.pack, shown, names),
        before=following,
        supported_by=names.get(case.practitioner_id or ""),
        is_open=found.pack.lifecycles["case"].states[case.state].kind != "final",
        can_stop=can_stop(uow, actor, found, now) is not None,
        beside=takes_part_in(uow, case.person_index),
    )


def _page(entries: list[TrailEntry]) -> tuple[list[TrailEntry], datetime | None]:
    """One page and where the next goes on: never between two entries of one instant, which a key would lose."""
    if len(entries) <= PAGE:
        return entries, None
    whole = [one for one in entries if one.at > entries[PAGE].at] or entries[:PAGE]
    return whole, whole[-1].at


def _days(uow: UnitOfWork, pack: Pack, lines: Iterable[Line], names: Mapping[str, str]) -> tuple[Day, ...]:
    """Entries by day and by who; both in the order in which they come, which is the newest first."""
    zone = uow.organisation.zone
    days: dict[date, dict[tuple[str, str], list[Line]]] = {}
    for entry, line in lines:
        whose = days.setdefault(entry.at.astimezone(zone).date(), {})
        whose.setdefault((entry.actor_id, str(line.get("role") or "")), []).append((entry, line))
    return tuple(
        Day(on, tuple(_who(pack, names, actor_id, role, lines) for (actor_id, role), lines in whose.items()))
        for on, whose in days.items()
    )


def _who(pack: Pack, names: Mapping[str, str], actor_id: str, role: str, lines: Iterable[Line]) -> Who:
    kind: Kind = "named" if not role or role in BY_NAME else "role"
    if actor_id == PERSON:
        kind = "person"
    elif actor_id == STRANGER.account_id:
        kind = "stranger"
    elif actor_id.startswith("system:"):
        kind = "system"
    alike: dict[tuple[str, str], list[datetime]] = {}
    for entry, line in lines:
        page = str(line.get("codes", {}).get("page", ""))
        alike.setdefault((entry.what, page), []).append(entry.at)
    return Who(
        kind=kind,
        name=names.get(actor_id) if kind == "named" else None,
        role=role or None,
        happened=tuple(
            Happened(what, page, _label(pack, what), min(at), max(at), len(at)) for (what, page), at in alike.items()
        ),
    )


def _label(pack: Pack, what: str) -> Text | None:
    kind, _, name = what.partition(".")
    lifecycle = pack.lifecycles.get(kind)
    action = lifecycle.actions.get(name) if lifecycle is not None else None
    return action.told if action is not None else None

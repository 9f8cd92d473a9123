"""The moving clock: what is going to happen, in order, and how somebody does something when it is time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from trim.demonstration.cast import Cast
from trim.domain.access import Actor
from trim.domain.errors import ConflictUnknown
from trim.engine.definition import Pack
from trim.store import cases
from trim.store.tables import Account
from trim.usecases.acting.act import Act
from trim.usecases.cases.declare import declare_line
from trim.usecases.people.who import who_is
from trim.usecases.perform import perform
from trim.usecases.unit_of_work import Backend

T = TypeVar("T")
Happening = Callable[[], None]
#: Hours of the day in which offices telephone and write things down.
OPENS, CLOSES = time(8), time(18)


@dataclass
class Stage:
    """Runs happenings in the order of their instants, up to `until`; what would be later has not happened yet."""

    backend: Backend
    pack: Pack
    zone: ZoneInfo
    cast: Cast
    seed: int
    now: datetime
    until: datetime
    #: Cases that were opened so far, and who hears of each.
    opened: int = 0
    on_case: Callable[[int], None] | None = None
    _agenda: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def dice(self, about: str) -> random.Random:
        """A source of chance of its own for one thread of the story: what others draw does not move it."""
        return random.Random(f"{self.seed}/{about}")

    def at(self, instant: datetime, happening: Happening) -> None:
        """Let something happen at that instant, or now when that is past."""
        heapq.heappush(self._agenda, (max(instant, self.now), next(self._order), happening))

    def later(self, delay: timedelta, happening: Happening) -> None:
        """Let something happen after that time, when an office is open."""
        self.at(self.office(self.now + delay), happening)

    def later_than(self, instant: datetime, hours: float, happening: Happening) -> None:
        """Let something happen so many hours after an instant, when an office is open."""
        self.at(self.office(instant + timedelta(hours=hours)), happening)

    def office(self, instant: datetime) -> datetime:
        """The instant itself within office hours, else somewhat after the next opening."""
        local = instant.astimezone(self.zone)
        minutes = timedelta(minutes=instant.minute + 5)
        if local.time() < OPENS:
            return datetime.combine(local.date(), OPENS, self.zone) + minutes
        if local.time() >= CLOSES:
            return datetime.combine(local.date() + timedelta(days=1), OPENS, self.zone) + minutes
        return instant

    def play(self) -> None:
        """Everything up to `until`."""
        while self._agenda and self._agenda[0][0] <= self.until:
            self.now, _, happening = heapq.heappop(self._agenda)
            happening()
        self.now = self.until

    def actor(self, account: Account) -> Actor:
        """Somebody who acts; roles do not change in the demonstration, so each is looked up once."""
        found = self._actors.get(account.id)
        if found is None:
            with self.backend.reading() as uow:
                found = who_is(uow, account.id, self.now)
            assert found is not None
            self._actors[account.id] = found
        return found

    def does(self, account: Account, kind: str, ref: str, action: str, **values: Any) -> Act:
        """Somebody does an action of the pack, as a page would have shown it a moment before."""
        return self.keeping_apart(account, ref, lambda: self._perform(account, kind, ref, action, values))

    def keeping_apart(self, account: Account, case_ref: str, work: Callable[[], T]) -> T:
        """Do some work on a case; whoever is asked first whether they lead the person says no (CARE 10)."""
        try:
            return work()
        except ConflictUnknown as asked:
            with self.backend.writing() as uow:
                declare_line(uow, self.actor(account), now=self.now, ref=asked.ref or case_ref, is_clear=True)
            return work()

    def _perform(self, account: Account, kind: str, ref: str, action: str, values: Mapping[str, Any]) -> Act:
        with self.backend.writing() as uow:
            version = cases.load(uow.session, kind, ref).version
            return perform(
                uow,
                self.actor(account),
                now=self.now,
                kind=kind,
                ref=ref,
                action=action,
                version=version,
                values=values,
            )

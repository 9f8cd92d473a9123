"""What runs beside cases in the demonstration: group sessions and periodic checks. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from trim.demonstration.cast import CONTROL, UNITS
from trim.demonstration.stage import Stage
from trim.store.tables import Person
from trim.usecases.undertakings.open_one import open_undertaking

#: Days between two checks of a series, in turn: within the window of the pack `trim` (60 days to 4 months).
INTERVALS: Final = (84.0, 91.0, 96.0)
#: Days from setting a session up to holding it, and from there to closing it.
AHEAD, AFTER = 1.5, 3.0


@dataclass(frozen=True, slots=True)
class Session:
    """A briefing or a group session: days ago it was set up, and what was noted of it once it was held."""

    age: float
    about: str
    sort: str = ""  # briefing or group; empty: nobody has planned it yet
    minutes: int = 0
    came: int = 0
    theme: str = ""


#: One in each state: closed, closed, held, planned, to be planned.
SESSIONS: Final = (
    Session(196, "Flood at the river crossing", "group", 75, 9, "The days after"),
    Session(71, "Gas alarm in the market street", "briefing", 50, 14, "Facts and whom to call"),
    Session(4, "Collision at the level crossing", "group", 80, 7, "How everybody sleeps"),
    Session(1, "Fire at the timber yard", "briefing"),
    Session(0.7, "Search on the moor"),
)
#: How many days ago each series of checks began, and for whom; of the second a check falls due in these days.
CHECKS: Final = ((365.0, "Control room, days"), (180.0, "Control room, nights"), (40.0, "Control room, relief"))


def beside_stories(stage: Stage, taken: set[str]) -> Iterator[SessionStory | CheckStory]:
    """Every session and every series; `taken` are ids of people who have a story of their own."""
    for number, session in enumerate(SESSIONS):
        yield SessionStory(stage, session, number)
    cast, chosen = stage.cast, stage.dice("beside")
    # Whoever may be in line with somebody is asked first; the demonstration shows that with cases.
    people = [one for one in cast.people[CONTROL] if one.id not in taken | cast.engaged and one.line_manager_known]
    for number, ((age, about), person) in enumerate(zip(CHECKS, chosen.sample(people, len(CHECKS)), strict=True)):
        yield CheckStory(stage, age, about, person, number)


class SessionStory:
    """One session, as far as its age lets it go."""

    def __init__(self, stage: Stage, session: Session, number: int) -> None:
        self.stage, self.session = stage, session
        self.coordinator = stage.cast.coordinators[0]
        self.leader = stage.cast.practitioners[number % 2]
        self.unit_id = stage.cast.people[UNITS[number % len(UNITS)]][0].unit_id
        self.ref = ""

    def begin(self) -> None:
        """Let it be set up when its time is there."""
        self.stage.later_than(self.stage.until - timedelta(days=self.session.age), 0, self._is_set_up)

    def _is_set_up(self) -> None:
        self.ref = _opens(self.stage, "group_session", self.unit_id, self.session.about)
        if self.session.sort:
            self._does("name_leader", leader=self.leader.id)
            at = self.stage.office(self.stage.now + timedelta(days=AHEAD))
            self._does("plan", sort=self.session.sort, planned_for=at)
            self.stage.at(at + timedelta(hours=3), self._is_held)

    def _is_held(self) -> None:
        told, stage = self.session, self.stage
        stage.does(
            self.leader,
            "group_session",
            self.ref,
            "hold",
            held_at=stage.now - timedelta(hours=2),
            form=told.sort,
            minutes=told.minutes,
            head_count=told.came,
            theme=told.theme,
        )
        stage.later(timedelta(days=AFTER), lambda: self._does("close"))

    def _does(self, action: str, **values: object) -> None:
        self.stage.does(self.coordinator, "group_session", self.ref, action, **values)


class CheckStory:
    """Checks at intervals with somebody of the control room, who needs no event to be looked after."""

    def __init__(self, stage: Stage, age: float, about: str, person: Person, number: int) -> None:
        self.stage, self.age, self.about, self.person, self.number = stage, age, about, person, number
        self.coordinator = stage.cast.coordinators[0]
        self.leader = stage.cast.practitioners[number % 2]
        self.held = 0
        self.ref = ""

    def begin(self) -> None:
        """Let it be set up when its time is there."""
        self.stage.later_than(self.stage.until - timedelta(days=self.age), 0, self._is_set_up)

    def _is_set_up(self) -> None:
        self.ref = _opens(self.stage, "periodic_check", self.person.unit_id, self.about)
        self._does("name_leader", leader=self.leader.id)
        self._does("enrol", person=str(self.person.staff_number), role="call_handling")
        self._goes_on()

    def _goes_on(self) -> None:
        days = INTERVALS[(self.number + self.held) % len(INTERVALS)]
        self.stage.later(timedelta(days=days), self._is_held)

    def _is_held(self) -> None:
        self.held += 1
        stage, channel = self.stage, "phone" if self.held % 2 else "in_person"
        stage.does(self.leader, "periodic_check", self.ref, "record_check", held_at=stage.now, channel=channel)
        self._goes_on()

    def _does(self, action: str, **values: object) -> None:
        self.stage.does(self.coordinator, "periodic_check", self.ref, action, **values)


def _opens(stage: Stage, kind: str, unit_id: str, about: str) -> str:
    with stage.backend.writing() as uow:
        opened = open_undertaking(
            uow,
            stage.actor(stage.cast.coordinators[0]),
            now=stage.now,
            programme=stage.pack.name,
            kind=kind,
            unit_id=unit_id,
            about=about,
        )
    return opened.ref

"""The second programme of the demonstration: support under stress, from request to last review. All invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trim.demonstration.cast import BUILDER, PHONE, TURN, VALID, Cast
from trim.demonstration.stage import Stage
from trim.domain.access import Role
from trim.engine.definition import Pack
from trim.store import cases
from trim.store.tables import Account, Person
from trim.usecases.allocation.eligible import candidates
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.oversight.install_pack import install_pack
from trim.usecases.people.accounts import give_role, put_on_duty, record_training
from trim.usecases.requests.ask import ask_for_support
from trim.usecases.requests.concern import send_concern
from trim.usecases.requests.record import record_request
from trim.usecases.unit_of_work import Backend

STRAW: Final = "straw"
#: How many of the practitioners support people here as well; whose sign-in is shown is the first of them.
SUPPORTERS: Final = 6
WORK = ("demands", "control", "manager_support", "peer_support", "work_relationships", "role", "change")
OUTSIDE = (
    "finance",
    "family",
    "bereavement",
    "own_health",
    "private_relationships",
    "housing",
    "retirement_or_leaving",
)
MOST = ("The night shifts.", "Two teams, one head.", "The sums at the end of the month.", "Being asked last.", "Sleep.")
STEPS = (
    "Ask for two fixed evenings a week",
    "Call the debt advice",
    "Walk home twice a week",
    "Tell the shift leader about the double rota",
    "See the doctor about sleep",
    "One evening without the telephone",
)
DROPPED = ("No longer needed.", "It did not suit.", "A sister helped instead.")
NOTES = ("After six, by telephone.", "Not at the station, please.", "", "")
SEEN = ("Hardly speaks any more.", "Has become very short with everybody.", "")


@dataclass(frozen=True, slots=True)
class Path:
    """One person's way: days ago it began, how it came, and the state after which nothing more happens."""

    age: float
    came: str  # asked, noted, concern
    stops: str = ""
    signs: str = ""
    reviews: int = 1
    linked: bool = False
    declines: bool = False


#: Every state stands at the end of one of these.
PATHS: Final = (
    Path(0.2, "asked", "offer_to_make"),
    Path(1.5, "concern", "offer_to_make"),
    Path(3, "noted", "to_allocate"),
    Path(5, "concern", "offered"),
    Path(6, "noted", "allocation_proposed"),
    Path(9, "asked", "awaiting_conversation"),
    Path(20, "noted", "in_progress"),
    Path(30, "concern", "in_progress", signs="frightening_event", linked=True),
    Path(48, "noted", "in_progress", signs="cannot_function"),
    Path(60, "concern", declines=True),
    Path(75, "noted", "to_close"),
    Path(150, "asked", "in_progress", reviews=2),
    Path(210, "noted"),
    Path(260, "concern"),
    Path(330, "noted", reviews=2),
    Path(400, "noted", signs="alcohol_or_drugs"),
)


def found_straw(backend: Backend, cast: Cast, *, pack: Pack, at: datetime, until: datetime) -> None:
    """Install the programme beside the first; leads and coordinators have roles in both, and some who support."""
    assert cast.top is not None
    with backend.writing() as uow:
        install_pack(uow, BUILDER, now=at, pack=pack)
        given = [(one, Role.PROGRAMME_LEAD) for one in cast.leads]
        given += [(one, Role.COORDINATOR) for one in cast.coordinators]
        given += [(one, Role.PRACTITIONER) for one in cast.practitioners[:SUPPORTERS]]
        for account, role in given:
            give_role(uow, BUILDER, now=at, account_id=account.id, role=role, programme=STRAW, unit_id=cast.top.id)
        for account in cast.practitioners[:SUPPORTERS]:
            day = until.date() - timedelta(days=400)
            record_training(
                uow,
                BUILDER,
                now=at,
                account_id=account.id,
                programme=STRAW,
                trained_on=day,
                valid_until=day + VALID,
                max_open_cases=6,
            )
        begins = until - TURN / 2
        for week, account in enumerate(cast.coordinators):
            put_on_duty(
                uow,
                BUILDER,
                now=at,
                programme=STRAW,
                account_id=account.id,
                phone=account.phone or PHONE.format(0),
                from_at=begins + week * TURN,
                until_at=begins + (week + 1) * TURN,
            )


def straw_stories(stage: Stage, taken: set[str]) -> Iterator[StrawStory]:
    """A story for each path, about people whom no event of the first programme has met; `taken` are ids of those."""
    chosen = stage.dice(STRAW)
    for number, path in enumerate(PATHS):
        yield StrawStory(stage, path, _somebody(stage, path, number, taken, chosen), number, chosen)


def _somebody(stage: Stage, path: Path, number: int, taken: set[str], chosen: random.Random) -> Person | Account:
    """Whoever asks signs in and so has an account; everybody else is somebody of the directory."""
    cast = stage.cast
    if path.came == "asked":
        return cast.reporters[number % len(cast.reporters)]
    people = [
        one
        for unit in sorted(cast.people)
        for one in cast.people[unit]
        if one.id not in taken | cast.engaged and one.line_manager_known
    ]
    found = chosen.choice(people)
    taken.add(found.id)
    return found


class StrawStory:
    """One case under stress; each state has its handler."""

    def __init__(self, stage: Stage, path: Path, whom: Person | Account, number: int, chosen: random.Random) -> None:
        self.stage, self.path, self.whom = stage, path, whom
        self.coordinator = stage.cast.coordinators[number % len(stage.cast.coordinators)]
        self.supporter = stage.cast.practitioners[number % SUPPORTERS]
        self.chosen = random.Random(chosen.random())
        self.ref = ""
        self.reviewed = 0

    def begin(self) -> None:
        """Let it come when its time is there."""
        self.stage.later_than(self.stage.until - timedelta(days=self.path.age), 0, self._comes)

    def _comes(self) -> None:
        stage, note = self.stage, self.chosen.choice(NOTES)
        before = self._refs()
        with stage.backend.writing() as uow:
            if isinstance(self.whom, Account):
                ask_for_support(uow, stage.actor(self.whom), now=stage.now, programme=STRAW, note=note)
            elif self.path.came == "concern":
                send_concern(
                    uow,
                    stage.actor(stage.cast.reporters[0]),
                    now=stage.now,
                    programme=STRAW,
                    who=str(self.whom.staff_number),
                    unit_id=self.whom.unit_id,
                    as_whom=self.chosen.choice(("colleague", "manager")),
                    note=self.chosen.choice(SEEN),
                )
            else:
                record_request(
                    uow,
                    stage.actor(self.coordinator),
                    now=stage.now,
                    programme=STRAW,
                    who=str(self.whom.staff_number),
                    unit_id=self.whom.unit_id,
                    asked_on=stage.now.astimezone(stage.zone).date(),
                    note=note,
                )
        # Who asks twice has one case: the first story tells it.
        [self.ref] = list(self._refs() - before) or [""]
        self._next(4, 20, self._is_called)

    def _refs(self) -> set[str]:
        with self.stage.backend.reading() as uow:
            return cases.refs_of_programme(uow.session, STRAW)

    def _is_called(self) -> None:
        self._does(self.coordinator, "log_contact", channel="phone", result="spoke", happened_at=self.stage.now)
        if self.path.declines:
            self._does(self.coordinator, "record_decline")
            return
        if self.path.came == "concern":
            self._does(self.coordinator, "make_offer", channel="phone")
            self._unless("offered", lambda: self._next(12, 60, self._accepts))
        else:
            self._accepts()

    def _accepts(self) -> None:
        self._does(self.coordinator, "record_acceptance")
        self._unless("to_allocate", lambda: self._next(3, 20, self._is_allocated))

    def _is_allocated(self) -> None:
        def able() -> list[str]:
            with self.stage.backend.reading() as uow:
                case = cases.load(uow.session, "case", self.ref)
                found = candidates(uow, case, uow.pack(case.pack_version_id), self.stage.now)
            return [one.account_id for one in found if one.can_be_asked]

        ids = self.stage.keeping_apart(self.coordinator, self.ref, able)
        if self.supporter.id not in ids:
            self.supporter = next(one for one in self.stage.cast.practitioners if one.id in ids)
        self._does(self.coordinator, "allocate", practitioner=self.supporter.id)
        self._unless("allocation_proposed", lambda: self._next(3, 20, self._is_taken_on))

    def _is_taken_on(self) -> None:
        self._does(self.supporter, "accept_allocation", not_in_line=True)
        self._unless("awaiting_conversation", lambda: self._next(48, 120, self._talks))

    def _talks(self) -> None:
        work = " ".join(self.chosen.sample(WORK, self.chosen.choice((0, 1, 2, 2, 3))))
        outside = " ".join(self.chosen.sample(OUTSIDE, self.chosen.choice((0, 1, 1, 2))))
        self._holds(
            "record_conversation",
            work=work,
            outside=outside,
            most=self.chosen.choice(MOST),
            at_work=str(self.chosen.randrange(3)),
            at_home=str(self.chosen.randrange(3)),
            on_health=str(self.chosen.randrange(3)),
            support=str(self.chosen.randrange(3)),
            signs=self.path.signs,
        )
        for what in self.chosen.sample(STEPS, self.chosen.choice((1, 2, 2, 3))):
            day = (self.stage.now + timedelta(days=self.chosen.randrange(3, 16))).astimezone(self.stage.zone).date()
            self._does(self.supporter, "agree_step", what=what, day=day)
        if self.path.signs:
            self._next(6, 20, self._is_looked_at)
        self._next(24 * 10, 24 * 18, self._looks_at_plan)
        if not (self.path.stops == "in_progress" and self.path.reviews == 1):
            self._next(24 * 24, 24 * 32, self._reviews)

    def _is_looked_at(self) -> None:
        """The coordinator decides on what was raised; where a second programme helps too, a linked case is opened."""
        with self.stage.backend.reading() as uow:
            case = cases.load(uow.session, "case", self.ref)
            raised = [one.ref for one in cases.escalations(uow.session, case.id) if one.decided_at is None]
        for ref in raised:
            decision = "refer" if self.path.signs != "frightening_event" else "other_support"
            reason = "Talked it over with the practitioner; the person decides."
            self.stage.does(self.coordinator, "escalation", ref, "decide", decision=decision, reason=reason)
        if self.path.linked:
            told = "Something from the spring comes back at night."
            self._does(self.supporter, "open_linked_case", agreed=True, programme="trim", may_know=told)

    def _looks_at_plan(self) -> None:
        with self.stage.backend.reading() as uow:
            case = cases.load(uow.session, "case", self.ref)
            steps = [one.ref for one in cases.agreed_steps(uow.session, case.id) if one.ended_at is None]
        # While a case goes on one step stays open: a visitor finds it on the work list.
        for ref in steps[1:] if self.path.stops == "in_progress" else steps:
            if self.chosen.random() < 0.7:
                self.stage.does(self.supporter, "agreed_step", ref, "mark_done")
            else:
                self.stage.does(self.supporter, "agreed_step", ref, "drop", reason=self.chosen.choice(DROPPED))

    def _reviews(self) -> None:
        self.reviewed += 1
        more = self.reviewed < self.path.reviews
        self._holds("record_review", compared=str(self.chosen.randrange(3)), meet_again="yes" if more else "no")
        if more:
            self._does(self.supporter, "arrange_follow_up")
            if self.path.stops != "in_progress":
                self._next(24 * 80, 24 * 95, self._reviews)
        else:
            self._unless("to_close", lambda: self._next(2, 30, self._ends))

    def _ends(self) -> None:
        self._does(self.supporter, "close", outcome="support_completed")

    def _holds(self, action: str, **answers: str) -> None:
        stage, actor = self.stage, self.stage.actor(self.supporter)

        def hold() -> None:
            with stage.backend.writing() as uow:
                begin_interview(
                    uow,
                    actor,
                    now=stage.now,
                    case_ref=self.ref,
                    action=action,
                    confidentiality_explained=True,
                    evidence_hold_acknowledged=False,
                )
            with stage.backend.writing() as uow:
                submit_assessment(
                    uow,
                    actor,
                    now=stage.now,
                    case_ref=self.ref,
                    action=action,
                    version=cases.load(uow.session, "case", self.ref).version,
                    answers=answers,
                    values={"held_at": stage.now, "channel": "in_person"},
                )

        stage.keeping_apart(self.supporter, self.ref, hold)

    def _does(self, who: Account, action: str, **values: object) -> None:
        self.stage.does(who, "case", self.ref, action, **values)

    def _unless(self, state: str, happening: Callable[[], None]) -> None:
        """Go on, unless this is where the path stops."""
        if self.path.stops != state:
            happening()

    def _next(self, least: float, most: float, happening: Callable[[], None]) -> None:
        """After so many hours, when an office is open."""
        if self.ref and self.path.stops != "offer_to_make":
            self.stage.later(timedelta(hours=self.chosen.uniform(least, most)), happening)

"""For any order of happenings the open deadlines are those that a slow, obvious reference tells from the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from tests.support.deadline_reference import Happening, Reference
from tests.support.organisation import Organisation, trim_pack
from tests.support.story import Story
from trim.domain.errors import NotFound, TrimError
from trim.engine import machine
from trim.engine.definition import Action
from trim.store import cases
from trim.store.tables import ActionRecord, Escalation, Referral, Step
from trim.usecases.assessment.withdraw import withdraw_assessment
from trim.usecases.perform import find, perform, variables_of

pytestmark = pytest.mark.large_on_postgresql

#: A Friday evening; within the walks of some weeks summer time begins.
BEGIN = datetime(2026, 3, 13, 21, 47, 31, tzinfo=UTC)
#: What the reference does not know, and what a walk would seldom come back from.
LEFT_OUT = frozenset({"join_incident", "open_linked_case", "correct_assessment", "remove_interview", "raise_red_flag"})
WHO = ("Carol", "Pat", "Quinn")


@dataclass
class Walk:
    """One case; each turn somebody does one of the things that can be done, then time passes."""

    made: Organisation
    ref: str = ""
    case_id: str = ""
    seen: set[str] = field(default_factory=set)
    referrals: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    reference: Reference | None = None
    #: Who is asked to support the person; None leaves it to chance.
    asks: str | None = None

    def begin(self) -> None:
        """An incident, a plan, a case: from here on the reference listens."""
        self.made.now = BEGIN
        self.ref = Story(self.made).opens_case()
        with self.made.backend.reading() as uow:
            case = cases.load(uow.session, "case", self.ref)
            [(_, incident, exposure)] = cases.incidents_of(uow.session, case.id)
            self.case_id = case.id
            self.reference = Reference(
                uow.organisation.zone,
                {
                    "incident.occurred_at": incident.occurred_at,
                    "exposure.became_known_at": exposure.became_known_at,
                    "case.opened_at": case.opened_at,
                },
            )
        self.reference.opened("case", self.case_id, self.made.now)
        self.compare()

    def turn(self, number: int, minutes: int) -> None:
        """Do one of the things that are possible now, the `number`th of them."""
        self.made.later(minutes=minutes, seconds=minutes % 60)
        able = self.possible()
        if able:
            who, kind, ref, action = able[number % len(able)]
            try:
                held_at = self.do(who, kind, ref, action, number)
            except TrimError:
                return
            self.done.append(action.name)
            self.listen(held_at)
        self.compare()

    def possible(self) -> list[tuple[str, str, str, Action]]:
        """Who can do what now, in an order that is the same for the same history."""
        found = []
        with self.made.backend.reading() as uow:
            things = [("case", self.ref)]
            for kind, table in (("referral", Referral), ("escalation", Escalation)):
                rows: Any = uow.session.scalars(select(table).order_by(table.id))
                things += [(kind, row.ref) for row in sorted(rows, key=lambda row: self.since(row))]
            actors = {who: self.made.actor(who) for who in WHO}
            for kind, ref in things:
                for who, actor in actors.items():
                    try:
                        one = find(uow, actor, kind, ref, lock=False)
                    except TrimError:
                        continue
                    able = machine.possible(
                        one.pack,
                        lifecycle=kind,
                        state=one.subject.state,
                        roles=one.roles,
                        variables=variables_of(uow, actor, one, self.made.now),
                    )
                    found += [(who, kind, ref, each.action) for each in able if not each.refused]
        return [one for one in found if not LEFT_OUT & {one[3].name, *one[3].does}]

    @staticmethod
    def since(row: Any) -> datetime:
        """When a referral or an escalation came."""
        at: datetime = getattr(row, "proposed_at", None) or row.raised_at
        return at

    def do(self, who: str, kind: str, ref: str, action: Action, number: int) -> datetime | None:
        """One action with its form; of an interview, when it was held."""
        if action.instrument:
            held_at = self.made.now - timedelta(minutes=number % 600)
            points = number % 3
            early = {"early_reason": "It could not wait."}
            Story(self.made).interviews(ref, action.name, points, who, held_at=held_at, **early)
            return held_at
        if "withdraw_assessment" in action.does:
            self.take_back(who)
            return None
        with self.made.backend.writing() as uow:
            version = cases.load(uow.session, kind, ref).version
            perform(
                uow,
                self.made.actor(who),
                now=self.made.now,
                kind=kind,
                ref=ref,
                action=action.name,
                version=version,
                values=self.filled(action, number),
            )
        return None

    def filled(self, action: Action, number: int) -> dict[str, Any]:
        """Something for each question of a form."""
        given: dict[str, Any] = {
            "yes_no": "yes" if number % 2 else "no",
            "date": (self.made.now + timedelta(days=1 + number % 30)).date(),
            "instant": self.made.now,
            "practitioner": self.made.accounts[self.asks or ("Pat" if number % 2 else "Quinn")].id,
        }
        return {
            one.name: one.choices[number % len(one.choices)].value
            if one.choices
            else given.get(one.field_class, "Some words.")
            for one in action.form
        }

    def take_back(self, who: str) -> None:
        """The newest interview is taken back."""
        with self.made.backend.writing() as uow:
            held = cases.assessments(uow.session, self.case_id)
            if not held:
                # The list of what can be done leaves that to the page, which knows the interview.
                raise NotFound
            newest = held[-1]
            withdraw_assessment(
                uow,
                self.made.actor(who),
                now=self.made.now,
                case_ref=self.ref,
                assessment_id=newest.id,
                version=cases.load(uow.session, "case", self.ref).version,
                reason="The wrong person.",
            )

    def listen(self, held_at: datetime | None) -> None:
        """Tell the reference what the records of the case hold that it has not heard of."""
        assert self.reference is not None
        with self.made.backend.reading() as uow:
            new = [row for row in uow.session.scalars(select(Referral)) if row.id not in self.referrals]
            for referral in new:
                self.referrals.add(referral.id)
                self.reference.opened("referral", referral.id, referral.proposed_at)
            query = select(ActionRecord).where(col(ActionRecord.case_id) == self.case_id)
            rows = [row for row in uow.session.scalars(query) if row.id not in self.seen]
            for row in sorted(rows, key=lambda one: (one.done_at, one.subject_kind != "escalation", one.version)):
                self.seen.add(row.id)
                if row.subject_kind == "escalation":
                    continue
                values = uow.vault.unseal(f"case:{self.case_id}", "action_record", row.id, row.sealed)
                self.reference.happened(
                    Happening(
                        row.subject_kind,
                        row.subject_id,
                        row.action,
                        row.from_state,
                        row.to_state,
                        row.done_at,
                        {name: str(value) for name, value in values.items() if isinstance(value, str | date)},
                        held_at,
                    )
                )

    def compare(self) -> None:
        """The rows of the database against the reference."""
        assert self.reference is not None
        with self.made.backend.reading() as uow:
            rows = list(
                uow.session.scalars(
                    select(Step).where(
                        col(Step.case_id) == self.case_id,
                        col(Step.state).in_(("open", "paused")),
                        col(Step.subject_kind).in_(("case", "referral")),
                    )
                )
            )
        there = {
            (row.subject_id, row.name): (
                row.anchor_at,
                row.earliest_at,
                row.due_at,
                row.latest_at,
                row.paused_at if row.state == "paused" else None,
            )
            for row in rows
        }
        assert len(there) == len(rows), "a step runs twice"
        told = {
            key: (one.anchor_at, one.earliest, one.due, one.latest, one.paused_at)
            for key, one in self.reference.open.items()
        }
        assert there == told, self.done


#: Which of the things that can be done, and how many minutes pass before.
TURN = st.tuples(st.integers(0, 997), st.one_of(st.integers(0, 600), st.integers(0, 20 * 24 * 60)))
#: The way of most cases: the offer, a yes, somebody is asked and accepts.
USUAL = ("make_offer", "record_acceptance", "allocate", "accept_allocation", "record_first_assessment")


def live(made: Organisation, usual: int, turns: list[tuple[int, int]]) -> Walk:
    """Begin as most cases do, so far, then as it comes."""
    walk = Walk(made)
    walk.begin()
    for name in USUAL[:usual]:
        step_on(walk, name)
    for number, minutes in turns:
        walk.turn(number, minutes)
    return walk


def step_on(walk: Walk, name: str) -> None:
    """Do the action of that name, some hours on; Pat is asked first, and Quinn to take over."""
    walk.made.later(hours=31, minutes=7, seconds=13)
    everything = walk.possible()
    able = [(place, one[0]) for place, one in enumerate(everything) if one[3].name == name]
    walk.asks = "Quinn" if name == "hand_over" else "Pat"
    # Whoever supports the person already sees the question too, and is refused.
    asked = "Quinn" if name == "accept_allocation" and "hand_over" in walk.done else ""
    place = next((place for place, who in able if who == asked), able[0][0] if able else 0)
    before = len(walk.done)
    for times in range(8):
        # The same action with other answers, where some are refused.
        if len(walk.done) == before:
            walk.turn(place + len(everything) * times, 0)
    walk.asks = None


#: What moves clocks in every way, in an order that the pack allows.
EVERYTHING = (
    "make_offer",
    "record_no_answer",
    "give_time",
    "make_offer",
    "record_acceptance",
    "allocate",
    "accept_allocation",
    "pause",
    "pause_longer",
    "resume",
    "record_first_assessment",
    "withdraw_interview",
    "record_first_assessment",
    "pause",
    "record_follow_up",
    "arrange_follow_up",
    "propose_referral",
    "record_agreement",
    "send",
    "acknowledge",
    "record_attendance",
    "record_outcome",
    "hand_over",
    "accept_allocation",
    "record_further_follow_up",
    "withdraw",
    "undo_decline",
)
#: Whoever says no at first and comes back.
LATER = (
    "record_decline",
    "undo_decline",
    "allocate",
    "withdraw_proposal",
    "allocate",
    "decline_allocation",
    "close",
    "reopen",
    "allocate",
    "accept_allocation",
)


@pytest.mark.parametrize("names", [EVERYTHING, LATER], ids=["everything", "later"])
def test_every_way_of_moving_a_clock_in_turn(fresh: Any, names: tuple[str, ...]) -> None:
    with fresh() as made:
        walk = Walk(made)
        walk.begin()
        for name in names:
            if name == "record_no_answer":
                for _ in range(2):
                    Story(made).does("Carol", "log_contact", walk.ref, channel="phone", result="no_answer")
                    walk.listen(None)
            step_on(walk, name)
            assert walk.done[-1:] == [name], walk.done


@settings(max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@example(usual=5, turns=[])
@given(usual=st.integers(0, 5), turns=st.lists(TURN, min_size=3, max_size=8))
def test_the_open_deadlines_are_those_of_the_reference(fresh: Any, usual: int, turns: list[tuple[int, int]]) -> None:
    with fresh() as made:
        live(made, usual, turns)


#: Parts are shared by the processes that test.
PARTS = [("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgresql", 1), ("postgresql", 2)]


@pytest.mark.large
@pytest.mark.parametrize(("database_kind", "part"), PARTS, indirect=["database_kind"])
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(usual=st.integers(0, 5), turns=st.lists(TURN, min_size=10, max_size=40))
def test_for_long_stories_as_well(fresh: Any, part: int, usual: int, turns: list[tuple[int, int]]) -> None:
    assert part >= 0
    with fresh() as made:
        live(made, usual, turns)


def test_no_action_that_moves_a_clock_is_left_out() -> None:
    life = trim_pack().lifecycles["case"].actions
    moving = {
        name
        for name, action in life.items()
        if (action.completes or action.starts or action.cancels or action.pauses or action.resumes or action.resets)
        and not LEFT_OUT & {name, *action.does}
    }
    assert moving <= {*EVERYTHING, *LATER}


def test_who_comes_back_after_a_pause_without_an_interview_is_asked_for_the_first_one(fresh: Any) -> None:
    """Found by the walks: looking again at a pause was counted as a first interview."""
    with fresh() as made:
        walk = Walk(made)
        walk.begin()
        for name in ("make_offer", "record_acceptance", "pause", "resume", "withdraw", "undo_decline"):
            step_on(walk, name)
            assert walk.done[-1:] == [name], walk.done
        assert walk.reference is not None
        assert {step for _, step in walk.reference.open} == {"allocation", "first_assessment"}


def test_an_interview_that_is_taken_back_leaves_the_pause_as_it_stood(fresh: Any) -> None:
    """Found by the walks: the step opened again without its pause, overdue by the days that it had stood still."""
    with fresh() as made:
        walk = Walk(made)
        walk.begin()
        for name in (*USUAL[:4], "pause", "record_first_assessment", "withdraw_interview", "resume"):
            step_on(walk, name)
            assert walk.done[-1:] == [name], walk.done

"""What a scenario plays is what the real use cases do: each is played in both, step by step, and never parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.organisation import trim_pack
from tests.support.story import Story
from tests.support.straw import STRAW, add_straw, straw_pack
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound
from trim.domain.incident import ExposedPerson
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.scenario import Scenario, When
from trim.engine.scenario_interview import answered
from trim.engine.scenario_play import move_clock
from trim.engine.scenario_read import read_scenario
from trim.engine.scenario_world import Outcome, Thing, World
from trim.engine.source import read_yaml
from trim.resources import workflows_dir
from trim.store import cases, incidents, steps
from trim.store.tables import Person
from trim.usecases.acting.variables import final_states
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.cases.begin_case import begin_case
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.perform import perform
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting
from trim.usecases.requests.come_in import beginning_of
from trim.usecases.unit_of_work import UnitOfWork

PACKS = {"trim": trim_pack, "straw": straw_pack}
WHO = {"coordinator": "Carol", "practitioner": "Pat", "programme_lead": "Lee", "person": "Carol"}
ALWAYS = {
    ("trim", "still-high-three-months"),
    ("trim", "close-refused-over-open-matters"),
    ("trim", "reopening"),
    ("straw", "from-conversation-to-the-end"),
    ("straw", "plan-is-taken-up-again"),
}
#: What a case of straw may begin with, by the way in which it came.
WAYS = {"asked_by_person": "request", "asked_by_other": "concern"}


def folder(pack: str) -> Path:
    return workflows_dir() / pack / "scenarios"


def read(pack: str, name: str) -> Scenario:
    scenario, reader = read_scenario(read_yaml(folder(pack) / f"{name}.yaml", name), PACKS[pack](), VOCABULARY)
    assert reader.problems == []
    return scenario


def can_be_played(pack: str, scenario: Scenario) -> bool:
    """Those of one person and one practitioner: the others need a longer way to get there."""
    known = {"evidence_hold", "found_late", "looked_again"} if pack == "trim" else set(WAYS)
    return (
        scenario.lifecycle == "case"
        and ("incident.occurred_at" in scenario.anchors) == (pack == "trim")
        and set(scenario.variables) <= known
        and not any(step.when.anchors or step.when.do in ("hand_over", "open_linked_case") for step in scenario.steps)
    )


NAMES = sorted(
    (pack, path.stem)
    for pack in PACKS
    for path in folder(pack).glob("*.yaml")
    if can_be_played(pack, read(pack, path.stem))
)


class Real:
    """The case of a scenario in a real organisation; how it begins is another matter in each pack."""

    ref: str

    def __init__(self, story: Story, pack: Pack) -> None:
        self.made = story.organisation
        self.pack = pack
        #: Steps of the agreed plan in the order in which they were agreed on.
        self.agreed: list[str] = []

    def does(self, when: When) -> bool:
        """Do an action; False where it is refused."""
        assert when.do is not None
        action = self.pack.lifecycles[when.target.lifecycle].actions[when.do]
        try:
            if when.answers is not None and action.instrument is not None:
                self._interviews(when, action.instrument)
            else:
                self._does(when)
        except (NotAllowedNow, InvalidInput, NotFound):
            return False
        return True

    def _does(self, when: When) -> None:
        values = dict(when.values)
        if "practitioner" in values:
            values["practitioner"] = self.made.accounts["Pat"].id
        with self.made.backend.writing() as uow:
            kind, ref = when.target.lifecycle, self.ref
            case = cases.load(uow.session, "case", self.ref)
            if kind == "escalation":
                final = final_states(self.pack, "escalation")
                ref = next(one.ref for one in cases.escalations(uow.session, case.id) if one.state not in final)
            elif kind == "referral":
                ref = cases.referrals(uow.session, case.id)[-1].ref
            elif kind == "agreed_step":
                ref = self._agreed_step(uow)
            version = cases.load(uow.session, kind, ref).version
            perform(
                uow,
                self.made.actor(WHO[when.by[0]]),
                now=self.made.now,
                kind=kind,
                ref=ref,
                action=str(when.do),
                version=version,
                values=values,
            )
            known = set(self.agreed)
            self.agreed += [one.ref for one in cases.agreed_steps(uow.session, case.id) if one.ref not in known]

    def _agreed_step(self, uow: UnitOfWork) -> str:
        """The newest step of the plan, an open one before one that has ended."""
        final = final_states(self.pack, "agreed_step")
        is_open = [ref for ref in self.agreed if cases.load(uow.session, "agreed_step", ref).state not in final]
        return (is_open or self.agreed)[-1]

    def _interviews(self, when: When, instrument: str) -> None:
        assert when.answers is not None
        who = self.made.actor(WHO[when.by[0]])
        with self.made.backend.writing() as uow:
            begin_interview(
                uow,
                who,
                now=self.made.now,
                case_ref=self.ref,
                action=str(when.do),
                confidentiality_explained=bool(when.knowing.get("confidentiality_explained", True)),
                evidence_hold_acknowledged=bool(when.knowing.get("evidence_hold_acknowledged", False)),
            )
        with self.made.backend.writing() as uow:
            submit_assessment(
                uow,
                who,
                now=self.made.now,
                case_ref=self.ref,
                action=str(when.do),
                version=cases.load(uow.session, "case", self.ref).version,
                answers=answered(self.pack.instruments[instrument], when.answers),
                values={"held_at": self.made.now, **when.values},
                stopped_early=when.answers.stopped_early,
            )

    def stands(self) -> dict[str, Any]:
        with self.made.backend.reading() as uow:
            case = cases.load(uow.session, "case", self.ref)
            final = final_states(self.pack, "escalation")
            rows = [one for one in steps.of_case(uow.session, case.id) if one.state in {"open", "paused"}]
            waiting = [one for one in cases.escalations(uow.session, case.id) if one.state not in final]
            return {
                "state": case.state,
                "steps": sorted(
                    (one.subject_kind, one.name, one.anchor, one.anchor_at, one.earliest_at, one.due_at, one.latest_at)
                    for one in rows
                ),
                "waiting": sorted((one.rule, one.to_role, one.level, one.answer_by, one.state) for one in waiting),
                "referrals": [one.state for one in cases.referrals(uow.session, case.id)],
                "plan": [cases.load(uow.session, "agreed_step", ref).state for ref in self.agreed],
            }


class OfTrim(Real):
    """A case that comes of an incident, by a report and a planning meeting."""

    def __init__(self, story: Story, scenario: Scenario) -> None:
        super().__init__(story, trim_pack())
        zone = scenario.zone
        occurred = scenario.anchors["incident.occurred_at"].astimezone(zone)
        # The report is what makes an incident known, and whoever is named in it; the meeting decides.
        known_at = max(at for name, at in scenario.anchors.items() if name != "exposure.decided_at")
        late = bool(scenario.variables.get("found_late"))
        self.made.now = scenario.anchors["incident.occurred_at"] if late else known_at
        people = ("Sam Birch",) if late else ("Robin Ashe",)
        incident = story.reports(
            occurred_on=occurred.date(),
            occurred_time=occurred.time(),
            evidence_hold=bool(scenario.variables.get("evidence_hold")),
            exposed=tuple(ExposedPerson("direct", person_id=self.made.people[one].id) for one in people),
        )
        if late:
            self.made.later(hours=12)
            assert self._plans(incident, "briefing") is None
            self.made.now = known_at
            with self.made.backend.writing() as uow:
                robin = ExposedPerson("direct", person_id=self.made.people["Robin Ashe"].id)
                name_exposed(uow, self.made.actor("Carol"), now=known_at, incident_ref=incident, named=robin)
        if scenario.variables.get("looked_again"):
            self.made.later(hours=12)
            assert self._plans(incident, "nothing_yet") is None
            self.made.now = scenario.anchors["exposure.decided_at"]
        else:
            self.made.now = scenario.now
        ref = self._plans(incident, "individual_assessment")
        assert ref is not None
        self.ref = ref

    def _plans(self, incident_ref: str, word: str) -> str | None:
        """Hold a planning meeting about the person named last; gives the case that it opens."""
        with self.made.backend.writing() as uow:
            incident = cases.load(uow.session, "incident", incident_ref)
            newest = max(incidents.exposures(uow.session, incident.id), key=lambda one: one.became_known_at)
            review = (self.made.now + timedelta(days=30)).date() if word == "nothing_yet" else None
            act = hold_planning_meeting(
                uow,
                self.made.actor("Carol"),
                now=self.made.now,
                incident_ref=incident_ref,
                version=incident.version,
                responses={newest.id: Response(word, review)},
                values={"held_at": self.made.now},
            )
        return act.made.get("case")


class OfStraw(Real):
    """A case that somebody asked for, for themselves or for somebody else, or that was offered."""

    def __init__(self, story: Story, scenario: Scenario) -> None:
        super().__init__(story, straw_pack())
        add_straw(self.made, supporter="Pat")
        self.made.now = scenario.now
        way = next((WAYS[name] for name, value in scenario.variables.items() if value), "offered")
        with self.made.backend.writing() as uow:
            person = uow.session.get_one(Person, self.made.people["Robin Ashe"].id)
            beginning = beginning_of(uow, person, STRAW, way)
            carol = self.made.actor("Carol")
            self.ref = begin_case(uow, carol, now=scenario.now, beginning=beginning, role="coordinator").ref


BEGINS = {"trim": OfTrim, "straw": OfStraw}


def simulated(world: World) -> dict[str, Any]:
    def clock(thing: Thing, name: str) -> tuple[Any, ...]:
        step = thing.steps[name]
        span = step.span
        kind = thing.target.lifecycle
        return (kind, name, step.anchor, step.anchor_at, span.earliest_at, span.due_at, span.latest_at)

    return {
        "state": world.main.state,
        "steps": sorted(clock(thing, name) for thing in world.things for name in thing.steps),
        "waiting": sorted(
            (one.target.rule, one.to, one.level or "ordinary", one.answer_by, one.state) for one in world.waiting()
        ),
        "referrals": [one.state for one in world.things if one.target.lifecycle == "referral"],
        "plan": [one.state for one in world.things if one.target.lifecycle == "agreed_step"],
    }


@pytest.mark.parametrize(
    ("pack", "name"), [one if one in ALWAYS else pytest.param(*one, marks=pytest.mark.large) for one in NAMES]
)
@pytest.mark.large_on_postgresql
def test_a_scenario_plays_what_the_real_system_does(story: Story, pack: str, name: str) -> None:
    with story.organisation.backend.reading() as uow:
        scenario = replace(read(pack, name), zone=uow.organisation.zone)
    real = BEGINS[pack](story, scenario)
    world = World(
        PACKS[pack](),
        "case",
        now=scenario.now,
        zone=scenario.zone,
        anchors=scenario.anchors,
        variables=scenario.variables,
    )
    assert simulated(world) == real.stands()
    for number, step in enumerate(scenario.steps, 1):
        assert move_clock(world, step) is None
        real.made.now = world.now
        if step.when.do is not None:
            outcome: Outcome = world.do(step.when)
            assert real.does(step.when) is (outcome.refusal is None), number
        assert simulated(world) == real.stands(), number


def test_most_scenarios_of_a_case_are_played_in_both() -> None:
    assert set(NAMES) >= ALWAYS
    counted = Counter(pack for pack, _ in NAMES)
    assert counted["trim"] >= 21
    assert counted["straw"] >= 16

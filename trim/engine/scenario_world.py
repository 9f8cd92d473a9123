"""The simulated world of a scenario: a thing of a pack, what runs beside it, and what an action does to them.

It follows `usecases/perform.py` and decides nothing itself: actions, windows, forms, scores and escalations come from
the functions that the real system calls. What effects leave for clocks is in `domain/course.py`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.calendar import start_of_day
from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.course import PLAN_STOPS, PLANNED_FOR, Course, is_taken_up_again
from trim.domain.errors import InvalidInput
from trim.engine import machine, scenario_plan
from trim.engine.definition import Action, EscalationRule, Pack
from trim.engine.escalations import answer_by, raised_by
from trim.engine.forms import checked, form_variables
from trim.engine.interviews import interview_steps
from trim.engine.moving import PAUSED, is_in_pause, pause_anchor
from trim.engine.opening import Opened, ending, is_early
from trim.engine.scenario import Target, When
from trim.engine.scenario_beside import Together
from trim.engine.scenario_interview import Held, hold
from trim.engine.scenario_moving import Ground, move, open_step, repeat
from trim.engine.scenario_plan import PLAN
from trim.engine.scenario_thing import NotThere as NotThere
from trim.engine.scenario_thing import Outcome as Outcome
from trim.engine.scenario_thing import Refusal
from trim.engine.scenario_thing import Thing as Thing

INCIDENT = (
    "evidence_hold",
    "cleared_for_groups",
    "days_since_incident",
    "found_late",
    "known_after_days",
    "looked_again",
)
"""What conditions may read of an incident by itself."""

NO_STANDING = (
    "A practitioner can answer once asked, and do the rest once they have accepted.",
    "Qui est sollicité peut répondre, et faire le reste après avoir accepté.",
)
"""Why a practitioner who has nothing to do with the case yet does nothing on it; the real system shows no such case."""

EMPTY: Mapping[str, Any] = {"bool": False, "int": 0, "string": ""}


class World:
    """Everything that stands at one instant of the simulated clock."""

    def __init__(
        self,
        pack: Pack,
        lifecycle: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        anchors: Mapping[str, datetime],
        variables: Mapping[str, Any],
        free_days: Container[date] = (),
    ) -> None:
        self.pack = pack
        self.zone = zone
        self.free_days = free_days
        self.now = now
        self.variables = dict(variables)
        self.together = Together(now)
        #: Whose steps and pauses conditions are about.
        self._mains = {"case", lifecycle} - {"incident"}
        known = dict(anchors)
        if lifecycle != "incident":
            known = {"case.opened_at": now, "case.requested_at": now, "case.became_known_at": now, **known}
        if "incident.occurred_at" in known:
            # Whoever tells nothing else was known as exposed at once, and a response was chosen as the case began.
            known.setdefault("incident.became_known_at", known["incident.occurred_at"])
            if lifecycle != "incident":
                known.setdefault("exposure.became_known_at", known["incident.became_known_at"])
                known.setdefault("exposure.decided_at", now)
        # A story of a referral or an escalation alone begins where somebody supports the person already.
        self.course = Course(
            known,
            now,
            has_practitioner=lifecycle not in ("incident", "case"),
            firsts=interview_steps(pack).firsts,
            follow_ups=interview_steps(pack).follow_ups,
        )
        self.held: list[Held] = []
        self.things: list[Thing] = []
        self.main = self._open(Target(lifecycle), anchors=self.anchors_of(lifecycle), variables=self.known(lifecycle))

    def thing(self, target: Target) -> Thing:
        """Give the newest thing of a kind, an open one before one that has ended. Raises NotThere."""
        found = [
            one
            for one in self.things
            if one.target.lifecycle == target.lifecycle and target.rule in ("", one.target.rule)
        ]
        if not found:
            raise NotThere(str(target))
        return max(enumerate(found), key=lambda one: (not self._is_final(one[1]), one[0]))[1]

    def waiting(self) -> list[Thing]:
        """Give the escalations that nobody has decided."""
        return [one for one in self.things if one.target.lifecycle == "escalation" and not self._is_final(one)]

    def anchors_of(self, lifecycle: str) -> dict[str, datetime]:
        """Give every happening that a clock of this lifecycle may run from now."""
        own = lifecycle == "incident"
        known = {name: at for name, at in self.course.anchors.items() if not own or name.startswith("incident.")}
        if self.held and not own:
            known["previous_interview.at"] = self.held[-1].at
        if lifecycle in UNDERTAKINGS:
            known |= self.together.anchors()
        return {**known, "now": self.now}

    def known(self, lifecycle: str) -> dict[str, Any]:
        """Give what conditions may read before any form is filled in."""
        hold = bool(self.variables.get("evidence_hold"))
        waiting = self.waiting()
        values = {
            **{name: EMPTY[one.type] for name, one in self.pack.variables.items() if one.source == "case"},
            "cleared_for_groups": not hold,
            "looked_again": False,
            "found_late": False,
            "evidence_hold": False,
            "exposures_last_12_months": int("incident.occurred_at" in self.course.anchors),
            **self.variables,
            **self.course.known(self.now),
            **self.together.known(),
            "has_previous": bool(self.held),
            "previous_band": (self.held[-1].score.band or "") if self.held else "",
            "open_escalations": len(waiting),
            "open_referrals": self._running("referral"),
            "open_agreed_steps": self._running(PLAN),
            "red_flag_open": any(one.target.rule == "red_flag" for one in waiting),
            "step": "",
            "early": False,
            "paused": any(is_in_pause(*one) for one in self._standing_still()),
        }
        return {name: values[name] for name in INCIDENT} if lifecycle == "incident" else values

    def _running(self, lifecycle: str) -> int:
        return sum(one.target.lifecycle == lifecycle and not self._is_final(one) for one in self.things)

    def do(self, when: When) -> Outcome:
        """Do the action of a step. Raises NotThere; a refusal is an outcome, and leaves everything as it was."""
        thing = self.thing(when.target)
        assert when.do is not None
        return self._do(thing, when.do, when, dict(when.values))

    def _do(self, thing: Thing, name: str, when: When, values: dict[str, Any]) -> Outcome:
        kind, outcome = thing.target.lifecycle, Outcome(thing)
        action = self.pack.lifecycles[kind].actions[name]
        if action.instrument and any(one.name == "held_at" for one in action.form):
            values.setdefault("held_at", self.now)
        roles = self._standing(kind, action, when.by)
        if not roles:
            outcome.refusal = Refusal("no_standing", NO_STANDING)
            return outcome
        variables = self.known(kind)
        if action.completes and kind != "incident":
            at = values["held_at"] if isinstance(values.get("held_at"), datetime) else self.now
            bounds = [(one.name, one.span.earliest_at) for one in self._case_steps()]
            variables |= {"step": action.completes[0], "early": is_early(bounds, action.completes, at)}
        try:
            computed = {**when.knowing, **self._interview(action, when, values, outcome)}
            shown = machine.form_of(
                self.pack, lifecycle=kind, action=name, state=thing.state, roles=roles, variables=variables
            )
            outcome.shown = tuple(one.name for one in shown)
            taken = checked(shown, values)
            known = {**variables, **form_variables(self.pack, {**taken, **computed})}
            decision = machine.decide(
                self.pack, lifecycle=kind, state=thing.state, action=name, roles=roles, variables=known
            )
            anchors = pause_anchor(decision, taken, self.zone, self.now)
        except InvalidInput as invalid:
            told = tuple(dict.fromkeys(one.en for one in invalid.problems.values()))
            outcome.refusal = Refusal("form", told, tuple(invalid.problems))
            return outcome
        except machine.Refused as refused:
            told = tuple(text for one in refused.reasons for text in (one.en, one.fr))
            outcome.refusal = Refusal(refused.code, told)
            return outcome
        outcome.refusal = self._not_ready(action, computed, variables)
        if outcome.refusal is None:
            self._carry_out(thing, decision, when, taken, computed, known, anchors, outcome)
        return outcome

    def _interview(self, action: Action, when: When, values: Mapping[str, Any], outcome: Outcome) -> Mapping[str, Any]:
        """Hold the interview of an action, explained unless the scenario says otherwise. Raises InvalidInput."""
        if when.answers is None or action.instrument is None:
            return {}
        instrument = self.pack.instruments[action.instrument]
        step = action.step or next(iter(action.completes), action.name)
        held = hold(
            instrument,
            when.answers,
            step=step,
            at=values.get("held_at"),
            now=self.now,
            zone=self.zone,
            occurred_at=self.course.anchors.get("incident.occurred_at"),
            earlier=self.held[-1] if self.held else None,
        )
        outcome.held = held
        return {"confidentiality_explained": True, **when.knowing, **held.computed}

    @staticmethod
    def _not_ready(action: Action, computed: Mapping[str, Any], known: Mapping[str, Any]) -> Refusal | None:
        """What the pages of an interview ask of everybody, whatever the pack requires (CARE 17, 29)."""
        if action.instrument is None or "record_assessment" not in action.does:
            return None
        if not computed.get("confidentiality_explained"):
            return Refusal("not_explained", ())
        if known.get("evidence_hold") and not computed.get("evidence_hold_acknowledged"):
            return Refusal("hold_not_acknowledged", ())
        return None

    def _carry_out(
        self,
        thing: Thing,
        decision: machine.Decision,
        when: When,
        taken: Mapping[str, Any],
        computed: Mapping[str, Any],
        known: Mapping[str, Any],
        anchors: dict[str, datetime],
        outcome: Outcome,
    ) -> None:
        fresh: dict[str, Any] = {}
        self.together.plan(taken)
        for effect in decision.does:
            self.together.record(effect, {**taken, **computed}, self.now)
            self.course.record(effect, to_state=decision.to_state, result=taken.get("result"), at=self.now)
            self._effect(effect, thing, decision, when, {**taken, **computed}, anchors, fresh, outcome)
        thing.state = decision.to_state
        done: dict[str, Opened] = {}
        for step in list(thing.steps):
            how = ending(decision, step)
            if how is None:
                continue
            ended = thing.steps.pop(step)
            thing.going.paused.pop(step, None)
            done |= {step: ended} if how == "done" else {}
            (outcome.done if how == "done" else outcome.cancelled).append(step)
            if how == "done" and thing is self.main:
                self.course.done[step] = self.now
        ground = self._ground(thing, {**self.anchors_of(thing.target.lifecycle), **anchors}, {**known, **fresh})
        move(ground, thing.steps, thing.going, decision)
        outcome.passed += repeat(ground, thing.steps, thing.going, decision, done)
        self._start(thing, decision.starts, ground)

    def _effect(
        self,
        effect: str,
        thing: Thing,
        decision: machine.Decision,
        when: When,
        values: Mapping[str, Any],
        anchors: dict[str, datetime],
        fresh: dict[str, Any],
        outcome: Outcome,
    ) -> None:
        """What an effect opens beside the thing, and the clocks that it gives to the steps that start with it."""
        name = decision.action.name
        if effect == "record_assessment" and outcome.held is not None:
            self.held.append(outcome.held)
            anchors["previous_interview.at"] = outcome.held.at
            self._raise_by_score(outcome)
        elif effect == "raise_red_flag":
            self._raise(raised_by(self.pack, variables={}, action=name), str(values.get("level") or "now"), outcome)
        elif effect in ("raise_escalation", "override_agreement"):
            self._raise(raised_by(self.pack, variables={}, action=name), "", outcome)
        elif effect == "pass_on_escalation":
            thing.to = "programme_lead"
            rule = self.pack.escalations.get(thing.target.rule)
            if rule is not None and rule.within(thing.level) is not None:
                thing.answer_by = answer_by(rule, thing.level, self.now, self.zone)
        elif effect == "propose_referral":
            self._open(Target("referral"), anchors={"now": self.now}, variables={})
        elif effect in ("agree_step", "move_step"):
            day = start_of_day(date.fromisoformat(str(values["day"])), self.zone)
            planned = thing
            if effect == "agree_step":
                planned = self._open(Target(PLAN), anchors={"now": self.now, PLANNED_FOR: day}, variables={})
            else:
                anchors[PLANNED_FOR] = day
            planned.planned_for = day
        elif effect in PLAN_STOPS:
            scenario_plan.stop(self.things)
        elif is_taken_up_again(effect, decision.to_state):
            scenario_plan.take_up(self.things, pack=self.pack, zone=self.zone, now=self.now, free_days=self.free_days)
        elif effect == "send_referral":
            anchors["referral.sent_at"] = self.now
        elif effect == "join_incident":
            self.course.anchors |= when.anchors
            if values.get("practitioner_leaves"):
                self.course.has_practitioner = self.course.is_asked = False
            now_known = self.known("incident")
            fresh |= {one: now_known[one] for one in INCIDENT if one not in ("evidence_hold", "cleared_for_groups")}
        elif effect == "decide_escalation" and values.get("decision") == "another_follow_up":
            self._arrange(when, values)

    def _arrange(self, when: When, values: Mapping[str, Any]) -> None:
        if any(name == "arrange_follow_up" for name in self.possible(self.main, when.by)):
            self._do(self.main, "arrange_follow_up", When(when.place, self.main.target, by=when.by), dict(values))

    def _raise_by_score(self, outcome: Outcome) -> None:
        held = self.held[-1]
        earlier = self.held[-2] if len(self.held) > 1 else None
        about = {
            **self.known("case"),
            **held.computed,
            "step": held.step,
            "has_previous": earlier is not None,
            "previous_band": (earlier.score.band or "") if earlier is not None else "",
        }
        waiting = {one.target.rule for one in self.waiting()}
        rules = raised_by(self.pack, variables=about, step=held.step)
        self._raise([rule for rule in rules if rule.name not in waiting], "", outcome)

    def _raise(self, rules: Sequence[EscalationRule], level: str, outcome: Outcome) -> None:
        for rule in rules:
            anchors = {"escalation.raised_at": self.now, "now": self.now}
            raised = self._open(Target("escalation", rule.name), anchors=anchors, variables={})
            raised.to, raised.level = rule.to, level
            raised.answer_by = answer_by(rule, level or None, self.now, self.zone)
            outcome.raised.append(raised)

    def possible(self, thing: Thing, roles: Sequence[str]) -> list[str]:
        """Name the actions that these roles can do now."""
        kind = thing.target.lifecycle
        found = machine.possible(self.pack, lifecycle=kind, state=thing.state, roles=roles, variables=self.known(kind))
        theirs = [one for one in found if set(self._standing(kind, one.action, roles)) & set(one.action.by)]
        return [one.action.name for one in theirs if not one.refused]

    def _standing(self, lifecycle: str, action: Action, roles: Sequence[str]) -> tuple[str, ...]:
        """The roles that stand to the case: nobody is its practitioner before being asked."""
        if lifecycle in UNDERTAKINGS:
            may = self.together.leaders > 0
        else:
            may = lifecycle == "incident" or self.course.practitioner_may(action.does)
        return tuple(role for role in roles if may or role != "practitioner")

    def _open(self, target: Target, *, anchors: Mapping[str, datetime], variables: Mapping[str, Any]) -> Thing:
        life = self.pack.lifecycles[target.lifecycle]
        thing = Thing(target, life.initial)
        self._start(thing, life.starts, self._ground(thing, anchors, variables))
        self.things.append(thing)
        return thing

    def _ground(self, thing: Thing, anchors: Mapping[str, datetime], variables: Mapping[str, Any]) -> Ground:
        return Ground(self.pack, thing.target.lifecycle, anchors, variables, self.zone, self.now, self.free_days)

    @staticmethod
    def _start(thing: Thing, names: Sequence[str], ground: Ground) -> None:
        for name in names:
            if name not in thing.steps:
                thing.steps[name] = open_step(ground, thing.going, name)

    def _standing_still(self) -> list[tuple[str, str]]:
        of_case = [thing for thing in self.things if thing.target.lifecycle in self._mains]
        return [
            (PAUSED if name in thing.going.paused else "open", step.anchor)
            for thing in of_case
            for name, step in thing.steps.items()
        ]

    def _case_steps(self) -> list[Opened]:
        return [one for thing in self.things if thing.target.lifecycle in self._mains for one in thing.steps.values()]

    def _is_final(self, thing: Thing) -> bool:
        return self.pack.lifecycles[thing.target.lifecycle].states[thing.state].kind == "final"

"""Reads the file of a scenario against the pack that plays it; every fault has its place and its cure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trim.domain.errors import InvalidInput
from trim.domain.vocabulary import Vocabulary
from trim.domain.working_days import NO_FREE_DAYS, FreeDays, checked_calendar, read_days
from trim.engine.definition import Action, Field, Pack
from trim.engine.reader import Reader
from trim.engine.scenario import Answers, Scenario, Step, Target, When
from trim.engine.scenario_beside import DERIVED as OF_TOGETHER
from trim.engine.scenario_read_expect import ExpectReader
from trim.engine.scenario_time import instant
from trim.engine.source import Source

DERIVED = (
    frozenset(
        {
            "first_done",
            "follow_up_done",
            "contact_attempts",
            "has_practitioner",
            "days_since_incident",
            "known_after_days",
            "has_previous",
            "previous_band",
            "open_escalations",
            "open_referrals",
            "red_flag_open",
            "step",
            "early",
            "paused",
        }
    )
    | OF_TOGETHER
)
"""Variables that follow from what happened before: a scenario tells the happening, never the variable."""

NOT_PLAYED = frozenset({"correct_assessment", "withdraw_assessment"})
"""Effects on an interview that is recorded already: they need its versions, which only the database keeps."""

GIVEN_ANCHORS = (
    "incident.occurred_at",
    "incident.became_known_at",
    "exposure.became_known_at",
    "exposure.decided_at",
)
"""Happenings before or outside the scenario; every other anchor is set by what is done in it."""


def read_scenario(source: Source, pack: Pack, vocabulary: Vocabulary) -> tuple[Scenario, Reader]:
    """Read a scenario; it can be played only where the reader found no problem."""
    reader = Reader()
    return _ScenarioReader(reader, pack, vocabulary).scenario(source), reader


def is_binding(source: Source) -> bool:
    """Say whether a scenario says of itself that it holds for every pack that extends its own."""
    found = source.get("binding")
    return found is not None and found.value is True


class _ScenarioReader:
    def __init__(self, reader: Reader, pack: Pack, vocabulary: Vocabulary) -> None:
        self._read = reader
        self._pack = pack
        self._words = vocabulary
        self._zone = ZoneInfo("UTC")
        self._lifecycle = ""
        self._by: tuple[str, ...] = ()

    def scenario(self, source: Source) -> Scenario:
        read = self._read
        title = read.word(read.need(source, "scenario", "The first interview is due after 72 hours"))
        self._lifecycle = read.one_of(read.need(source, "lifecycle", "case"), self._pack.lifecycles, "lifecycle")
        given = read.need(source, "given", "{now: 2026-03-03T09:00}") or Source({}, source.file, source.line, "given")
        self._zone = self._read_zone(given.get("zone"))
        free_days = self._free_days(given)
        now = instant(read, read.need(given, "now", "2026-03-03T09:00"), self._zone)
        anchors = self._anchors(given.get("anchors"), now)
        variables = self._variables(given.get("variables"), "case")
        self._by = read.some_of(given.get("by"), self._words.roles, "role")
        read.finish(given)
        steps = read.need(source, "steps", "[{when: ..., expect: ...}]")
        told = tuple(self._step(one) for one in read.several(steps)) if self._lifecycle in self._pack.lifecycles else ()
        binding = read.truth(source.get("binding"))
        read.finish(source)
        if steps is not None and not any(step.expect for step in told) and not read.problems:
            read.fault(steps, "Nothing is expected here.", "Add “expect:” to a step, for example {state: closed}.")
        return Scenario(title, self._lifecycle, self._zone, now, anchors, variables, told, binding, free_days)

    def _read_zone(self, source: Source | None) -> ZoneInfo:
        name = self._read.string(source, "UTC")
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if source is not None:
                self._read.fault(source, f"“{name}” is not a time zone.", "Write for example Europe/Paris.")
            return ZoneInfo("UTC")

    def _free_days(self, given: Source) -> FreeDays:
        """Where the story happens: the public holidays of a country and region, and days on which all is closed."""
        read, places = self._read, {name: given.get(name) for name in ("country", "region", "closing_days")}
        days = places["closing_days"]
        try:
            closed = read_days("\n".join(read.words(days)))
            country, region = (read.string(places[name]) for name in ("country", "region"))
            return FreeDays(checked_calendar(country, region, closed))
        except InvalidInput as problem:
            for name, reason in problem.problems.items():
                read.fault(places[name] or given, reason.en, "Look at `trim calendar set --help`.")
            return NO_FREE_DAYS

    def _anchors(self, source: Source | None, now: datetime | None) -> dict[str, datetime]:
        anchors = {}
        for name, one in source.entries() if source else ():
            self._read.check_word(one, name, GIVEN_ANCHORS, "anchor that a scenario may give")
            at = instant(self._read, one, self._zone)
            anchors[name] = at
            if now is not None and at > now:
                self._read.fault(one, "This lies after the moment at which it is told.", "Choose an earlier instant.")
        return anchors

    def _variables(self, source: Source | None, kind: str, taken: frozenset[str] = DERIVED) -> dict[str, Any]:
        variables = {}
        known = [name for name, one in self._words.variables.items() if one.source == kind and name not in taken]
        for name, one in source.entries() if source else ():
            if name in DERIVED:
                cure = "Tell instead what happened, such as a contact, an interview or an anchor."
                self._read.fault(one, f"“{name}” follows from what happened before.", cure)
                continue
            self._read.check_word(one, name, known, "variable that can be told here")
            variable = self._words.variables.get(name)
            if variable is not None:
                variables[name] = self._typed(one, variable.type)
        return variables

    def _typed(self, source: Source, kind: str) -> Any:
        read = self._read
        if kind == "bool":
            return read.truth(source)
        return read.number(source) if kind == "int" else read.string(source)

    def _step(self, source: Source) -> Step:
        read = self._read
        told, expected = source.get("when"), source.get("expect")
        when = self._when(told) if told else When(source, Target(self._lifecycle))
        expect = ExpectReader(read, self._pack, self._words, self._zone).expect(expected, when)
        if told is None and expected is None and isinstance(source.value, dict):
            read.fault(source, "Nothing happens and nothing is expected here.", "Add “when:” or “expect:”.")
        elif not isinstance(source.value, dict):
            read.fault(source, "A step is expected here.", "Write {when: ..., expect: ...}.")
        read.finish(source)
        return Step(when, expect)

    def _when(self, source: Source) -> When:
        read = self._read
        target = self._target(source.get("on"))
        do = source.get("do")
        actions = self._pack.lifecycles[target.lifecycle].actions
        name = read.one_of(do, actions, f"action of the lifecycle {target.lifecycle}") or None
        action = actions.get(name or "")
        after, since, at = source.get("after"), source.get("since"), source.get("at")
        if at is not None and (after is not None or since is not None):
            read.fault(at, "“at” and “after” both say when.", "Keep one of them.")
        if since is not None and after is None:
            read.fault(since, "“since” needs a length of time.", "Add for example “after: PT72H”.")
        when = When(
            place=do or source,
            target=target,
            after=read.duration(after),
            since=read.one_of(since, self._words.anchors, "anchor") or None,
            at=instant(read, at, self._zone) if at else None,
            by=read.some_of(source.get("by"), self._words.roles, "role") or self._by,
            do=name,
            values=self._values(source.get("with"), action),
            answers=self._answers(source, action),
            knowing=self._knowing(source.get("knowing"), action),
            anchors=self._anchors(source.get("anchors"), None),
            variables=self._variables(source.get("variables"), "case"),
        )
        if action is not None and not when.by:
            read.fault(do or source, "Nobody does this.", "Add “by:” here, or once under “given:”.")
        if action is not None and (unplayed := NOT_PLAYED & set(action.does)):
            cause = (
                f"“{action.name}” cannot be played: {', '.join(sorted(unplayed))} needs the versions of an interview."
            )
            read.fault(do or source, cause, "Leave this step out.")
        read.finish(source)
        return when

    def _target(self, source: Source | None) -> Target:
        word = self._read.word(source)
        if source is None or not word:
            return Target(self._lifecycle)
        lifecycle, _, rule = word.partition(".")
        self._read.check_word(source, lifecycle, self._pack.lifecycles, "lifecycle")
        if rule:
            self._read.check_word(source, rule, self._pack.escalations, "escalation")
        return Target(lifecycle if lifecycle in self._pack.lifecycles else self._lifecycle, rule)

    def _values(self, source: Source | None, action: Action | None) -> dict[str, Any]:
        fields = {field.name: field for field in action.form} if action else {}
        values = {}
        for name, one in source.entries() if source else ():
            self._read.check_word(one, name, fields, "field of this action’s form")
            if name in fields:
                values[name] = self._value(one, fields[name])
        return values

    def _value(self, source: Source, field: Field) -> Any:
        read = self._read
        if field.field_class == "instant":
            return instant(read, source, self._zone)
        if field.field_class == "yes_no":
            return read.truth(source)
        if field.field_class == "number":
            return read.number(source)
        if field.field_class == "parties":
            return list(read.words(source))
        if field.field_class == "tags":
            return list(read.some_of(source, {choice.value for choice in field.choices}, f"choice of {field.name}"))
        if field.choices:
            return read.one_of(source, {choice.value for choice in field.choices}, f"choice of {field.name}")
        return read.string(source)

    def _knowing(self, source: Source | None, action: Action | None) -> dict[str, Any]:
        asked = frozenset(field.name for field in action.form) if action else frozenset()
        return self._variables(source, "form", asked | DERIVED)

    def _answers(self, source: Source, action: Action | None) -> Answers | None:
        read = self._read
        told = {name: found for name in ("total", "points", "answers") if (found := source.get(name)) is not None}
        stopped = source.get("stopped_early")
        if action is None or action.instrument is None:
            for one in (*told.values(), *([stopped] if stopped else [])):
                read.fault(one, "This step holds no interview.", "Take it out, or choose an action with an instrument.")
            return None
        instrument = self._pack.instruments[action.instrument]
        if len(told) != 1 and not (stopped and not told):
            cure = "Give one: “total: 7”, “points: {item: 2}” with 0 for the rest, or “answers:” for every item."
            read.fault(source, f"The answers to {instrument.name} must be told once.", cure)
        items = {item.name: item for item in instrument.items()}
        scored = {item.name for item in instrument.scored_items()}
        total = read.number(told["total"]) if "total" in told else None
        if total is not None and not 0 <= total <= instrument.maximum:
            read.fault(told["total"], f"{total} is no total.", f"Choose one from 0 to {instrument.maximum}.")
        for name, known in (("points", scored), ("answers", set(items))):
            for item, one in told[name].entries() if name in told else ():
                read.check_word(one, item, known, f"item of {instrument.name}")
        points = _numbers(read, told["points"]) if "points" in told else None
        given = {item: read.string(one) for item, one in told["answers"].entries()} if "answers" in told else None
        return Answers(total, points, given, read.truth(stopped))


def _numbers(read: Reader, source: Source) -> Mapping[str, int]:
    return {name: read.number(one) for name, one in source.entries()}

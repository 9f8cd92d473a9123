"""Reads a lifecycle file: states, steps and actions."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from trim.domain.vocabulary import OPENED_BY, Vocabulary
from trim.engine.definition import (
    INCIDENT,
    Action,
    Branch,
    Calendar,
    Choice,
    Field,
    Lifecycle,
    OtherWindow,
    Overdue,
    Repeats,
    Requirement,
    State,
    StateKind,
    Step,
    Window,
)
from trim.engine.durations import Duration
from trim.engine.reader import UNREADABLE, Reader
from trim.engine.source import Source

KINDS = typing.get_args(StateKind)
CALENDARS = typing.get_args(Calendar)


class LifecycleReader:
    """Reads one lifecycle against the vocabulary and the pack's choices."""

    def __init__(self, reader: Reader, vocabulary: Vocabulary, choices: Mapping[str, tuple[Choice, ...]]) -> None:
        self._read = reader
        self._words = vocabulary
        self._choices = choices

    def lifecycle(self, source: Source) -> Lifecycle:
        """Read a whole file; its key “lifecycle” names it."""
        read = self._read
        name = read.one_of(read.need(source, "lifecycle", "case"), self._words.lifecycles, "lifecycle")
        label, hint = read.label(source), read.text(source.get("hint"))
        states = read.named(read.need(source, "states", "..."), self._state)
        steps = read.named(source.get("steps"), self._step)
        open_states = tuple(state.name for state in states.values() if state.kind != "final")
        actions = read.named(
            read.need(source, "actions", "..."),
            lambda name, entry: self._action(name, entry, tuple(states), open_states, tuple(steps)),
        )
        initial = read.one_of(read.need(source, "initial", next(iter(states), "...")), states, "state")
        starts = read.some_of(source.get("starts"), steps, "step")
        opened_by = read.some_of(source.get("opened_by"), OPENED_BY, "way in")
        read.finish(source)
        return Lifecycle(name, label, initial, states, actions, steps, starts, hint, opened_by or (INCIDENT,))

    def _state(self, name: str, source: Source) -> State:
        read = self._read
        kind = read.one_of(source.get("kind"), KINDS, "kind of state") or "active"
        state = State(name, read.label(source), typing.cast(StateKind, kind), read.text(source.get("hint")))
        read.finish(source)
        return state

    def _step(self, name: str, source: Source) -> Step:
        read = self._read
        own = read.need(source, "window", "{from: case.opened_at, due: P2D}")
        step = Step(
            name=name,
            label=read.label(source),
            window=self._window(own) if own else Window("", Duration()),
            who=read.one_of(read.need(source, "who", "practitioner"), self._words.receivers, "receiver"),
            hint=read.text(source.get("hint")),
            instrument=read.word(source.get("instrument")) or None,
            when=read.word(source.get("when")) or None,
            instead=tuple(self._instead(one) for one in read.several(source.get("instead"))),
            remind=self._durations(source.get("remind")),
            overdue=self._overdue(source.get("overdue")),
            repeats=self._repeats(source.get("repeats")),
        )
        read.finish(source)
        return step

    def _instead(self, source: Source) -> OtherWindow:
        read = self._read
        when = read.word(read.need(source, "when", "found_late"))
        window = read.need(source, "window", "{from: exposure.became_known_at, due: PT72H}")
        read.finish(source)
        return OtherWindow(when, self._window(window) if window else Window("", Duration()))

    def _window(self, source: Source) -> Window:
        read = self._read
        anchor = read.need(source, "from", "incident.occurred_at")
        calendar = read.one_of(source.get("calendar"), CALENDARS, "calendar") or "calendar"
        window = Window(
            anchor=read.one_of(anchor, self._words.anchors, "anchor"),
            due=read.duration(read.need(source, "due", "P28D")) or Duration(),
            earliest=read.duration(source.get("earliest")),
            latest=read.duration(source.get("latest")),
            least_gap=read.duration(source.get("least_gap")),
            calendar=typing.cast(Calendar, calendar),
        )
        read.finish(source)
        return window

    def _durations(self, source: Source | None) -> tuple[Duration, ...]:
        return tuple(found for one in self._read.several(source) if (found := self._read.duration(one)))

    def _overdue(self, source: Source | None) -> Overdue | None:
        if source is None:
            return None
        read = self._read
        escalate = source.get("escalate")
        overdue = Overdue(
            remind=self._durations(source.get("remind")),
            escalate_after=read.duration(read.need(escalate, "after", "P2D")) if escalate else None,
            to=self._receiver(escalate) if escalate else None,
        )
        if escalate:
            read.finish(escalate)
        read.finish(source)
        return overdue

    def _repeats(self, source: Source | None) -> Repeats | None:
        if source is None:
            return None
        read = self._read
        repeats = Repeats(
            every=read.duration(source.get("every")),
            times=read.number(source.get("times")) or None,
            until=read.duration(source.get("until")),
            while_=read.word(source.get("while")) or None,
        )
        read.finish(source)
        return repeats

    def _receiver(self, source: Source) -> str:
        return self._read.one_of(
            self._read.need(source, "to", "coordinator"), self._words.receivers, "receiver of an escalation"
        )

    def _action(
        self, name: str, source: Source, states: tuple[str, ...], open_states: tuple[str, ...], steps: tuple[str, ...]
    ) -> Action:
        read = self._read
        completes = read.some_of(source.get("completes"), steps, "step")
        confirm = source.get("confirm")
        action = Action(
            name=name,
            label=read.label(source),
            from_=self._from(read.need(source, "from", "open"), states, open_states),
            by=read.some_of(read.need(source, "by", "coordinator"), self._words.roles, "role"),
            to=tuple(self._branch(one, states, steps) for one in read.several(source.get("to"))) or None,
            hint=read.text(source.get("hint")),
            form=tuple(read.named(source.get("form"), self._field).values()),
            requires=tuple(self._requirement(one) for one in read.several(source.get("requires"))),
            completes=completes,
            starts=read.some_of(source.get("starts"), steps, "step"),
            cancels=read.some_of(source.get("cancels"), (*steps, "all"), "step"),
            does=read.some_of(source.get("does"), self._words.effects, "effect"),
            instrument=read.word(source.get("instrument")) or None,
            step=read.one_of(source.get("step"), steps, "step") or next(iter(completes), None),
            danger=read.truth(source.get("danger")),
            needs_confirm=read.text(confirm),
            done=read.text(source.get("done")),
            pauses=read.some_of(source.get("pauses"), (*steps, "all"), "step"),
            resumes=read.some_of(source.get("resumes"), (*steps, "all"), "step"),
            resets=read.some_of(source.get("resets"), steps, "step"),
        )
        read.finish(source)
        return action

    def _from(self, source: Source | None, states: tuple[str, ...], open_states: tuple[str, ...]) -> tuple[str, ...]:
        words = self._read.words(source)
        if words == ("open",) and "open" not in states:
            return open_states
        if words == ("any",) and "any" not in states:
            return states
        return self._read.some_of(source, states, "state")

    def _branch(self, source: Source, states: tuple[str, ...], steps: tuple[str, ...]) -> Branch:
        read = self._read
        if not isinstance(source.value, dict):
            return Branch(read.one_of(source, states, "state"))
        state = read.one_of(read.need(source, "state", "closed"), states, "state")
        when = read.word(source.get("when")) or None
        starts = read.some_of(source.get("starts"), steps, "step")
        read.finish(source)
        return Branch(state, when, starts)

    def _requirement(self, source: Source) -> Requirement:
        read = self._read
        when = read.word(read.need(source, "when", "open_escalations == 0"))
        otherwise = read.text(read.need(source, "otherwise", "{en: ..., fr: ...}")) or UNREADABLE
        read.finish(source)
        return Requirement(when, otherwise)

    def _field(self, name: str, source: Source) -> Field:
        read = self._read
        offered = source.get("choices")
        field = Field(
            name=name,
            label=read.label(source),
            field_class=read.one_of(read.need(source, "class", "short_text"), self._words.field_classes, "field class"),
            hint=read.text(source.get("hint")),
            required=read.truth(source.get("required")),
            choices=self._offered(offered) if offered else (),
            max_length=read.number(source.get("max_length")) or None,
            when=read.word(source.get("when")) or None,
        )
        read.finish(source)
        if field.field_class in ("choice", "tags", "level") and not field.choices:
            read.fault(source, f"A field of class {field.field_class} offers nothing.", "Add “choices:”.")
        return field

    def _offered(self, source: Source) -> tuple[Choice, ...]:
        """Read choices, either the name of a group of pack.yaml or written out here."""
        if isinstance(source.value, str):
            self._read.check_word(source, source.value, self._choices, "group of choices")
            return self._choices.get(source.value, ())
        return read_choices(self._read, source)


def read_choices(read: Reader, source: Source) -> tuple[Choice, ...]:
    """Read choices written as value: {en, fr}, or value: {label: {en, fr}, hint: {en, fr}}."""

    def choice(value: str, entry: Source) -> Choice:
        if entry.get("label") is None:
            return Choice(value, read.text(entry) or UNREADABLE)
        made = Choice(value, read.label(entry), read.text(entry.get("hint")))
        read.finish(entry)
        return made

    return tuple(read.named(source, choice).values())

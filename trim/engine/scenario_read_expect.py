"""Reads what a step of a scenario expects."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.vocabulary import Vocabulary
from trim.engine.clockwork import Standing
from trim.engine.definition import INCOMPLETE, Pack
from trim.engine.machine import RefusalCode
from trim.engine.moving import DONE_BEFORE, PAUSED, REPEATED
from trim.engine.reader import Reader
from trim.engine.scenario import Expectation, ExpectedEscalation, ExpectedRefusal, ExpectedStep, When
from trim.engine.scenario_time import bound
from trim.engine.source import Source

CODES = (frozenset(typing.get_args(RefusalCode)) - {"unknown_action"}) | {
    "form",
    "no_standing",
    "not_explained",
    "hold_not_acknowledged",
}
"""Why something is refused: what the engine says, a form that cannot be taken, no practitioner yet, or an
interview begun without its words."""

BOUNDS = ("earliest", "due", "latest")


class ExpectReader:
    """Reads `expect` of one step."""

    def __init__(self, reader: Reader, pack: Pack, vocabulary: Vocabulary, zone: ZoneInfo) -> None:
        self._read = reader
        self._pack = pack
        self._words = vocabulary
        self._zone = zone

    def expect(self, source: Source | None, when: When) -> tuple[Expectation, ...]:
        """Read every line of it, in the order of the file."""
        if source is None:
            return ()
        life = self._pack.lifecycles[when.target.lifecycle]
        action = life.actions.get(when.do or "")
        fields = {field.name for field in action.form} if action else set()
        read = self._read
        kinds: dict[str, Callable[[Source], Any]] = {
            "state": lambda one: read.one_of(one, life.states, f"state of the lifecycle {life.name}"),
            "open": lambda one: self._named(one, life.steps, "step", self._open),
            "done": lambda one: read.some_of(one, life.steps, "step"),
            "passed": lambda one: read.some_of(one, life.steps, "step"),
            "cancelled": lambda one: read.some_of(one, life.steps, "step"),
            "raised": lambda one: self._named(one, self._pack.escalations, "escalation", self._raised),
            "waiting": lambda one: read.some_of(one, self._pack.escalations, "escalation"),
            "refused": self._refused,
            "score": self._score,
            "can": lambda one: self._roles(one, life.actions),
            "cannot": lambda one: self._roles(one, life.actions),
            "asked": lambda one: read.some_of(one, fields, "field of this action’s form"),
            "not_asked": lambda one: read.some_of(one, fields, "field of this action’s form"),
            "known": self._known,
        }
        found = [
            Expectation(name, one, kinds[name](one))
            for name, one in source.entries()
            if name in kinds and source.get(name)
        ]
        source.used |= kinds.keys()
        read.finish(source)
        for one in found:
            if action is None and one.kind in ("refused", "score", "asked", "not_asked"):
                read.fault(one.place, "Nothing is done in this step.", "Add “do:” to its “when:”.")
        return tuple(found)

    def _named(
        self, source: Source, known: Mapping[str, Any], what: str, make: Callable[[Source], Any]
    ) -> dict[str, Any]:
        """Read names alone, or names with what is expected of each."""
        if isinstance(source.value, dict):
            for name, one in source.entries():
                self._read.check_word(one, name, known, what)
            return {name: make(one) for name, one in source.entries()}
        return dict.fromkeys(self._read.some_of(source, known, what))

    def _open(self, source: Source) -> ExpectedStep:
        read = self._read
        anchor = read.one_of(source.get("from"), self._words.anchors | {REPEATED, DONE_BEFORE}, "anchor") or None
        bounds = {name: bound(read, one, self._zone) for name in BOUNDS if (one := source.get(name)) is not None}
        standing = read.one_of(source.get("is"), (*typing.get_args(Standing), PAUSED), "standing of a step") or None
        number = read.number(source.get("number")) or None
        read.finish(source)
        return ExpectedStep(anchor, bounds, standing, number)

    def _raised(self, source: Source) -> ExpectedEscalation:
        read = self._read
        within = source.get("within")
        expected = ExpectedEscalation(
            to=read.one_of(source.get("to"), self._words.receivers, "receiver") or None,
            level=read.string(source.get("level")) or None,
            within=bound(read, within, self._zone) if within else None,
        )
        read.finish(source)
        return expected

    def _refused(self, source: Source) -> ExpectedRefusal:
        read = self._read
        if not isinstance(source.value, dict):
            word = read.word(source)
            return ExpectedRefusal(code=word) if word in CODES else ExpectedRefusal(says=word)
        expected = ExpectedRefusal(
            code=read.one_of(source.get("code"), CODES, "code of a refusal") or None,
            says=read.string(source.get("says")) or None,
            fields=read.words(source.get("fields")),
        )
        read.finish(source)
        return expected

    def _score(self, source: Source) -> dict[str, Any]:
        read = self._read
        bands = {band.name for one in self._pack.instruments.values() for band in one.bands}
        expected: dict[str, Any] = {}
        for name in ("total", "change"):
            if (one := source.get(name)) is not None:
                none = name == "change" and one.value == "none"
                expected[name] = None if none else read.number(one)
        if (one := source.get("band")) is not None:
            expected["band"] = read.one_of(one, bands | {INCOMPLETE}, "band")
        if (one := source.get("complete")) is not None:
            expected["complete"] = read.truth(one)
        read.finish(source)
        return expected

    def _roles(self, source: Source, actions: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        found = {}
        for role, one in source.entries():
            self._read.check_word(one, role, self._words.roles, "role")
            found[role] = self._read.some_of(one, actions, "action")
        if not isinstance(source.value, dict):
            self._read.fault(source, "A role with its actions is expected here.", "Write {practitioner: [withdraw]}.")
        return found

    def _known(self, source: Source) -> dict[str, Any]:
        found = {}
        for name, one in source.entries():
            self._read.check_word(one, name, self._words.variables, "variable")
            found[name] = one.value
        return found

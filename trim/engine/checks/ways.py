"""Where actions really lead: what state and role decide is worked out, everything else is taken as possible."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import Any

from trim.domain.vocabulary import Vocabulary
from trim.engine.conditions import Condition, ConditionFailed, InvalidCondition, compile_condition
from trim.engine.definition import Action, Lifecycle

ROLE = "role_is_"
MOST_TRIES = 256
"""So many combinations of other values a condition is tried with; beyond, it is taken as possible."""

_NUMBERS = re.compile(r"(?<![\w'\"])-?\d+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
#: Where numbers are reckoned with, or texts taken apart, trying the values around those written proves nothing.
_RECKONS = re.compile(r"[+*/%]|\w\(|\w\s*-")


class Ways:
    """The ways of one lifecycle: `targets` by state, `leads` by action and state (none where it stays there).

    `blocked` are the actions that nobody can ever do, from no state at all.
    """

    def __init__(self, life: Lifecycle, vocabulary: Vocabulary) -> None:
        self._types = {name: variable.type for name, variable in vocabulary.variables.items()}
        self._own = {name for name, variable in vocabulary.variables.items() if variable.source == "engine"}
        self._acting = sorted(vocabulary.acting.get(life.name, frozenset()))
        self._compiled: dict[str, Condition | None] = {}
        self.targets: dict[str, set[str]] = {name: set() for name in life.states}
        self.leads: dict[tuple[str, str], set[str]] = {}
        self.blocked: list[str] = []
        for action in life.actions.values():
            done = [self._leads(action, state) for state in action.from_]
            for state, found in zip(action.from_, done, strict=True):
                self.targets[state] |= found or set()
                if found is not None:
                    self.leads[action.name, state] = found
            if done and all(found is None for found in done):
                self.blocked.append(action.name)

    def _leads(self, action: Action, state: str) -> set[str] | None:
        """The states that the action can lead to from there; None where nobody can do it there."""
        found: set[str] | None = None
        for values in self._people(action, state):
            if all(self._says(one.when, values) is not False for one in action.requires):
                found = found or set()
                for branch in action.to or ():
                    said = self._says(branch.when, values)
                    if said is not False:
                        found.add(branch.state)
                    if said:
                        break
        return found

    def _people(self, action: Action, state: str) -> Iterator[Mapping[str, Any]]:
        """Everybody who may do it: each set of roles that one person can hold here. Nothing to read, one is enough."""
        texts = [*(one.when for one in action.requires), *(branch.when or "" for branch in action.to or ())]
        read = {name for text in texts if (one := self._condition(text)) for name in one.names}
        if not any(name.startswith(ROLE) for name in read):
            yield self._values(state, ())
            return
        # Who may not act here, or that nobody may, is another rule's to say.
        by = set(action.by) & set(self._acting) or set(self._acting)
        for size in range(1, len(self._acting) + 1):
            for roles in combinations(self._acting, size):
                if by & set(roles):
                    yield self._values(state, roles)

    def _values(self, state: str, roles: Collection[str]) -> dict[str, Any]:
        return {name: name.removeprefix(ROLE) in roles if name.startswith(ROLE) else state for name in self._own}

    def _says(self, text: str | None, values: Mapping[str, Any]) -> bool | None:
        """What a condition gives for this state and these roles, whatever else holds; None where it depends on that."""
        if text is None:
            return True
        condition = self._condition(text)
        # One that reads nothing is another rule's to refuse.
        if condition is None or not condition.names or not self._own & set(condition.names):
            return None
        free = [name for name in condition.names if name not in self._own]
        tried = [self._tries(name, text) for name in free]
        if prod(map(len, tried)) > MOST_TRIES or (_RECKONS.search(text) and free):
            return None
        try:
            said = {condition.holds({**values, **dict(zip(free, one, strict=True))}) for one in product(*tried)}
        except ConditionFailed:
            return None
        return said.pop() if len(said) == 1 else None

    def _tries(self, name: str, text: str) -> Sequence[Any]:
        """Values of a variable among which a comparison changes: those around each number, each word and none."""
        kind = self._types[name]
        if kind == "bool":
            return (True, False)
        if kind == "int":
            return sorted({int(found) + by for found in ("0", *_NUMBERS.findall(text)) for by in (-1, 0, 1)})
        return ("", *(one or two for one, two in _QUOTED.findall(text)))

    def _condition(self, text: str) -> Condition | None:
        if text not in self._compiled:
            try:
                self._compiled[text] = compile_condition(text, self._types) if text else None
            except InvalidCondition:
                self._compiled[text] = None
        return self._compiled[text]

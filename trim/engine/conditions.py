"""Conditions of a pack: CEL expressions, type-checked when the pack is loaded, and never true by accident."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cel_expr_python import cel

from trim.engine.definition import Pack

_TYPES: Final = {"bool": cel.Type.BOOL, "int": cel.Type.INT, "string": cel.Type.STRING}
TYPES: Final = frozenset(_TYPES)
"""The types a variable may have."""

_LITERALS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAMES = re.compile(r"(?<![\w.])[a-z_]\w*")
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")


class InvalidCondition(ValueError):
    """Raised for a condition that is not a well-typed truth value; `column` counts from 1."""

    def __init__(self, cause: str, column: int = 1) -> None:
        super().__init__(cause)
        self.cause = cause
        self.column = column


class ConditionFailed(Exception):
    """Raised when a condition cannot be reckoned, for instance because a variable is missing.

    Whoever catches it must refuse, never allow; the message names the condition and never holds a value.
    """


class Condition:
    """One compiled condition; `names` are the variables it reads."""

    __slots__ = ("_expression", "names", "text")

    def __init__(self, text: str, names: tuple[str, ...], expression: Any) -> None:
        self.text = text
        self.names = names
        self._expression = expression

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Say whether the condition is true of the values; raises ConditionFailed where that cannot be known.

        The library gives a run-time error back as a value that is true in Python, so only a real bool counts.
        Only the variables that the condition reads are handed over: each one costs, and none is left unused.
        """
        given = {name: values[name] for name in self.names if name in values}
        result = self._expression.eval(data=given).value()
        if type(result) is not bool:
            missing = sorted(set(self.names) - set(given))
            raise ConditionFailed(f"{self.text!r} gave no truth value" + (f"; not given: {missing}" if missing else ""))
        return result


def compile_condition(text: str, variables: Mapping[str, str]) -> Condition:
    """Compile a condition over variables (name to "bool", "int" or "string"); raises InvalidCondition."""
    try:
        expression = _environment(frozenset(variables.items())).compile(text)
    except RuntimeError as error:
        match = _PLACE.search(str(error))
        cause, column = (match[3], int(match[2])) if match else (str(error), 1)
        raise InvalidCondition(cause.removesuffix(" (in container '')"), column) from error
    if expression.return_type() != cel.Type.BOOL:
        raise InvalidCondition(f"gives {expression.return_type().name().lower()}, not a truth value (bool)")
    return Condition(text, tuple(sorted(names_in(text) & set(variables))), expression)


def names_in(text: str) -> set[str]:
    """Give all names that a condition mentions outside its quoted texts."""
    return set(_NAMES.findall(_LITERALS.sub("''", text)))


class Conditions(dict[str, Condition]):
    """All conditions of one pack, compiled at their first use."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__()
        self._variables = dict(variables)

    def __missing__(self, text: str) -> Condition:
        self[text] = condition = compile_condition(text, self._variables)
        return condition


def conditions_of(pack: Pack) -> Conditions:
    """Give the shared conditions of a pack; packs of one behaviour share them."""
    found = _BOOKS.get(pack.behaviour_hash)
    if found is None:
        if len(_BOOKS) >= _MOST_BOOKS:
            _BOOKS.clear()
        found = Conditions({name: variable.type for name, variable in pack.variables.items()})
        _BOOKS[pack.behaviour_hash] = found
    return found


_BOOKS: Final[dict[str, Conditions]] = {}
_MOST_BOOKS: Final = 64


@lru_cache(maxsize=64)
def _environment(variables: frozenset[tuple[str, str]]) -> Any:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in variables})

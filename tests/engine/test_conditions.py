from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.engine import conditions
from trim.engine.conditions import ConditionFailed, InvalidCondition, compile_condition, conditions_of, names_in
from trim.engine.definition import Pack

TYPES = {"band": "string", "change": "int", "has_change": "bool", "complete": "bool"}


def test_holds() -> None:
    condition = compile_condition("band == 'high' && (!has_change || change >= 0)", TYPES)
    assert condition.names == ("band", "change", "has_change")
    assert condition.holds({"band": "high", "has_change": False})
    assert condition.holds({"band": "high", "has_change": True, "change": 0, "other": object()})
    assert not condition.holds({"band": "low"})


@pytest.mark.parametrize(
    ("text", "cause", "column"),
    [
        ("nope == 1", "undeclared reference to 'nope'", 1),
        ("change + band == 1", "no matching overload", 8),
        ("band == ", "Syntax error", 9),
        ("change", "gives int, not a truth value", 1),
        ("dyn(complete)", "gives dyn", 1),
    ],
)
def test_a_condition_that_is_no_truth_value_is_refused(text: str, cause: str, column: int) -> None:
    with pytest.raises(InvalidCondition) as caught:
        compile_condition(text, TYPES)
    assert cause in caught.value.cause
    assert caught.value.column == column
    assert "container" not in caught.value.cause


@pytest.mark.parametrize("values", [{}, {"change": None}, {"change": "7"}])
def test_a_run_time_error_is_never_taken_for_true(values: dict[str, object]) -> None:
    with pytest.raises(ConditionFailed):
        compile_condition("change > 0", TYPES).holds(values)


def test_a_failure_names_what_is_missing_and_no_value() -> None:
    with pytest.raises(ConditionFailed, match=r"not given: \['change'\]") as caught:
        compile_condition("change > 0 && band != ''", TYPES).holds({"band": "value of band"})
    assert "value of band" not in str(caught.value)


def test_a_number_is_no_truth_value() -> None:
    with pytest.raises(ConditionFailed):
        compile_condition("complete", TYPES).holds({"complete": 1})


def test_division_by_zero_fails() -> None:
    with pytest.raises(ConditionFailed):
        compile_condition("1 / change > 0", TYPES).holds({"change": 0})


@given(st.text("bandchge_'\" =!&|()<>0123", max_size=20))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    try:
        condition = compile_condition(text, TYPES)
    except InvalidCondition:
        return
    with contextlib.suppress(ConditionFailed):
        assert condition.holds({"band": "", "change": 0, "has_change": True, "complete": True}) in (True, False)


def test_names_outside_quotes_only() -> None:
    assert names_in("band == 'total' && complete || x.change > \"step\"") == {"band", "complete", "x"}


def test_packs_of_one_behaviour_share_their_conditions(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    assert conditions_of(pack) is conditions_of(replace(pack, wording_hash="other"))
    monkeypatch.setattr(conditions, "_MOST_BOOKS", 1)
    held = conditions_of(pack)
    conditions_of(replace(pack, behaviour_hash="another"))
    assert conditions_of(pack) is not held

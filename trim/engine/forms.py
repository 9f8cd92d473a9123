"""What was filled in, checked against the pack's form: the page checks it too, but no other way in may skip it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from trim.domain.errors import InvalidInput, Reason
from trim.engine.definition import Field, Pack

MAX_TEXT = 2000

MISSING = Reason("missing", "Fill this in.", "Remplissez ce champ.")
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")
TOO_LONG = Reason("too_long", "Shorten this text.", "Raccourcissez ce texte.")
NOT_A_NUMBER = Reason("not_a_number", "Enter a whole number.", "Indiquez un nombre entier.")
#: Far above any head-count, measure or number of minutes.
MOST_NUMBER = 100_000
NOT_A_DATE = Reason("not_a_date", "Enter a real date.", "Indiquez une date valide.")


def checked(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an action's form as JSON-able values, blanks left out. Raises InvalidInput.

    Unknown names are dropped: a form never writes more than its pack declares.
    """
    problems: dict[str, Reason] = {}
    taken: dict[str, Any] = {}
    for field in fields:
        value = given.get(field.name)
        if value is None or value == "" or value == []:
            if field.required:
                problems[field.name] = MISSING
            continue
        try:
            taken[field.name] = _taken(field, value)
        except _Wrong as wrong:
            problems[field.name] = wrong.reason
    if problems:
        raise InvalidInput(problems)
    return taken


class _Wrong(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


def _taken(field: Field, value: Any) -> Any:
    kind = field.field_class
    if kind == "yes_no":
        return value in (True, "yes", "true", "y", "1", 1)
    if kind == "date":
        return _day(value)
    if kind == "instant":
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise _Wrong(NOT_A_DATE)
        return value.isoformat()
    if kind == "tags":
        chosen = [str(one) for one in value]
        if not set(chosen) <= {choice.value for choice in field.choices}:
            raise _Wrong(NOT_A_CHOICE)
        return chosen
    if kind == "parties":
        return sorted(str(one) for one in value)
    if kind == "number":
        return _number(value)
    text = str(value).strip()
    if kind in ("choice", "level") and text not in {choice.value for choice in field.choices}:
        raise _Wrong(NOT_A_CHOICE)
    if len(text) > (field.max_length or MAX_TEXT):
        raise _Wrong(TOO_LONG)
    return text


def _number(value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError as error:
        raise _Wrong(NOT_A_NUMBER) from error
    if isinstance(value, bool) or not 0 <= number <= MOST_NUMBER:
        raise _Wrong(NOT_A_NUMBER)
    return number


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        raise _Wrong(NOT_A_DATE)
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise _Wrong(NOT_A_DATE) from error


def form_variables(pack: Pack, values: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a filled-in form gives: a field has the name of the variable it sets, blank means no."""
    given: dict[str, Any] = {}
    for name, variable in pack.variables.items():
        if variable.source != "form":
            continue
        value = values.get(name)
        if variable.type == "bool":
            given[name] = value in (True, "yes")
        elif variable.type == "string":
            given[name] = str(value or "")
        elif isinstance(value, int):
            given[name] = value
    if "reason_given" in given:
        given["reason_given"] = any(values.get(name) for name in ("reason", "note", "early_reason"))
    return given

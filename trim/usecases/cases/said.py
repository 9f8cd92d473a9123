"""What was filled in, in the pack's words: a stored value back to what the form asked and offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from trim.engine.definition import Action, Field, Pack
from trim.engine.wording import Text
from trim.usecases.cases.case_file import Said, Value


def said(action: Action | None, values: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Said, ...]:
    """The answers of a record in the order of the form; `names` are those of accounts, for a field of people."""
    if action is None:
        return ()
    return tuple(
        Said(field.label, value)
        for field in action.form
        if field.name in values and (value := shown(field, values[field.name], names)) is not None
    )


def shown(field: Field, value: Any, names: Mapping[str, str]) -> Value | None:
    """One stored value as its field would show it; None when there is nothing to show."""
    if value is None or value == "" or value == []:
        return None
    match field.field_class:
        case "yes_no":
            return bool(value)
        case "date":
            return date.fromisoformat(str(value))
        case "instant":
            return datetime.fromisoformat(str(value))
        case "tags":
            return tuple(_label(field, one) for one in value)
        case "choice" | "level":
            return _label(field, str(value))
        case "practitioner":
            return names.get(str(value), "")
    return str(value)


def people_in(action: Action | None, values: Mapping[str, Any]) -> Iterable[str]:
    """Ids of accounts that a record names, so that all names are read at once."""
    for field in action.form if action is not None else ():
        if field.field_class == "practitioner" and values.get(field.name):
            yield str(values[field.name])


def provider_of(pack: Pack, content: Mapping[str, Any]) -> Text | None:
    """To whom a referral goes: the choice that its proposal asked for."""
    for action in pack.lifecycles["case"].actions.values():
        for field in action.form if "propose_referral" in action.does else ():
            value = shown(field, content.get(field.name), {}) if field.field_class == "choice" else None
            if isinstance(value, Text):
                return value
    return None


def _label(field: Field, value: str) -> Text:
    found = next((one.label for one in field.choices if one.value == value), None)
    return found or Text(value, value)

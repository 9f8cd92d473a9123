"""Turns the definitions into canonical JSON and back, guided by their own type annotations.

Values equal to their default are left out: a field added to the language later leaves the JSON, and so the
hashes, of older packs as they were. Named things are kept in a list, because their order in the pack is the
order in which pages show them, and a JSON object has none.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from trim.engine.durations import Duration

T = TypeVar("T")
Data = Any
"""What the json module reads and writes."""


class _Way(NamedTuple):
    encode: Callable[[Any], Data]
    decode: Callable[[Data], Any]


class _Plan(NamedTuple):
    name: str
    key: str
    default: Any
    way: _Way


def dumps(data: Data) -> str:
    """Write data in its one canonical form: sorted keys, no spaces, letters as they are."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def encode(value: Any) -> Data:
    """Give the JSON data of a definition."""
    return {
        plan.key: plan.way.encode(held)
        for plan in _plans(type(value))
        if (held := getattr(value, plan.name)) != plan.default
    }


def decode(cls: type[T], data: Data) -> T:
    """Make a definition from JSON data; keys this engine does not know are an error (TypeError)."""
    plans = {plan.key: plan for plan in _plans(cls)}
    if unknown := set(data) - set(plans):
        raise TypeError(f"{cls.__name__} of a newer language: unknown {', '.join(sorted(unknown))}")
    return cls(**{plans[key].name: plans[key].way.decode(held) for key, held in data.items()})


def _plans(cls: type) -> tuple[_Plan, ...]:
    found = _PLANS.get(cls)
    if found is None:
        found = _PLANS[cls] = _planned(cls)
    return found


_PLANS: dict[type, tuple[_Plan, ...]] = {}


def _planned(cls: type) -> tuple[_Plan, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        _Plan(field.name, field.name.rstrip("_"), _default(field), _way(hints[field.name]))
        for field in fields(cls)
        if field.init and not field.metadata.get("derived")
    )


def is_default(field: Field[Any], value: Any) -> bool:
    """Say whether a value adds nothing to its field's default."""
    return bool(value == _default(field))


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _way(hint: Any) -> _Way:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Duration:
        return _Way(str, Duration.parse)
    if origin is tuple:
        return _sequence(_way(inner[0]))
    if origin is Mapping:
        held = inner[1]
        named = is_dataclass(held) and any(field.name == "name" for field in fields(held))
        return _named(_way(held)) if named else _mapping(_way(held))
    if origin in (types.UnionType, typing.Union):
        return _optional(_way(next(part for part in inner if part is not type(None))))
    if isinstance(hint, type) and is_dataclass(hint):
        return _Way(encode, lambda data: decode(hint, data))
    return _Way(_same, _same)


def _same(value: Any) -> Any:
    return value


def _optional(way: _Way) -> _Way:
    return _Way(
        lambda value: None if value is None else way.encode(value),
        lambda data: None if data is None else way.decode(data),
    )


def _sequence(way: _Way) -> _Way:
    return _Way(lambda value: [way.encode(one) for one in value], lambda data: tuple(way.decode(one) for one in data))


def _mapping(way: _Way) -> _Way:
    return _Way(
        lambda value: {name: way.encode(one) for name, one in value.items()},
        lambda data: MappingProxyType({name: way.decode(one) for name, one in data.items()}),
    )


def _named(way: _Way) -> _Way:
    return _Way(
        lambda value: [way.encode(one) for one in value.values()],
        lambda data: MappingProxyType({one.name: one for one in map(way.decode, data)}),
    )

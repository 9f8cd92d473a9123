"""The two hashes of a pack: behaviour, to which a case is pinned, and wording, which may be corrected on live cases.

The words of a scored item and of its anchors are behaviour: other words measure something else. The order in
which states or actions stand in the pack is neither; the order of branches, items and steps is behaviour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from trim.engine.codec import dumps, is_default
from trim.engine.durations import Duration
from trim.engine.wording import Text

_DROPPED = object()


def behaviour_hash(pack: Any) -> str:
    """Give the SHA-256 (hex) over everything that decides."""
    return _digest(_behaviour(pack, words=False))


def wording_hash(pack: Any) -> str:
    """Give the SHA-256 (hex) over all other words, and the version numbers that only name them."""
    return _digest(dict(_wordings(pack, "")))


def _digest(data: Any) -> str:
    return hashlib.sha256(dumps(data).encode()).hexdigest()


def _behaviour(value: Any, *, words: bool) -> Any:
    if isinstance(value, Text):
        return [value.en, value.fr] if words else _DROPPED
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, Mapping):
        named = {name: kept for name, one in value.items() if (kept := _behaviour(one, words=words)) is not _DROPPED}
        return named or _DROPPED
    if isinstance(value, tuple):
        return [kept for one in value if (kept := _behaviour(one, words=words)) is not _DROPPED] or _DROPPED
    if not is_dataclass(value):
        return value
    words = words or getattr(value, "pins_texts", False)
    return {
        field.name: kept
        for field in fields(value)
        if not (field.metadata.get("derived") or field.metadata.get("wording"))
        and not is_default(field, held := getattr(value, field.name))
        and (kept := _behaviour(held, words=words)) is not _DROPPED
    }


def _wordings(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Text):
        yield path, [value.en, value.fr]
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _wordings(one, f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _wordings(one, f"{path}.{getattr(one, 'name', getattr(one, 'value', index))}")
    elif is_dataclass(value) and not getattr(value, "pins_texts", False):
        for field in fields(value):
            held = getattr(value, field.name)
            if field.metadata.get("wording"):
                yield f"{path}.{field.name}", held
            else:
                yield from _wordings(held, f"{path}.{field.name}")

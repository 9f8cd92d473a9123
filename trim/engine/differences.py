"""What differs between two packs, said line by line, and which of it changes who sees or decides something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trim.engine import codec
from trim.engine.definition import Pack
from trim.engine.wording import Text

Kind = Literal["added", "removed", "changed", "order"]

#: Keys of the compiled pack that decide who may act, what that does, who is told, and what is asked into which class of
#: field. An effect is among them: whoever may do an action that allocates decides who reads a case.
ACCESS_KEYS = frozenset({"by", "who", "to", "field_class", "does"})
#: Under this key stand conditions that keep somebody from acting, such as nobody allocating to themselves.
_GUARDS = "requires"
#: What names a thing within a list.
_NAMES = ("name", "value", "state", "when")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `path` are the names on the way to it, `before` and `after` its values as text."""

    path: tuple[str, ...]
    kind: Kind
    before: str | None = None
    after: str | None = None
    #: It changes who may act, who is told or what may be asked: a second person looks at it (CARE 12).
    access: bool = False
    #: It changes words only; cases that live on the pack show them at once.
    wording: bool = False

    def __str__(self) -> str:
        place = " › ".join(self.path)
        if self.kind == "order":
            return f"{place}: stands in another order"
        if self.kind == "added":
            return f"{place}: added{f' ({self.after})' if self.after else ''}"
        if self.kind == "removed":
            return f"{place}: removed{f' (was {self.before})' if self.before else ''}"
        return f"{place}: {self.before} → {self.after}"


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Everything that differs, in the order of the newer pack; empty for packs that decide and say the same."""
    return list(_compare(codec.encode(before), codec.encode(after), ()))


def place_in_words(before: Pack, after: Pack, path: tuple[str, ...]) -> tuple[Text | str, ...]:
    """The way to a difference by the labels that people know, of the newer pack where it has them.

    What has no label keeps its key; the name of a group goes where the thing in it has a label.
    """
    said: list[Text | str] = []
    nodes: tuple[Any, ...] = (after, before)
    group: str | None = None
    for key in path:
        nodes = tuple(_below(node, key) for node in nodes)
        label = next((found for node in nodes if (found := _label(node)) is not None), None)
        if any(isinstance(node, (Mapping, tuple)) for node in nodes):
            said += [group] if group else []
            group = key
            continue
        said += [group] if group and label is None else []
        said.append(label if label is not None else key)
        group = None
    return tuple([*said, group] if group else said)


def _below(node: Any, key: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(key)
    if isinstance(node, tuple):
        return next((one for one in node if key in (str(getattr(one, name, "")) for name in _NAMES)), None)
    return getattr(node, key, getattr(node, f"{key}_", None))


def _label(node: Any) -> Text | None:
    found = getattr(node, "label", None) or getattr(node, "title", None)
    return found if isinstance(found, Text) else None


def _compare(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _entries(before, after, path)
        return
    if isinstance(before, list) and isinstance(after, list):
        old, new = _by_name(before), _by_name(after)
        if old is not None and new is not None:
            yield from _entries(old, new, path)
            if [name for name in old if name in new] != [name for name in new if name in old]:
                yield Difference(path, "order")
            return
    yield Difference(path, "changed", _short(before), _short(after), _is_access(path), _is_wording(path))


def _entries(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Difference]:
    for name in [*after, *(name for name in before if name not in after)]:
        here = (*path, name)
        if name not in before:
            wide = _is_access(here) or _holds_access(after[name])
            yield Difference(here, "added", None, _short(after[name]), wide, _is_wording(here))
        elif name not in after:
            # What is taken away shows nothing to anybody, but somebody may act no longer, or is told no longer.
            wide = _is_access(here) or _holds_access(before[name])
            yield Difference(here, "removed", _short(before[name]), None, wide, _is_wording(here))
        else:
            yield from _compare(before[name], after[name], here)


def _by_name(ones: list[Any]) -> dict[str, Any] | None:
    """A list of named things as a map, without the name that is its key now; None for any other list."""
    named = {}
    for one in ones:
        key = next((key for key in _NAMES if isinstance(one, Mapping) and key in one), None)
        if key is None or str(one[key]) in named:
            return None
        named[str(one[key])] = {name: value for name, value in one.items() if name != key}
    return named


def _is_access(path: tuple[str, ...]) -> bool:
    return bool(path) and (path[-1] in ACCESS_KEYS or _GUARDS in path[-2:])


def _is_wording(path: tuple[str, ...]) -> bool:
    return bool(path) and path[-1] in {"en", "fr"}


def _holds_access(value: Any) -> bool:
    """Whether something new brings a role or a field with it."""
    if isinstance(value, Mapping):
        return any(name in ACCESS_KEYS or _holds_access(one) for name, one in value.items())
    return isinstance(value, list) and any(_holds_access(one) for one in value)


def _gather_access(value: Any, found: dict[str, set[str]]) -> None:
    """Who acts, is told or is asked what, anywhere within something that comes or goes as a whole."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name in ACCESS_KEYS and isinstance(one, str):
                found.setdefault(name, set()).add(one)
            elif name in ACCESS_KEYS and isinstance(one, list) and all(isinstance(role, str) for role in one):
                found.setdefault(name, set()).update(one)
            else:
                _gather_access(one, found)
    elif isinstance(value, list):
        for one in value:
            _gather_access(one, found)


def _short(value: Any) -> str:
    """A value as one line: a single word or text as it is, of anything larger its label and who has to do with it."""
    if isinstance(value, Mapping):
        label = value.get("label", value)
        said = [f"“{label['en']}”"] if isinstance(label, Mapping) and "en" in label else []
        held: dict[str, set[str]] = {}
        _gather_access(value, held)
        return "; ".join([*said, *(f"{key} {', '.join(sorted(ones))}" for key, ones in sorted(held.items()))])
    if isinstance(value, list):
        plain = all(not isinstance(one, (Mapping, list)) for one in value)
        return ", ".join(map(str, value)) if plain else f"{len(value)} entries"
    return f"“{value}”" if isinstance(value, str) and " " in value else str(value)

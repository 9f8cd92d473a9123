"""Reads YAML into a small tree that remembers the line of every key, so that each fault can name its place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from trim.engine.problems import PackError, Problem

Scalar = str | int | bool | None

#: The languages of every text.
LANGUAGES = frozenset({"en", "fr"})
_TRUTH = {"true": True, "false": False}
_TAG = "tag:yaml.org,2002:"

MOST_DEPTH = 30
MOST_VALUES = 50_000
"""Bounds of one file; the pack that ships has some 3,000 values at a depth of 8."""


@dataclass(slots=True)
class Source:
    """One value of a YAML file with its place; `key` is its dotted path in the pack."""

    value: Scalar | dict[str, Source] | list[Source]
    file: str
    line: int
    key: str
    used: set[str] = field(default_factory=set)

    def fault(self, cause: str, cure: str) -> Problem:
        """Give a problem at this place."""
        return Problem(self.file, self.line, self.key, cause, cure)

    def entries(self) -> Iterator[tuple[str, Source]]:
        """Give the keys and values of a mapping; nothing for anything else."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def get(self, name: str) -> Source | None:
        """Give the value of a key and remember that it was asked for; an empty value counts as absent."""
        if not isinstance(self.value, dict):
            return None
        self.used.add(name)
        found = self.value.get(name)
        return None if found is None or found.value is None else found

    def go_on(self, more: Source, parts: tuple[str, ...]) -> list[Problem]:
        """Add the maps of a further file to this file's maps of the same name; gives what could not be added."""
        problems = []
        for name, source in more.entries():
            if name not in parts or not isinstance(source.value, dict):
                cure = f"Keep {', '.join(parts)} here, and put it into the first file."
                problems.append(source.fault(f"“{name}” does not belong into a further file.", cure))
                continue
            assert isinstance(self.value, dict)
            mine = self.value.setdefault(name, Source({}, source.file, source.line, source.key))
            for key, one in source.entries():
                if not isinstance(mine.value, dict) or key in mine.value:
                    problems.append(one.fault(f"“{key}” is defined in two files.", "Keep one of them."))
                else:
                    mine.value[key] = one
        return problems

    def under(self, over: Source, problems: list[Problem]) -> Source:
        """Give this value as another pack changes it: maps merge by key, `null` removes, everything else replaces.

        A text is replaced in all its languages at once, or one of them would say something else than the other.
        """
        if not isinstance(self.value, dict) or not isinstance(over.value, dict) or LANGUAGES & self.value.keys():
            return over
        merged = dict(self.value)
        for name, one in over.value.items():
            if one.value is not None:
                merged[name] = merged[name].under(one, problems) if name in merged else one
            elif merged.pop(name, None) is None:
                cure = "Take this line out, or correct the name."
                problems.append(one.fault(f"The pack that is extended holds no “{name}” to remove here.", cure))
        return Source(merged, over.file, over.line, over.key)

    def all(self) -> Iterator[Source]:
        """Give this value and every value within it."""
        yield self
        if isinstance(self.value, list):
            for one in self.value:
                yield from one.all()
        for _, one in self.entries():
            yield from one.all()


def read_yaml(path: Path, name: str, root: str = "") -> Source:
    """Read a YAML 1.2 file whose top is a mapping; `name` is how messages call it. Raises PackError."""
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            node = yaml.compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError([_unreadable(name, line, str(error.problem or error.context))]) from error
    except ReusedAnchorWarning as error:
        raise PackError([_unreadable(name, 0, str(error).strip().splitlines()[0])]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise PackError([_unreadable(name, 0, str(error).splitlines()[0])]) from error
    except OSError as error:
        raise PackError(
            [Problem(name, 0, "", f"The file cannot be read: {error.strerror}.", "Create it, or correct its name.")]
        ) from error
    if not isinstance(node, MappingNode):
        raise PackError([Problem(name, 1, "", "The file holds no keys.", "Begin it with a key such as “lifecycle:”.")])
    reading = _Reading(name)
    source = reading.convert(node, root, 1)
    if reading.problems:
        raise PackError(reading.problems)
    return source


def _unreadable(name: str, line: int, cause: str) -> Problem:
    return Problem(
        name, line, "", f"This is not readable YAML: {cause}.", "Look at the indentation, colons and quotes near here."
    )


class _Reading:
    """One file on its way into a tree; bounded, for an alias may refer to itself or multiply without end."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._count = 0

    def convert(self, node: Node, key: str, line: int, depth: int = 0) -> Source:
        self._count += 1
        if depth > MOST_DEPTH or self._count > MOST_VALUES:
            raise PackError([_unreadable(self._file, line, "it is nested without end, or far too long")])
        if isinstance(node, ScalarNode):
            return Source(_scalar(node), self._file, line, key)
        if isinstance(node, SequenceNode):
            ones = [
                self.convert(one, f"{key}.{index}", one.start_mark.line + 1, depth + 1)
                for index, one in enumerate(node.value, 1)
            ]
            return Source(list(ones), self._file, line, key)
        entries: dict[str, Source] = {}
        for name_node, value_node in node.value:
            name, at = str(name_node.value), name_node.start_mark.line + 1
            path = f"{key}.{name}" if key else name
            if name in entries:
                cure = f"Keep one (the other is on line {entries[name].line})."
                self.problems.append(Problem(self._file, at, path, "This key stands here twice.", cure))
            entries[name] = self.convert(value_node, path, at, depth + 1)
        return Source(entries, self._file, line, key)


def _scalar(node: ScalarNode) -> Scalar:
    text = str(node.value)
    tag = str(node.tag)
    if tag == f"{_TAG}null":
        return None
    if tag == f"{_TAG}bool":
        return _TRUTH.get(text.lower(), text)
    if tag == f"{_TAG}int":
        return int(text.replace("_", ""), 0) if not text.isdecimal() else int(text)
    return text

"""Collects the faults of a pack, each with the nearest place in its files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from trim.domain.vocabulary import Vocabulary
from trim.engine.definition import Pack
from trim.engine.problems import Problem
from trim.engine.source import LANGUAGES, Source


class Findings:
    """A pack under examination."""

    def __init__(self, pack: Pack, vocabulary: Vocabulary, places: Mapping[str, Source]) -> None:
        self.pack = pack
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self._places = places

    def fault(self, key: str, cause: str, cure: str) -> None:
        """Note a fault at a dotted key, or at the nearest key around it that stands in a file."""
        near = key
        while near not in self._places and "." in near:
            near = near.rpartition(".")[0]
        place = self._places.get(near) or self._places[""]
        self.problems.append(Problem(place.file, place.line, key, cause, cure))

    def acting_roles(self, lifecycles: Collection[str]) -> set[str]:
        """Give every role that some action of these lifecycles names."""
        return {
            role
            for name in lifecycles
            if name in self.pack.lifecycles
            for action in self.pack.lifecycles[name].actions.values()
            for role in action.by
        }

    def written(self) -> Iterator[tuple[str, str]]:
        """Give every text of the files in each language, under its dotted key."""
        for key, place in self._places.items():
            if key.rpartition(".")[2] in LANGUAGES and isinstance(place.value, str):
                yield key, place.value


def listed(words: Collection[str]) -> str:
    """Give words for a message."""
    return ", ".join(words) or "nothing"

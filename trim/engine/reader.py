"""Takes typed values out of a source tree, collecting every fault instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from trim.engine.durations import Duration, InvalidDuration
from trim.engine.problems import Problem
from trim.engine.source import Source
from trim.engine.wording import Text, typeset_french

T = TypeVar("T")

UNREADABLE = Text("?", "?")
"""Stands in for a text that is missing, so that reading can go on; a pack with one is never given out."""


class Reader:
    """Reads values and keeps the problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, source: Source, cause: str, cure: str) -> None:
        """Note a problem at a place."""
        self.problems.append(source.fault(cause, cure))

    def need(self, source: Source, name: str, example: str) -> Source | None:
        """Give a key that must be there."""
        found = source.get(name)
        if found is None:
            self.fault(source, f"“{name}” is missing.", f"Add it, for example “{name}: {example}”.")
        return found

    def finish(self, source: Source) -> None:
        """Refuse every key that nothing asked for: a misspelt key would otherwise be a rule that silently fails.

        So would a value that stands where keys are expected.
        """
        if not isinstance(source.value, dict):
            self.fault(source, "Keys are expected here.", f"Known here: {', '.join(sorted(source.used))}.")
        for name, entry in source.entries():
            if name not in source.used:
                near = difflib.get_close_matches(name, source.used, 1)
                cure = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(sorted(source.used))}."
                self.fault(entry, f"“{name}” is not a key of the workflow language here.", cure)

    def string(self, source: Source | None, default: str = "") -> str:
        """Read a word or a number as text."""
        if source is None:
            return default
        if isinstance(source.value, (dict, list, bool)) or source.value is None:
            self.fault(source, "A single word or text is expected here.", "Write one value, in quotes if need be.")
            return default
        return str(source.value)

    def word(self, source: Source | None) -> str:
        """Read a word that is not empty."""
        word = self.string(source)
        if source is not None and source.value == "":
            self.fault(source, "Nothing stands here.", "Write a word, or remove the key.")
        return word

    def truth(self, source: Source | None, default: bool = False) -> bool:
        """Read true or false."""
        if source is None:
            return default
        if not isinstance(source.value, bool):
            self.fault(source, "“true” or “false” is expected here.", "Write true or false, without quotes.")
            return default
        return source.value

    def number(self, source: Source | None, default: int = 0) -> int:
        """Read a whole number."""
        if source is None:
            return default
        if isinstance(source.value, bool) or not isinstance(source.value, int):
            self.fault(source, "A whole number is expected here.", "Write digits only, without quotes.")
            return default
        return source.value

    def words(self, source: Source | None) -> tuple[str, ...]:
        """Read one word or a list of words."""
        if source is None:
            return ()
        if isinstance(source.value, list):
            return tuple(self.word(one) for one in source.value)
        word = self.word(source)
        return (word,) if word else ()

    def several(self, source: Source | None) -> list[Source]:
        """Read a list; a single value counts as a list of one."""
        if source is None:
            return []
        return source.value if isinstance(source.value, list) else [source]

    def duration(self, source: Source | None) -> Duration | None:
        """Read an ISO 8601 duration."""
        if source is None:
            return None
        try:
            return Duration.parse(self.string(source))
        except InvalidDuration:
            self.fault(
                source,
                f"“{source.value}” is not a duration.",
                "Write for example PT72H (72 hours), P28D (28 days) or P3M (3 months).",
            )
            return None

    def text(self, source: Source | None) -> Text | None:
        """Read a text in both languages."""
        if source is None:
            return None
        if not isinstance(source.value, dict):
            self.fault(source, "A text in both languages is expected here.", "Write {en: ..., fr: ...}.")
            return UNREADABLE
        said = {}
        for language, name in (("en", "English"), ("fr", "French")):
            found = source.get(language)
            said[language] = self.string(found).strip()
            if not said[language]:
                self.fault(found or source, f"The {name} text is missing.", f"Add “{language}: ...”.")
        self.finish(source)
        return Text(said["en"].replace("'", "’"), typeset_french(said["fr"]))

    def label(self, source: Source, name: str = "label") -> Text:
        """Read a text that must be there."""
        return self.text(self.need(source, name, "{en: ..., fr: ...}")) or UNREADABLE

    def named(self, source: Source | None, make: Callable[[str, Source], T]) -> Mapping[str, T]:
        """Read a mapping of named things, in the order of the file."""
        self.expect_names(source)
        made: dict[str, T] = {}
        for name, entry in source.entries() if source else ():
            if not name.isidentifier() or not name.isascii() or name != name.lower():
                self.fault(entry, f"“{name}” is not a usable name.", "Use small letters, digits and underscores.")
            if entry.value is None:
                self.fault(entry, "Nothing is defined here.", "Write its keys below, or remove the name.")
                continue
            made[name] = make(name, entry)
        return MappingProxyType(made)

    def expect_names(self, source: Source | None) -> None:
        """Refuse a single value or a list where names with their definitions are expected."""
        if source is not None and not isinstance(source.value, dict):
            self.fault(source, "Names with their definitions are expected here.", "Write “name:” with its keys below.")

    def one_of(self, source: Source | None, words: Collection[str], what: str) -> str:
        """Read a word of a closed set."""
        word = self.word(source)
        if source is not None and word:
            self.check_word(source, word, words, what)
        return word

    def some_of(self, source: Source | None, words: Collection[str], what: str) -> tuple[str, ...]:
        """Read one or several words of a closed set."""
        found = self.words(source)
        places = self.several(source)
        for word, place in zip(found, places, strict=False):
            if word:
                self.check_word(place, word, words, what)
        return found

    def check_word(self, source: Source, word: str, words: Collection[str], what: str) -> None:
        """Note a word that is not in the closed set, with the nearest one that is."""
        if word not in words:
            near = difflib.get_close_matches(word, words, 1)
            cure = f"Did you mean “{near[0]}”?" if near else f"Choose one of: {', '.join(sorted(words))}."
            self.fault(source, f"“{word}” is not a known {what}.", cure)

"""What sorts of things the trail tells, and the words of an entry in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing an entry tells."""

    CHANGE = "change"
    READ = "read"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    DOCUMENT = "document"
    STATISTICS = "statistics"
    SIGN_IN = "sign_in"
    REFUSAL = "refusal"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"
    PACK = "pack"
    KEYS = "keys"
    ERASURE = "erasure"
    JOB = "job"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Words:
    """Words in both languages."""

    en: str
    fr: str

    def of(self, locale: str) -> str:
        """The words in the reader's language."""
        return self.fr if locale.startswith("fr") else self.en


@dataclass(frozen=True, slots=True)
class TrailWord:
    """What one code word stands for."""

    kind: Kind
    words: Words

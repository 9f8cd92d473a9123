"""A text of a pack, always in both languages, so that no page can fall back by accident."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACES_TO_BIND = re.compile(r" (?=[?!;:»])|(?<=«) ")


def typeset_french(text: str) -> str:
    """Bind French spaces before ? ! ; : » and after «, typed as ordinary ones, and curl apostrophes."""
    return _SPACES_TO_BIND.sub("\N{NO-BREAK SPACE}", text).replace("'", "’")


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in English and in French."""

    en: str
    fr: str

    def of(self, locale: str) -> str:
        """Give the wording for a locale such as "fr" or "fr_BE"; anything else reads English."""
        return self.fr if locale[:2].lower() == "fr" else self.en

    def filled(self, **parts: Text | str) -> Text:
        """Give this text with its {names} replaced, each language by its own."""
        return Text(
            self.en.format(**{name: part.en if isinstance(part, Text) else part for name, part in parts.items()}),
            self.fr.format(**{name: part.fr if isinstance(part, Text) else part for name, part in parts.items()}),
        )

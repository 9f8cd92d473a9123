"""Why a release is corrected: for the command line, for whoever asks on a page, and for those who read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trim.statistics.model import Words

#: Why a release is corrected: code words, so that the trail holds no sentence.
CAUSES: Final[Mapping[str, Words]] = {
    "late_facts": Words("Something was recorded late", "Des éléments ont été enregistrés tardivement"),
    "wrong_entry": Words("Something was recorded wrongly", "Des éléments avaient été mal enregistrés"),
    "definition": Words("A definition was applied wrongly", "Une définition avait été mal appliquée"),
}

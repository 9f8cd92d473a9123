"""Numbers as readers of a language write them, without a library: these pages know two."""

from __future__ import annotations

#: Between thousands in French: a space at which no line breaks, narrower than the one between words.
NARROW = "\u202f"


def numeral(value: float, locale: str) -> str:
    """1,234 and 12.5 in English, 1 234 and 12,5 in French; what is no whole number has one decimal."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    if locale[:2].lower() != "fr":
        return text
    return text.replace(",", NARROW).replace(".", ",")


def signed(value: int, locale: str) -> str:
    """A difference with its sign: +5, −1,200, and 0 without one."""
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{numeral(abs(value), locale)}"

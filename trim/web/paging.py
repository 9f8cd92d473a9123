"""The key of a page of a list, as it travels in an address: an instant and a row id, nothing about anybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_KEY = re.compile(r"^(\d{1,20})-([0-9a-f]{32})$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_text(key: tuple[datetime, str] | None) -> str | None:
    """The key as text; None at the end of a list."""
    if key is None:
        return None
    at, row_id = key
    microseconds = (at - _EPOCH).days * 86_400_000_000 + (at - _EPOCH).seconds * 1_000_000 + (at - _EPOCH).microseconds
    return f"{microseconds}-{row_id}"


def read_key(text: str | None) -> tuple[datetime, str] | None:
    """The key of an address; None for the first page, and for what somebody made up."""
    match = _KEY.match(text or "")
    if match is None:
        return None
    microseconds = int(match[1])
    try:
        at = datetime.fromtimestamp(microseconds // 1_000_000, tz=UTC).replace(microsecond=microseconds % 1_000_000)
    except (OverflowError, ValueError, OSError):
        return None
    return at, match[2]

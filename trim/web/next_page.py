"""Where to go next, when the address came from the page: never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_path(wanted: str | None, otherwise: str = "/") -> str:
    """The path if it lies within Trim, else `otherwise`; a browser reads `//host` and `/\\host` as another site."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return otherwise
    if any(ord(char) < 32 for char in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else otherwise

"""Accessibility of a page as a browser has drawn it, measured by axe: WCAG 2.2 AA and good practice."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each fault: rule, how grave, what it is, and where it stands."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    return [
        f"{one['id']} ({one['impact']}): {one['help']} at "
        + "; ".join(
            " ".join(node["target"][0:1]) if isinstance(node["target"][0], str) else "?" for node in one["nodes"]
        )
        for one in found.response["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window; 0 for a page that fits."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, wide)

"""Accessibility of a page as a browser has drawn it, measured by axe: WCAG 2.2 AA and good practice."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each fault: rule, how grave, what it is, and where it stands."""
    page.wait_for_load_state("load")  # a page that is half there has fewer faults than it will have
    # The script is half a megabyte: it is handed to each document once. What passed is not listed, nobody reads it.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE.axe_script)
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {one['help']} at "
        + "; ".join(
            " ".join(node["target"][0:1]) if isinstance(node["target"][0], str) else "?" for node in one["nodes"]
        )
        for one in found["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window; 0 for a page that fits."""
    page.wait_for_load_state("load")
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, wide)

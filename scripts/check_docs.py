"""Fail when a page of the documentation links to a file or a heading that is not there.

Run: python scripts/check_docs.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def pages() -> list[Path]:
    """The Markdown files that readers see: at the top, in docs/, and the README of any folder of ours."""
    found = set(ROOT.glob("*.md")) | set(ROOT.glob("docs/**/*.md"))
    for folder in ("trim", "workflows", "tests", "examples", "templates", "benchmarks", "requirements"):
        found |= set(ROOT.glob(f"{folder}/**/*.md"))
    return sorted(found)


def anchors(page: Path) -> set[str]:
    """The heading anchors of a page, as the usual Markdown sites make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {
        re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower())
        for heading in HEADING.findall(text)
    }


def broken_links(page: Path) -> list[str]:
    """One line for each link of the page that leads nowhere."""
    text = INLINE_CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    problems = []
    for link in LINK.findall(text):
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            problems.append(f"{page.relative_to(ROOT)}: {link} leads to nothing.")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            problems.append(f"{page.relative_to(ROOT)}: {link} names a heading that is not there.")
    return problems


def main() -> int:
    """Check every page; 1 when a link is broken."""
    problems = [problem for page in pages() for problem in broken_links(page)]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

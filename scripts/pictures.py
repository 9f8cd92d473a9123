"""Photograph the pages of a demonstration, for people who change them: look at what was built.

For each role: its start page, each page of its navigation, and the first thing that page leads to, on a phone and on a
desk; the start also in French. Run: make pictures (or python scripts/pictures.py [FOLDER] [--role ROLE]).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support import chromium
from tests.support.processes import clean_environment, free_port, serving

TRIM = Path(sys.executable).with_name("trim")
WIDTHS = {"phone": 390, "desk": 1200}


def main() -> int:
    """Build, serve, photograph; prints the folder."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=Path("pictures"))
    arguments.add_argument("--role", help="only this role, such as coordinator")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="trim-pictures-") as name:
        work = Path(name)
        environ = clean_environment(work / "home", TRIM_INSTANCE=str(work / "instance"), PORT=str(free_port()))
        told = subprocess.run(  # noqa: S603 - our own command
            [TRIM, "demo", "--json"], env=environ, cwd=work, check=True, stdout=subprocess.PIPE
        ).stdout
        with (
            serving([TRIM, "serve"], cwd=work, environ=environ, log=work / "log"),
            chromium.running() as browser,
        ):
            photographer = Photographer(browser, f"http://127.0.0.1:{environ['PORT']}", chosen.folder)
            photographer.take_stranger()
            for account in json.loads(told)["sign_ins"]:
                if chosen.role in {None, account["role"]}:
                    photographer.take_role(account)
        if any(" answers 5" in problem for problem in photographer.problems):
            photographer.problems.append((work / "log").read_text(errors="replace")[-4000:])
    sys.stdout.write(f"{photographer.taken} pictures in {chosen.folder}/\n")
    for problem in photographer.problems:
        sys.stderr.write(problem + "\n")
    return 1 if photographer.problems else 0


class Photographer:
    """Walks through the pages as one role after the other."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser = browser
        self._address = address
        self._folder = folder
        self.taken = 0
        self.problems: list[str] = []

    def take_stranger(self) -> None:
        """What somebody sees who has not signed in."""
        self._take("stranger", None, ["/sign-in", "/help-now"])

    def take_role(self, account: dict[str, str]) -> None:
        """The pages of one role, on each width, and its start in French."""
        paths = None
        for device, width in WIDTHS.items():
            with self._signed_in(account, width, "en-GB") as page:
                paths = paths or list(self._paths(page))
                for path in paths:
                    self._shoot(page, path, f"{account['role']}/{device}")
        with self._signed_in(account, WIDTHS["phone"], "fr-FR") as page:
            self._shoot(page, "/", f"{account['role']}/phone-fr")

    def _take(self, role: str, account: dict[str, str] | None, paths: list[str]) -> None:
        for device, width in WIDTHS.items():
            with self._signed_in(account, width, "en-GB") as page:
                for path in paths:
                    self._shoot(page, path, f"{role}/{device}")

    def _signed_in(self, account: dict[str, str] | None, width: int, locale: str) -> _Visit:
        return _Visit(self._browser, self._address, account, width, locale, self.problems)

    def _paths(self, page: Page) -> Iterator[str]:
        """The navigation of the role, and behind each of its pages the first thing it leads to."""
        seen = set()
        page.goto("/")
        for path in [page.url.removeprefix(self._address), *_links(page, "nav a")]:
            page.goto(path)
            for one in [path, *_links(page, "main a")[:2]]:
                if one not in seen:
                    seen.add(one)
                    yield one

    def _shoot(self, page: Page, path: str, folder: str) -> None:
        answer = page.goto(path)
        if answer is not None and answer.status >= 400:
            self.problems.append(f"{folder}: {path} answers {answer.status}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.problems.append(f"{folder}: {path} is wider than the screen")
        name = re.sub(r"[^a-z0-9]+", "-", path.lower().removesuffix("/")).strip("-") or "start"
        target = self._folder / folder / f"{name[:80]}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True)
        self.taken += 1


class _Visit:
    """A page of its own session, signed in through the form as a person would; notes what its console says."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        account: dict[str, str] | None,
        width: int,
        locale: str,
        problems: list[str],
    ) -> None:
        self._pages = chromium.Pages(browser)
        self._page = self._pages(width, locale=locale, base_url=address)
        self._account = account
        self._problems = problems

    def __enter__(self) -> Page:
        if self._account is not None:
            self._page.goto("/sign-in")
            form = self._page.locator("main form").first
            form.locator("input[name=email]").fill(self._account["email"])
            form.locator("input[name=password]").fill(self._account["password"])
            form.locator("button").last.click()
            self._page.wait_for_url(lambda url: "/sign-in" not in url)
        return self._page

    def __exit__(self, *_: object) -> None:
        self._problems.extend(self._pages.problems)
        self._pages.close()


def _links(page: Page, where: str) -> list[str]:
    """Addresses of our own pages that `where` links to, without repeats; files to be kept are left out."""
    found = [link.get_attribute("href") or "" for link in page.locator(where).all()]
    ours = [link for link in found if link.startswith("/") and not link.endswith((".csv", ".pdf", ".ics", ".json"))]
    return list(dict.fromkeys(ours))


if __name__ == "__main__":
    sys.exit(main())

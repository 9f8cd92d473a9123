"""Debian's Chromium, driven by Playwright; a page opened here reports what a visitor would not see."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
]
_HERE = {"127.0.0.1", "localhost", "::1", ""}


class BrowserMissing(RuntimeError):
    """Raised when no Chromium is installed or it does not start."""


def path_of_browser() -> str | None:
    """The browser that TRIM_TEST_CHROMIUM names, or the first one on PATH."""
    for name in (os.environ.get("TRIM_TEST_CHROMIUM"), *_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    return None


@contextmanager
def running() -> Iterator[Browser]:
    """A headless Chromium, closed at the end; raises BrowserMissing."""
    path = path_of_browser()
    if path is None:
        raise BrowserMissing("Chromium is not installed")
    manager = sync_playwright()
    try:
        playwright = manager.start()
    except Exception as error:  # Playwright raises nothing narrower when its own program does not run
        raise BrowserMissing(f"Playwright does not start: {error}") from error
    try:
        try:
            browser = playwright.chromium.launch(executable_path=path, headless=True, args=_ARGUMENTS)
        except Error as error:
            raise BrowserMissing(f"Chromium does not start: {error.message.splitlines()[0]}") from error
        try:
            yield browser
        finally:
            browser.close()
    finally:
        playwright.stop()


class Pages:
    """Opens pages of a given width and collects what went wrong on them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        #: Script errors, refused resources and requests to foreign hosts, in the order they came.
        self.problems: list[str] = []

    def __call__(
        self, width: int = 390, *, height: int = 844, locale: str = "en-GB", javascript: bool = True, base_url: str = ""
    ) -> Page:
        """A page of its own session, `width` CSS pixels wide."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Europe/London",
            java_script_enabled=javascript,
            base_url=base_url or None,
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        return page

    def close(self) -> None:
        """Close every session opened here."""
        for context in self._contexts:
            context.close()

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and (parts.hostname or "") not in _HERE:
            self.problems.append(f"request to a foreign host: {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # A page that answers 4xx is told there as well; tests look at status codes themselves.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.problems.append(f"console: {message.text}")

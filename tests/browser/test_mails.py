"""A mail opened in a browser: it reads well on a phone, has no fault of accessibility and fetches nothing at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from tests.support.axe import overflow, violations
from tests.support.chromium import Pages
from trim.delivery.notice_mail import Told, notice_mail
from trim.delivery.words import WORDS

pytestmark = pytest.mark.browser


def html_of(locale: str, *, urgent: bool, kinds: int) -> str:
    told = [
        Told(f"{number:032x}", kind, "case", "C-7F2K9Q", "First interview" if kind.startswith("step") else "")
        for number, kind in enumerate(sorted(WORDS)[:kinds])
    ]
    base = "https://support.example.org"
    mail = notice_mail(
        told, to="a@example.org", locale=locale, base_url=base, message_id="x", urgent=urgent, demonstration=True
    )
    return mail.html


@pytest.mark.parametrize("width", [320, pytest.param(900, marks=pytest.mark.large)])
@pytest.mark.parametrize(("locale", "urgent", "kinds"), [("en", True, 1), ("fr", False, 50)])
def test_a_mail_reads_well_and_fetches_nothing(
    page_at: Pages, locale: str, urgent: bool, kinds: int, width: int
) -> None:
    page = page_at(width)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.set_content(html_of(locale, urgent=urgent, kinds=kinds), wait_until="networkidle")
    assert asked == []
    assert overflow(page) == 0
    assert violations(page) == []
    lines = min(kinds, len(WORDS))
    expect(page.locator("li")).to_have_count(lines)
    # A finger finds each link.
    for line in range(lines):
        box = page.locator("li a").nth(line).bounding_box()
        assert box is not None
        assert box["height"] >= 24

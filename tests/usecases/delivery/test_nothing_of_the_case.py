"""Every mail and call of a whole story, searched for whatever was said, named or scored in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlmodel import select

from tests.support.pager_service import pager_service
from tests.support.posting import TestPost, outbox, sends
from tests.support.story import Story
from trim.delivery.mail import as_message
from trim.delivery.pager import WebhookPager
from trim.store.tables import Account, Person, Unit
from trim.usecases.cases.raise_flag import raise_flag

SECRET = "tide-table-of-the-north-harbour-0123"
#: What is filled in on the way, and must stand nowhere.
SAID = ("ring road", "To sleep better", "gp", "nightmares")

pytestmark = pytest.mark.large_on_postgresql


@pytest.mark.care(14)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_mail_and_no_call_of_a_whole_story_holds_anything_of_it(story: Story, tmp_path: Path, locale: str) -> None:
    made = story.organisation
    with made.backend.writing() as uow:
        for account in uow.session.scalars(select(Account)):
            account.locale = locale
        uow.record(made.actor("Adam"), made.now, "account.changed", chain="x", subject="x")
    post = TestPost()
    with pager_service(tmp_path) as service:
        pager = WebhookPager(service.url, SECRET, patience=1)
        sends(made, post, pager=pager)
        ref = story.supported_case()
        sends(made, post, pager=pager)
        made.later(hours=60)
        story.interviews(ref, points=2)
        story.does("Pat", "propose_referral", ref, provider="gp", reason="To sleep better.")
        with made.backend.writing() as uow:
            raise_flag(uow, made.actor("Pat"), now=made.now, ref=ref, level="now")
        for _ in range(3):
            made.later(days=1)
            sends(made, post, pager=pager)
        calls = b" ".join(service.bodies).decode()
    assert len(post.mails) >= 6
    assert len({one.kind for one in outbox(made)}) >= 5
    assert calls
    with made.backend.reading() as uow:
        names = {word for one in uow.session.scalars(select(Person)) for word in one.name.split()}
        names |= {one.name for one in uow.session.scalars(select(Unit))} | set(made.accounts)
    searched = 0
    for mail in post.mails:
        message = as_message(mail, "trim@support.example.org", made.now)
        heads = " ".join(f"{name}: {value}" for name, value in message.items() if name != "To")
        for text in (mail.subject, mail.text, mail.html, heads, calls):
            found = [one for one in {*names, *SAID} if re.search(rf"\b{re.escape(one)}\b", text, re.IGNORECASE)]
            assert not found, (found, text)
            assert not re.search(r"\b\d+ (points|of \d+)\b", text)
            searched += 1
    assert searched >= 30
    assert "Robin" in names, "what is searched for is there"

"""While the key holder or the key store is away, pages that need content say so with 503 and nothing else."""

from __future__ import annotations

import pytest

from tests.support.organisation import make_organisation
from tests.support.site import Site
from tests.support.story import Story
from trim.domain.errors import KeysUnavailable


def test_a_page_that_needs_a_key_says_that_it_will_be_back(sqlite_urls, tmp_path, monkeypatch):
    made = make_organisation(sqlite_urls, tmp_path)
    ref = Story(made).opens_case()
    carol = Site(made).as_("Carol")
    carol.get(f"/cases/{ref}")

    def away(owner: str) -> None:
        raise KeysUnavailable("The key holder at /run/secret.sock does not answer.")

    monkeypatch.setattr(made.backend.vault.ring, "key", away)
    page = carol.get(f"/cases/{ref}", status=503)
    assert "secret.sock" not in page.html
    made.backend.close()


@pytest.mark.care(19)
def test_an_erased_case_answers_like_one_that_never_was(sqlite_urls, tmp_path):
    from trim.usecases.retention.erase_due import erase_due

    made = make_organisation(sqlite_urls, tmp_path)
    story = Story(made)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    for days in (70, 31):
        made.later(days=days)
        erase_due(made.backend, now=made.now)
    carol = Site(made).as_("Carol")
    erased, never = (carol.get(f"/cases/{one}", status=404) for one in (ref, "C-2222222"))
    assert erased.h1 == never.h1
    assert erased.text.replace(ref, "C-2222222") == never.text
    for address in ("/", "/cases", "/board", "/escalations", "/incidents"):
        carol.get(address)
    made.backend.close()

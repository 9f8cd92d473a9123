"""Signing in and out."""

from __future__ import annotations

from tests.support.site import Site


def test_an_account_signs_in_and_reaches_the_start(site: Site) -> None:
    page = site.as_("Carol").get("/account")
    assert "Carol" in page.texts(".trim-bar__tools")[0]

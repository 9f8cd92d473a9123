"""Signing in and out."""

from __future__ import annotations

from pathlib import Path

from tests.support.databases import DatabaseUrls
from tests.support.organisation import make_organisation
from tests.support.site import Site


def test_an_account_signs_in_and_reaches_the_start(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    site = Site(make_organisation(database_urls, tmp_path))
    page = site.as_("Carol").get("/")
    assert page.h1 == "Welcome"
    assert "Carol" in page.texts(".trim-bar__tools")[0]

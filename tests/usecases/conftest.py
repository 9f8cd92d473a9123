"""The small organisation with people who act in it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import DatabaseUrls
from tests.support.organisation import make_organisation
from tests.support.story import Story


@pytest.fixture
def story(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Story]:
    made = make_organisation(database_urls, tmp_path)
    yield Story(made)
    made.backend.close()

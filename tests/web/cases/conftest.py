"""The site with people who act in it by use cases alone."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.support.story import Story


@pytest.fixture
def story(site: Site) -> Story:
    return Story(site.organisation)

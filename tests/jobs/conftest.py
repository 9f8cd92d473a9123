"""The small organisation with people who act in it, on both databases."""

from __future__ import annotations

import pytest

from tests.support.organisation import Organisation
from tests.support.story import Story


@pytest.fixture
def story(organisation: Organisation) -> Story:
    return Story(organisation)

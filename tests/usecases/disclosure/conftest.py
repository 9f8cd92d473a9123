"""The desk of the small organisation."""

from __future__ import annotations

import pytest

from tests.support.organisation import Organisation
from tests.usecases.disclosure.desk import Desk


@pytest.fixture
def desk(organisation: Organisation) -> Desk:
    return Desk(organisation)

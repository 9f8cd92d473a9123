"""The application over Robin's case with Pat, three days after the event."""

from __future__ import annotations

import pytest

from tests.support.begun import begun_postgresql, begun_sqlite, talks
from tests.support.site import Site
from tests.support.talks import Talks
from tests.web.interviews.desk import Desk

__all__ = ["begun_postgresql", "begun_sqlite", "desk", "talks"]


@pytest.fixture
def desk(talks: Talks) -> Desk:
    """Pat at the screen."""
    return Desk(talks, Site(talks.organisation))

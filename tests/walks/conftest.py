"""The people of the small organisation, each at their own screen, on both databases."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.walks.people import Coordinator, Practitioner, Reporter


@pytest.fixture
def reporter(site: Site) -> Reporter:
    return Reporter(site, "Rita")


@pytest.fixture
def coordinator(site: Site) -> Coordinator:
    return Coordinator(site, "Carol")


@pytest.fixture
def practitioner(site: Site) -> Practitioner:
    return Practitioner(site, "Pat")

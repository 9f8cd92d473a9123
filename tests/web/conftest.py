"""The gallery as an application, and a client that checks each of its pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.page_client import PageClient
from tests.web.gallery import make_gallery


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    """The gallery; made once, because it keeps nothing."""
    return make_gallery()


@pytest.fixture
def gallery(gallery_app: Flask) -> PageClient:
    """A reader of the gallery."""
    return PageClient(gallery_app.test_client())

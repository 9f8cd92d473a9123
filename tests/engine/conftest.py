"""The small pack, loaded once."""

from __future__ import annotations

import pytest

from tests.engine.small_pack import small
from trim.engine.definition import Pack


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return small(tmp_path_factory.mktemp("small"))

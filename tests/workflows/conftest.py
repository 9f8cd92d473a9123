"""Each pack that ships, loaded once."""

from __future__ import annotations

import pytest

from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir


@pytest.fixture(scope="session")
def trim() -> Pack:
    return load_pack(workflows_dir() / "trim", VOCABULARY)

"""What a visitor of the demonstration finds under "Groups and checks"."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support import demonstration
from trim.demonstration.beside import CHECKS, SESSIONS
from trim.store.tables import Undertaking, UndertakingMeeting


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return demonstration.smallest(base if worker_id == "master" else base.parent)


def test_sessions_and_checks_stand_in_every_state_on_the_way(folder: Path) -> None:
    with demonstration.opened(folder) as backend, backend.reading() as uow:
        found = list(uow.session.scalars(select(Undertaking)))
        held = uow.session.scalars(select(UndertakingMeeting)).all()
    sessions = [one for one in found if one.kind == "group_session"]
    assert Counter(one.state for one in sessions) == {"closed": 2, "held": 1, "planned": 1, "to_plan": 1}
    assert len(sessions) == len(SESSIONS)
    checks = [one for one in found if one.kind == "periodic_check"]
    assert [one.state for one in checks] == ["running"] * len(CHECKS)
    assert len(held) > len(SESSIONS), "the oldest series has come back several times"

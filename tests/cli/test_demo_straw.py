"""The second programme of the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_demo import rows
from tests.support import demonstration
from tests.support.straw import straw_pack
from trim.store.tables import AgreedStep, CaseLink, CaseRequest, SupportCase


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return demonstration.smallest(base if worker_id == "master" else base.parent)


def test_it_is_shown_from_the_request_to_the_end(folder: Path) -> None:
    with demonstration.opened(folder) as backend, backend.reading() as uow:
        straw = [case for case in rows(uow, SupportCase) if case.programme == "straw"]
        states = set(straw_pack().lifecycles["case"].states) - {"unanswered", "withdrawn"}
        assert {case.state for case in straw} == states
        assert {case.came_by for case in straw} == {"request", "concern"}
        assert {step.state for step in rows(uow, AgreedStep)} == {"agreed", "done", "dropped"}
        assert rows(uow, CaseLink)
        # Of the one who declined nothing says that there was a concern.
        assert sum(one.kind == "concern" for one in rows(uow, CaseRequest)) == sum(
            case.came_by == "concern" for case in straw
        )

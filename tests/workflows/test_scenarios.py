"""Every scenario of every pack that ships holds."""

from __future__ import annotations

from collections import Counter

import pytest

from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.engine.scenario_play import Played, play_all
from trim.resources import workflows_dir

PACKS = sorted(path.parent.name for path in workflows_dir().glob("*/pack.yaml"))


def played(pack: str) -> list[Played]:
    folder = workflows_dir() / pack
    return play_all(load_pack(folder, VOCABULARY), folder, VOCABULARY)


@pytest.mark.parametrize("pack", PACKS)
def test_every_scenario_holds(pack: str) -> None:
    told = played(pack)
    assert [str(one) for scenario in told for one in (*scenario.problems, *scenario.findings)] == []
    # A pack without cases is a small one.
    assert len(told) >= (12 if (workflows_dir() / pack / "lifecycles" / "case.yaml").exists() else 3)
    assert [title for title, times in Counter(one.title for one in told).items() if times > 1] == []


def test_what_no_extending_pack_may_lose_is_binding() -> None:
    assert {one.file for one in played("trim") if one.binding} == {
        "scenarios/confidentiality-first.yaml",
        "scenarios/low-score-never-closes.yaml",
        "scenarios/no-group-before-clearance.yaml",
        "scenarios/red-flag-reaches-duty.yaml",
    }

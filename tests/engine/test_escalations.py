from __future__ import annotations

import logging

import pytest

from trim.engine.definition import Pack
from trim.engine.escalations import raised_by


def names(pack: Pack, **about: object) -> list[str]:
    return [rule.name for rule in raised_by(pack, **about)]


def test_a_score_raises_where_its_condition_holds(pack: Pack) -> None:
    assert names(pack, step="talk", variables={"band": "high"}) == ["high"]
    assert names(pack, step="talk", variables={"band": "low"}) == []
    assert names(pack, step="again", variables={"band": "high"}) == []


def test_an_action_raises(pack: Pack) -> None:
    assert names(pack, action="raise_red_flag", variables={}) == ["flag"]
    assert names(pack, action="record", variables={}) == []
    assert names(pack, variables={}) == []


def test_a_rule_that_cannot_be_reckoned_is_raised_and_logged(pack: Pack, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert names(pack, step="talk", variables={}) == ["high"]
    assert "high" in caplog.text

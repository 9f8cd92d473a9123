"""`trim statistics rules`: what holds, what was changed, what would protect too little."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from tests.cli.test_statistics import instance
from tests.support.organisation import Organisation
from tests.support.trail import lines
from trim.cli.main import main
from trim.usecases.statistics.wishes import wishes

__all__ = ["instance"]


def trim(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["statistics", "rules", *arguments])


def test_rules_are_changed_for_the_next_release_and_stand_in_the_trail(instance: Organisation) -> None:
    shipped = json.loads(trim("--json").stdout)
    assert (shipped["threshold"], shipped["rounding"], shipped["bands"]) == (7, "none", "whole")
    done = trim("--threshold", "10", "--rounding", "as-well", "--zeros", "hidden", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["threshold"], told["rounding"], told["zeros"], told["incidents"]) == (10, "as-well", "hidden", 3)
    with instance.backend.reading() as uow:
        held = wishes(uow).rules
        line = lines(uow.session, "organisation")[-1]
    assert (held.threshold, held.rounding and held.rounding.base, held.zeros_shown) == (10, 5, False)
    assert line["what"] == "settings.changed"
    assert line["codes"] == {"rounding": ["base=5"], "settings": ["statistics"], "threshold": 10, "zeros_shown": False}
    assert "rounding: none" in trim("--rounding", "none").stdout
    with instance.backend.reading() as uow:
        assert wishes(uow).rules.rounding is None


def test_what_would_protect_too_little_is_refused(instance: Organisation) -> None:
    for option, value, cause in (
        ("--threshold", "3", "is not one of 5, 7, 10"),
        ("--incidents", "2", "is not a number from 3 to 20"),
        ("--width", "1", "is not a number from 4 to 50"),
    ):
        done = trim(option, value)
        assert done.exit_code == 1
        assert cause in done.stderr
    assert json.loads(trim("--json").stdout)["threshold"] == 7

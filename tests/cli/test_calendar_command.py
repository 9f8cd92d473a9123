"""`trim calendar` shows and sets zone, country, region and closing days; `trim init` asks for country and region."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trim.cli.main import main

TWO = ("--administrator", "Ada Moss <ada@example.org>", "--lead", "Lee Fenn <lee@example.org>")


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner(env={"TRIM_INSTANCE": str(folder)}).invoke(main, list(arguments))


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    made = run(tmp_path, "init", "--name", "Harbour", "--zone", "Europe/Paris", "--country", "fr", *TWO)
    assert made.exit_code == 0, made.output
    return tmp_path


def shown(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(folder, "calendar", "show", "--json").stdout)
    return found


def test_it_is_shown_looked_at_and_set(instance: Path) -> None:
    assert shown(instance) == {"zone": "Europe/Paris", "country": "FR", "region": "", "closing_days": []}
    looked = run(instance, "calendar", "set", "--region", "6ae", "--closing-day", "2026-12-24", "--look")
    assert looked.exit_code == 0, looked.output
    assert "Would move: 0 deadlines on 0 cases" in looked.output
    assert shown(instance)["region"] == ""
    done = run(instance, "calendar", "set", "--region", "6ae", "--closing-day", "2026-12-24", "--json")
    assert json.loads(done.stdout)["done"] is True
    assert shown(instance) == {
        "zone": "Europe/Paris",
        "country": "FR",
        "region": "6AE",
        "closing_days": ["2026-12-24"],
    }
    # Another country takes the region of the old one away; closing days stay until they are named.
    run(instance, "calendar", "set", "--zone", "America/Toronto", "--country", "CA")
    assert shown(instance) == {
        "zone": "America/Toronto",
        "country": "CA",
        "region": "",
        "closing_days": ["2026-12-24"],
    }
    run(instance, "calendar", "set", "--no-closing-days", "--country", "")
    assert "no country: no public holidays, closed on: no days of its own" in run(instance, "calendar", "show").output


def test_what_is_not_known_says_cause_and_cure_and_changes_nothing(instance: Path) -> None:
    for arguments, words in (
        (("--zone", "Mars/Base"), "This is no time zone."),
        (("--country", "XX"), "two letters"),
        (("--region", "QC"), "6AE"),
        (("--closing-day", "24.12."), "2026-12-24"),
    ):
        refused = run(instance, "calendar", "set", *arguments)
        assert refused.exit_code == 1
        assert words in refused.stderr
        assert "Nothing was changed." in refused.stderr
    assert shown(instance)["zone"] == "Europe/Paris"


def test_init_names_the_option_that_is_wrong(tmp_path: Path) -> None:
    refused = run(tmp_path, "init", "--name", "Harbour", "--zone", "UTC", "--country", "FR", "--region", "QC", *TWO)
    assert refused.exit_code == 1
    assert "--region: This region is not known." in refused.stderr

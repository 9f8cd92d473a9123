"""The JSON form of a release: the same bytes for the same release, nothing that tells why a cell is hidden."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.statistics.plain import cube, declaration, release
from trim.statistics.model import Release
from trim.statistics.model_json import NotARelease, from_json, to_json
from trim.statistics.periods import NotAPeriod, Period

ROWS = {("x", "a"): 7, ("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 40}


def made() -> Release:
    return release(cube(ROWS), declaration(("unit", "incident_kind")))


def test_it_is_read_back_as_it_was():
    assert from_json(to_json(made())) == made()
    assert to_json(from_json(to_json(made()))) == to_json(made())


def test_the_same_bytes_come_in_another_process_with_other_hashes():
    code = "import sys; from tests.statistics.test_release_json import *; sys.stdout.buffer.write(to_json(made()))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, check=True
    )
    assert done.stdout == to_json(made())


def test_it_has_the_documented_form_with_every_margin_as_a_cell():
    said = json.loads(to_json(made()))
    table = said["tables"][0]
    assert table["name"] == "t1"
    assert [one["total"] for one in table["dimensions"]] == ["Total", "Total"]
    cells = {tuple(cell["key"]): cell for cell in table["cells"]}
    assert cells["Total", "Total"] == {"key": ["Total", "Total"], "value": 97, "status": "shown"}
    assert cells["x", "a"] == {"key": ["x", "a"], "value": None, "status": "suppressed"}


def test_nothing_tells_a_small_figure_from_one_that_only_protects_it():
    """x/a is hidden for its own sake, the other three to protect it; their cells differ in the key alone."""
    hidden = [cell for cell in json.loads(to_json(made()))["tables"][0]["cells"] if cell["value"] is None]
    assert len(hidden) == 4
    assert len({json.dumps({**cell, "key": None}, sort_keys=True) for cell in hidden}) == 1


def broken(change: object) -> str:
    said: dict[str, Any] = json.loads(to_json(made()))
    assert callable(change)
    change(said)
    with pytest.raises(NotARelease) as caught:
        from_json(json.dumps(said))
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.update(format="other"), "this version of Trim reads"),
        (lambda s: s.pop("release"), "“release” is missing"),
        (lambda s: s["release"].update({"to": "2025-Q3"}), "not a quarter, a half-year or a calendar year"),
        (lambda s: s["release"]["rules"].update(threshold="7"), "“threshold” holds"),
        (lambda s: s["tables"][0]["cells"].pop(), "9 different cells are expected"),
        (lambda s: s["tables"][0]["cells"][0].update(key=["Total", "c"]), "does not fit the dimensions"),
        (lambda s: s["tables"][0]["cells"][0].update(value=None), "a shown cell has a value"),
        (lambda s: s["tables"][0]["cells"][0].update(value=True), "not of its kind"),
        (lambda s: s["tables"][0]["dimensions"][0].update(parents={"x": "x"}), "its own ancestor"),
        (lambda s: s["tables"][0]["dimensions"][0].update(values=["x", "x"]), "values must differ"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: object, message: str):
    assert message in broken(change)


def test_what_is_no_json_at_all():
    with pytest.raises(NotARelease, match="This is not JSON"):
        from_json(b"{")


def test_periods_begin_where_their_kind_begins():
    assert Period("2025-Q3", "2025-Q4").kind == "half-year"
    assert Period("2025-Q1", "2025-Q4").quarters == ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
    assert Period("2025-Q3", "2025-Q3").wider() == Period("2025-Q3", "2025-Q4")
    assert Period("2025-Q1", "2025-Q4").wider() is None
    for first, last in (("2025-Q2", "2025-Q3"), ("2025-Q1", "2025-Q3"), ("2025-Q2", "2025-Q1"), ("2025", "2025-Q1")):
        with pytest.raises(NotAPeriod):
            Period(first, last)

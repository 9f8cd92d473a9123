"""Each shipped pack has a page that says where its figures come from; no figure is missing there or differs."""

from __future__ import annotations

import re

import pytest

from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir

PACKS = ("trim", "straw")
DOCS = workflows_dir().parent / "docs"


@pytest.fixture(scope="module", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(workflows_dir() / request.param, VOCABULARY)


def rows(pack: Pack, heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading, without marks."""
    page = (DOCS / f"pack-{pack.name}.md").read_text()
    part = re.split(r"^## ", page.partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [tuple(cell.strip().replace("`", "") for cell in line.strip("|").split("|")) for line in lines]


def test_every_window_stands_on_its_page(pack: Pack) -> None:
    expected = [
        (f"{life.name}.{step.name}", window.anchor, *(str(one or "") for one in bounds))
        for life in pack.lifecycles.values()
        for step in life.steps.values()
        for window in (step.window, *(other.window for other in step.instead))
        for bounds in [(window.earliest, window.due, window.latest, window.least_gap)]
    ]
    assert sorted(row[:6] for row in rows(pack, "Windows")) == sorted(expected)


def test_every_time_for_an_answer_stands_on_its_page(pack: Pack) -> None:
    expected = [
        (rule.name, ", ".join(f"{level}: {time}" for level, time in rule.levels.items()) or str(rule.answer_within))
        for rule in pack.escalations.values()
    ]
    assert sorted(row[:2] for row in rows(pack, "Times for an answer")) == sorted(expected)


def test_every_band_stands_on_its_page_as_an_example(pack: Pack) -> None:
    expected = [
        (one.name, band.name, str(band.lowest), str(band.highest))
        for one in pack.instruments.values()
        for band in one.bands
    ]
    found = rows(pack, "Bands")
    assert sorted(row[:4] for row in found) == sorted(expected)
    assert all("example only" in row[4] for row in found)


def test_every_figure_says_where_it_is_from(pack: Pack) -> None:
    for heading in ("Windows", "Times for an answer"):
        for row in rows(pack, heading):
            assert len(row[-1]) > 10, row
    page = (DOCS / f"pack-{pack.name}.md").read_text()
    assert "not affiliated" in page
    assert "Every figure is an example." in page

"""HR at the screen, in both languages: sign in, open a release, read a chart, take every file away, reach nothing else.

The figures come from facts of the organisation itself, published by the real use case; the values that were hidden are
known here alone, and no file and no page may let them through.
"""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from pypdf import PdfReader

from tests.page_client import PageClient
from tests.support.given_out import FORMATS, given_out, unpacked
from tests.support.organisation import SETUP, Organisation
from tests.support.released import generated
from tests.support.site import Site
from tests.support.trail import lines
from trim.statistics.model import Release
from trim.statistics.model_json import from_json
from trim.statistics.periods import Period
from trim.store import facts
from trim.usecases.statistics.move_facts import SYSTEM
from trim.usecases.statistics.release_period import release_period
from trim.usecases.statistics.wishes import wishes

WORDS = {
    "en": {"release": "The first quarter of 2025", "hidden": "hidden", "figures": "Figures", "by": "Given out to"},
    "fr": {"release": "Le premier trimestre 2025", "hidden": "masqué", "figures": "Chiffres", "by": "Remis à"},
}


@pytest.fixture
def published(site: Site) -> Release:
    """A quarter of some hundred incidents in three units, sparse in places, published."""
    organisation: Organisation = site.organisation
    units = {"top": "Everywhere", "north": "North", "south": "South", "quay": "Everywhere"}
    rows = []
    for one in generated("2025-Q1", 1):
        marks = [1 << at for at in range(16) if one.marks >> at & 1]
        said = {name: getattr(one, name) for name in facts.SAYING if name not in ("unit_id", "mark")}
        for number in range(one.persons):
            at = {"unit_id": organisation.units[units[one.unit_id]].id, "mark": marks[number % len(marks)]}
            rows.append({**said, **at, "handle": None, "weight": 1, "state": "open"})
    with organisation.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, organisation.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    with organisation.backend.reading() as uow:
        wished = wishes(uow)
    period = Period("2025-Q1", "2025-Q1")
    made = release_period(organisation.backend, SYSTEM, now=organisation.now, period=period, wishes=wished)
    assert sum(table.hidden for table in made.release.tables) >= 2
    return made.release


def switched(site: Site, language: str) -> PageClient:
    """Hana, who presses the button of that language where the page is in the other one."""
    hana = site.as_("Hana")
    if language == "fr":
        hana.get("/statistics").press("Français")
    return hana


@pytest.mark.large_on_postgresql
@pytest.mark.care(33)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_hr_reads_a_release_and_takes_it_away(site: Site, published: Release, language: str) -> None:
    words, hana = WORDS[language], switched(site, language)
    page = hana.get("/statistics")
    assert page.language == language
    page = page.follow(words["release"])
    assert page.h1 == words["release"]
    for table in published.tables:
        shown = hana.get(f"/statistics/1/tables/{table.name}")
        assert shown.h1 == table.title.of(language)
        chart = shown.find("svg.trim-chart")
        if table.dimensions:
            assert chart is not None
            assert chart.get("role") == "img"
        _shows_only(shown.texts("table.trim-figures td"), words["hidden"])
    content = {made_as: given_out(hana, 1, made_as) for made_as in FORMATS}
    assert from_json(content["json"]) == published
    assert json.loads(content["json"])["given_out"]["by"] == "Hana"
    between = {"en": ",", "fr": ";"}[language]
    rows = list(csv.reader(io.StringIO(content["csv"].decode("utf-8-sig")), delimiter=between))
    assert {len(row) for row in rows} == {14}
    assert len(rows) == 1 + sum(len(table.cells) for table in published.tables)
    notes = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).worksheets[0]
    assert [row[1].value for row in notes.iter_rows() if row[0].value == words["by"]] == ["Hana"]
    reader = PdfReader(io.BytesIO(content["pdf"]))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == language
    assert words["by"] in text
    _no_hidden(published, content["json"])
    for made_as in ("xlsx", "pdf"):
        assert not [part for part in unpacked(made_as, content[made_as]) if re.search("(?i)suppress|primary", part)]


def _shows_only(cells: list[str], hidden: str) -> None:
    assert all(re.fullmatch(rf"[\d.,\u202f]+|{hidden}", one) for one in cells)


def _no_hidden(published: Release, content: bytes) -> None:
    """In the JSON form a hidden cell is nothing but its key and that it is hidden."""
    said = {one["name"]: one["cells"] for one in json.loads(content)["tables"]}
    for table in published.tables:
        by_key = {tuple(cell["key"]): cell for cell in said[table.name]}
        for key in (cell.key for cell in table.cells if not cell.is_shown):
            assert by_key[key] == {"key": list(key), "value": None, "status": "suppressed"}


@pytest.mark.large_on_postgresql
@pytest.mark.care(11)
def test_hr_reaches_no_other_page_and_every_file_is_in_the_trail(site: Site, published: Release) -> None:
    hana = site.as_("Hana")
    for path in ("/cases", "/incidents", "/board", "/trail", "/practitioners", "/escalations", "/accounts"):
        hana.get(path, status=403)
    hana.get("/statistics/1/attack", status=403)
    for made_as in FORMATS:
        given_out(hana, 1, made_as)
    account = site.organisation.accounts["Hana"].id
    with site.organisation.backend.reading() as uow:
        found = [one for one in lines(uow.session, f"account:{account}") if one["what"] == "statistics.exported"]
        [made] = [one for one in lines(uow.session, "organisation") if one["what"] == "statistics.released"]
    assert [one["codes"]["format"] for one in found] == list(FORMATS)
    assert {one["codes"]["digest"] for one in found} == {made["codes"]["body"]}
    assert published.number == 1

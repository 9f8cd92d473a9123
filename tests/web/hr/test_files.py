"""Files of a release: opened with each format's own library; no byte of any of them holds a hidden value."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Iterator
from itertools import product

import openpyxl
import pytest
from pypdf import PdfReader

from tests.support.given_out import FORMATS, given_out, ungrouped, unpacked
from tests.support.released import DANGEROUS, Told, chain, publish
from tests.support.site import Site
from trim.statistics.model import Cell, Release, Words
from trim.statistics.model_json import from_json, to_json

#: A value that no cell can have by chance, put where a true value would be if anything carried it.
ODD = 907_310_000


@pytest.fixture
def published(site: Site) -> Site:
    publish(site.organisation, *chain("2025-Q1"))
    return site


def the_release() -> Release:
    return chain("2025-Q1")[0].release


def hidden(release: Release) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in release.tables:
        for cell in table.cells:
            if not cell.is_shown:
                yield table.name, cell.key


def test_the_release_has_hidden_figures_at_all() -> None:
    assert len(list(hidden(the_release()))) > 10


def test_csv_has_one_line_for_each_figure_and_no_value_where_it_is_hidden(published: Site) -> None:
    content = given_out(published.as_("Hana"), 1, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    release = the_release()
    assert len(rows) == sum(len(table.cells) for table in release.tables)
    assert {row["Status"] for row in rows} == {"shown", "hidden"}
    for row in rows:
        assert (row["Number"] == "") == (row["Status"] == "hidden")
        assert (row["Given out to"], row["Release"]) == ("Hana", "1")
    shown = [int(row["Number"]) for row in rows if row["Status"] == "shown"]
    assert shown == [value for table in release.tables for value in _values(table)]


def _values(table: object) -> list[int]:
    cells = {cell.key: cell.value for cell in table.cells}
    keys = product(*(one.with_total() for one in table.dimensions))
    return [cells[key] for key in keys if cells[key] is not None]


def test_xlsx_opens_with_its_notes_first_and_holds_neither_formula_nor_link(published: Site) -> None:
    content = given_out(published.as_("Hana"), 1, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "Notes"
    said = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=2)}
    assert said["Given out to"] == "Hana"
    assert said["Release"] == "1"
    numbers = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "inlineStr"}, (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                assert cell.comment is None
        if sheet.title not in {"Notes", "Definitions"}:
            heads = [cell.value for cell in sheet[1]]
            status, number = heads.index("Status"), heads.index("Number")
            numbers += [(row[status], row[number]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert {(status == "hidden") == (value is None) for status, value in numbers} == {True}
    alone = [(table.title.en, table.total) for table in the_release().tables if not table.dimensions]
    assert alone
    assert [(row[0], row[2]) for row in book["Totals"].iter_rows(min_row=2, values_only=True)] == alone
    assert len(numbers) == sum(len(table.cells) for table in the_release().tables)
    parts = unpacked("xlsx", content)
    assert not [one for one in parts if "<f>" in one or "definedName" in one or 'hidden="1"' in one]


def test_json_is_the_published_form_with_a_face(published: Site) -> None:
    content = given_out(published.as_("Hana"), 1, "json")
    assert from_json(content) == the_release()
    face = json.loads(content)["given_out"]
    assert face["by"] == "Hana"
    assert face["sha256"] == hashlib.sha256(to_json(the_release())).hexdigest()


def test_pdf_is_tagged_and_says_where_it_comes_from(published: Site) -> None:
    reader = PdfReader(io.BytesIO(given_out(published.as_("Hana"), 1, "pdf")))
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Given out to" in text
    assert "Hana" in text
    assert the_release().table("bands").definition.en[:40] in " ".join(text.split())


def test_the_dictionary_defines_every_table(published: Site) -> None:
    rows = list(csv.reader(io.StringIO(given_out(published.as_("Hana"), 1, "dictionary").decode("utf-8-sig"))))
    assert {row[0] for row in rows} >= {table.name for table in the_release().tables}


def odd() -> tuple[Told, dict[tuple[str, tuple[str, ...]], int]]:
    """The release with odd values for everything shown, and the values that hidden cells would have had."""
    release = the_release()
    taken = iter(range(ODD, ODD + 100_000, 7))
    secret: dict[tuple[str, tuple[str, ...]], int] = {}
    tables = []
    for table in release.tables:
        cells = []
        for cell in table.cells:
            value = next(taken)
            if cell.is_shown:
                cells.append(Cell(cell.key, value, "shown"))
            else:
                secret[table.name, cell.key] = value
                cells.append(cell)
        tables.append(dataclasses.replace(table, cells=tuple(cells)))
    return Told(dataclasses.replace(release, tables=tuple(tables)), ()), secret


@pytest.mark.parametrize("made_as", FORMATS)
def test_no_byte_holds_a_number_that_is_not_published(site: Site, made_as: str) -> None:
    """With values that cannot come by chance: every long number in a file is a shown figure of the release.

    So no file works anything out: no sum, no difference of a total and its shown parts.
    """
    told, secret = odd()
    publish(site.organisation, told, attacked=False)
    shown = {cell.value for table in told.release.tables for cell in table.cells if cell.is_shown}
    found: set[int] = set()
    parts = [ungrouped(part) for part in unpacked(made_as, given_out(site.as_("Hana"), 1, made_as))]
    for part in parts:
        found |= {int(one) for one in re.findall(r"9073\d{5}", part)}
    assert found <= shown
    assert not found & set(secret.values())
    if made_as != "dictionary":
        assert len(found) > 20
    rests = list(_rests(told.release))
    assert rests
    assert not [rest for rest in rests for part in parts if str(rest) in part]


def _rests(release: Release) -> Iterator[int]:
    """What a total leaves over its shown parts, where that is a number that cannot come by chance."""
    for table in release.tables:
        cells = table.by_key()
        for at, dimension in enumerate(table.dimensions):
            for key, cell in cells.items():
                if key[at] != dimension.total or not cell.is_shown:
                    continue
                inner = [cells[(*key[:at], one, *key[at + 1 :])].value for one in dimension.children(dimension.total)]
                rest = abs((cell.value or 0) - sum(one for one in inner if one is not None))
                if None in inner and rest > ODD // 2 and rest not in {one.value for one in table.cells}:
                    yield rest


@pytest.mark.parametrize("made_as", ["csv", "xlsx", "dictionary"])
def test_no_word_of_a_release_can_run_in_a_spreadsheet(site: Site, made_as: str) -> None:
    release = the_release()
    tables = []
    for table in release.tables:
        dimensions = tuple(
            dataclasses.replace(one, labels={value: Words(DANGEROUS, DANGEROUS) for value in one.labels})
            for one in table.dimensions
        )
        tables.append(dataclasses.replace(table, dimensions=dimensions, title=Words("=1+1", "+2")))
    publish(site.organisation, Told(dataclasses.replace(release, tables=tuple(tables)), ()), attacked=False)
    content = given_out(site.as_("Hana"), 1, made_as)
    if made_as == "xlsx":
        cells = [
            cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row
        ]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        texts = [str(cell.value) for cell in cells if cell.data_type != "n"]
    else:
        texts = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert [one for one in texts if "HYPERLINK" in one]
    assert not [one for one in texts if one.lstrip().startswith(("=", "+", "-", "@"))]


def test_no_page_holds_a_number_that_is_not_published(site: Site) -> None:
    """Source of the pages, titles and descriptions of the charts included."""
    told, secret = odd()
    publish(site.organisation, told, attacked=False)
    shown = {cell.value for table in told.release.tables for cell in table.cells if cell.is_shown}
    paths = ["/statistics/1", "/statistics/1/definitions"]
    paths += [f"/statistics/1/tables/{table.name}" for table in told.release.tables]
    found: set[int] = set()
    for path in paths:
        source = ungrouped(site.as_("Hana").client.get(path).get_data(as_text=True))
        found |= {int(one) for one in re.findall(r"(?<![0-9a-f])9073\d{5}(?![0-9a-f])", source)}
        assert not [rest for rest in _rests(told.release) if f">{rest}<" in source]
    assert found <= shown
    assert not found & set(secret.values())
    assert len(found) > 20

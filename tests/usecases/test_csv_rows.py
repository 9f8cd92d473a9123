"""Whatever a spreadsheet writes is read as it was meant; whatever nobody can read is named with its line."""

from __future__ import annotations

import csv
import io
import tracemalloc
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trim.usecases.csv_rows import BadRow, CsvRow, CsvTable, UnreadableFile

#: Text as people type it into a cell: no control characters, no lone surrogates, already composed.
CELLS = st.text(st.characters(codec="utf-8", categories=("L", "Nd", "P", "Sm", "Sc", "Zs")), max_size=12).map(
    lambda text: text.strip()
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv") / "file.csv"


def table(path: Path, content: str | bytes) -> CsvTable:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return CsvTable(path, required=("one", "two"), optional=("three",))


def read(path: Path, content: str | bytes) -> list[CsvRow | BadRow]:
    return list(table(path, content).rows())


@given(
    rows=ROWS,
    separator=st.sampled_from(",;\t"),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    mark=st.booleans(),
)
@example(rows=[("a;b", 'say "no"', "x")], separator=";", line_end="\r\n", quoting=csv.QUOTE_MINIMAL, mark=True)
def test_what_a_spreadsheet_writes_is_read(
    file: Path, rows: list[tuple[str, ...]], separator: str, line_end: str, quoting: int, mark: bool
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator=line_end, quoting=quoting)
    writer.writerow(["one", "two", "three"])
    writer.writerows(rows)
    content = written.getvalue().encode("utf-8-sig" if mark else "utf-8")
    wanted = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]
    got = read(file, content)
    assert all(isinstance(row, CsvRow) for row in got)
    assert [(row["one"], row["two"], row["three"]) for row in got] == [row for row in wanted if any(row)]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_each_line_is_a_row_or_has_a_reason(file: Path, content: bytes) -> None:
    lines = len(content.decode("utf-8", "replace").splitlines()) + 1
    for row in read(file, b"one,two\n" + content):
        assert 2 <= row.line <= lines + 1
        assert isinstance(row, CsvRow) or row.reasons


@given(st.integers(0, 30), st.integers(0, 5))
def test_a_row_is_named_by_the_line_it_begins_on(file: Path, good: int, breaks: int) -> None:
    content = "one,two\n" + "x,y\n" * good + '"a' + "\n" * breaks + '",b\n' + "x,y,z\n"
    *_, long, bad = read(file, content)
    assert long.line == good + 2
    assert isinstance(bad, BadRow)
    assert bad.line == good + 3 + breaks
    assert "3 cells and the header has 2" in bad.reasons[0]


def test_blank_lines_count_but_are_no_rows(file: Path) -> None:
    assert [row.line for row in read(file, "\n\none,two\n\na,b\n , \n\nc,d\n")] == [5, 8]


def test_columns_may_stand_in_any_order_and_case(file: Path) -> None:
    (row,) = read(file, " TWO ,Three,oNe\nb,c,a\n")
    assert isinstance(row, CsvRow)
    assert (row["one"], row["two"], row["three"]) == ("a", "b", "c")


def test_columns_nobody_asks_for_are_told(file: Path) -> None:
    assert table(file, "one,two,tree\n").unused == ["tree"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"one\n1\n", "has no column two"),
        (b"1,2\n3,4\n", "has no column one and no column two"),
        (b"one,two,one\n", "column one twice"),
        ("one,two\n1,2\n".encode("utf-16"), "is not UTF-8 text"),
        (b"PK\x03\x04\x00\xff\xfe", "is not UTF-8 text"),
        (b'"one,two\n', "has no column"),
    ],
)
def test_a_file_that_is_no_table_says_so(file: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        table(file, content)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is not there"):
        CsvTable(tmp_path / "none.csv", required=("one",))
    with pytest.raises(UnreadableFile, match="is not a file"):
        CsvTable(tmp_path, required=("one",))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"caf\xe9,x", "not UTF-8"),
        (b"a,b,c", "3 cells"),
        (b"a", "1 cells"),
        (b'"a"b,c', "must be doubled"),
        (b"a,b\x00", "control characters"),
        (b"a,b\x1b[31m", "control characters"),
        (b"a," + b"x" * 140_000, "longer than 131,072"),
    ],
)
def test_a_bad_row_does_not_hide_those_after_it(file: Path, line: bytes, words: str) -> None:
    before, bad, after = read(file, b"one,two\na,b\n" + line + b"\nc,d\n")
    assert isinstance(before, CsvRow)
    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert words in bad.reasons[0]
    assert isinstance(after, CsvRow)
    assert after.line == 4


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens(file: Path) -> None:
    good, bad = read(file, 'one,two\na,b\n"c,d\ne,f\ng,h\n')
    assert isinstance(good, CsvRow)
    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert "nothing up to line 5 can be read" in bad.reasons[0]


def test_a_file_is_never_held_whole(file: Path) -> None:
    with file.open("w") as out:
        out.write("one,two\n")
        for number in range(100_000):
            out.write(f"{number},{'x' * 90}\n")
    table = CsvTable(file, required=("one", "two"))
    tracemalloc.start()
    try:
        assert sum(1 for _ in table.rows()) == 100_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000

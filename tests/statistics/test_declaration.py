"""The declaration of tables: what ships is sound, and faults are named by their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from trim.engine.problems import PackError
from trim.statistics.declaration import MOST_TABLES, Declaration
from trim.statistics.read_declaration import SHIPPED, read_declaration


def test_the_shipped_tables_are_within_the_bounds_and_defined_in_both_languages():
    declaration = read_declaration()
    assert len(declaration.tables) <= MOST_TABLES
    for table in declaration.tables:
        assert len(table.dimensions) <= 2
        assert len(table.definition.en) > 60
        assert len(table.definition.fr) > 60
        assert table.title.en != table.title.fr


@pytest.mark.care(33)
def test_bands_and_change_are_of_the_whole_organisation():
    by_unit = {table.name for table in read_declaration().tables if table.by_unit}
    assert not by_unit & {"bands", "changes"}


def test_cells_are_counted_before_anything_is_released():
    cells = read_declaration().most_cells(45, {"incident_kind": 12})
    assert cells["incidents"] == 46 * 13
    assert cells["changes"] == 6


def faults(tmp_path: Path, old: str, new: str) -> list[str]:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "tables.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_declaration(path)
    return [str(problem) for problem in caught.value.problems]


def line_of(word: str) -> int:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, 1) if word in line)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: [unit, incident_kind]", "by: [unit, incidentkind]", "There is no dimension “incidentkind”"),
        (
            "by: [exposure, staff_group, unit]",
            "by: [exposure, staff_group, interview]",
            "at most 2 different dimensions",
        ),
        ("measure: incidents\n", "measure: incident\n", "There is no measure “incident”"),
        ("from: staff_group", "from: staffgroup", "Facts have no field “staffgroup”"),
        ("part: 2\n    values:\n      low", "part: 0\n    values:\n      low", "Only a category has parts"),
        ("sensitive: false}", "sensitve: false}", "“sensitve” is not a key"),
        ("format: 1", "format: 2", "This format of tables is not known"),
    ],
)
def test_faults_are_named_by_file_and_line(tmp_path: Path, old: str, new: str, said: str):
    found = faults(tmp_path, old, new)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith(f"tables.yaml:{line_of(old.splitlines()[0])}:")


def test_too_many_tables_are_refused(tmp_path: Path):
    one = "  another: {measure: changes, by: [change], title: {en: A, fr: B}, definition: {en: A, fr: B}}\n"
    path = tmp_path / "tables.yaml"
    path.write_text(SHIPPED.read_text(encoding="utf-8") + one, encoding="utf-8")
    with pytest.raises(PackError, match="There are 13 tables; at most 12"):
        read_declaration(path)


def test_a_declaration_of_ones_own_is_read(tmp_path: Path):
    path = tmp_path / "tables.yaml"
    path.write_text(
        "format: 1\ndimensions: {}\nmeasures:\n  m: {label: {en: M, fr: M}, kinds: incident}\n"
        "tables:\n  t: {measure: m, by: unit, title: {en: T, fr: T}, definition: {en: D, fr: D}}\n",
        encoding="utf-8",
    )
    found = read_declaration(path)
    assert isinstance(found, Declaration)
    assert found.tables[0].by_unit
    assert found.measures["m"].kinds == {"incident"}

"""`trim import people`: known again by staff number, managers looked up after the last row, every bad row named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.databases import DatabaseUrls
from tests.support.importing import Instance, instance_in
from tests.support.organisation import SETUP
from trim.resources import examples_dir
from trim.store.tables import Person, TrailEntry, Unit
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.people.person_rows import ListedPerson, in_loops, managers_first, without_manager
from trim.usecases.people.unit_names import NamedUnit

#: Those whom the organisation of the tests has already, without staff numbers.
HERE = 5


@pytest.fixture
def instance(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Instance]:
    with instance_in(tmp_path / "instance", database_urls) as made:
        yield made


@pytest.fixture
def embedded(sqlite_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Instance]:
    with instance_in(tmp_path / "instance", sqlite_urls) as made:
        yield made


def row(number: str, manager: str = "", **more: str) -> dict[str, str]:
    return {"name": f"Person {number}", "staff_number": number, "unit": "North", "line_manager": manager, **more}


def stored(instance: Instance) -> dict[str, Person]:
    return {one.staff_number: one for one in instance.rows(Person) if one.staff_number}


def led_by(instance: Instance) -> dict[str, str | None]:
    people = stored(instance)
    numbers = {person.id: number for number, person in people.items()}
    return {
        number: numbers.get(person.line_manager_id or "") if person.line_manager_known else "?"
        for number, person in people.items()
    }


class TestList:
    """What a list brings in."""

    def test_the_shipped_example_is_imported_once(self, instance: Instance) -> None:
        path = examples_dir() / "people.csv"
        answer = instance.answers("people", path, "--create-units")
        assert (answer["added"], answer["bad_rows"], answer["units_made"]) == (10, [], 2)
        again = instance.answers("people", path, "--create-units")
        assert (again["added"], again["changed"], again["unchanged"], again["units_made"]) == (0, 0, 10, 0)
        groups = sorted(person.staff_group for person in stored(instance).values())
        assert {group: groups.count(group) for group in groups} == {
            "agency": 1,
            "contractor": 1,
            "employee": 6,
            "volunteer": 2,
        }
        assert not any(person.generated for person in stored(instance).values())

    def test_managers_may_stand_below_their_people(self, instance: Instance) -> None:
        path = instance.table("people.csv", [row("3", "2"), row("2", "1"), row("4"), row("1", "none")])
        instance.answers("people", path)
        assert led_by(instance) == {"1": None, "2": "1", "3": "2", "4": "?"}

    def test_a_newer_list_changes_what_it_says_otherwise_and_removes_nobody(self, instance: Instance) -> None:
        instance.answers("people", instance.table("old.csv", [row("1", "none"), row("2", "1"), row("3", "1")]))
        newer = [row("2", "1", unit="South"), row("3", "2", name="Renée Novák"), row("4", "1")]
        answer = instance.answers("people", instance.table("new.csv", newer))
        assert (answer["added"], answer["changed"], answer["unchanged"]) == (1, 2, 0)
        assert led_by(instance) == {"1": None, "2": "1", "3": "2", "4": "1"}
        assert stored(instance)["3"].name_key == "renee novak"
        changes = [line.text for line in instance.rows(TrailEntry) if line.what == "person.changed"]
        assert len(changes) == 2
        assert not any("Renée" in text or "South" in text for text in changes)

    def test_names_that_are_there_without_a_number_are_told(self, embedded: Instance) -> None:
        result = embedded.run("people", embedded.table("people.csv", [row("1", name="robin  ASHE")]))
        assert result.exit_code == 0
        assert "perhaps the same people, perhaps not: robin ASHE" in result.stdout

    def test_staff_groups_are_known_in_both_languages(self, instance: Instance) -> None:
        groups = ("Bénévole", "Agency staff", "contractor", "")
        rows = [row(str(number), staff_group=group) for number, group in enumerate(groups)]
        instance.answers("people", instance.table("people.csv", rows))
        found = [stored(instance)[str(number)].staff_group for number in range(4)]
        assert found == ["volunteer", "agency", "contractor", "employee"]

    def test_units_go_through_a_mapping(self, instance: Instance) -> None:
        mapping = instance.file("units.csv", "unit,name\nN-01,South\n")
        instance.answers("people", instance.table("people.csv", [row("1", unit="n-01")]), "--units", mapping)
        units = {unit.id: unit.name for unit in instance.rows(Unit)}
        assert units[stored(instance)["1"].unit_id] == "South"

    def test_a_dry_run_counts_and_changes_nothing(self, embedded: Instance) -> None:
        path = embedded.table("people.csv", [row("2", "1", unit="Peak"), row("1", "none")])
        answer = embedded.answers("people", path, "--create-units", "--dry-run")
        assert (answer["added"], answer["units_made"]) == (2, 1)
        assert (embedded.count(Person), embedded.count(Unit)) == (HERE, 3)

    def test_several_thousand_people_are_added_whole(self, embedded: Instance) -> None:
        rows = [row(str(number), str(number // 8) if number >= 8 else "none") for number in range(1, 2001)]
        answer = embedded.answers("people", embedded.table("people.csv", rows[::-1]))
        assert (answer["added"], answer["bad_rows"]) == (2000, [])
        assert led_by(embedded)["2000"] == "250"


class TestBadInput:
    """What is wrong is listed, and nothing is stored."""

    def refused(self, instance: Instance, rows: list[dict[str, str]]) -> dict[int, str]:
        answer = instance.answers("people", instance.table("people.csv", rows))
        assert answer["refused"]
        assert instance.count(Person) == HERE
        return {bad["line"]: "; ".join(bad["reasons"]) for bad in answer["bad_rows"]}

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"name": " "}, "name is empty"),
            ({"name": "x" * 201}, "name is longer than 200"),
            ({"staff_number": ""}, "staff_number is empty"),
            ({"staff_number": "x" * 65}, "staff_number is longer than 64"),
            ({"unit": ""}, "unit is empty"),
            ({"unit": "Atlantis"}, "no unit is called “Atlantis”"),
            ({"staff_group": "king"}, "“king” is none of agency, contractor, employee, volunteer"),
            ({"line_manager": "1"}, "nobody is their own line manager"),
            ({"line_manager": "77"}, "nobody has the staff number “77”"),
        ],
    )
    def test_a_bad_row_is_named(self, embedded: Instance, wrong: dict[str, str], words: str) -> None:
        bad = self.refused(embedded, [row("1", staff_group="") | wrong, row("2", staff_group="")])
        assert list(bad) == [2]
        assert words in bad[2]

    def test_one_number_for_two_people(self, embedded: Instance) -> None:
        bad = self.refused(embedded, [row("1"), row("2"), row("1", name="Somebody Else"), row("2")])
        assert sorted(bad) == [2, 4]
        assert "is given to somebody else in line 4" in bad[2]

    def test_a_circle_of_managers(self, embedded: Instance) -> None:
        bad = self.refused(embedded, [row("1", "3"), row("2", "1"), row("3", "2"), row("4", "3")])
        assert "a circle, 1 under 3 under 2 under 1" in bad[2]
        assert "“3” stands in line 4, which is bad" in bad[5]

    def test_a_circle_through_the_directory(self, embedded: Instance) -> None:
        embedded.answers("people", embedded.table("people.csv", [row("1", "none"), row("2", "1")]))
        answer = embedded.answers("people", embedded.table("more.csv", [row("1", "2")]))
        assert "a circle" in answer["bad_rows"][0]["reasons"][0]
        assert led_by(embedded)["1"] is None

    def test_bad_rows_left_out_take_nobody_along_unseen(self, instance: Instance) -> None:
        rows = [row("1", "none", unit="Atlantis"), row("2", "1"), row("3", "none"), row("4", "3")]
        result = instance.run("people", instance.table("people.csv", rows), "--skip-bad")
        assert result.exit_code == 0
        assert re.findall(r"line (\d+): ", result.stderr) == ["2", "3"]
        assert "“1” stands in line 2, which is bad" in result.stderr
        assert set(stored(instance)) == {"3", "4"}

    @pytest.mark.care(34)
    def test_a_demonstration_takes_no_people(self, embedded: Instance) -> None:
        organisation = embedded.organisation
        with organisation.backend.writing() as uow:
            change_settings(uow, SETUP, now=organisation.now, values={"demonstration": True})
        result = embedded.run("people", embedded.table("people.csv", [row("1")]))
        assert result.exit_code == 1
        assert "it never holds real people" in result.stderr
        assert embedded.count(Person) == HERE


NUMBERS = st.integers(0, 12).map(str)
LINES = st.dictionaries(NUMBERS, st.one_of(st.just(""), NUMBERS), max_size=13)


@given(LINES)
def test_whatever_stays_has_its_managers_before_it_and_no_circle(lines: dict[str, str]) -> None:
    listed = {
        number: ListedPerson(line, number, number, NamedUnit("North"), "employee", manager, manager_known=True)
        for line, (number, manager) in enumerate(lines.items(), start=2)
    }
    bad = in_loops(listed, {})
    assert len(bad) == len({one.line for one in bad})
    left = {number: one for number, one in listed.items() if one.line not in {b.line for b in bad}}
    lost = {one.line for one in without_manager(left, {}, {})}
    left = {number: one for number, one in left.items() if one.line not in lost}
    seen: set[str] = set()
    for one in managers_first(left):
        assert not one.manager or one.manager in seen
        seen.add(one.staff_number)
    assert seen == set(left)
    # Nobody is taken out without cause: whoever's managers lead up to somebody on top stays.
    for number in listed:
        path, one = [number], lines[number]
        while one and one in lines and one not in path:
            path.append(one)
            one = lines[one]
        assert (number in left) == (one == "")

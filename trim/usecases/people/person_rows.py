"""A row of a list of people, and who leads whom among all rows: managers are looked up after the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trim.engine.definition import Pack
from trim.usecases.csv_rows import BadRow, CsvRow, CsvTable
from trim.usecases.people.find_or_add import STAFF_GROUPS
from trim.usecases.people.unit_names import NamedUnit, UnitNames, UnitUnknown, folded

REQUIRED = ("name", "staff_number", "unit")
OPTIONAL = ("region", "staff_group", "line_manager")

#: Written instead of a staff number for somebody who has no line manager. A blank means that nobody has said:
#: then whoever is asked to support the person is asked about it (CARE 10).
NOBODY = frozenset({"none", "nobody", "aucun", "aucune", "-"})
MAX_NAME = 200
MAX_NUMBER = 64


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row that can be taken. `manager` is a staff number, or empty; `manager_known` tells nobody from not said."""

    line: int
    name: str
    staff_number: str
    unit: NamedUnit
    staff_group: str
    manager: str
    manager_known: bool


def open_list(path: Path) -> CsvTable:
    """A list of people. Raises UnreadableFile."""
    return CsvTable(path, required=REQUIRED, optional=OPTIONAL)


class Reader:
    """Reads rows one by one; the words of the pack name the staff groups too."""

    def __init__(self, units: UnitNames, pack: Pack) -> None:
        self._units = units
        self._groups = {word: word for word in STAFF_GROUPS}
        for choice in pack.choices.get("staff_groups", ()):
            if choice.value in STAFF_GROUPS:
                self._groups |= {folded(choice.label.en): choice.value, folded(choice.label.fr): choice.value}

    def read(self, row: CsvRow) -> ListedPerson | BadRow:
        """The person a row tells of, or every reason why it cannot be taken."""
        reasons: list[str] = []
        name, number = " ".join(row["name"].split()), row["staff_number"]
        for column, value, longest in (("name", name, MAX_NAME), ("staff_number", number, MAX_NUMBER)):
            if not value:
                reasons.append(f"{column} is empty")
            elif len(value) > longest:
                reasons.append(f"{column} is longer than {longest} characters")
        group = self._groups.get(folded(row["staff_group"] or "employee"))
        if group is None:
            reasons.append(f"staff_group: “{row['staff_group']}” is none of {', '.join(sorted(STAFF_GROUPS))}")
        unit = None
        try:
            unit = self._units.resolve(row["unit"], row["region"]) if row["unit"] else None
        except UnitUnknown as unknown:
            reasons.append(f"unit: {unknown}")
        if not row["unit"]:
            reasons.append("unit is empty")
        manager = row["line_manager"]
        if manager and manager == number:
            reasons.append("line_manager: nobody is their own line manager")
        if reasons or unit is None or group is None:
            return BadRow(row.line, tuple(reasons))
        nobody = manager.casefold() in NOBODY
        return ListedPerson(row.line, name, number, unit, group, "" if nobody else manager, bool(manager))


def once_each(people: Iterable[ListedPerson]) -> tuple[dict[str, ListedPerson], list[BadRow]]:
    """By staff number; a number with two different rows is bad in both, alike rows are one."""
    found: dict[str, ListedPerson] = {}
    bad: dict[int, BadRow] = {}
    for person in people:
        first = found.setdefault(person.staff_number, person)
        if _content(first) != _content(person):
            for one, other in ((first, person), (person, first)):
                reason = f"staff_number: “{one.staff_number}” is given to somebody else in line {other.line}"
                bad.setdefault(one.line, BadRow(one.line, (reason,)))
    for person in [one for one in found.values() if one.line in bad]:
        del found[person.staff_number]
    return found, list(bad.values())


def _content(person: ListedPerson) -> tuple[object, ...]:
    return (person.name, person.unit, person.staff_group, person.manager, person.manager_known)


def without_manager(
    people: Mapping[str, ListedPerson], known: Mapping[str, str], bad_lines: Mapping[str, int]
) -> list[BadRow]:
    """Rows whose line manager is nobody: not in the file, not in the directory, or in a bad row of the file.

    `known` are the staff numbers of the directory, `bad_lines` the staff numbers of bad rows. A row without a manager
    takes those below it along: somebody's manager must never be imported as unknown without being said.
    """
    left = dict(people)
    bad: list[BadRow] = []
    lines = dict(bad_lines)
    while True:
        lost = [one for one in left.values() if one.manager and one.manager not in left and one.manager not in known]
        if not lost:
            return bad
        for person in lost:
            where = lines.get(person.manager)
            reason = f"line_manager: nobody has the staff number “{person.manager}”"
            if where is not None:
                reason = f"line_manager: “{person.manager}” stands in line {where}, which is bad"
            bad.append(BadRow(person.line, (reason,)))
        for person in lost:
            del left[person.staff_number]
            lines[person.staff_number] = person.line


def in_loops(people: Mapping[str, ListedPerson], known: Mapping[str, str]) -> list[BadRow]:
    """Rows that lead each other round in a circle; `known` maps staff numbers of the directory to their manager's."""
    above = {**known, **{number: person.manager for number, person in people.items()}}
    bad: list[BadRow] = []
    clear: set[str] = set()
    for start in people:
        path: list[str] = []
        on_path: set[str] = set()
        one = start
        while one and one not in clear and one not in on_path:
            path.append(one)
            on_path.add(one)
            one = above.get(one, "")
        if one in on_path:
            circle = path[path.index(one) :]
            reason = f"line_manager: a circle, {' under '.join([*circle, circle[0]])}"
            bad += [BadRow(people[number].line, (reason,)) for number in circle if number in people]
        clear |= on_path
    return bad


def managers_first(people: Mapping[str, ListedPerson]) -> list[ListedPerson]:
    """Everybody after their line manager, so that the link can be stored with the row. There is no circle any more."""
    ordered: list[ListedPerson] = []
    done: set[str] = set()
    for person in people.values():
        path: list[ListedPerson] = []
        one: ListedPerson | None = person
        while one is not None and one.staff_number not in done:
            path.append(one)
            done.add(one.staff_number)
            one = people.get(one.manager)
        ordered += reversed(path)
    return ordered

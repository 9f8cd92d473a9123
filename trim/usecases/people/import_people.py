"""Import the people of the organisation from a list: added, changed where the list says otherwise, never removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.store import directory, people
from trim.store.directory import Entry
from trim.store.tables import Person
from trim.usecases.csv_rows import BadRow
from trim.usecases.people.find_or_add import add_person
from trim.usecases.people.person_rows import (
    ListedPerson,
    Reader,
    in_loops,
    managers_first,
    once_each,
    open_list,
    without_manager,
)
from trim.usecases.people.unit_names import UnitNames, create_units, folded, place_of_new, read_mapping
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: People stored in one transaction: about half a second during which other writers wait.
PORTION = 300

#: What a list says about somebody; whoever is in a list belongs to the organisation again.
CHANGEABLE = ("name", "unit_id", "staff_group", "line_manager_id", "line_manager_known", "active")

NO_REAL_PEOPLE = Reason(
    "demonstration",
    "This is a demonstration: it never holds real people. Make an organisation of your own with `trim init`.",
    "Ceci est une démonstration : elle ne contient jamais de personnes réelles. Créez la vôtre avec `trim init`.",
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a list is to be imported: a mapping file, whether units may be made and bad rows left out."""

    units: Path | None = None
    create_units: bool = False
    under: str | None = None
    skip_bad: bool = False
    dry_run: bool = False
    #: Set by a demonstration for people it has invented itself.
    generated: bool = False


@dataclass
class Outcome:
    """What an import found and did."""

    rows: int = 0
    bad: list[BadRow] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    #: Names that stand in the directory without a staff number as well: perhaps the same people.
    namesakes: list[str] = field(default_factory=list)
    units_made: int = 0
    refused: bool = False
    unused_columns: list[str] = field(default_factory=list)


def import_people(backend: Backend, actor: Actor, *, now: datetime, path: Path, wishes: Wishes) -> Outcome:
    """Import a list; with a bad row and without `skip_bad` nothing is stored and `refused` is set.

    People are known again by their staff number. Raises UnreadableFile; InvalidInput when units cannot be placed, and
    in a demonstration, which never holds real people (CARE 34).
    """
    table = open_list(path)
    outcome = Outcome(unused_columns=table.unused)
    with backend.reading() as uow:
        if uow.organisation.demonstration and not wishes.generated:
            raise InvalidInput({"people": NO_REAL_PEOPLE})
        here = directory.by_staff_number(uow.session)
        nameless = directory.names_without_number(uow.session)
        unit_names = [unit.name for unit in people.units(uow.session).values()]
        # Words such as "volunteer" are the same in every programme: any of them says what they are called.
        _, pack = uow.shelf.current(uow.session, next(iter(uow.shelf.programmes(uow.session)), "trim"))
    mapping = read_mapping(wishes.units) if wishes.units is not None else None
    units = UnitNames(unit_names, mapping, create=wishes.create_units)
    reader = Reader(units, pack)
    read: list[ListedPerson] = []
    bad_lines: dict[str, int] = {}
    for row in table.rows():
        outcome.rows += 1
        found = row if isinstance(row, BadRow) else reader.read(row)
        if isinstance(found, ListedPerson):
            read.append(found)
        else:
            outcome.bad.append(found)
            if not isinstance(row, BadRow):
                bad_lines.setdefault(row["staff_number"], row.line)
    listed = _good(read, here, bad_lines, outcome)
    outcome.refused = bool(outcome.bad) and not wishes.skip_bad
    outcome.namesakes = [one.name for one in listed if people.name_key(one.name) in nameless]
    wanted = list(dict.fromkeys(one.unit for one in listed))
    if outcome.refused:
        return outcome
    if wishes.dry_run:
        outcome.units_made = units.count_new(wanted)
    else:
        with backend.writing() as uow:
            below = place_of_new(uow, wishes.under) if units.count_new(wanted) else None
            outcome.units_made = create_units(uow, actor, now=now, wanted=wanted, below=below)[1]
    for start in range(0, len(listed), PORTION):
        keep = backend.reading() if wishes.dry_run else backend.writing()
        with keep as uow:
            _store(uow, actor, now, listed[start : start + PORTION], here, outcome, wishes)
    return outcome


def _good(
    read: list[ListedPerson], here: Mapping[str, Entry], bad_lines: Mapping[str, int], outcome: Outcome
) -> list[ListedPerson]:
    """The rows that can be stored, managers first; the others go to the outcome, in the order of their lines."""
    numbers = {entry.id: number for number, entry in here.items()}
    managers = {number: numbers.get(entry.line_manager_id or "", "") for number, entry in here.items()}
    listed, bad = once_each(read)
    bad_lines = {**{one.staff_number: one.line for one in read if one.staff_number not in listed}, **bad_lines}
    # A circle found and left out may leave others without a manager, and the other way round never.
    circles = in_loops(listed, managers)
    bad_lines |= _taken_out(listed, circles)
    lost = without_manager(listed, managers, bad_lines)
    _taken_out(listed, lost)
    outcome.bad = sorted([*outcome.bad, *bad, *circles, *lost], key=lambda one: one.line)
    return managers_first(listed)


def _taken_out(listed: dict[str, ListedPerson], bad: list[BadRow]) -> dict[str, int]:
    lines = {row.line for row in bad}
    out = {number: one.line for number, one in listed.items() if one.line in lines}
    for number in out:
        del listed[number]
    return out


def _store(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    portion: Sequence[ListedPerson],
    here: dict[str, Entry],
    outcome: Outcome,
    wishes: Wishes,
) -> None:
    """Add and change these people; `here` grows by those added, so that later rows find their managers."""
    unit_ids = {folded(unit.name): unit.id for unit in people.units(uow.session).values()}
    for listed in portion:
        entry = here.get(listed.staff_number)
        wanted = Entry(
            id=entry.id if entry is not None else "",
            name=listed.name,
            unit_id=unit_ids.get(folded(listed.unit.name), ""),
            staff_group=listed.staff_group,
            line_manager_id=here[listed.manager].id if listed.manager else None,
            line_manager_known=listed.manager_known,
            active=True,
        )
        if entry == wanted:
            outcome.unchanged += 1
            continue
        outcome.added += entry is None
        outcome.changed += entry is not None
        if not wishes.dry_run:
            wanted = _kept(uow, actor, now, listed.staff_number, entry, wanted, generated=wishes.generated)
        here[listed.staff_number] = wanted


def _kept(
    uow: UnitOfWork, actor: Actor, now: datetime, number: str, entry: Entry | None, wanted: Entry, *, generated: bool
) -> Entry:
    if entry is None:
        person = add_person(
            uow,
            actor,
            now=now,
            name=wanted.name,
            unit_id=wanted.unit_id,
            staff_group=wanted.staff_group,
            staff_number=number,
            line_manager_id=wanted.line_manager_id,
            line_manager_known=wanted.line_manager_known,
            generated=generated,
        )
        return replace(wanted, id=person.id)
    row = uow.session.get_one(Person, entry.id)
    fields = [name for name in CHANGEABLE if getattr(entry, name) != getattr(wanted, name)]
    for name in fields:
        setattr(row, name, getattr(wanted, name))
    row.name_key = people.name_key(row.name)
    uow.session.add(row)
    uow.record(
        actor,
        now,
        "person.changed",
        chain=trail.ORGANISATION,
        subject=f"person:{row.id}",
        codes={"fields": fields},
    )
    return wanted

"""Which unit the spelling in a file means: by a mapping, by its own name, or, where that is wished, a new unit.

Two departments of one name in two regions are two units, so a new one bears its region: "Greene County (NC)".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.store import people
from trim.store.tables import Unit
from trim.usecases.csv_rows import BadRow, CsvTable, UnreadableFile
from trim.usecases.unit_of_work import UnitOfWork

#: Longest name of a unit that the database takes, in characters.
MAX_NAME = 200

Spelling = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit by its name here; `region` names the unit above it, should it have to be made."""

    name: str
    region: str = ""


class UnitUnknown(Exception):
    """No unit is meant by this spelling; the message says what can be done."""


class UnitNames:
    """Finds the unit a spelling means; `mapping` leads from (unit, region) of a file to names of units here."""

    def __init__(self, names: Iterable[str], mapping: Mapping[Spelling, str] | None = None, *, create: bool) -> None:
        self._known = {folded(name): name for name in names}
        self._mapping = {(folded(unit), folded(region)): name for (unit, region), name in (mapping or {}).items()}
        self._create = create

    def resolve(self, spelling: str, region: str = "") -> NamedUnit:
        """The unit that is meant. Raises UnitUnknown."""
        spelling, region = " ".join(spelling.split()), " ".join(region.split())
        mapped = self._mapped(spelling, region)
        wanted = [mapped] if mapped else [f"{spelling} ({region})", spelling] if region else [spelling]
        for name in wanted:
            known = self._known.get(folded(name))
            if known is not None:
                return NamedUnit(known)
        if not self._create:
            if mapped:
                raise UnitUnknown(f"“{spelling}” is mapped to “{mapped}”, and no unit has that name")
            raise UnitUnknown(
                f"no unit is called “{wanted[0]}”: say with --units which is meant, or use --create-units"
            )
        if len(wanted[0]) > MAX_NAME:
            raise UnitUnknown(f"the name of the unit is longer than {MAX_NAME} characters")
        return NamedUnit(wanted[0], "" if mapped else region)

    def count_new(self, units: Iterable[NamedUnit]) -> int:
        """How many units would have to be made for these, the units of their regions among them."""
        new = {folded(unit.name): unit for unit in units if folded(unit.name) not in self._known}
        regions = {folded(unit.region) for unit in new.values() if unit.region}
        return len(new) + len(regions - set(new) - set(self._known))

    def _mapped(self, spelling: str, region: str) -> str | None:
        unit, place = folded(spelling), folded(region)
        for one in ((unit, place), (unit, ""), ("", place)):
            if one != ("", "") and one in self._mapping:
                return self._mapping[one]
        return None


def folded(name: str) -> str:
    """A spelling without what two hands write differently: case, width, spaces, the form of the apostrophe."""
    plain = unicodedata.normalize("NFKC", name).replace("’", "'").replace("`", "'")
    return " ".join(plain.casefold().split())


def read_mapping(path: Path) -> dict[Spelling, str]:
    """A file with the columns unit, region and name: what the log writes, and the unit's name here.

    A row without region holds for every region, one without unit for every other unit of its region.
    Raises UnreadableFile with the line that is wrong.
    """
    table = CsvTable(path, required=("name",), optional=("unit", "region"))
    found: dict[Spelling, str] = {}
    for row in table.rows():
        if isinstance(row, BadRow):
            raise UnreadableFile(f"{path}, line {row.line}: {'; '.join(row.reasons)}.")
        if not row["name"] or not (row["unit"] or row["region"]):
            raise UnreadableFile(f"{path}, line {row.line}: it needs a name, and a unit or a region.")
        spelling = (row["unit"], row["region"])
        if found.get(spelling, row["name"]) != row["name"]:
            raise UnreadableFile(f"{path}, line {row.line}: this spelling leads to another name above.")
        found[spelling] = row["name"]
    return found


NO_ONE_TOP = Reason(
    "unit_above_missing",
    "There are several units at the top: say with --under which one the new units belong to.",
    "Plusieurs unités sont au sommet : indiquez avec --under à laquelle les nouvelles unités appartiennent.",
)
NO_SUCH_UNIT = Reason("unknown_unit", "No unit has the name given with --under.", "Aucune unité ne porte ce nom.")


def place_of_new(uow: UnitOfWork, under: str | None) -> str | None:
    """The id of the unit below which new ones are made; None at the top of an organisation without units.

    Roles are held over a unit and all below it: a new unit outside the tree would be seen by nobody.
    Raises InvalidInput when `under` names no unit, or when it is needed and was not given.
    """
    units = people.units(uow.session)
    if under is not None:
        found = [unit.id for unit in units.values() if folded(unit.name) == folded(under)]
        if not found:
            raise InvalidInput({"under": NO_SUCH_UNIT})
        return found[0]
    tops = [unit.id for unit in units.values() if unit.parent_id is None]
    if len(tops) > 1:
        raise InvalidInput({"under": NO_ONE_TOP})
    return tops[0] if tops else None


def create_units(
    uow: UnitOfWork, actor: Actor, *, now: datetime, wanted: Iterable[NamedUnit], below: str | None
) -> tuple[dict[str, str], int]:
    """The ids of all units by folded name, those wanted made where they were missing, and how many were made.

    Each new unit is made below its region's, which is made below the unit `below` where it is missing.
    """
    known = {folded(unit.name): unit.id for unit in people.units(uow.session).values()}
    missing = [unit for unit in wanted if folded(unit.name) not in known]
    before = len(known)

    def made(name: str, parent_id: str | None) -> str:
        if folded(name) not in known:
            unit = Unit(id=uow.new_id(), name=name, parent_id=parent_id)
            uow.session.add(unit)
            known[folded(name)] = unit.id
            uow.record(actor, now, "unit.added", chain=trail.ORGANISATION, subject=f"unit:{unit.id}")
        return known[folded(name)]

    # Parents are flushed before their children: the database checks the link at each row.
    regions = {unit.region: made(unit.region, below) for unit in missing if unit.region}
    uow.session.flush()
    for unit in missing:
        made(unit.name, regions[unit.region] if unit.region else below)
    uow.session.flush()
    return known, len(known) - before

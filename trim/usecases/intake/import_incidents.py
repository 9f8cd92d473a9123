"""Import past incidents from a log: they are counted and found again, start no clock and send nothing (CARE 34).

The file is read twice, so that no incident is stored before every row was looked at, and no file is too long for the
memory. What is stored is stored by `report_incident`, in portions, so that others can go on working meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.store import imported, people
from trim.usecases.csv_rows import BadRow, CsvTable, UnreadableFile
from trim.usecases.intake.incident_rows import PastIncident, Rules, open_log, read_kinds
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.people.unit_names import NamedUnit, UnitNames, create_units, folded, place_of_new, read_mapping
from trim.usecases.unit_of_work import Backend, UnitOfWork

NO_PROGRAMME = Reason(
    "unknown_programme", "No programme of that name is installed.", "Aucun programme de ce nom n’est installé."
)

#: Incidents stored in one transaction: about half a second during which other writers wait.
PORTION = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a log is to be imported: mapping files, whether units may be made and bad rows left out."""

    units: Path | None = None
    kinds: Sequence[Path] = ()
    create_units: bool = False
    under: str | None = None
    skip_bad: bool = False
    dry_run: bool = False
    programme: str = "trim"


@dataclass
class Outcome:
    """What an import found and did; rows = bad + all rows of the incidents imported and of those already here."""

    rows: int = 0
    incidents: int = 0
    bad: list[BadRow] = field(default_factory=list)
    imported: int = 0
    #: Rows of the incidents that were imported now.
    imported_rows: int = 0
    already: int = 0
    units_made: int = 0
    refused: bool = False
    unused_columns: list[str] = field(default_factory=list)


def import_incidents(
    backend: Backend,
    actor: Actor,
    *,
    now: datetime,
    path: Path,
    wishes: Wishes,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Import a log; with a bad row and without `skip_bad` nothing is stored and `refused` is set.

    Rows alike in all columns are one incident with a count; an incident imported before is left as it is. A run that
    was broken off is finished by the next. `progress` hears how many of how many incidents are done.
    Raises UnreadableFile, InvalidInput when units cannot be placed.
    """
    table = open_log(path)
    outcome = Outcome(unused_columns=table.unused)
    with backend.reading() as uow:
        names = _unit_names(uow, wishes)
        rules = _rules(uow, now, names, wishes)
    counts = _look_through(table, rules, outcome)
    outcome.refused = bool(outcome.bad) and not wishes.skip_bad
    if outcome.refused:
        return outcome
    with backend.reading() as uow:
        below = place_of_new(uow, wishes.under) if wishes.create_units else None
    keeper = _Keeper(actor, now, counts, names, below, outcome, wishes)
    done = 0
    for portion in _portions(_each_once(table, rules, counts)):
        keep = backend.reading() if wishes.dry_run else backend.writing()
        with keep as uow:
            keeper.keep(uow, portion)
        done += len(portion)
        if progress is not None:
            progress(done, outcome.incidents)
    return outcome


def _unit_names(uow: UnitOfWork, wishes: Wishes) -> UnitNames:
    mapping = read_mapping(wishes.units) if wishes.units is not None else None
    known = [unit.name for unit in people.units(uow.session).values()]
    return UnitNames(known, mapping, create=wishes.create_units)


def _rules(uow: UnitOfWork, now: datetime, units: UnitNames, wishes: Wishes) -> Rules:
    if wishes.programme not in uow.shelf.programmes(uow.session):
        raise InvalidInput({"programme": NO_PROGRAMME})
    _, pack = uow.shelf.current(uow.session, wishes.programme)
    return Rules(
        pack=pack,
        now=now,
        zone=uow.organisation.zone,
        units=units,
        kinds=[read_kinds(path) for path in wishes.kinds],
    )


def _look_through(table: CsvTable, rules: Rules, outcome: Outcome) -> dict[bytes, int]:
    """Read every row once: how often each different one occurs; bad rows go to the outcome."""
    counts: dict[bytes, int] = {}
    for row in table.rows():
        outcome.rows += 1
        found = row if isinstance(row, BadRow) else rules.read(row)
        if isinstance(found, BadRow):
            outcome.bad.append(found)
            continue
        mark = _mark(found)
        counts[mark] = counts.get(mark, 0) + 1
    outcome.incidents = len(counts)
    return counts


def _each_once(table: CsvTable, rules: Rules, counts: dict[bytes, int]) -> Iterator[PastIncident]:
    """The good rows again, each different one at its first occurrence."""
    seen: set[bytes] = set()
    for row in table.rows():
        found = row if isinstance(row, BadRow) else rules.read(row)
        if isinstance(found, BadRow) or _mark(found) in seen:
            continue
        if _mark(found) not in counts:
            raise UnreadableFile(f"{table.path} was changed while it was read. Run the import again.")
        seen.add(_mark(found))
        yield found


@dataclass
class _Keeper:
    """Stores portions one after another and counts in `outcome` what it did."""

    actor: Actor
    now: datetime
    counts: dict[bytes, int]
    names: UnitNames
    below: str | None
    outcome: Outcome
    wishes: Wishes
    _new_units: dict[NamedUnit, None] = field(default_factory=dict)

    def keep(self, uow: UnitOfWork, portion: list[PastIncident]) -> None:
        """Store those of a portion that are not here yet; with `dry_run` only count them."""
        outcome = self.outcome
        keys = {past: import_key(uow, past) for past in portion}
        here = imported.known_keys(uow.session, keys.values())
        new = {past: key for past, key in keys.items() if key not in here}
        outcome.already += len(portion) - len(new)
        outcome.imported += len(new)
        outcome.imported_rows += sum(self.counts[_mark(past)] for past in new)
        if self.wishes.dry_run:
            self._new_units |= dict.fromkeys(past.unit for past in new)
            outcome.units_made = self.names.count_new(self._new_units)
            return
        if not new:
            return
        wanted = [past.unit for past in new]
        unit_ids, made = create_units(uow, self.actor, now=self.now, wanted=wanted, below=self.below)
        outcome.units_made += made
        for past, key in new.items():
            report = past.in_unit(unit_ids[folded(past.unit.name)], import_key=key, count=self.counts[_mark(past)])
            report_incident(uow, self.actor, now=self.now, report=report)


def import_key(uow: UnitOfWork, past: PastIncident) -> str:
    """A keyed digest of the row: finds it again, and tells whoever copies the database nothing."""
    return uow.vault.blind_index("imported incident", f"{past.report.programme}\0{past.row}")


def _mark(past: PastIncident) -> bytes:
    """A short stand-in for a row in the memory; 16 bytes, so that a million rows fit."""
    return hashlib.blake2b(past.row.encode(), digest_size=16).digest()


def _portions(pasts: Iterator[PastIncident]) -> Iterator[list[PastIncident]]:
    while portion := list(islice(pasts, PORTION)):
        yield portion

"""A row of an incident log read as a past incident, or the reasons why it cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from trim.domain.errors import InvalidInput
from trim.domain.incident import IncidentReport, check
from trim.engine.definition import Pack
from trim.usecases.csv_rows import BadRow, CsvRow, CsvTable, UnreadableFile
from trim.usecases.intake.report_incident import choices_of
from trim.usecases.people.unit_names import NamedUnit, UnitNames, UnitUnknown, folded

REQUIRED = ("occurred_on", "unit")
#: One of the two must be there: a word of the pack, or the log's own word for what happened.
KIND_COLUMNS = ("kind", "cause")
OPTIONAL = ("occurred_time", "region", *KIND_COLUMNS, "severity", "source", "place", "description", "reference")
#: What two rows must share to be one incident, and what makes a row one that was imported before.
COMPARED = (*REQUIRED, *OPTIONAL)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class PastIncident:
    """A row that can be imported; `report` lacks its unit's id until the unit is there."""

    line: int
    unit: NamedUnit
    report: IncidentReport
    #: The row as canonical text: equal for rows alike in all columns, in this file and the next.
    row: str

    def in_unit(self, unit_id: str, *, import_key: str, count: int) -> IncidentReport:
        """The report as it is stored."""
        return replace(self.report, unit_id=unit_id, import_key=import_key, count_reported=count)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a cause in a log means here; an empty severity leaves it to the row."""

    word: str
    severity: str = ""


def open_log(path: Path) -> CsvTable:
    """An incident log. Raises UnreadableFile."""
    table = CsvTable(path, required=REQUIRED, optional=OPTIONAL)
    if not any(name in table.columns for name in KIND_COLUMNS):
        raise UnreadableFile(
            f"{path} has neither a column kind nor a column cause; it names {', '.join(table.columns)}."
        )
    return table


def read_kinds(path: Path) -> dict[str, Kind]:
    """A file with the columns cause, kind and, if wished, severity. Raises UnreadableFile with the line."""
    table = CsvTable(path, required=("cause", "kind"), optional=("severity",))
    found: dict[str, Kind] = {}
    for row in table.rows():
        if isinstance(row, BadRow):
            raise UnreadableFile(f"{path}, line {row.line}: {'; '.join(row.reasons)}.")
        if not row["cause"] or not row["kind"]:
            raise UnreadableFile(f"{path}, line {row.line}: it needs a cause and a kind.")
        found[folded(row["cause"])] = Kind(row["kind"], row["severity"])
    return found


class Rules:
    """What the rows are held against: the pack's words, the units, the mapping of causes, the clock."""

    def __init__(
        self,
        *,
        pack: Pack,
        now: datetime,
        zone: ZoneInfo,
        units: UnitNames,
        kinds: Iterable[Mapping[str, Kind]] = (),
    ) -> None:
        """`kinds` map causes to kinds, the first that knows a cause wins. Raises UnreadableFile for an unknown kind."""
        self._pack, self._now, self._zone, self._units = pack, now, zone, units
        self._words = choices_of(pack)
        self._kinds: dict[str, Kind] = {}
        for choice in pack.choices["incident_kinds"]:
            for spelling in (choice.value, choice.label.en, choice.label.fr):
                self._kinds[folded(spelling)] = Kind(choice.value)
        for mapping in reversed(list(kinds)):
            self._kinds |= mapping
        for cause, kind in self._kinds.items():
            if kind.word not in self._words["kind"] or kind.severity not in {"", *self._words["severity"]}:
                raise UnreadableFile(
                    f"The cause “{cause}” is mapped to “{kind.word}” ({kind.severity or 'no severity'}), which "
                    f"is not among the kinds of the pack: {', '.join(sorted(self._words['kind']))}; "
                    f"severities: {', '.join(sorted(self._words['severity']))}."
                )

    def read(self, row: CsvRow) -> PastIncident | BadRow:
        """The incident that a row tells of, or every reason why it cannot be taken."""
        reasons: list[str] = []
        day = self._day(row["occurred_on"], reasons)
        at = self._time(row["occurred_time"], reasons)
        unit = self._unit(row, reasons)
        kind = self._kind(row, reasons)
        report = IncidentReport(
            programme=self._pack.name,
            unit_id="",
            kind=kind.word,
            source=row["source"] or self._default("source", "automatic_criterion"),
            severity=row["severity"] or kind.severity or self._default("severity", "medium"),
            occurred_on=day or self._now.astimezone(self._zone).date(),
            occurred_time=at,
            place=row["place"],
            description=row["description"],
            imported=True,
        )
        try:
            check(report, now=self._now, zone=self._zone, choices=self._words)
        except InvalidInput as invalid:
            # A cell that could not be read has its reason already; what stands in for it has none.
            stood_in = {"occurred_on"} if day is None else set()
            stood_in |= {"kind"} if not kind.word else set()
            reasons += [
                f"{name}: {self._words_for(name, reason.en)}"
                for name, reason in invalid.problems.items()
                if name not in stood_in
            ]
        if reasons or unit is None:
            return BadRow(row.line, tuple(reasons))
        return PastIncident(row.line, unit, report, canonical(row))

    def _day(self, text: str, reasons: list[str]) -> date | None:
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            reasons.append(f"occurred_on: there is no day {text}")
            return None
        if text:
            reasons.append(f"occurred_on: “{_short(text)}” is not a day; write it as 2016-07-03")
        else:
            reasons.append("occurred_on is empty")
        return None

    def _time(self, text: str, reasons: list[str]) -> time | None:
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            reasons.append(f"occurred_time: “{_short(text)}” is not a time; write it as 14:30, or leave it empty")
            return None
        return time(int(found[1]), int(found[2]))

    def _unit(self, row: CsvRow, reasons: list[str]) -> NamedUnit | None:
        if not row["unit"]:
            reasons.append("unit is empty")
            return None
        try:
            return self._units.resolve(row["unit"], row["region"])
        except UnitUnknown as unknown:
            reasons.append(f"unit: {unknown}")
            return None

    def _kind(self, row: CsvRow, reasons: list[str]) -> Kind:
        given = row["kind"] or row["cause"]
        found = self._kinds.get(folded(given))
        if found is None:
            reasons.append(
                f"kind: no kind of incident is meant by “{_short(given)}”: say which in a file given with --kinds"
                if given
                else "kind is empty"
            )
        return found or Kind("")

    def _default(self, group: str, preferred: str) -> str:
        words = self._words[group]
        return preferred if preferred in words else min(words)

    def _words_for(self, name: str, sentence: str) -> str:
        words = f" ({', '.join(sorted(self._words[name]))})" if name in ("severity", "source") else ""
        return sentence.removesuffix(".") + words


def canonical(row: CsvRow) -> str:
    """The row as one text, equal for rows alike in all columns that are read."""
    return json.dumps([row[name] for name in COMPARED], ensure_ascii=False, separators=(",", ":"))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"

"""An incident as it is reported: what is asked, what is checked, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from trim.domain.calendar import assumed_instant
from trim.domain.errors import InvalidInput, Reason

MAX_DESCRIPTION = 500
MAX_PLACE = 200
EARLIEST = date(1990, 1, 1)

IN_FUTURE = Reason("in_future", "The date cannot be in the future.", "La date ne peut pas être dans le futur.")
TOO_OLD = Reason("too_old", "Check the year.", "Vérifiez l’année.")
TOO_LONG = Reason(
    "too_long",
    f"Shorten this to {MAX_DESCRIPTION} characters.",
    f"Raccourcissez ce texte à {MAX_DESCRIPTION} caractères.",
)
UNKNOWN_UNIT = Reason("unknown_unit", "Choose a unit from the list.", "Choisissez une unité dans la liste.")
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")


@dataclass(frozen=True, slots=True)
class ExposedPerson:
    """Somebody who was there: known by id or staff number, or by name, when the directory does not know them yet.

    `is_new` says that none of those who bear the name already is meant.
    """

    exposure: str
    person_id: str | None = None
    name: str = ""
    staff_number: str = ""
    staff_group: str = "employee"
    unit_id: str | None = None
    how: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What a reporter fills in. `occurred_time` None: nobody noted the time, noon is assumed and said."""

    programme: str
    unit_id: str
    kind: str
    source: str
    severity: str
    occurred_on: date
    occurred_time: time | None = None
    place: str = ""
    description: str = ""
    evidence_hold: bool = False
    restricted: bool = False
    exposed: tuple[ExposedPerson, ...] = field(default=())
    count_reported: int = 1
    imported: bool = False
    import_key: str | None = None

    def occurred_at(self, zone: ZoneInfo) -> datetime:
        """The instant that windows count from, aware UTC."""
        if self.occurred_time is None:
            return assumed_instant(self.occurred_on, zone)
        return datetime.combine(self.occurred_on, self.occurred_time, tzinfo=zone).astimezone(
            assumed_instant(self.occurred_on, zone).tzinfo
        )


def check(report: IncidentReport, *, now: datetime, zone: ZoneInfo, choices: dict[str, frozenset[str]]) -> None:
    """Raises InvalidInput with a message per field; `choices` are the pack's words for kind, source and severity."""
    problems: dict[str, Reason] = {}
    today = now.astimezone(zone).date()
    if report.occurred_on > today or (report.occurred_time is not None and report.occurred_at(zone) > now):
        problems["occurred_on"] = IN_FUTURE
    elif report.occurred_on < EARLIEST:
        problems["occurred_on"] = TOO_OLD
    if len(report.description) > MAX_DESCRIPTION:
        problems["description"] = TOO_LONG
    if len(report.place) > MAX_PLACE:
        problems["place"] = TOO_LONG
    for name in ("kind", "source", "severity"):
        if getattr(report, name) not in choices[name]:
            problems[name] = NOT_A_CHOICE
    for number, person in enumerate(report.exposed):
        if person.exposure not in choices["exposure"]:
            problems[f"exposed-{number}-exposure"] = NOT_A_CHOICE
    if problems:
        raise InvalidInput(problems)

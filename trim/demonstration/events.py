"""What happens and when: the kinds and the rhythm of the real log's last years, moved to the two years before today.

Places, departments and deaths of the log are left out. What an emergency service meets besides, and such a log does not
hold (children, suicides, calls, images), is invented and mixed in.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

#: How far back the demonstration reaches.
SPAN = timedelta(days=730)
#: One event in four is of a kind that the log does not hold.
BESIDE_THE_LOG = 0.25

_BESIDE = ("child_death", "suicide", "resuscitation", "distressing_material", "threat_to_life")

#: Short factual descriptions, without names, as a reporter would write them; some reporters write French.
TOLD = {
    "weapon": (
        "Shots were fired at the crew's arrival. Nobody of ours was hit.",
        "Crew treated a person with a stab wound while the scene was not yet safe.",
        "Coups de feu entendus pendant l'intervention. L'équipe s'est mise à l'abri.",
    ),
    "road_traffic": (
        "Collision of two cars, one death at the scene.",
        "Motorcyclist under a lorry; long extrication.",
        "Accident entre un car et une camionnette, plusieurs personnes blessées.",
    ),
    "sudden_illness": (
        "A colleague collapsed during the shift and was taken to hospital.",
        "Malaise grave d'un collègue au poste.",
    ),
    "assault": (
        "A crew was attacked while treating somebody.",
        "Un membre de l'équipe a reçu des coups devant un bar.",
    ),
    "multiple_casualties": (
        "Crowd crush at an open-air event, many injured.",
        "Effondrement d'une tribune, de nombreuses personnes blessées.",
    ),
    "transport": (
        "A small aircraft came down in a field.",
        "A ferry struck the pier; injured passengers on board.",
    ),
    "drowning": (
        "Water rescue, the person could not be revived.",
        "Recherche en mer de nuit ; la personne a été retrouvée sans vie.",
    ),
    "colleague_harmed": (
        "A colleague fell from a ladder and was badly hurt.",
        "Accident pendant un exercice, un collègue blessé.",
    ),
    "fire_explosion": (
        "House fire, one person died.",
        "Gas explosion in a block of flats.",
    ),
    "disaster": ("Landslide after heavy rain; people were buried.",),
    "child_death": (
        "An infant could not be resuscitated.",
        "Décès d'un enfant à son domicile.",
    ),
    "suicide": (
        "Person on the railway line.",
        "Suicide au domicile, découvert par la famille.",
    ),
    "resuscitation": (
        "Resuscitation in front of the family, without success.",
        "Longue réanimation dans un lieu public.",
    ),
    "distressing_material": (
        "A call was listened to until the line went silent.",
        "Images of an accident had to be sorted for the inquiry.",
    ),
    "threat_to_life": (
        "The crew was locked in and threatened for half an hour.",
        "Une personne armée a menacé l'équipe.",
    ),
}
PLACES = (
    "Ring road", "Quai des Tanneurs", "Mill Lane", "Station forecourt", "Rue du Phare", "Castle Hill", "North pier",
    "Rue des Écoles", "Market square", "Bridge Street",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to the crews: its kind is a word of the pack."""

    occurred_at: datetime
    kind: str
    severity: str
    time_known: bool
    place: str
    description: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of the log as far as it is used: what kind, and how many days before the log's last."""

    kind: str
    days_before: int


def read_log(folder: Path) -> list[Happened]:
    """The different rows of the log in `folder`, the latest first."""
    with (folder / "line_of_duty_kinds.csv").open(encoding="utf-8") as file:
        kinds = {row["cause"]: row["kind"] for row in csv.DictReader(file)}
    with (folder / "line_of_duty_incidents.csv").open(encoding="utf-8") as file:
        rows = list(dict.fromkeys((row["occurred_on"], row["unit"], row["cause"]) for row in csv.DictReader(file)))
    days = [(date.fromisoformat(day), kinds[cause]) for day, _, cause in sorted(rows, reverse=True)]
    return [Happened(kind, (days[0][0] - day).days) for day, kind in days]


class Chronicle:
    """Gives events; the same seed and end give the same."""

    def __init__(self, log: list[Happened], seed: int, until: datetime, zone: ZoneInfo) -> None:
        self._log, self._until, self._zone = log, until, zone
        self._chosen = random.Random(f"{seed}/events")

    def spread(self, count: int, *, youngest: timedelta) -> list[Event]:
        """So many events over the whole span, as far apart as in the log, the first first; none younger than that.

        A larger demonstration reaches further back into the log and lays its years one upon the other.
        """
        days = SPAN.days - youngest.days
        while len(self._log) < count:
            self._log = [*self._log, *self._log]
        reach = next((years for years in (2, 4, 8) if self._rows_within(years) >= count), None)
        rows = self._log if reach is None else [row for row in self._log if row.days_before < reach * 365]
        rows = sorted(rows, key=lambda row: row.days_before % days)
        # One out of each stretch of equal weight: dense times stay dense, and no season is left without.
        stretch = len(rows) / count
        picked = [rows[int((number + self._chosen.random()) * stretch)] for number in range(count)]
        taken = [self._event(self._some_hour(timedelta(row.days_before % days) + youngest), row.kind) for row in picked]
        return sorted(taken, key=lambda event: event.occurred_at)

    def event(self, age: timedelta) -> Event:
        """One event of just that age, of a kind that the log gives."""
        at = self._until - age
        return self._event(
            at - timedelta(minutes=at.minute % 5, seconds=at.second), self._chosen.choice(self._log).kind
        )

    def _some_hour(self, age: timedelta) -> datetime:
        """Some hour of the day before that."""
        day = (self._until - age).astimezone(self._zone).date() - timedelta(days=1)
        hour = time(self._chosen.randrange(24), self._chosen.choice((0, 5, 10, 20, 30, 40, 50)))
        return datetime.combine(day, hour, self._zone)

    def _event(self, at: datetime, kind: str) -> Event:
        chosen = self._chosen
        if chosen.random() < BESIDE_THE_LOG:
            kind = chosen.choice(_BESIDE)
        return Event(
            occurred_at=at,
            kind=kind,
            severity=chosen.choices(("low", "medium", "high"), (2, 5, 3))[0],
            time_known=chosen.random() < 0.85,
            place=chosen.choice(PLACES),
            description=chosen.choice(TOLD[kind]),
        )

    def _rows_within(self, years: int) -> int:
        return sum(row.days_before < years * 365 for row in self._log)

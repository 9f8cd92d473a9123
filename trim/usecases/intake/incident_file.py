"""What the page of one incident shows, as values: made by `read_incident`, read by the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.engine.wording import Text
from trim.usecases.cases.case_file import Said
from trim.usecases.escalation.went_further import WentFurther
from trim.usecases.intake.duplicates import SimilarIncident


@dataclass(frozen=True, slots=True)
class Heading:
    """Which incident a page is about, and what protects it: nothing of what happened, nobody's name."""

    ref: str
    version: int
    kind: Text
    unit: str
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    evidence_hold: bool
    groups_cleared: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class ExposedRow:
    """One exposed person. `response` None: nothing decided yet."""

    id: str
    name: str
    unit: str
    staff_number: str | None
    staff_group: Text
    exposure: Text
    response: Text | None
    look_again_on: date | None
    #: Named after the planning meeting: the day on which their own clock began.
    named_late_at: datetime | None
    #: Reference of the case that came of it, for a reader who may open that case.
    case_ref: str | None
    #: What is still to be done for this person alone, and until when: planning, look_again, join_case.
    waits_for: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planning meeting."""

    held_at: datetime
    recorded_by: str
    present: str
    note: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A step of the incident with its window."""

    name: str
    label: Text
    due_at: datetime
    latest_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done on the incident, as its trail tells it; `label` where the pack names the action."""

    what: str
    label: Text | None
    at: datetime
    by: str
    codes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Possible:
    """An action of the pack that is offered now; `refused` says what stands in its way. `plans`: a planning meeting."""

    name: str
    plans: bool
    #: Somebody waits for it now.
    is_due: bool
    label: Text
    confirm: Text | None
    refused: tuple[Text, ...]
    #: The end of the incident; any other action has a page of its own.
    closes: bool = False
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A briefing or a group session about it; who came is not known here (CARE 27)."""

    ref: str
    label: Text
    about: str
    state: Text
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SiteNote:
    """A short note for the whole site, without names."""

    at: datetime
    by: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """The whole page."""

    ref: str
    version: int
    kind: Text
    source: Text
    severity: Text
    unit: str
    state: Text
    is_open: bool
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    became_known_at: datetime
    reported_by: str
    place: str
    description: str
    evidence_hold: bool
    groups_cleared: bool
    restricted: bool
    readers: tuple[str, ...]
    imported: bool
    count_reported: int
    people: tuple[ExposedRow, ...]
    meetings: tuple[Meeting, ...]
    clocks: tuple[Clock, ...]
    actions: tuple[Possible, ...]
    happenings: tuple[Happening, ...]
    similar: tuple[SimilarIncident, ...]
    sessions: tuple[Session, ...] = ()
    #: The programme in which a session can be set up; None where its pack knows none.
    sessions_in: str | None = None
    notes: tuple[SiteNote, ...] = ()
    #: What was taken to somebody else because nobody did it, and how.
    further: tuple[WentFurther, ...] = ()

    @property
    def undecided(self) -> int:
        """How many people have no response yet."""
        return sum(one.response is None for one in self.people)

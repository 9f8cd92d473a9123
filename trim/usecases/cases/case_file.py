"""What a case page shows, as plain frozen values: nothing here can reach the database once the page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from trim.engine.definition import Band, Choice
from trim.engine.scoring import Change, Score
from trim.engine.wording import Text
from trim.usecases.break_glass.openings import Opening

#: One value that somebody filled in, as the pack's words, the person's own or a date.
Value = Text | str | bool | date | datetime | tuple[Text, ...]

Group = Literal["main", "contact", "help", "change", "end"]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a form: what was asked, and what was filled in."""

    label: Text
    value: Value


@dataclass(frozen=True, slots=True)
class DueStep:
    """Something expected, with its window and the happening that its clock runs from (CARE 22)."""

    name: str
    label: Text
    hint: Text | None
    kind: str
    ref: str
    who: str
    anchor: str
    anchor_at: datetime
    #: The clock runs from an incident whose time nobody noted: noon is assumed.
    time_assumed: bool
    earliest_at: datetime | None
    due_at: datetime
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class PossibleAction:
    """An action that this reader has now; `refused` says what still stands in the way."""

    name: str
    label: Text
    hint: Text | None
    group: Group
    danger: bool
    confirm: Text | None
    refused: tuple[Text, ...]
    instrument: bool
    asks: bool
    completes: tuple[str, ...]
    #: It does what is due now: the button that stands out.
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An interview begun and not submitted."""

    action: str
    label: Text
    saved_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt to reach the person, or one that did."""

    at: datetime
    by: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """A submitted interview with its score, and the change since the one before over items answered both times."""

    assessment_id: str
    #: The version that was submitted at first, by which the timeline finds it.
    first_id: str
    label: Text
    held_at: datetime
    recorded_at: datetime
    by: str
    score: Score
    band: Band | None
    change: Change | None
    stopped_early: bool
    corrected: bool
    note: str
    plan: str
    next_contact_on: date | None


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """An escalation of the case."""

    ref: str
    label: Text
    level: str
    state: Text
    is_open: bool
    raised_at: datetime
    answer_by: datetime
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral of the case."""

    ref: str
    provider: Text | None
    state: Text
    is_open: bool
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident that the case covers."""

    ref: str
    kind: Text
    exposure: Text
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    evidence_hold: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on the case or on what runs beside it.

    `code` names what is not an action of the pack (`opened`, `raised`); `title` is the pack's words for the others.
    """

    at: datetime
    by: str | None
    title: Text | None
    code: str = ""
    kind: Literal["", "done", "flag"] = ""
    said: tuple[Said, ...] = ()
    to_state: Text | None = None
    subject_kind: str = "case"
    subject_ref: str = ""
    interview: Interview | None = None


@dataclass(frozen=True, slots=True)
class KeptAway:
    """Somebody of the programme whom the person does not want near the case."""

    exclusion_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as one reader may see it. With standing `proposed`, all content is empty (CARE 24)."""

    ref: str
    version: int
    standing: Literal["own", "proposed", "oversees", "break_glass"]
    person: str
    unit: str
    incident_kind: Text | None
    state: Text
    state_hint: Text | None
    is_open: bool
    actions: tuple[PossibleAction, ...]
    staff_group: Text | None = None
    opened_at: datetime | None = None
    practitioner: str | None = None
    asked: str | None = None
    evidence_hold: Text | None = None
    red_flag_action: str | None = None
    red_flag_levels: tuple[Choice, ...] = ()
    steps: tuple[DueStep, ...] = ()
    appointment_at: datetime | None = None
    drafts: tuple[Draft, ...] = ()
    contacts: tuple[Contact, ...] = ()
    interviews: tuple[Interview, ...] = ()
    escalations: tuple[EscalationRow, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
    #: Other incidents of the last twelve months: for the coordinator's eyes alone (CARE 9).
    earlier: tuple[IncidentRow, ...] = ()
    kept_away: tuple[KeptAway, ...] = ()
    timeline: tuple[Event, ...] = ()
    #: Who opened it from outside the unit, for those who oversee; one's own opening, for whoever did.
    openings: tuple[Opening, ...] = ()

    @property
    def reads_content(self) -> bool:
        """Whether the reader has accepted, or oversees."""
        return self.standing != "proposed"

    @property
    def red_flag_open(self) -> bool:
        """Whether an urgent escalation waits for a decision."""
        return any(one.is_open and one.level != "ordinary" for one in self.escalations)

    def in_group(self, *groups: Group) -> list[PossibleAction]:
        """The actions of some groups, in the pack's order."""
        return [one for one in self.actions if one.group in groups]

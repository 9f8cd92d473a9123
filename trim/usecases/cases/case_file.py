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
class Moved:
    """That a clock stood still or began anew: when, why in the pack's words, and until when it stands still."""

    how: Literal["paused", "resumed", "reset"]
    at: datetime
    why: Value | None
    until_at: datetime | None = None


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
    #: Why its clock stands where it does, if it was stopped or begun anew.
    moved: tuple[Moved, ...] = ()
    #: Which repetition it is; 0 for a step that does not come back.
    number: int = 0

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still now."""
        return any(one.how == "paused" for one in self.moved)


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
    #: Of an interview without a score what was ticked: each item with its words.
    told: tuple[Said, ...] = ()


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
class CameBy:
    """One request: `of` is a code word for whose words the note holds."""

    kind: str
    of: str
    note: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One step of the agreed plan; `due_at` is None once its clock has stopped."""

    ref: str
    what: str
    planned_for: datetime
    state: Text
    is_open: bool
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """That the person has a case in another programme since a day; nothing of it (CARE 21)."""

    programme: Text
    linked_at: datetime


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
    #: Its row, by which it is taken into a calendar.
    appointment_id: str | None = None
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
    #: How it came where no incident opened it; the steps of the plan; that another programme helps too.
    came_by: tuple[CameBy, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    linked: tuple[LinkRow, ...] = ()
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

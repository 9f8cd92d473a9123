"""What the pages of an interview show: the words to say, the questions, what was answered before, whom to call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import Reason
from trim.engine import machine
from trim.engine.definition import Action, Confidentiality, Field, Instrument
from trim.engine.scoring import Score
from trim.engine.wording import Text
from trim.store import accounts, cases
from trim.store.tables import Assessment, AssessmentDraft, Step, SupportCase
from trim.usecases.acting.standing import subject_of
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.assessment.carried import Carried, carried, inside, outside
from trim.usecases.assessment.interview import (
    draft_content,
    interview,
    interview_step,
    is_under_hold,
    must_explain,
    open_step,
    refusals,
    the_case,
)
from trim.usecases.assessment.scored import stored_score
from trim.usecases.assessment.urgent import Urgent, urgent
from trim.usecases.perform import Found, variables_of
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EarlierInterview:
    """The interview before: its answers stand beside the new ones."""

    assessment_id: str
    title: Text
    held_at: datetime
    instrument: Instrument
    answers: Mapping[str, str]
    score: Score


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """What was kept so far. `begun_at`: confidentiality was explained; `red_flag`: the level of one raised from it."""

    version: int
    begun_at: datetime | None
    saved_at: datetime
    saved_by: str
    answers: Mapping[str, str]
    disclosed: Mapping[str, str]
    typed: Mapping[str, list[str]]
    red_flag: str


@dataclass(frozen=True, slots=True)
class InterviewPage:
    """One interview that can be begun or is under way. `must_begin`: its draft cannot be gone on with as it is."""

    case_ref: str
    case_version: int
    person: str
    action: str
    label: Text
    instrument: Instrument
    confidentiality: Confidentiality
    texts: Mapping[str, Text]
    #: The fields of the pack's form for a talk in its time, and for one before the earliest bound.
    fields: tuple[Field, ...]
    early_fields: tuple[Field, ...]
    refused: tuple[Reason, ...]
    urgent: Urgent
    under_hold: bool
    #: No talk can have been before this: the event, or the interview before.
    not_before: datetime | None = None
    earliest_at: datetime | None = None
    due_at: datetime | None = None
    latest_at: datetime | None = None
    draft: OpenDraft | None = None
    must_begin: bool = True
    earlier: EarlierInterview | None = None
    #: Items that cannot change and are not asked again; the person may disclose more (CARE 6).
    outside: tuple[Carried, ...] = ()
    #: Items that cannot change and are asked again, with the answer that stands.
    inside: Mapping[str, Carried] | None = None

    @property
    def calls_now(self) -> bool:
        """Whether the page must say "call now": the draft holds a red flag, or one of the case waits (CARE 1)."""
        return self.urgent.is_open or bool(self.draft and self.draft.red_flag)

    def is_early(self, at: datetime) -> bool:
        """Whether a talk at that time is before the earliest bound: allowed, with a reason (CARE 22).

        A time that cannot be is no early one: whoever mistyped it is told so, and not asked why.
        """
        possible = self.not_before is None or at >= self.not_before
        return possible and self.earliest_at is not None and at < self.earliest_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether the interview should have been recorded by now; its draft is kept however old (CARE 8)."""
        end = self.latest_at or self.due_at
        return end is not None and now > end


def open_interview(uow: UnitOfWork, actor: Actor, *, now: datetime, case_ref: str, action: str) -> InterviewPage:
    """The page of an interview for whoever holds it, with a line in the trail, so call it while writing.

    Raises NotFound, ConflictUnknown.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=False)
    case = the_case(found)
    variables = variables_of(uow, actor, found, now, definition)
    instrument = found.pack.instruments[str(definition.instrument)]
    held = cases.assessments(uow.session, case.id)
    known = carried(uow, case, held)
    clock = open_step(uow, case, definition)
    row = cases.draft(uow.session, case.id, interview_step(definition))
    content = draft_content(uow, case.id, row) if row is not None else {}
    under_hold = is_under_hold(uow, case)
    page = InterviewPage(
        case_ref=case.ref,
        case_version=case.version,
        person=subject_of(uow, case).name,
        action=definition.name,
        label=_label(found, definition, clock, instrument),
        instrument=instrument,
        confidentiality=found.pack.confidentiality,
        texts=found.pack.texts,
        fields=_fields(found, definition, {**variables, "early": False}),
        early_fields=_fields(found, definition, {**variables, "early": True}),
        refused=refusals(uow, actor, found, definition, now),
        urgent=urgent(uow, case, found.pack, variables, now),
        under_hold=under_hold,
        not_before=_not_before(found, held),
        earliest_at=clock.earliest_at if clock else None,
        due_at=clock.due_at if clock else None,
        latest_at=clock.latest_at if clock else None,
        draft=_draft(uow, row, content),
        must_begin=must_explain(content, actor, clock)
        or (under_hold and not content.get("evidence_hold_acknowledged")),
        earlier=_earlier(uow, found, case, held),
        outside=outside(instrument, known) if instrument.follows else (),
        inside=inside(instrument, known),
    )
    read_entry(uow, actor, now, found, f"interview.{definition.name}")
    return page


def read_entry(uow: UnitOfWork, actor: Actor, now: datetime, found: Found, page: str, **codes: str) -> None:
    """The line in the trail that content of a case was read, on which page."""
    case = the_case(found)
    uow.record(
        actor,
        now,
        "case.read",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=sorted(found.roles)[0],
        codes={"page": page, **codes},
    )


def earlier_interview(uow: UnitOfWork, found: Found, case: SupportCase, one: Assessment) -> EarlierInterview:
    """An interview as it stands beside a later one."""
    content = opened(uow, case, one)
    instrument = instrument_of(uow, one)
    step = found.pack.lifecycles["case"].steps.get(one.step)
    return EarlierInterview(
        assessment_id=one.id,
        title=step.label if step else instrument.title,
        held_at=one.held_at,
        instrument=instrument,
        answers=content["answers"],
        score=stored_score(content["score"]),
    )


def _earlier(uow: UnitOfWork, found: Found, case: SupportCase, held: Sequence[Assessment]) -> EarlierInterview | None:
    return earlier_interview(uow, found, case, held[-1]) if held else None


def _fields(found: Found, definition: Action, variables: Mapping[str, Any]) -> tuple[Field, ...]:
    return machine.form_of(
        found.pack,
        lifecycle="case",
        action=definition.name,
        state=the_case(found).state,
        roles=found.roles,
        variables=variables,
    )


def _not_before(found: Found, held: Sequence[Assessment]) -> datetime | None:
    known = [held[-1].held_at] if held else []
    if found.incident is not None and found.incident.time_known:
        known.append(found.incident.occurred_at)
    return max(known, default=None)


def _label(found: Found, definition: Action, clock: Step | None, instrument: Instrument) -> Text:
    """What the interview is called: its step, such as "Interview after reopening", before its instrument."""
    steps = found.pack.lifecycles["case"].steps
    step = steps.get(clock.name if clock is not None else interview_step(definition))
    return step.label if step is not None else instrument.title


def _draft(uow: UnitOfWork, row: AssessmentDraft | None, content: dict[str, Any]) -> OpenDraft | None:
    if row is None:
        return None
    return OpenDraft(
        version=row.version,
        begun_at=datetime.fromisoformat(content["confidentiality_at"]) if "confidentiality_at" in content else None,
        saved_at=row.saved_at,
        saved_by=accounts.names(uow.session, [row.saved_by]).get(row.saved_by, ""),
        answers=content.get("answers", {}),
        disclosed=content.get("disclosed", {}),
        typed=content.get("typed", {}),
        red_flag=str(content.get("red_flag", {}).get("level", "")),
    )

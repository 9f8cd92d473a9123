"""What the page of a submitted interview shows: score, change, carried answers, what happens next, versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.engine.definition import Band, Field, Instrument, Pack
from trim.engine.scoring import Change, Score
from trim.engine.wording import Text
from trim.store import accounts, cases, steps
from trim.usecases.acting.rule_words import rule_words
from trim.usecases.acting.standing import subject_of
from trim.usecases.acting.variables import final_states
from trim.usecases.assessment import correct, withdraw
from trim.usecases.assessment.carried import Carried, carried, outside
from trim.usecases.assessment.interview import action_of, is_under_hold
from trim.usecases.assessment.open_interview import EarlierInterview, earlier_interview, read_entry
from trim.usecases.assessment.raising import escalation_content
from trim.usecases.assessment.submitted import Submitted, actions_doing, submitted
from trim.usecases.assessment.urgent import Urgent, urgent
from trim.usecases.perform import variables_of
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Raised:
    """An escalation that this interview raised: who must answer, by when."""

    ref: str
    label: Text
    hint: Text | None
    to_role: str
    answer_by: datetime
    state: Text
    is_open: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """A step of the case that is open now."""

    name: str
    label: Text
    earliest_at: datetime | None
    due_at: datetime
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the interview; `reason` says why it took the place of the one before."""

    assessment_id: str
    recorded_at: datetime
    by: str
    reason: str
    stands: bool


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """An item that cannot change, with the answer before this interview, and what was newly disclosed in it."""

    as_it_was: Carried
    disclosed: str | None


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """A submitted interview. `stands` is False for a version that was corrected since."""

    case_ref: str
    case_version: int
    person: str
    assessment_id: str
    label: Text
    instrument: Instrument
    score: Score
    band: Band | None
    held_at: datetime
    recorded_at: datetime
    by: str
    stopped_early: bool
    stands: bool
    is_newest: bool
    answers: Mapping[str, str]
    fields: tuple[Field, ...]
    form: Mapping[str, Any]
    texts: Mapping[str, Text]
    case_state: Text
    urgent: Urgent
    under_hold: bool
    versions: tuple[Version, ...]
    earlier: EarlierInterview | None = None
    change: Change | None = None
    carried: tuple[CarriedOver, ...] = ()
    raised: tuple[Raised, ...] = ()
    coming: tuple[Coming, ...] = ()
    can_correct: bool = False
    can_withdraw: bool = False
    #: The pack's fields of a correction, and of the interview as a correction shows it.
    slip_fields: tuple[Field, ...] = ()
    shown_fields: tuple[Field, ...] = ()
    disclosed: Mapping[str, str] | None = None


def show_assessment(
    uow: UnitOfWork, actor: Actor, *, now: datetime, case_ref: str, assessment_id: str, page: str = "assessment"
) -> AssessmentPage:
    """The interview of that id, with a line in the trail, so call it while writing.

    `page` names in the trail what is shown. Raises NotFound, Removed, ConflictUnknown.
    """
    seen = submitted(uow, actor, case_ref, assessment_id, lock=False, glass=page == "assessment")
    case, pack = seen.case, seen.found.pack
    variables = variables_of(uow, actor, seen.found, now)
    taking_back = {**variables, "withdrawn_step": seen.one.step if seen.is_newest else ""}
    correcting = actions_doing(seen.found, correct.EFFECT, variables)
    withdrawing = actions_doing(seen.found, withdraw.EFFECT, taking_back)
    names = accounts.names(uow.session, [one.recorded_by for one in seen.versions])
    stands = seen.one.status == "current"
    recording = action_of(pack, seen.one)
    step = pack.lifecycles["case"].steps.get(seen.one.step)
    shown = AssessmentPage(
        case_ref=case.ref,
        case_version=case.version,
        person=subject_of(uow, case).name,
        assessment_id=seen.one.id,
        label=step.label if step else seen.instrument.title,
        instrument=seen.instrument,
        score=seen.score,
        band=seen.instrument.band(seen.score.band),
        held_at=seen.one.held_at,
        recorded_at=seen.one.recorded_at,
        by=names.get(seen.one.recorded_by, ""),
        stopped_early=bool(seen.content.get("stopped_early")),
        stands=stands,
        is_newest=seen.is_newest,
        answers=seen.content["answers"],
        fields=recording.form if recording else (),
        form=seen.content["form"],
        texts=pack.texts,
        case_state=pack.lifecycles["case"].states[case.state].label,
        urgent=urgent(uow, case, pack, variables, now),
        under_hold=is_under_hold(uow, case),
        versions=_versions(uow, seen, names),
        earlier=earlier_interview(uow, seen.found, case, seen.earlier) if seen.earlier else None,
        change=seen.change,
        carried=_carried(uow, seen),
        raised=_raised(uow, seen, pack),
        coming=_coming(uow, seen, pack),
        can_correct=stands and bool(correcting),
        can_withdraw=stands and bool(withdrawing),
        slip_fields=(correcting or withdrawing)[0].form if correcting or withdrawing else (),
        shown_fields=correct.correction_fields(seen, variables),
        disclosed=seen.content.get("disclosed", {}),
    )
    read_entry(uow, actor, now, seen.found, page, assessment=seen.one.id)
    return shown


def _versions(uow: UnitOfWork, seen: Submitted, names: Mapping[str, str]) -> tuple[Version, ...]:
    owner = f"case:{seen.case.id}"
    return tuple(
        Version(
            assessment_id=one.id,
            recorded_at=one.recorded_at,
            by=names.get(one.recorded_by, ""),
            reason=str(uow.vault.unseal(owner, "assessment", one.id, one.sealed).get("reason", "")),
            stands=one.status == "current",
        )
        for one in seen.versions
    )


def _carried(uow: UnitOfWork, seen: Submitted) -> tuple[CarriedOver, ...]:
    if seen.instrument.follows is None:
        return ()
    before = carried(uow, seen.case, [one for one in seen.held if one.held_at < seen.one.held_at])
    new = seen.content.get("disclosed", {})
    return tuple(CarriedOver(one, new.get(one.item.name)) for one in outside(seen.instrument, before))


def _raised(uow: UnitOfWork, seen: Submitted, pack: Pack) -> tuple[Raised, ...]:
    states, final = pack.lifecycles["escalation"].states, final_states(pack, "escalation")
    found = []
    for one in cases.escalations(uow.session, seen.case.id):
        if escalation_content(uow, one).get("interview") != seen.content["interview"]:
            continue
        rule = pack.escalations.get(one.rule)
        found.append(
            Raised(
                ref=one.ref,
                label=rule_words(pack, one.rule),
                hint=rule.hint if rule else None,
                to_role=one.to_role,
                answer_by=one.answer_by,
                state=states[one.state].label,
                is_open=one.state not in final,
            )
        )
    return tuple(found)


def _coming(uow: UnitOfWork, seen: Submitted, pack: Pack) -> tuple[Coming, ...]:
    known = pack.lifecycles["case"].steps
    return tuple(
        Coming(row.name, known[row.name].label, row.earliest_at, row.due_at, row.latest_at)
        for row in steps.open_steps(uow.session, "case", seen.case.id)
        if row.name in known
    )

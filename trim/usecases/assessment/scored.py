"""Score an interview on the server, explain it, and hold it against the one before (CARE 5, 6)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from trim.domain.errors import InvalidInput, Reason
from trim.domain.interview_times import problem_of
from trim.engine import scoring
from trim.engine.definition import Instrument
from trim.store.tables import Assessment, Incident, SupportCase
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.unit_of_work import UnitOfWork

REASONS = {
    "missing": Reason(
        "missing",
        "Choose an answer, “not asked” or “preferred not to answer”.",
        "Choisissez une réponse, « question non posée » ou « a préféré ne pas répondre ».",
    ),
    "not_a_choice": Reason(
        "not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées."
    ),
    "unknown_item": Reason(
        "unknown_item", "This question is not part of the form.", "Cette question ne fait pas partie du formulaire."
    ),
}
NEXT_BEFORE_THIS = Reason(
    "next_before_this",
    "The next contact cannot be before this interview.",
    "Le prochain contact ne peut pas être avant cet entretien.",
)


def scored(
    instrument: Instrument, answers: Mapping[str, Any], *, stopped_early: bool
) -> tuple[dict[str, str], scoring.Score]:
    """The answers as they are stored, and their score. Raises InvalidInput with a message for each item."""
    try:
        taken = scoring.normalised(instrument, answers, stopped_early=stopped_early)
        return taken, scoring.score(instrument, answers, stopped_early=stopped_early)
    except scoring.InvalidAnswers as invalid:
        raise InvalidInput({item: REASONS[code] for item, code in invalid.problems.items()}) from invalid


def problems_of_time(
    uow: UnitOfWork,
    incident: Incident | None,
    values: Mapping[str, Any],
    *,
    now: datetime,
    previous: Assessment | None = None,
    following: Assessment | None = None,
) -> dict[str, Reason]:
    """What is wrong with the times of an interview: it lies between its neighbours, the next contact after it."""
    held_at, next_on = values.get("held_at"), values.get("next_contact_on")
    wrong = problem_of(
        held_at,
        now=now,
        zone=uow.organisation.zone,
        occurred_at=incident.occurred_at if incident is not None else None,
        time_known=incident is None or incident.time_known,
        previous_at=previous.held_at if previous is not None else None,
        following_at=following.held_at if following is not None else None,
    )
    problems = {"held_at": wrong} if wrong is not None else {}
    if isinstance(next_on, date) and isinstance(held_at, datetime) and not problems:
        zone = uow.organisation.zone
        if next_on < held_at.astimezone(zone).date():
            problems["next_contact_on"] = NEXT_BEFORE_THIS
    return problems


def neighbours(
    held: Iterable[Assessment], one: Assessment, versions: Container[str] = ()
) -> tuple[Assessment | None, Assessment | None]:
    """The interviews just before and just after one; `held` are those that stand, `versions` ids of this very one."""
    others = [other for other in held if other.id != one.id and other.id not in versions]
    at = (one.held_at, one.recorded_at)
    before = [other for other in others if (other.held_at, other.recorded_at) < at]
    after = [other for other in others if (other.held_at, other.recorded_at) > at]
    return (before[-1] if before else None), (after[0] if after else None)


def compared(
    uow: UnitOfWork, case: SupportCase, earlier: Assessment | None, instrument: Instrument, answers: Mapping[str, Any]
) -> scoring.Change | None:
    """The change since an earlier interview; None without one. `answers` hold what was newly disclosed as well."""
    if earlier is None:
        return None
    before = opened(uow, case, earlier)
    return scoring.compare(instrument_of(uow, earlier), before["answers"], instrument, answers)


def as_stored(score: scoring.Score) -> dict[str, Any]:
    """A score as it is sealed beside its answers."""
    return asdict(score)


def stored_score(stored: Mapping[str, Any]) -> scoring.Score:
    """A score as it was reckoned when the interview was recorded; it is never reckoned anew for showing."""
    contributions = tuple(scoring.Contribution(**one) for one in stored["contributions"])
    return scoring.Score(**{**stored, "contributions": contributions})

"""Score an interview on the server, explain it, and hold it against the one before (CARE 5, 6)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from trim.domain.errors import InvalidInput, Reason
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
IN_FUTURE = Reason("in_future", "The interview cannot be in the future.", "L’entretien ne peut pas être dans le futur.")
BEFORE_INCIDENT = Reason(
    "before_incident",
    "The interview cannot be before the incident.",
    "L’entretien ne peut pas avoir eu lieu avant l’événement.",
)
BEFORE_PREVIOUS = Reason(
    "before_previous",
    "The interview cannot be before the last one.",
    "L’entretien ne peut pas avoir eu lieu avant le précédent.",
)
AFTER_NEXT = Reason(
    "after_next",
    "The interview cannot be after the next one.",
    "L’entretien ne peut pas avoir eu lieu après le suivant.",
)
NEXT_BEFORE_THIS = Reason(
    "next_before_this",
    "The next contact cannot be before this interview.",
    "Le prochain contact ne peut pas être avant cet entretien.",
)
WHEN_MISSING = Reason("missing", "Enter when you talked.", "Indiquez quand vous avez parlé.")


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
    problems = _problems_of_held_at(uow, incident, held_at, now, previous, following)
    if isinstance(next_on, date) and isinstance(held_at, datetime) and not problems:
        zone = uow.organisation.zone
        if next_on < held_at.astimezone(zone).date():
            problems["next_contact_on"] = NEXT_BEFORE_THIS
    return problems


def _problems_of_held_at(
    uow: UnitOfWork,
    incident: Incident | None,
    held_at: Any,
    now: datetime,
    previous: Assessment | None,
    following: Assessment | None,
) -> dict[str, Reason]:
    if not isinstance(held_at, datetime):
        return {"held_at": WHEN_MISSING}
    if held_at > now:
        return {"held_at": IN_FUTURE}
    if incident is not None and held_at < incident.occurred_at:
        # Without a known time noon was assumed: a talk on the morning of that day may well have come after it.
        zone = uow.organisation.zone
        same_day = held_at.astimezone(zone).date() == incident.occurred_at.astimezone(zone).date()
        if incident.time_known or not same_day:
            return {"held_at": BEFORE_INCIDENT}
    if previous is not None and held_at < previous.held_at:
        return {"held_at": BEFORE_PREVIOUS}
    if following is not None and held_at > following.held_at:
        return {"held_at": AFTER_NEXT}
    return {}


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

"""Score an interview on the server, explain it, and hold it against the one before (CARE 5, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from trim.domain.errors import InvalidInput, Reason
from trim.engine import scoring
from trim.engine.definition import Instrument
from trim.store.tables import Assessment, SupportCase
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


def scored(instrument: Instrument, answers: Mapping[str, Any], *, stopped_early: bool) -> tuple[dict[str, str], Any]:
    """The answers as they are stored, and their score. Raises InvalidInput with a message for each item."""
    try:
        taken = scoring.normalised(instrument, answers, stopped_early=stopped_early)
        return taken, scoring.score(instrument, answers, stopped_early=stopped_early)
    except scoring.InvalidAnswers as invalid:
        raise InvalidInput({item: REASONS[code] for item, code in invalid.problems.items()}) from invalid


def compared(
    uow: UnitOfWork, case: SupportCase, earlier: Assessment | None, instrument: Instrument, answers: Mapping[str, Any]
) -> scoring.Change | None:
    """The change since an earlier interview; None without one."""
    if earlier is None:
        return None
    before = opened(uow, case, earlier)
    return scoring.compare(instrument_of(uow, earlier), before["answers"], instrument, answers)


def as_computed(score: scoring.Score, change: scoring.Change | None) -> dict[str, Any]:
    """What the pack's conditions read of a score."""
    found: dict[str, Any] = {
        "band": score.band or "",
        "total": score.total,
        "complete": score.complete,
        "has_change": change is not None and change.difference is not None,
    }
    if change is not None and change.difference is not None:
        found["change"] = change.difference
    return found


def as_stored(score: scoring.Score) -> dict[str, Any]:
    """A score as it is sealed beside its answers."""
    return asdict(score)

"""An interview of a scenario: its answers as told, scored and compared as every interview is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from trim.domain.errors import InvalidInput, Reason
from trim.domain.interview_times import problem_of
from trim.engine import scoring
from trim.engine.definition import Instrument
from trim.engine.scenario import Answers


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that was held: the step it is, when, what was answered, and what that gives."""

    step: str
    at: datetime
    instrument: Instrument
    answers: Mapping[str, str]
    score: scoring.Score
    change: scoring.Change | None

    @property
    def computed(self) -> dict[str, Any]:
        """Give what conditions read of it."""
        return {
            **scoring.as_computed(self.score, self.change),
            **scoring.tag_variables(self.instrument, self.answers),
        }


def hold(
    instrument: Instrument,
    answers: Answers,
    *,
    step: str,
    at: Any,
    now: datetime,
    zone: ZoneInfo,
    occurred_at: datetime | None,
    earlier: Held | None,
) -> Held:
    """Hold an interview at an instant; raises InvalidInput for answers or an instant that the pages would not take."""
    given = answered(instrument, answers)
    previous_at = earlier.at if earlier is not None else None
    problems: dict[str, Reason] = {}
    wrong = problem_of(at, now=now, zone=zone, occurred_at=occurred_at, previous_at=previous_at)
    if wrong is not None:
        problems["held_at"] = wrong
    try:
        taken = scoring.normalised(instrument, given, stopped_early=answers.stopped_early)
        score = scoring.score(instrument, given, stopped_early=answers.stopped_early)
    except scoring.InvalidAnswers as invalid:
        problems |= {item: Reason(code, f"{item}: {code}.", "") for item, code in invalid.problems.items()}
        raise InvalidInput(problems) from invalid
    if problems:
        raise InvalidInput(problems)
    change = scoring.compare(earlier.instrument, earlier.answers, instrument, taken) if earlier is not None else None
    return Held(step, at, instrument, taken, score, change)


def answered(instrument: Instrument, answers: Answers) -> dict[str, str | int]:
    """Give an answer for each item, from all of them, from some with 0 for the rest, or from a total.

    A total is spread evenly, item after item in the instrument's order: 12 over ten items is 2, 2, 1, 1, ...
    """
    scored = instrument.scored_items()
    if answers.points is not None:
        return {item.name: answers.points.get(item.name, 0) for item in scored}
    if answers.total is None:
        return dict(answers.given or {})
    spread = dict.fromkeys((item.name for item in scored), 0)
    left = answers.total
    while left:
        for item in scored:
            if left and spread[item.name] < item.most:
                spread[item.name] += 1
                left -= 1
    return dict(spread)

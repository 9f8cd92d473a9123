"""Scores one interview and compares two, showing what each item gave; a score never decides anything by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trim.engine.definition import INCOMPLETE, NOT_ASKED, SPECIAL_ANSWERS, Instrument, Item

Answer = str | int | Sequence[str]
AnswerProblem = Literal["missing", "unknown_item", "not_a_choice"]
Comparison = Literal["compared", "not_both", "carried", "corrected"]


class InvalidAnswers(ValueError):
    """Raised when answers cannot be taken; `problems` names each item with what is wrong."""

    def __init__(self, problems: Mapping[str, AnswerProblem]) -> None:
        super().__init__(", ".join(f"{item}: {code}" for item, code in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one item gave; `points` is None where it was not asked or not answered."""

    item: str
    points: int | None
    changeable: bool
    answer: str
    maximum: int


@dataclass(frozen=True, slots=True)
class Score:
    """A total with its explanation; `band` is "incomplete" unless the points stand on every scored item."""

    instrument: str
    version: str
    total: int
    maximum: int
    changeable_total: int
    changeable_maximum: int
    answered: int
    asked: int
    complete: bool
    band: str | None
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in two interviews; only a compared item has a difference."""

    item: str
    earlier: int | None
    later: int | None
    difference: int | None
    status: Comparison


@dataclass(frozen=True, slots=True)
class Change:
    """The change over `compared` of `possible` items, those answered both times; positive means more strain.

    `maximum` is the most that either total over the compared items could be: the denominator to show beside them.
    """

    difference: int | None
    compared: int
    possible: int
    earlier_total: int
    later_total: int
    maximum: int
    items: tuple[ItemChange, ...]

    @property
    def whole(self) -> bool:
        """Say whether every item that could be compared was answered both times."""
        return self.compared == self.possible


def normalised(instrument: Instrument, answers: Mapping[str, Answer], *, stopped_early: bool = False) -> dict[str, str]:
    """Give each item's answer as text, in the instrument's order; raises InvalidAnswers.

    In an interview that was stopped early, what was not reached counts as not asked.
    """
    problems: dict[str, AnswerProblem] = {}
    taken: dict[str, str] = {}
    for item in instrument.items():
        given = answers.get(item.name)
        answer = _as_text(given)
        if not answer and (stopped_early or not item.scored):
            answer = NOT_ASKED
        if not answer:
            problems[item.name] = "missing"
        elif not _is_accepted(item, answer):
            problems[item.name] = "not_a_choice"
        else:
            taken[item.name] = answer
    known = {item.name for item in instrument.items()}
    problems |= {name: "unknown_item" for name in answers if name not in known}
    if problems:
        raise InvalidAnswers(problems)
    return taken


def score(instrument: Instrument, answers: Mapping[str, Answer], *, stopped_early: bool = False) -> Score:
    """Score the answers (points, or one of the special answers); raises InvalidAnswers."""
    taken = normalised(instrument, answers, stopped_early=stopped_early)
    given = tuple(
        Contribution(item.name, _points(taken[item.name]), item.changeable, taken[item.name], item.most)
        for item in instrument.scored_items()
    )
    total = sum(one.points or 0 for one in given)
    complete = all(one.points is not None for one in given)
    return Score(
        instrument=instrument.name,
        version=instrument.version,
        total=total,
        maximum=instrument.maximum,
        changeable_total=sum(one.points or 0 for one in given if one.changeable),
        changeable_maximum=sum(one.maximum for one in given if one.changeable),
        answered=sum(one.points is not None for one in given),
        asked=sum(one.answer != NOT_ASKED for one in given),
        complete=complete,
        band=_band(instrument, total, complete=complete),
        contributions=given,
    )


def compare(
    earlier_instrument: Instrument,
    earlier_answers: Mapping[str, Answer],
    later_instrument: Instrument,
    later_answers: Mapping[str, Answer],
) -> Change:
    """Compare two interviews over the changeable items answered both times (CARE 6).

    An item that cannot change is carried over from the earlier interview and marked, never counted as a change; a
    different later answer, be it outside the later form (newly disclosed), marks it as corrected. Answers are taken as
    they were stored, missing ones as not asked.
    """
    later_items = {item.name: item for item in later_instrument.scored_items()}
    rows = []
    for item in earlier_instrument.scored_items():
        earlier = _stored(earlier_answers, item)
        asked_again = later_items.get(item.name)
        later = _stored(later_answers, asked_again or item) if asked_again or not item.changeable else None
        rows.append(_row(item, earlier, later, compares=item.changeable and asked_again is not None))
    compared = [row for row in rows if row.status == "compared"]
    points = {item.name: item.most for item in earlier_instrument.scored_items()}
    return Change(
        difference=sum(row.difference or 0 for row in compared) if compared else None,
        compared=len(compared),
        possible=sum(item.changeable and item.name in later_items for item in earlier_instrument.scored_items()),
        earlier_total=sum(row.earlier or 0 for row in compared),
        later_total=sum(row.later or 0 for row in compared),
        maximum=sum(points[row.item] for row in compared),
        items=tuple(rows),
    )


def as_computed(score: Score, change: Change | None) -> dict[str, str | int | bool]:
    """What the pack's conditions read of a score."""
    found: dict[str, str | int | bool] = {
        "band": score.band or "",
        "total": score.total,
        "complete": score.complete,
        "has_change": change is not None and change.difference is not None,
    }
    if change is not None and change.difference is not None:
        found["change"] = change.difference
    return found


def _row(item: Item, earlier: int | None, later: int | None, *, compares: bool) -> ItemChange:
    if not item.changeable:
        corrected = later is not None and later != earlier
        return ItemChange(
            item.name, earlier, later if corrected else earlier, None, "corrected" if corrected else "carried"
        )
    if not compares or earlier is None or later is None:
        return ItemChange(item.name, earlier, later, None, "not_both")
    return ItemChange(item.name, earlier, later, later - earlier, "compared")


def tags_of(item: Item, answer: str) -> tuple[str, ...]:
    """Give the values that an answer to an item of kind tags names, in the order of its choices."""
    named = set(answer.split())
    return tuple(one.value for one in item.choices if one.value in named)


def tag_variables(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, bool]:
    """Say of each tag that an instrument offers whether these answers name it, as conditions read it."""
    return {
        f"tag_{item.name}_{choice.value}": choice.value in tags_of(item, _as_text(answers.get(item.name)))
        for item in instrument.items()
        for choice in item.choices
    }


def _as_text(given: Answer | None) -> str:
    """An answer as it is stored; several tags stand with a space between."""
    if given is None or given is True or given is False:
        return ""
    return str(given).strip() if isinstance(given, (str, int)) else " ".join(given)


def _is_accepted(item: Item, answer: str) -> bool:
    if answer in SPECIAL_ANSWERS:
        return True
    if item.kind == "scale":
        return answer in {str(anchor.value) for anchor in item.anchors}
    if item.kind == "yes_no":
        return answer in ("yes", "no")
    if item.kind == "tags":
        return set(answer.split()) <= {choice.value for choice in item.choices}
    return item.kind != "number" or answer.lstrip("-").isdecimal()


def _points(answer: str) -> int | None:
    return None if answer in SPECIAL_ANSWERS else int(answer)


def _stored(answers: Mapping[str, Answer], item: Item) -> int | None:
    answer = str(answers.get(item.name, NOT_ASKED))
    return int(answer) if answer in {str(anchor.value) for anchor in item.anchors} else None


def _band(instrument: Instrument, total: int, *, complete: bool) -> str | None:
    """Find the band. An incomplete total is a floor: it may reach the highest band, and is banded no other way."""
    if not instrument.bands:
        return None
    if complete:
        return next((band.name for band in instrument.bands if band.lowest <= total <= band.highest), None)
    highest = max(instrument.bands, key=lambda band: band.lowest)
    return highest.name if total >= highest.lowest else INCOMPLETE

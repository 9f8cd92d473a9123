"""Scores as rows: what moved, what was carried over, what has no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.web.gallery_data import instrument
from trim.engine.definition import Instrument, Section
from trim.engine.scoring import compare, score
from trim.web.scores import ScoreRow, score_rows

ASKED = instrument()
ALL = {item.name: 1 for item in ASKED.scored_items()}


@pytest.fixture(autouse=True)
def _request(gallery_app: Flask) -> Iterator[None]:
    with gallery_app.test_request_context(), force_locale("en"):
        yield


def rows(before: dict[str, str | int], after: dict[str, str | int]) -> dict[str, ScoreRow]:
    """The rows of two interviews by the item's label."""
    found = score_rows(
        ASKED, score(ASKED, after), earlier=score(ASKED, before), change=compare(ASKED, before, ASKED, after)
    )
    return {row.label: row for row in found}


def test_one_interview_alone_says_each_answer_in_words() -> None:
    first = score_rows(ASKED, score(ASKED, {**ALL, "drink": "preferred_not_to_answer", "daily": "not_asked"}))
    assert [(row.later, row.later_words) for row in first[-2:]] == [
        (None, "Not asked"), (None, "Preferred not to answer"),
    ]  # fmt: skip
    assert first[0].later_words == "Partly"


def test_an_item_that_moved_has_its_difference() -> None:
    row = rows({**ALL, "stress": 2}, {**ALL, "stress": 0})["Signs of acute stress since"]
    assert (row.earlier, row.later, row.difference, row.status) == (2, 0, -2, "compared")


@pytest.mark.care(5)
def test_an_item_not_answered_both_times_is_not_compared() -> None:
    row = rows(dict(ALL), {**ALL, "drink": "preferred_not_to_answer"})["Drinks more to cope"]
    assert (row.later, row.difference, row.status) == (None, None, "not_both")


@pytest.mark.care(6)
def test_an_item_that_cannot_change_is_carried_over_and_a_correction_is_marked() -> None:
    found = rows({**ALL, "control": 2}, {**ALL, "control": "not_asked", "threat": 2})
    assert (found["Felt out of control"].later, found["Felt out of control"].status) == (2, "carried")
    assert found["Felt their life was in danger"].status == "corrected"


@pytest.mark.care(6)
def test_a_shorter_follow_up_still_shows_what_only_the_first_interview_asked() -> None:
    short = Instrument(
        "second", "1", ASKED.title, ASKED.intro, (Section("all", ASKED.title, tuple(ASKED.items())[2:]),)
    )
    before, after = dict(ALL), {item.name: 0 for item in short.scored_items()}
    change = compare(ASKED, before, short, after)
    found = score_rows(ASKED, score(short, after), earlier=score(ASKED, before), change=change)
    assert [row.status for row in found[:2]] == ["carried", "carried"]
    assert [row.later for row in found[:2]] == [1, 1]
    assert len(found) == 7

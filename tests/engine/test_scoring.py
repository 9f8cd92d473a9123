from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.engine.definition import INCOMPLETE, Instrument, Item, Pack, Section
from trim.engine.scoring import InvalidAnswers, compare, normalised, score
from trim.engine.wording import Text


@pytest.fixture
def interview(pack: Pack) -> Instrument:
    return pack.instruments["interview"]


@pytest.fixture
def again(pack: Pack) -> Instrument:
    return pack.instruments["again"]


def test_explains_what_each_item_gave(interview: Instrument) -> None:
    found = score(interview, {"sleep": 2, "past": "1", "since": "2026-01-01"})
    assert (found.total, found.maximum, found.band, found.complete) == (3, 4, "high", True)
    assert (found.changeable_total, found.changeable_maximum) == (2, 2)
    assert (found.answered, found.asked) == (2, 2)
    assert [(one.item, one.points, one.changeable) for one in found.contributions] == [
        ("sleep", 2, True),
        ("past", 1, False),
    ]


@pytest.mark.care(5)
def test_an_incomplete_score_is_never_banded_low(interview: Instrument) -> None:
    found = score(interview, {"sleep": 0, "past": "preferred_not_to_answer"})
    assert (found.band, found.complete, found.answered, found.asked) == (INCOMPLETE, False, 1, 2)
    assert score(interview, {"sleep": "not_asked", "past": "not_asked"}).asked == 0


@pytest.mark.care(5)
def test_an_incomplete_score_that_is_high_already_is_high(interview: Instrument) -> None:
    low = replace(interview.bands[0], highest=1)
    high = replace(interview.bands[1], lowest=2)
    found = score(replace(interview, bands=(low, high)), {"sleep": 2, "past": "not_asked"})
    assert (found.band, found.complete) == ("high", False)


@pytest.mark.care(5)
def test_an_interview_stopped_early_counts_the_rest_as_not_asked(interview: Instrument) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        score(interview, {"sleep": 1})
    assert caught.value.problems == {"past": "missing"}
    assert score(interview, {"sleep": 1}, stopped_early=True).band == INCOMPLETE


def test_every_wrong_answer_is_named(interview: Instrument) -> None:
    with pytest.raises(InvalidAnswers, match="sleep: not_a_choice") as caught:
        score(interview, {"sleep": 3, "past": True, "other": 1})
    assert caught.value.problems == {"sleep": "not_a_choice", "past": "missing", "other": "unknown_item"}


def test_without_bands_there_is_no_band(again: Instrument) -> None:
    assert score(again, {"sleep": 1}).band is None


def test_a_total_outside_all_bands_has_none(interview: Instrument) -> None:
    assert score(replace(interview, bands=interview.bands[1:]), {"sleep": 0, "past": 0}).band is None


@pytest.mark.parametrize(
    ("kind", "answer", "taken"),
    [
        ("yes_no", "yes", True),
        ("yes_no", "perhaps", False),
        ("number", "-12", True),
        ("number", "many", False),
        ("short_text", "anything", True),
        ("number", "not_asked", True),
    ],
)
def test_other_kinds_of_items(interview: Instrument, kind: str, answer: str, taken: bool) -> None:
    text = Text("x", "x")
    item = Item("more", text, text, kind=kind, scored=False)
    instrument = replace(interview, sections=(Section("s", text, (item,)),))
    if taken:
        assert normalised(instrument, {"more": answer}) == {"more": answer}
    else:
        with pytest.raises(InvalidAnswers):
            normalised(instrument, {"more": answer})
    assert item.most == 0


@pytest.mark.care(6)
def test_change_stands_on_items_answered_both_times(interview: Instrument, again: Instrument) -> None:
    change = compare(interview, {"sleep": 2, "past": 1}, again, {"sleep": "1"})
    assert (change.difference, change.compared, change.possible, change.maximum, change.whole) == (-1, 1, 1, 2, True)
    assert (change.earlier_total, change.later_total) == (2, 1)
    assert [(one.item, one.status, one.later) for one in change.items] == [
        ("sleep", "compared", 1),
        ("past", "carried", 1),
    ]


@pytest.mark.care(6)
def test_nothing_answered_twice_is_no_change(interview: Instrument, again: Instrument) -> None:
    change = compare(interview, {"sleep": 2, "past": 1}, again, {"sleep": "not_asked"})
    assert (change.difference, change.compared, change.possible, change.whole) == (None, 0, 1, False)
    assert change.items[0].status == "not_both"
    assert compare(interview, {}, again, {"sleep": 1}).difference is None


@pytest.mark.care(6)
def test_items_that_cannot_change_may_be_corrected_but_are_no_change(interview: Instrument) -> None:
    change = compare(interview, {"sleep": 0, "past": 0}, interview, {"sleep": 0, "past": 2})
    assert change.difference == 0
    assert (change.items[1].status, change.items[1].later) == ("corrected", 2)


def test_an_item_not_in_the_later_form_is_not_possible(interview: Instrument, again: Instrument) -> None:
    change = compare(again, {"sleep": 1}, replace(interview, sections=()), {})
    assert (change.possible, change.items[0].status) == (0, "not_both")


ANSWERS = st.sampled_from(["0", "1", "2", "not_asked", "preferred_not_to_answer"])


@given(st.tuples(ANSWERS, ANSWERS))
def test_the_total_is_always_the_sum_of_its_parts(pack: Pack, answers: tuple[str, str]) -> None:
    instrument = pack.instruments["interview"]
    found = score(instrument, dict(zip(("sleep", "past"), answers, strict=True)))
    assert found.total == sum(one.points or 0 for one in found.contributions) <= found.maximum
    assert found.complete or found.band != "low"


def test_finds_bands_by_name(interview: Instrument) -> None:
    found = interview.band("low")
    assert found is not None
    assert found.example
    assert interview.band(INCOMPLETE) is None

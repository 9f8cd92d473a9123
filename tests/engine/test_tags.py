"""Tags and conversations without a score: what is taken, what conditions read, and that nothing is reckoned."""

from __future__ import annotations

import pytest

from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import NOT_ASKED, PREFERRED_NOT_TO_ANSWER, Instrument, Pack
from trim.engine.loader import load_pack
from trim.engine.scoring import InvalidAnswers, as_computed, compare, normalised, score, tag_variables, tags_of
from trim.resources import workflows_dir


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(workflows_dir() / "straw", VOCABULARY)


@pytest.fixture(scope="module")
def talk(pack: Pack) -> Instrument:
    return pack.instruments["conversation"]


def test_several_tags_are_one_answer_however_they_come(talk: Instrument) -> None:
    for given in (["role", "demands"], "role demands", ("role", "demands")):
        taken = normalised(talk, {"work": given})
        item = next(one for one in talk.items() if one.name == "work")
        # In the order of the pack, whatever the order of the boxes.
        assert tags_of(item, taken["work"]) == ("demands", "role")


@pytest.mark.care(5)
def test_not_asked_and_preferred_not_to_answer_are_answers_too(talk: Instrument) -> None:
    taken = normalised(talk, {"work": PREFERRED_NOT_TO_ANSWER, "outside": []})
    assert (taken["work"], taken["outside"]) == (PREFERRED_NOT_TO_ANSWER, NOT_ASKED)
    assert not any(tag_variables(talk, taken).values())


def test_a_tag_that_is_not_offered_is_refused(talk: Instrument) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        normalised(talk, {"work": "demands breakfast"})
    assert caught.value.problems == {"work": "not_a_choice"}


def test_conditions_read_each_tag_by_name(talk: Instrument) -> None:
    said = tag_variables(talk, {"signs": "bad_treatment"})
    assert said["tag_signs_bad_treatment"] is True
    assert said["tag_signs_frightening_event"] is False
    assert len(said) == 7 + 7 + 4


def test_there_is_no_score_and_no_change_to_compare(pack: Pack, talk: Instrument) -> None:
    answers = {"at_work": "2", "at_home": "2", "work": "demands"}
    found = score(talk, answers)
    assert (found.total, found.maximum, found.band, found.complete) == (0, 0, None, True)
    change = compare(talk, answers, pack.instruments["review"], {"at_work": "0"})
    assert (change.possible, change.difference) == (0, None)
    assert as_computed(found, change) == {"band": "", "total": 0, "complete": True, "has_change": False}

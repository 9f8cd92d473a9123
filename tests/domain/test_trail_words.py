"""The catalogue of the trail's words is whole: nothing is written that it lacks, nothing is in it that is not."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.support.words_written import ROOT, pages_written, words_written
from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.trail_chains import NAMING, chains_of
from trim.domain.trail_codes import FORM, INTERVIEW, LISTS, PAGES
from trim.domain.trail_kinds import Kind, Words
from trim.domain.trail_words import TRAIL_WORDS
from trim.domain.vocabulary import VOCABULARY

#: What `{kind}` stands for in a word such as `{kind}.erased`: what has a key and a chain of its own.
OWNERS = ("case", "incident")
#: What may have some of these words as well.
MORE_OWNERS = ("request", "undertaking")
#: `{act.kind}.{act.name}`: actions of a pack, whose words are the pack's.
ACTION = "*.*"


def expanded(word: str) -> list[str]:
    if word == ACTION:
        return []
    return [word.replace("*", kind) for kind in OWNERS] if "*" in word else [word]


def test_every_word_that_the_source_writes_is_in_the_catalogue() -> None:
    missing = {
        f"{one.file}:{one.line}: {word}"
        for one in words_written()
        for word in expanded(one.word)
        if word not in TRAIL_WORDS
    }
    assert not missing, "add them to trim/domain/trail_words.py, in English and French"


def test_the_catalogue_holds_no_word_that_nothing_writes() -> None:
    written = {word for one in words_written() for word in expanded(one.word)}
    written |= {one.word.replace("*", kind) for one in words_written() if one.word != ACTION for kind in MORE_OWNERS}
    assert set(TRAIL_WORDS) - written == set()


def test_the_collector_sees_direct_words_helpers_tables_and_kinds() -> None:
    written = {one.word for one in words_written()}
    direct, by_helper, by_table, by_kind = "backup.made", "role.ended", "second_step.changed", "*.erased"
    assert {direct, by_helper, by_table, by_kind, ACTION} <= written


def test_a_word_that_cannot_be_made_out_is_a_fault(tmp_path: Path) -> None:
    from tests.support.words_written import words_written

    (tmp_path / "room.py").write_text(
        "def do(uow, actor, now):\n    uow.record(actor, now, made_up(), chain='', subject='')\n"
    )
    with pytest.raises(AssertionError, match=r"room\.py:2"):
        words_written(tmp_path)


def test_words_are_code_words_and_hide_no_action_of_a_pack() -> None:
    for word in TRAIL_WORDS:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", word), word
        assert len(word) <= 64
    assert not [word for word in TRAIL_WORDS if fnmatchcase(word, "escalation.*") or fnmatchcase(word, "referral.*")]
    assert VOCABULARY.lifecycles == {"case", "incident", "escalation", "referral", "agreed_step", *UNDERTAKINGS}


@pytest.mark.parametrize("word", sorted(TRAIL_WORDS))
def test_plain_words_stand_in_both_languages(word: str) -> None:
    words = TRAIL_WORDS[word].words
    assert words.en
    assert words.fr not in {"", words.en}
    for text in (words.en, words.fr):
        assert re.fullmatch(r"[^\W\d_a-z][^_]*[^_.]", text)
    assert not re.search(r"[ ][:;!?»]|'", words.fr), "no-break spaces and typographic apostrophes"


def test_no_two_words_read_alike() -> None:
    for locale in ("en", "fr"):
        told = [word.words.of(locale) for word in TRAIL_WORDS.values()]
        assert len(told) == len(set(told))


def test_kinds_without_a_word_are_known() -> None:
    """Kinds that wait for their rooms; a kind leaves this list with its first word."""
    empty = {kind for kind in Kind if not any(one.kind is kind for one in TRAIL_WORDS.values())}
    assert empty <= {Kind.STATISTICS, Kind.BREAK_GLASS}


def test_every_page_that_an_entry_names_has_its_words_and_no_other() -> None:
    written = {page for page in pages_written() if "*" not in page}
    assert written - set(PAGES) == set()
    assert set(PAGES) - written == set()


def test_every_list_that_an_entry_names_has_its_words() -> None:
    """`record_list(uow, actor, now, WORD, ...)`: the word, or the first part of a step that is due."""
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.py")))
    written = set(re.findall(r'record_list\(uow, actor, now, f?"([a-z]+)', source))
    written |= set(re.findall(r'_listed\(uow, actor, now, [a-z, ]+, f?"([a-z]+)', source))
    assert written == set(LISTS)


@pytest.mark.parametrize("words", [*PAGES.values(), *LISTS.values(), FORM, INTERVIEW])
def test_codes_have_words_in_both_languages(words: Words) -> None:
    assert words.en
    assert words.fr not in {"", words.en}
    assert not re.search(r"[ ][:;!?»]|« |'", words.fr), "no-break spaces and typographic apostrophes"


def test_each_word_stands_in_the_chain_that_the_table_says() -> None:
    said = [(word, one.chain) for one in words_written() for word in expanded(one.word) if one.chain]
    assert len(said) > len(TRAIL_WORDS) / 2
    assert {(word, chain) for word, chain in said if chain not in chains_of(word)} == set()
    assert {kind for word in TRAIL_WORDS for kind in chains_of(word)} == {
        "case",
        "incident",
        "request",
        "account",
        "organisation",
        "undertaking",
    }


def test_entries_that_name_further_cases_are_known() -> None:
    assert {word for one in words_written() for word in expanded(one.word) if one.names} == NAMING

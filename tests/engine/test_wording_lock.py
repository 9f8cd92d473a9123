"""French that is stale, or that nobody has confirmed, is a fault of the pack, told with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small_pack import WORDS, named_line, write
from tests.engine.test_extending import OURS, written
from trim.engine.loader import check_folder, load_pack
from trim.engine.wording_lock import (
    UnknownKey,
    chosen,
    confirmed,
    own_texts,
    renewed,
    unconfirmed,
    wording_problems,
    wording_problems_of_all,
)


def lock(folder: Path, *keys: str) -> Path:
    """Confirm the texts of a pack as they stand: all, or those at these keys."""
    texts = own_texts(folder)
    text = renewed(texts, confirmed(folder), [one.key for one in unconfirmed(chosen(texts, keys), confirmed(folder))])
    (folder / "wording.lock").write_text(text, encoding="utf-8")
    return folder


def changed(folder: Path, place: str, stands: str, instead: str) -> None:
    path = folder / place
    text = path.read_text(encoding="utf-8")
    assert stands in text
    path.write_text(text.replace(stands, instead, 1), encoding="utf-8")


def test_what_is_confirmed_is_sound(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    assert wording_problems(folder) == []
    assert check_folder(folder, WORDS) == []


def test_the_lock_is_one_line_a_text_in_a_stable_order(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    first = (folder / "wording.lock").read_text(encoding="utf-8")
    lines = [line.split() for line in first.splitlines() if not line.startswith("#")]
    assert [key for key, _ in lines] == sorted(own_texts(folder))
    assert all(len(digest) == 16 for _, digest in lines)
    (folder / "wording.lock").unlink()
    assert (lock(folder) / "wording.lock").read_text(encoding="utf-8") == first


#: What is changed in the small pack, and the key and the line that are then named; None where nothing is stale.
CHANGES = [
    ("pack.yaml", "en: Small", "en: Tiny", "title", "pack: title: {en: Tiny, fr: Petit}"),
    (
        "pack.yaml",
        "en: Unless in",
        "en: Save in",
        "confidentiality.limits.1",
        "pack: - {en: Save in danger., fr: Sauf danger.}",
    ),
    ("pack.yaml", "en: Left", "en: Went", "choices.closing_outcomes.left.label", None),
    ("lifecycles/case.yaml", "en: Really?", "en: Sure?", "case.actions.finish.confirm", None),
    ("lifecycles/case.yaml", "en: Explain first.", "en: Tell.", "case.actions.record.requires.1.otherwise", None),
    ("instruments/interview.yaml", "en: So so", "en: Fair", "interview.sections.one.items.sleep.anchors.1", None),
    ("pack.yaml", "fr: Petit", "fr: Tout petit", None, None),
    ("pack.yaml", "{en: Small, fr: Petit}", "\n  fr: Petit\n  en: >-\n    Small", None, None),
    ("pack.yaml", "to: coordinator", "to: programme_lead", None, None),
]


@pytest.mark.parametrize(("place", "stands", "instead", "key", "line"), CHANGES)
def test_a_change_of_the_english_makes_its_french_stale(
    tmp_path: Path, place: str, stands: str, instead: str, key: str | None, line: str | None
) -> None:
    folder = lock(write(tmp_path))
    changed(folder, place, stands, instead)
    found = wording_problems(folder)
    assert [one.key for one in found] == ([key] if key else [])
    for one in found:
        assert one.file == place
        assert instead in named_line(folder, one) or one.line > 1
        assert line in (None, named_line(folder, one))
        assert one.cause == "The English was changed since the French was confirmed: the French may be stale."
        assert one.cure.endswith(f"trim workflow confirm-wording {folder} {key}")
    assert wording_problems(lock(folder)) == []


def test_an_apostrophe_is_the_same_straight_or_curled(tmp_path: Path) -> None:
    folder = write(tmp_path, pack=("en: Keep it short.", "en: Don't."))
    lock(folder)
    changed(folder, "pack.yaml", "Don't", "Don’t")
    assert wording_problems(folder) == []


def test_a_new_text_has_to_be_confirmed(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    changed(folder, "pack.yaml", "texts:\n", "texts:\n  decline: {en: Fine., fr: Très bien.}\n")
    (found,) = wording_problems(folder)
    assert (found.file, found.key) == ("pack.yaml", "texts.decline")
    assert found.cause == "Nobody has confirmed that the French says what the English says."
    assert named_line(folder, found) == "pack: decline: {en: Fine., fr: Très bien.}"


def test_a_pack_without_a_lock_is_told_the_command(tmp_path: Path) -> None:
    (found,) = wording_problems(write(tmp_path))
    assert (found.file, found.line) == ("wording.lock", 0)
    assert "has no wording.lock" in found.cause
    assert found.cure.endswith(f"trim workflow confirm-wording {tmp_path}")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("<<<<<<< ours", "This line is no key with its digest."),
        ("title b12bf99bbe5bc6d", "This line is no key with its digest."),
        ("title B12BF99BBE5BC6D0", "This line is no key with its digest."),
        ("title b12bf99bbe5bc6d0\ntitle 0123456789abcdef", "This key stands here twice"),
    ],
)
def test_a_lock_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, line: str, cause: str) -> None:
    folder = lock(write(tmp_path))
    path = folder / "wording.lock"
    whole = path.read_text(encoding="utf-8")
    path.write_text(f"{line}\n{whole}", encoding="utf-8")
    found = wording_problems(folder)
    (about,) = [one for one in found if one.file == "wording.lock" and one.line == line.count("\n") + 1]
    assert about.cause.startswith(cause)
    assert wording_problems(lock(folder)) == []


def test_texts_that_are_gone_leave_the_lock_when_it_is_renewed(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    changed(folder, "pack.yaml", "    today: {en: Today, fr: Aujourd'hui}\n", "")
    assert wording_problems(folder) == []
    assert "choices.red_flag_levels.today" in confirmed(folder)
    assert "choices.red_flag_levels.today" not in confirmed(lock(folder))


def test_only_what_is_named_is_confirmed(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    changed(folder, "pack.yaml", "en: Small", "en: Tiny")
    changed(folder, "pack.yaml", "en: Between us.", "en: With us.")
    lock(folder, "confidentiality")
    assert [one.key for one in wording_problems(folder)] == ["title"]
    with pytest.raises(UnknownKey) as caught:
        chosen(own_texts(folder), ["confidentiality.openin"])
    assert caught.value.near[0] == "confidentiality.opening"
    with pytest.raises(UnknownKey):
        chosen(own_texts(folder), ["conf"])  # the beginning of a word is no key


def test_a_pack_that_extends_another_locks_only_its_own_texts(tmp_path: Path) -> None:
    small = lock(write_small(tmp_path))
    folder = written(tmp_path, "ours", {"pack.yaml": OURS + "texts:\n  notes: {en: Ours., fr: Le nôtre.}\n"})
    lock(folder)
    assert list(confirmed(folder)) == ["texts.notes"]
    assert wording_problems(folder) == []
    changed(small, "pack.yaml", "en: Keep it short.", "en: Keep it long.")
    assert wording_problems(folder) == []
    assert [one.key for one in wording_problems(small)] == ["texts.notes"]


def test_whoever_installs_a_pack_is_told_of_those_below_it_too(tmp_path: Path) -> None:
    small = lock(write_small(tmp_path))
    folder = lock(written(tmp_path, "ours", {"pack.yaml": OURS}))
    assert wording_problems_of_all(folder) == []
    changed(small, "pack.yaml", "en: Keep it short.", "en: Keep it long.")
    (found,) = wording_problems_of_all(folder)
    assert (found.file, found.key) == ("small/pack.yaml", "texts.notes")
    assert str(small) in found.cure
    changed(folder, "pack.yaml", "extends: small", "extends: nowhere")
    assert wording_problems_of_all(folder) == []  # the check of the pack says what is wrong


def write_small(shelf: Path) -> Path:
    (shelf / "small").mkdir()
    return write(shelf / "small")


def test_a_text_in_one_language_is_the_fault_it_was_and_cannot_be_confirmed(tmp_path: Path) -> None:
    write_small(tmp_path)
    folder = lock(written(tmp_path, "ours", {"pack.yaml": OURS + "texts:\n  notes: {en: Ours.}\n"}))
    assert [one.key for one in check_folder(folder, WORDS)] == ["texts.notes"]
    assert wording_problems(folder) == []
    assert confirmed(folder) == {}
    changed(folder, "pack.yaml", "{en: Ours.}", "{en: Ours., fr: Le nôtre.}")
    assert [one.key for one in wording_problems(folder)] == ["texts.notes"]


def test_choices_that_are_called_en_and_fr_are_no_text(tmp_path: Path) -> None:
    folder = write(
        tmp_path, pack=("choices:\n", "choices:\n  tongues: {en: {en: English, fr: Anglais}, fr: {en: F, fr: F}}\n")
    )
    assert {key for key in own_texts(folder) if "tongues" in key} == {"choices.tongues.en", "choices.tongues.fr"}


def test_a_file_that_cannot_be_read_is_the_matter_of_the_check(tmp_path: Path) -> None:
    folder = lock(write(tmp_path))
    (folder / "pack.yaml").write_text("a: [", encoding="utf-8")
    assert wording_problems(folder) == []
    assert check_folder(folder, WORDS) != []


def test_neither_the_pack_nor_its_hashes_know_the_lock(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = load_pack(folder, WORDS)
    lock(folder)
    after = load_pack(folder, WORDS)
    assert after.to_json() == before.to_json()
    assert (after.behaviour_hash, after.wording_hash) == (before.behaviour_hash, before.wording_hash)

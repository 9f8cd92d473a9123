"""A pack may extend another one: maps merge by key, `null` removes, lists and texts replace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small_pack import FILES, WORDS
from trim.domain.vocabulary import VOCABULARY
from trim.engine.durations import Duration
from trim.engine.loader import check_folder, load_pack
from trim.resources import workflows_dir

OURS = """\
pack: ours
version: '7'
language: 1
extends: small
"""

TEN_LINES = """\
pack: harbour
version: '2026.1'
language: 1
extends: trim
title: {en: Harbour peer support, fr: Soutien entre pairs du port}
"""

WINDOW = """\
steps:
  follow_up: {window: {due: P21D, earliest: P14D}}
"""


def written(shelf: Path, name: str, files: dict[str, str]) -> Path:
    for place, text in files.items():
        path = shelf / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return shelf / name


def ours(shelf: Path, pack: str = "", **lifecycles: str) -> Path:
    written(shelf, "small", FILES)
    files = {"pack.yaml": OURS + pack, **{f"lifecycles/{name}.yaml": text for name, text in lifecycles.items()}}
    return written(shelf, "ours", files)


def test_a_pack_of_the_same_name_extends_the_one_that_ships(tmp_path: Path) -> None:
    """How an organisation that runs `trim` changes it: another name would be another programme."""
    pack = TEN_LINES.replace("harbour", "trim")
    folder = written(tmp_path, "trim", {"pack.yaml": pack, "lifecycles/case.yaml": WINDOW})
    shipped = load_pack(workflows_dir() / "trim", VOCABULARY)
    made = load_pack(folder, VOCABULARY, [workflows_dir()])
    assert made.name == shipped.name == "trim"
    assert made.lifecycles["case"].steps["follow_up"].window.due == Duration.parse("P21D")
    assert made.lifecycles["case"].actions == shipped.lifecycles["case"].actions


def test_an_organisation_changes_the_shipped_pack_in_ten_lines(tmp_path: Path) -> None:
    folder = written(tmp_path, "harbour", {"pack.yaml": TEN_LINES, "lifecycles/case.yaml": WINDOW})
    shipped = load_pack(workflows_dir() / "trim", VOCABULARY)
    made = load_pack(folder, VOCABULARY, [workflows_dir()])
    assert (made.name, made.version, made.title.en) == ("harbour", "2026.1", "Harbour peer support")
    window, before = (one.lifecycles["case"].steps["follow_up"].window for one in (made, shipped))
    assert (window.due, window.earliest) == (Duration.parse("P21D"), Duration.parse("P14D"))
    assert (window.anchor, window.latest) == (before.anchor, before.latest)
    assert made.lifecycles["case"].actions == shipped.lifecycles["case"].actions
    assert made.instruments == shipped.instruments
    assert made.behaviour_hash != shipped.behaviour_hash


def test_what_is_not_mentioned_stays_and_null_removes(tmp_path: Path) -> None:
    before = load_pack(written(tmp_path / "apart", "small", FILES), WORDS)
    made = load_pack(
        ours(
            tmp_path, "choices:\n  red_flag_levels: {today: null}\nescalations:\n  flag:\n    levels: {today: null}\n"
        ),
        WORDS,
    )
    assert [one.value for one in made.choices["red_flag_levels"]] == ["now"]
    assert list(made.escalations["flag"].levels) == ["now"]
    assert made.escalations["flag"].label == before.escalations["flag"].label
    assert made.choices["closing_outcomes"] == before.choices["closing_outcomes"]
    assert made.lifecycles["case"].states == before.lifecycles["case"].states
    assert made.lifecycles["case"].steps == before.lifecycles["case"].steps


def test_lists_replace(tmp_path: Path) -> None:
    limits = "confidentiality:\n  limits:\n    - {en: Two., fr: Deux.}\n    - {en: Three., fr: Trois.}\n"
    made = load_pack(ours(tmp_path, limits), WORDS)
    assert [one.en for one in made.confidentiality.limits] == ["Two.", "Three."]
    assert made.confidentiality.opening.en == "Between us."


def test_a_text_is_replaced_in_both_languages_or_not_at_all(tmp_path: Path) -> None:
    (found,) = check_folder(ours(tmp_path, "texts:\n  notes: {en: Be brief.}\n"), WORDS)
    assert (found.file, found.line, found.key) == ("pack.yaml", 6, "texts.notes")
    assert "fr" in found.cause.lower() or "French" in found.cause


def test_a_pack_says_its_own_name_and_version(tmp_path: Path) -> None:
    folder = written(tmp_path, "ours", {"pack.yaml": "language: 1\nextends: small\n"})
    written(tmp_path, "small", FILES)
    assert {one.cause for one in check_folder(folder, WORDS)} == {"“pack” is missing.", "“version” is missing."}


def test_a_fault_of_the_pack_below_is_named_there(tmp_path: Path) -> None:
    folder = ours(tmp_path)
    base = tmp_path / "small" / "pack.yaml"
    base.write_text(base.read_text(encoding="utf-8").replace("to: coordinator", "to: everybody"), encoding="utf-8")
    (found,) = check_folder(folder, WORDS)
    assert (found.file, found.key) == ("small/pack.yaml", "escalations.high.to")


def test_a_change_that_breaks_the_pack_below_is_found(tmp_path: Path) -> None:
    problems = check_folder(ours(tmp_path, case="states:\n  waiting: null\n"), WORDS)
    assert problems
    assert any("waiting" in one.cause for one in problems)


@pytest.mark.parametrize(
    ("more", "line", "cause"),
    [
        ("texts: {nothing: null}\n", 5, "holds no “nothing” to remove"),
        ("choices:\n  red_flag_levels: {soon: null}\n", 6, "holds no “soon” to remove"),
        ("extend: trim\n", 5, "is not a key of the workflow language"),
    ],
)
def test_what_changes_nothing_is_a_fault(tmp_path: Path, more: str, line: int, cause: str) -> None:
    (found,) = check_folder(ours(tmp_path, more), WORDS)
    assert (found.file, found.line) == ("pack.yaml", line)
    assert cause in found.cause


@pytest.mark.parametrize("name", ["nowhere", "../small", "/etc", ".."])
def test_a_pack_that_is_not_there_cannot_be_extended(tmp_path: Path, name: str) -> None:
    folder = ours(tmp_path)
    (folder / "pack.yaml").write_text(OURS.replace("extends: small", f"extends: '{name}'"), encoding="utf-8")
    (found,) = check_folder(folder, WORDS)
    assert (found.line, found.cause) == (4, f"There is no pack “{name}” to extend.")


def test_packs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    folder = ours(tmp_path)
    small = FILES["pack.yaml"].replace("language: 1\n", "language: 1\nextends: ours\n")
    written(tmp_path, "small", {"pack.yaml": small})
    (found,) = check_folder(folder, WORDS)
    assert found.cause == "These packs extend each other in a circle."


def test_a_pack_may_extend_one_that_extends_another(tmp_path: Path) -> None:
    ours(tmp_path, "texts:\n  notes: {en: Ours., fr: Le nôtre.}\n")
    third = OURS.replace("extends: small", "extends: ours").replace("pack: ours", "pack: third")
    made = load_pack(written(tmp_path, "third", {"pack.yaml": third}), WORDS)
    assert (made.name, made.texts["notes"].en) == ("third", "Ours.")
    assert list(made.lifecycles) == ["case", "escalation"]

"""What differs between two packs is said line by line, and what changes who acts or is told is marked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.engine.small_pack import FILES, WORDS
from tests.engine.test_extending import ours, written
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.differences import differences, place_in_words
from trim.engine.loader import load_pack
from trim.resources import workflows_dir


def small(folder: Path) -> Pack:
    return load_pack(written(folder / "apart", "small", FILES), WORDS)


def test_a_pack_differs_from_itself_in_nothing(tmp_path: Path) -> None:
    pack = small(tmp_path)
    assert differences(pack, pack) == []


@pytest.mark.parametrize(
    ("pack", "case", "said", "kinds"),
    [
        (
            "",
            "steps:\n  talk: {window: {due: PT9H}}\n",
            "lifecycles › case › steps › talk › window › due: P1D → PT9H",
            "",
        ),
        (
            "texts:\n  notes: {en: Be short., fr: Court.}\n",
            "",
            "texts › notes › en: “Keep it short.” → “Be short.”",
            "w",
        ),
        (
            "escalations:\n  flag: {to: coordinator}\n",
            "",
            "escalations › flag › to: duty_coordinator → coordinator",
            "a",
        ),
        ("contacts:\n  vicar: {label: {en: Vicar, fr: Vicaire}}\n", "", "contacts › vicar: added (“Vicar”)", ""),
    ],
)
def test_each_difference_is_said_with_what_kind_it_is(
    tmp_path: Path, pack: str, case: str, said: str, kinds: str
) -> None:
    made = load_pack(ours(tmp_path, pack, **({"case": case} if case else {})), WORDS)
    found = [one for one in differences(small(tmp_path), made) if one.path[0] not in {"name", "version"}]
    told = [(str(one), "a" * one.access + "w" * one.wording) for one in found if one.path[-1] != "fr"]
    assert told == [(said, kinds)]


def test_something_new_that_brings_a_role_is_marked(tmp_path: Path) -> None:
    action = (
        "actions:\n  second_talk:\n    label: {en: Talk again, fr: Reparler}\n    from: open\n"
        "    by: coordinator\n    does: log_contact\n"
    )
    before, made = small(tmp_path), load_pack(ours(tmp_path, case=action), WORDS)
    (found,) = [one for one in differences(before, made) if one.path[0] == "lifecycles"]
    assert (str(found), found.access) == (
        "lifecycles › case › actions › second_talk: added (“Talk again”; by coordinator; does log_contact)",
        True,
    )
    (back,) = [one for one in differences(made, before) if one.path[0] == "lifecycles"]
    gone = "lifecycles › case › actions › second_talk: removed (was “Talk again”; by coordinator; does log_contact)"
    assert (str(back), back.access) == (gone, True), "nobody may do it any longer"


def test_the_way_to_a_difference_is_said_in_the_labels_of_the_pack(tmp_path: Path) -> None:
    pack = (
        "texts:\n  notes: {en: Be short., fr: Court.}\ncontacts:\n  vicar: {label: {en: Vicar, fr: Vicaire}}\n"
        "escalations:\n  flag: {to: coordinator}\n"
    )
    before = small(tmp_path)
    made = load_pack(ours(tmp_path, pack, case="steps:\n  talk: {window: {due: PT9H}}\n"), WORDS)
    ways = [place_in_words(before, made, one.path) for one in differences(before, made)]
    said = {" / ".join(part if isinstance(part, str) else part.fr for part in way) for way in ways}
    life = made.lifecycles["case"]
    window = f"{life.label.fr} / {life.steps['talk'].label.fr} / window / due"
    assert said >= {window, f"{made.escalations['flag'].label.fr} / to", "texts / notes / fr", "Vicaire", "version"}


def test_what_an_action_does_and_what_keeps_somebody_from_it_are_marked_its_words_are_not() -> None:
    """A requirement keeps what may be asked under an evidence hold: taking it away takes two (CARE 12, 17)."""
    before = load_pack(workflows_dir() / "trim", VOCABULARY)
    life = before.lifecycles["case"]
    action = life.actions["record_first_assessment"]

    def changed(**more: Any) -> list[tuple[str, bool, bool]]:
        actions = MappingProxyType({**life.actions, "record_first_assessment": replace(action, **more)})
        lives = MappingProxyType({**before.lifecycles, "case": replace(life, actions=actions)})
        found = differences(before, replace(before, lifecycles=lives))
        return [(one.path[4], one.access, one.wording) for one in found]

    guard = action.requires[0]
    assert changed(requires=action.requires[1:]) == [("requires", True, False)]
    assert changed(does=(*action.does, "log_contact")) == [("does", True, False)]
    other = replace(guard, otherwise=replace(guard.otherwise, en="Somebody else, please."))
    assert changed(requires=(other, *action.requires[1:])) == [("requires", False, True)]

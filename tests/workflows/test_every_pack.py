"""Every pack that ships is sound, speaks both languages and survives the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from xml.etree import ElementTree

import pytest

from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.diagram import mermaid, svg
from trim.engine.loader import load_pack
from trim.engine.wording import Text
from trim.engine.wording_lock import confirmed, own_texts, wording_problems
from trim.resources import workflows_dir

PACKS = sorted(path.parent.name for path in workflows_dir().glob("*/pack.yaml"))

#: Texts that are rightly alike in both languages.
ALIKE = {"Non", "Agent", "SMS", "Mentor"}


@pytest.fixture(scope="session", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(workflows_dir() / request.param, VOCABULARY)


def texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def test_survives_its_json(pack: Pack) -> None:
    assert Pack.from_json(pack.to_json()) == pack


@pytest.mark.parametrize("folder", PACKS)
def test_is_named_as_its_folder(folder: str) -> None:
    assert load_pack(workflows_dir() / folder, VOCABULARY).name == folder


@pytest.mark.parametrize("folder", PACKS)
def test_its_french_was_confirmed_against_its_english(folder: str) -> None:
    cure = f"Read both languages, then: trim workflow confirm-wording {folder} (and commit its wording.lock)."
    found = wording_problems(workflows_dir() / folder)
    assert not found, "\n".join([*map(str, found[:5]), cure])
    # Nothing stands there either that is no text any more.
    assert confirmed(workflows_dir() / folder).keys() == own_texts(workflows_dir() / folder).keys(), cure


def test_is_written_in_two_languages(pack: Pack) -> None:
    said = list(texts(pack))
    assert len(said) > (100 if "case" in pack.lifecycles else 80)
    assert [one for one in said if one.en == one.fr and one.en not in ALIKE] == []


def test_french_is_typeset_and_neutral(pack: Pack) -> None:
    for one in texts(pack):
        assert not any(f" {sign}" in one.fr for sign in "?!;:»"), one.fr
        assert "·" not in one.fr
        assert " ton " not in one.fr
        assert " tu " not in one.fr


def test_texts_are_short_enough_to_read_at_night(pack: Pack) -> None:
    for one in texts(pack):
        assert len(one.en) <= 260, one.en
        assert len(one.fr) <= 300, one.fr


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_can_be_drawn(pack: Pack, locale: str) -> None:
    for life in pack.lifecycles.values():
        ElementTree.fromstring(svg(life, locale, current=life.initial))
        assert mermaid(life, locale).startswith("stateDiagram-v2\n")


@pytest.mark.care(1)
def test_a_red_flag_waits_for_nothing(pack: Pack) -> None:
    for life in pack.lifecycles.values():
        for action in life.actions.values():
            if "raise_red_flag" in action.does:
                assert set(life.open_states()) <= set(action.from_)
                assert action.requires == ()
                assert action.needs_confirm is None
                assert action.danger
                assert [field.field_class for field in action.form if field.required] in ([], ["level"])


@pytest.mark.care(4)
def test_escalations_go_up_the_programme_only(pack: Pack) -> None:
    for rule in pack.escalations.values():
        assert rule.to in {"duty_coordinator", "coordinator", "programme_lead"}


@pytest.mark.care(26)
def test_declining_and_stopping_never_ask_why(pack: Pack) -> None:
    for life in pack.lifecycles.values():
        for action in life.actions.values():
            if "stop_contact" in action.does:
                assert action.form == ()
                assert action.cancels == ("all",)

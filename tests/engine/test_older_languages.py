"""A pack that an older Trim compiled keeps loading, keeps its hashes and decides as it did: cases live on it."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from tests.engine.frozen_packs import FROZEN, decisions, freeze, frozen
from trim.engine import definition
from trim.engine.definition import FIRST_LANGUAGE, LANGUAGE, Pack


def read(name: str) -> Pack:
    return Pack.from_json((FROZEN / f"{name}.pack.json").read_text(encoding="utf-8"))


def test_there_is_a_frozen_pack_of_every_version_of_the_language() -> None:
    """Fails when the language grows: freeze a pack of the new one (tests/engine/frozen_packs.py says how)."""
    assert {read(name).language for name in frozen()} == set(range(FIRST_LANGUAGE, LANGUAGE + 1))


@pytest.mark.parametrize("name", frozen())
def test_a_frozen_pack_is_read_and_decides_as_on_its_first_day(name: str) -> None:
    pack = read(name)
    said = json.loads((FROZEN / f"{name}.decisions.json").read_text(encoding="utf-8"))
    assert {"behaviour": pack.behaviour_hash, "wording": pack.wording_hash, **decisions(pack)} == said


@pytest.mark.parametrize("name", frozen())
def test_what_was_added_to_the_language_leaves_its_text_as_it_was(name: str) -> None:
    """Otherwise the same pack installed again would be another version of itself."""
    assert read(name).to_json() == (FROZEN / f"{name}.pack.json").read_text(encoding="utf-8")


def test_a_frozen_pack_is_never_written_over() -> None:
    with pytest.raises(FileExistsError):
        freeze(read(frozen()[0]))


def test_a_pack_of_a_newer_language_is_refused() -> None:
    data = json.loads((FROZEN / f"{frozen()[0]}.pack.json").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="this engine reads up to"):
        Pack.from_json(json.dumps({**data, "language": LANGUAGE + 1}))


def test_a_pack_keeps_its_language_when_the_engine_learns_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # What names no version is of the first one for good: the default must not grow with LANGUAGE.
    (language,) = [one for one in fields(Pack) if one.name == "language"]
    assert language.default == 1
    text = (FROZEN / f"{frozen()[0]}.pack.json").read_text(encoding="utf-8")
    monkeypatch.setattr(definition, "LANGUAGE", 2)
    old = Pack.from_json(text + " ")  # another text: what was read before is kept
    assert old.language == 1
    assert old.to_json() == text
    newer = replace(old, language=2)
    assert json.loads(newer.to_json())["language"] == 2
    # The engine before it must notice that it cannot read this one.
    monkeypatch.setattr(definition, "LANGUAGE", 1)
    with pytest.raises(ValueError, match="this engine reads up to 1"):
        Pack.from_json(newer.to_json())

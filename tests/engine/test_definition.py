from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from trim.engine.definition import EscalationRule, Pack, Requirement, State
from trim.engine.durations import Duration
from trim.engine.wording import Text

OTHER = Text("Other", "Autre")


def test_a_pack_survives_its_json(pack: Pack) -> None:
    again = Pack.from_json(pack.to_json())
    assert again == pack
    assert again.to_json() == pack.to_json()
    assert list(again.lifecycles["case"].actions) == ["raise_red_flag", "record", "finish"]


def test_the_json_is_canonical_and_leaves_out_what_is_not_said(pack: Pack) -> None:
    text = pack.to_json()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert '"danger":false' not in text
    assert "hash" not in text


def test_order_survives_a_store_that_sorts_keys(pack: Pack) -> None:
    shuffled = json.dumps(json.loads(pack.to_json()), sort_keys=True)
    assert list(Pack.from_json(shuffled).lifecycles["case"].states) == ["waiting", "talking", "done"]


def test_a_newer_language_is_refused(pack: Pack) -> None:
    newer = json.dumps({**json.loads(pack.to_json()), "language": 99})
    with pytest.raises(ValueError, match="language 99"):
        Pack.from_json(newer)


def test_unknown_keys_are_refused(pack: Pack) -> None:
    with pytest.raises(TypeError, match="unknown surprise"):
        Pack.from_json(json.dumps({**json.loads(pack.to_json()), "surprise": 1}))


def life(pack: Pack, **changes: Any) -> Pack:
    changed = replace(pack.lifecycles["case"], **changes)
    return replace(pack, lifecycles=MappingProxyType({**pack.lifecycles, "case": changed})).sealed()


def moved(before: Pack, after: Pack) -> tuple[bool, bool]:
    return before.behaviour_hash != after.behaviour_hash, before.wording_hash != after.wording_hash


def test_words_are_wording(pack: Pack) -> None:
    assert moved(pack, replace(pack, title=OTHER).sealed()) == (False, True)
    assert moved(pack, replace(pack, texts=MappingProxyType({})).sealed()) == (False, True)
    assert moved(pack, replace(pack, version="2").sealed()) == (False, True)
    told = replace(pack.confidentiality, version="2")
    assert moved(pack, replace(pack, confidentiality=told).sealed()) == (False, True)
    label = replace(pack.lifecycles["case"].states["done"], label=OTHER)
    states = MappingProxyType({**pack.lifecycles["case"].states, "done": label})
    assert moved(pack, life(pack, states=states)) == (False, True)


def test_rules_are_behaviour(pack: Pack) -> None:
    states = MappingProxyType({**pack.lifecycles["case"].states, "more": State("more", OTHER)})
    assert moved(pack, life(pack, states=states)) == (True, True)
    action = pack.lifecycles["case"].actions["record"]
    rule = Requirement("total > 0", action.requires[0].otherwise)
    actions = MappingProxyType({**pack.lifecycles["case"].actions, "record": replace(action, requires=(rule,))})
    assert moved(pack, life(pack, actions=actions))[0]
    step = pack.lifecycles["case"].steps["talk"]
    window = replace(step.window, due=Duration(days=9))
    steps = MappingProxyType({**pack.lifecycles["case"].steps, "talk": replace(step, window=window)})
    assert moved(pack, life(pack, steps=steps)) == (True, False)


def test_order_is_neither(pack: Pack) -> None:
    actions = MappingProxyType(dict(reversed(pack.lifecycles["case"].actions.items())))
    assert moved(pack, life(pack, actions=actions)) == (False, False)


def item(pack: Pack, index: int, **changes: Any) -> Pack:
    instrument = pack.instruments["interview"]
    items = list(instrument.sections[0].items)
    items[index] = replace(items[index], **changes)
    section = replace(instrument.sections[0], items=tuple(items))
    instruments = MappingProxyType({**pack.instruments, "interview": replace(instrument, sections=(section,))})
    return replace(pack, instruments=instruments).sealed()


def test_words_of_a_scored_item_are_behaviour(pack: Pack) -> None:
    assert moved(pack, item(pack, 0, text=OTHER)) == (True, False)
    anchor = replace(pack.instruments["interview"].scored_items()[0].anchors[0], label=OTHER)
    anchors = (anchor, *pack.instruments["interview"].scored_items()[0].anchors[1:])
    assert moved(pack, item(pack, 0, anchors=anchors)) == (True, False)


def test_words_of_an_item_without_points_are_wording(pack: Pack) -> None:
    assert moved(pack, item(pack, 2, text=OTHER)) == (False, True)


def test_time_for_an_answer() -> None:
    quick, slow = Duration(seconds=900), Duration(days=1)
    levels = MappingProxyType({"today": slow, "now": quick})
    rule = EscalationRule("flag", OTHER, "coordinator", levels=levels)
    assert (rule.within("now"), rule.within("today"), rule.within(), rule.within("else")) == (quick, slow, quick, quick)
    assert replace(rule, answer_within=slow).within("else") == slow
    assert EscalationRule("flag", OTHER, "coordinator").within() is None


def test_finds_choices(pack: Pack) -> None:
    found = pack.choice("closing_outcomes", "left")
    assert found is not None
    assert found.label.en == "Left"
    assert pack.choice("closing_outcomes", "x") is None
    assert pack.choice("x", "left") is None

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from trim.engine.definition import Pack
from trim.engine.diagram import mermaid, notes_of, svg

PART = "{http://www.w3.org/2000/svg}"


def test_mermaid_tells_every_way(pack: Pack) -> None:
    assert mermaid(pack.lifecycles["case"], "fr") == (
        "stateDiagram-v2\n"
        "    [*] --> waiting\n"
        "    waiting : En attente\n"
        "    talking : En cours\n"
        "    done : Terminé\n"
        "    waiting --> talking : Enregistrer\n"
        "    waiting --> done : Enregistrer\n"
        "    waiting --> done : Terminer\n"
        "    talking --> done : Terminer\n"
        "    done --> [*]\n"
        "    note right of waiting\n"
        "        Sans changer d’état\u00a0꞉ Alerte\n"
        "    end note\n"
    )


def test_mermaid_without_notes(pack: Pack) -> None:
    assert "note" not in mermaid(pack.lifecycles["escalation"])


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_svg_is_well_formed_and_safe(pack: Pack, locale: str) -> None:
    text = svg(pack.lifecycles["case"], locale, current="talking")
    root = ElementTree.fromstring(text)
    assert root.find(f"{PART}title") is not None
    assert {one.tag for one in root.iter()} <= {
        f"{PART}{name}" for name in ("svg", "title", "desc", "g", "rect", "path", "text", "circle")
    }
    assert not re.search(r"style=|<style|script|href", text)
    assert text.count("state-current") == 1
    for state in pack.lifecycles["case"].states.values():
        assert state.label.of(locale) in text


def test_svg_numbers_each_action_once_in_the_legend(pack: Pack) -> None:
    text = svg(pack.lifecycles["case"])
    assert text.count(">Record</text>") == 1
    assert text.count(">1</text>") == 3


def test_the_same_rules_give_the_same_picture(pack: Pack) -> None:
    assert svg(pack.lifecycles["case"]) == svg(Pack.from_json(pack.to_json()).lifecycles["case"])


def test_notes_in_english(pack: Pack) -> None:
    assert notes_of(pack.lifecycles["case"], "en") == ("Without leaving the state: Red flag",)

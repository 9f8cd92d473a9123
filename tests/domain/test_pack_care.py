"""The bounds of packs name words that exist, and leave no effect without its lifecycle."""

from __future__ import annotations

from trim.domain.pack_care import PACK_CARE
from trim.domain.vocabulary import VOCABULARY


def test_every_effect_has_its_lifecycle() -> None:
    """An effect that is forgotten here could be put anywhere by a pack."""
    assert set(PACK_CARE.effects_in) == VOCABULARY.effects
    assert {life for homes in PACK_CARE.effects_in.values() for life in homes} <= VOCABULARY.lifecycles


def test_bounds_name_words_that_exist() -> None:
    effects = {*PACK_CARE.effects_by, *PACK_CARE.decides, *PACK_CARE.records, *PACK_CARE.raises}
    effects |= {one for named in (*PACK_CARE.must_have.values(), *PACK_CARE.anchored.values()) for one in named}
    assert effects <= VOCABULARY.effects
    assert PACK_CARE.anchored.keys() <= VOCABULARY.anchors
    assert VOCABULARY.variables.keys() >= PACK_CARE.scores | PACK_CARE.reckoned
    assert VOCABULARY.receivers.keys() >= {PACK_CARE.on_duty, *PACK_CARE.upwards}
    assert PACK_CARE.levels.keys() <= VOCABULARY.choices["red_flag_levels"]
    assert VOCABULARY.roles >= {role for roles in PACK_CARE.effects_by.values() for role in roles}

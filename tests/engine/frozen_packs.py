"""Compiled packs as older versions of Trim wrote them, and what they decided: a newer engine reads and decides alike.

`tests/engine/frozen/` holds, for each version of the language, a pack's canonical JSON and its decisions. They are
never edited: cases run on such text for years. When the language grows (`LANGUAGE` in `trim/engine/definition.py`), or
to keep a pack of another kind, freeze what the shipped pack compiles to, before the change:

    python -m tests.engine.frozen_packs trim
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from trim.engine.definition import NOT_ASKED, Lifecycle, Pack
from trim.engine.machine import Refused, decide, window_of
from trim.engine.scoring import score

FROZEN = Path(__file__).parent / "frozen"
#: Two states of the world, as values by type: nothing has happened yet, and everything has.
WORLDS: dict[str, dict[str, bool | int | str]] = {
    "nothing": {"bool": False, "int": 0, "string": ""},
    "everything": {"bool": True, "int": 7, "string": "high"},
}
ROLES = ("practitioner", "coordinator", "programme_lead", "person")


def decisions(pack: Pack) -> dict[str, str]:
    """Everything the pack decides in two worlds: each action of each role in each state, windows and scores."""
    found: dict[str, str] = {}
    for world, values in WORLDS.items():
        variables = {one.name: values[one.type] for one in pack.variables.values() if one.source != "engine"}
        for life in pack.lifecycles.values():
            found.update({f"{world} {key}": said for key, said in _of_lifecycle(pack, life, variables)})
    found.update(_scores(pack))
    return found


def _of_lifecycle(pack: Pack, life: Lifecycle, variables: dict[str, bool | int | str]) -> Iterator[tuple[str, str]]:
    for name, action in life.actions.items():
        for role in ROLES:
            for state in life.states:
                if role in action.by and state in action.from_:
                    yield f"{life.name}.{name} {role} {state}", _decided(pack, life, name, role, state, variables)
    for name in life.steps:
        window = window_of(pack, lifecycle=life.name, step=name, variables=variables)
        bounds = (window.earliest, window.due, window.latest, window.least_gap)
        yield f"{life.name}.{name} window", f"{window.anchor} {' '.join(map(str, bounds))} {window.calendar}"


def _decided(
    pack: Pack, life: Lifecycle, action: str, role: str, state: str, variables: dict[str, bool | int | str]
) -> str:
    try:
        found = decide(pack, lifecycle=life.name, state=state, action=action, roles=[role], variables=variables)
    except Refused as refused:
        return f"refused: {refused.code}"
    parts = {"completes": found.completes, "starts": found.starts, "cancels": found.cancels, "does": found.does}
    return "; ".join([found.to_state, *(f"{name} {' '.join(ones)}" for name, ones in parts.items() if ones)])


def _scores(pack: Pack) -> Iterator[tuple[str, str]]:
    for instrument in pack.instruments.values():
        items = [one for one in instrument.items() if one.scored]
        for name, given in {
            "lowest": {one.name: 0 for one in items},
            "highest": {one.name: one.most for one in items},
            "half": {one.name: one.most for one in items[::2]} | {one.name: 0 for one in items[1::2]},
            "first not asked": {one.name: 0 for one in items} | {items[0].name: NOT_ASKED},
        }.items():
            found = score(instrument, given, stopped_early=True)
            yield f"{instrument.name} {name}", f"{found.total} {found.band}"


def frozen() -> list[str]:
    """The names of all frozen packs."""
    return sorted(path.name.removesuffix(".pack.json") for path in FROZEN.glob("*.pack.json"))


def freeze(pack: Pack) -> None:
    """Write a pack and what it decides, once: what is there already is never written over."""
    name = f"language-{pack.language}-{pack.name}-{pack.version}"
    if name in frozen():
        raise FileExistsError(name)
    said = {"behaviour": pack.behaviour_hash, "wording": pack.wording_hash, **decisions(pack)}
    (FROZEN / f"{name}.pack.json").write_text(pack.to_json(), encoding="utf-8")
    (FROZEN / f"{name}.decisions.json").write_text(json.dumps(said, indent=0, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.resources import workflows_dir

    freeze(load_pack(workflows_dir() / sys.argv[1], VOCABULARY, [workflows_dir()]))

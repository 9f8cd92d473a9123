"""Which lifecycle of the pack says what a step waits for: what is due for one exposed person runs by the incident's."""

from __future__ import annotations

from typing import Final

from trim.engine.definition import Pack, Step

#: Of a kind of subject that has no lifecycle of its own, the one whose steps it has (CARE 25).
_LIVES_BY: Final = {"exposure": "incident"}


def lifecycle_of(subject_kind: str) -> str:
    """The name of the lifecycle that a kind of subject goes by."""
    return _LIVES_BY.get(subject_kind, subject_kind)


def rule_of(pack: Pack, subject_kind: str, name: str) -> Step | None:
    """The pack's rule of a step; None for one that the program started by itself, such as a day to look again."""
    lifecycle = pack.lifecycles.get(lifecycle_of(subject_kind))
    return lifecycle.steps.get(name) if lifecycle is not None else None

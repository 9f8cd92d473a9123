"""Which steps of a case are a first interview and which a later one: what the pack's instruments say of each other."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from trim.engine.definition import Pack


class InterviewSteps(NamedTuple):
    """Names of steps; one that both kinds of interview complete counts as a first."""

    firsts: frozenset[str]
    follow_ups: frozenset[str]


def interview_steps(pack: Pack) -> InterviewSteps:
    """Give the steps of a case that interviews complete, by whether the interview follows an earlier one."""
    return _of(_Shared(pack))


class _Shared:
    """A pack by its behaviour, which is all that this depends on."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shared) and self.pack.behaviour_hash == other.pack.behaviour_hash

    def __hash__(self) -> int:
        return hash(self.pack.behaviour_hash)


@lru_cache(maxsize=64)
def _of(shared: _Shared) -> InterviewSteps:
    firsts: set[str] = set()
    later: set[str] = set()
    #: What is also done without an interview, such as looking again at a pause: an interview only ends it on the way.
    otherwise: set[str] = set()
    life = shared.pack.lifecycles.get("case")
    for action in life.actions.values() if life is not None else ():
        instrument = shared.pack.instruments.get(action.instrument or "")
        if instrument is not None:
            (later if instrument.follows else firsts).update(action.completes)
        else:
            otherwise.update(action.completes)
    return InterviewSteps(frozenset(firsts - otherwise), frozenset(later - firsts - otherwise))

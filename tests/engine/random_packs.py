"""Random small packs, sound and unsound, drawn by structure: states, actions with branches and conditions, steps.

Conditions on values are drawn so that the checker's one assumption holds, that each can come true by itself: what is
required and what branches read are different variables. State and role it works out, so these are drawn at will.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from tests.engine.small_pack import WORDS
from trim.domain.vocabulary import Vocabulary
from trim.engine.checker import check
from trim.engine.definition import (
    Action,
    Branch,
    Lifecycle,
    Pack,
    Repeats,
    Requirement,
    State,
    Step,
    VariableType,
    Window,
)
from trim.engine.durations import Duration
from trim.engine.machine import Refused, decide
from trim.engine.problems import Problem
from trim.engine.source import Source
from trim.engine.wording import Text

SAID = Text("X", "Y")
STAFF = ("practitioner", "coordinator", "programme_lead")
REQUIRED = ("first_done", "evidence_hold", "contact_attempts >= 1")
BRANCHING = ("join_waiting", "has_practitioner", "open_referrals > 0")
OF_ROLE = ("role_is_coordinator", "!role_is_practitioner", "role_is_practitioner && role_is_coordinator", "role_is_hr")
TRUE = {"first_done": True, "evidence_hold": True, "contact_attempts": 1}

PLAIN: Vocabulary = replace(WORDS, care=replace(WORDS.care, must_have=MappingProxyType({}), effects_by={}))


REPEATS = st.sampled_from([None, Repeats(every=Duration(days=1), times=4), Repeats(times=3)])


def _own(states: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(OF_ROLE),
        st.sampled_from([f"state == '{one}'" for one in states]),
        st.sampled_from([f"state != '{one}'" for one in states]),
    )


def _some(words: tuple[str, ...], *, least: int = 0, most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), min_size=least, max_size=most, unique=True).map(tuple)


@st.composite
def actions(draw: st.DrawFn, name: str, states: tuple[str, ...], steps: tuple[str, ...]) -> Action:
    """An action with up to two conditional branches and a last one without."""
    ways: list[Branch] = []
    if draw(st.integers(0, 3)):
        for when in draw(_some(BRANCHING)):
            also = f" && {draw(_own(states))}" if draw(st.integers(0, 3)) == 0 else ""
            ways.append(Branch(draw(st.sampled_from(states)), when + also, draw(_some(steps, most=1))))
        ways.append(Branch(draw(st.sampled_from(states)), None, draw(_some(steps, most=1))))
    asked = list(draw(_some(REQUIRED)))
    if draw(st.integers(0, 3)) == 0:
        asked.append(draw(_own(states)))
    return Action(
        name=name,
        label=SAID,
        from_=draw(_some(states, least=1, most=3)),
        by=draw(_some(STAFF, least=1)),
        to=tuple(ways) or None,
        requires=tuple(Requirement(one, SAID) for one in asked),
        completes=draw(_some(steps)),
        starts=draw(_some(steps, most=1)),
        cancels=draw(st.one_of(_some(steps), st.just(("all",)))),
        pauses=draw(st.one_of(_some(steps, most=1), st.just(("all",)))),
        resumes=draw(st.one_of(_some(steps, most=1), st.just(("all",)))),
        resets=draw(_some(steps, most=1)),
        does=("log_visit",),
    )


@st.composite
def packs(draw: st.DrawFn, base: Pack) -> Pack:
    """A pack of one lifecycle; many are unsound, as drawn."""
    states = tuple(f"s{number}" for number in range(draw(st.integers(2, 4))))
    steps = tuple(f"step{number}" for number in range(draw(st.integers(1, 2))))
    kinds = {name: draw(st.sampled_from(["waiting", "active", "final"])) for name in states}
    kinds[states[-1]] = "final"
    kinds[states[0]] = "waiting"
    life = Lifecycle(
        name="case",
        label=SAID,
        initial=states[0],
        states=MappingProxyType({name: State(name, SAID, kind) for name, kind in kinds.items()}),
        actions=MappingProxyType(
            {f"a{number}": draw(actions(f"a{number}", states, steps)) for number in range(draw(st.integers(1, 5)))}
        ),
        steps=MappingProxyType(
            {
                name: Step(name, SAID, Window("now", Duration(days=1)), "coordinator", repeats=draw(REPEATS))
                for name in steps
            }
        ),
        starts=draw(_some(steps, most=1)),
    )
    return with_case(base, life)


def with_case(base: Pack, life: Lifecycle) -> Pack:
    """The small pack with another lifecycle of a case, which may read every variable."""
    variables = {name: VariableType(name, one.type, one.source) for name, one in PLAIN.variables.items()}
    made = replace(base, lifecycles=MappingProxyType({"case": life}), escalations=MappingProxyType({}))
    return replace(made, variables=MappingProxyType(variables)).sealed()


def faults(pack: Pack) -> list[Problem]:
    """What the checker says of a pack that has no files."""
    return check(pack, PLAIN, {"": Source({}, "pack.yaml", 1, "")})


def people() -> Iterator[tuple[str, ...]]:
    """Every set of roles that somebody can hold in a case."""
    for size in range(1, len(STAFF) + 1):
        yield from combinations(STAFF, size)


def values() -> Iterator[Mapping[str, Any]]:
    """Every combination of what branches read, with all that is required."""
    for join, has, many in product((True, False), (True, False), (0, 1)):
        yield {**TRUE, "join_waiting": join, "has_practitioner": has, "open_referrals": many}


def explored(pack: Pack) -> tuple[dict[str, set[str]], set[str]]:
    """By trying everything: where each state can lead, and the actions that somebody can do at all."""
    life = pack.lifecycles["case"]
    ways: dict[str, set[str]] = {name: set() for name in life.states}
    done: set[str] = set()
    given = list(values())
    for action in life.actions.values():
        for state, roles, known in product(action.from_, people(), given):
            try:
                decision = decide(pack, lifecycle="case", state=state, action=action.name, roles=roles, variables=known)
            except Refused:
                continue
            assert decision.to_state in life.states
            ways[state].add(decision.to_state)
            done.add(action.name)
    return ways, done

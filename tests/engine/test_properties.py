"""Properties of the checker and the engine over random packs and random sequences of actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.random_packs import STAFF, TRUE, explored, faults, packs, with_case
from trim.domain.vocabulary import VOCABULARY
from trim.engine.checks.flow import reachable
from trim.engine.definition import Action, Branch, Lifecycle, Pack, Requirement, State
from trim.engine.loader import load_pack
from trim.engine.machine import Refused, decide
from trim.engine.opening import ending
from trim.resources import workflows_dir

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LARGE = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
#: What the graph of states is held to; every other rule is about one place alone.
OF_THE_GRAPH = ("is never reached", "is a dead end", "no final state can be reached", "Nobody can ever do this")


def agrees(pack: Pack) -> None:
    """The checker finds fault with the graph exactly where trying everything finds a trap."""
    life = pack.lifecycles["case"]
    ways, done = explored(pack)
    reached = reachable(ways, [life.initial])
    finals = {one.name for one in life.states.values() if one.kind == "final"}
    trapped = {state for state in reached if not reachable(ways, [state]) & finals}
    sound = reached == set(life.states) and not trapped and done == set(life.actions)
    found = [one for one in faults(pack) if any(said in one.cause for said in OF_THE_GRAPH)]
    assert (found == []) == sound, (found, reached, trapped, done)


def keeps_account(pack: Pack, life: Lifecycle, acts: list[tuple[str, str, Mapping[str, Any]]]) -> None:
    """No undeclared state, no other role, and every step that was opened is open, completed or cancelled."""
    state, running = life.initial, set(life.starts)
    opened, ended = Counter(life.starts), Counter[str]()
    for name, role, known in acts:
        try:
            decision = decide(pack, lifecycle=life.name, state=state, action=name, roles=[role], variables=known)
        except Refused:
            continue
        assert role in decision.action.by
        assert decision.from_state == state in decision.action.from_
        assert set(decision.starts) <= set(life.steps)
        over = {step: ending(decision, step) for step in running}
        for step, how in over.items():
            named = step in decision.completes or decision.cancels_all or step in decision.cancels
            assert (how is not None) == named
            assert (how == "done") == (step in decision.completes)
        ended.update(step for step, how in over.items() if how)
        running = {step for step, how in over.items() if how is None}
        new = set(decision.starts) - running
        opened.update(new)
        running |= new
        assert opened == ended + Counter(running)
        state = decision.to_state
        assert state in life.states


@QUICK
@given(st.data())
def test_the_checker_finds_every_trap_and_no_other(pack: Pack, data: st.DataObject) -> None:
    agrees(data.draw(packs(pack)))


@pytest.mark.large
@LARGE
@given(st.data())
def test_the_checker_finds_every_trap_and_no_other_in_many(pack: Pack, data: st.DataObject) -> None:
    agrees(data.draw(packs(pack)))


def _sequence(life: Lifecycle, data: st.DataObject, most: int = 12) -> list[tuple[str, str, Mapping[str, Any]]]:
    known = st.fixed_dictionaries(
        {},
        optional={
            name: {"bool": st.booleans(), "int": st.integers(-1, 5), "string": st.sampled_from(["high", "low", ""])}[
                variable.type
            ]
            for name, variable in VOCABULARY.variables.items()
        },
    ).map(lambda drawn: {**TRUE, **drawn})
    one = st.tuples(st.sampled_from([*life.actions, "to_done"]), st.sampled_from([*STAFF, "person", "hr"]), known)
    return data.draw(st.lists(one, max_size=most))


@QUICK
@given(st.data())
def test_a_random_pack_keeps_account_of_its_steps(pack: Pack, data: st.DataObject) -> None:
    made = data.draw(packs(pack))
    life = made.lifecycles["case"]
    keeps_account(made, life, _sequence(life, data))


@pytest.fixture(scope="module", params=sorted(path.parent.name for path in workflows_dir().glob("*/pack.yaml")))
def shipped(request: pytest.FixtureRequest) -> Pack:
    return load_pack(workflows_dir() / request.param, VOCABULARY, [workflows_dir()])


@QUICK
@given(st.data())
def test_a_shipped_pack_keeps_account_of_its_steps(shipped: Pack, data: st.DataObject) -> None:
    life = shipped.lifecycles[data.draw(st.sampled_from(list(shipped.lifecycles)))]
    keeps_account(shipped, life, _sequence(life, data))


@pytest.mark.large
@LARGE
@given(st.data())
def test_a_shipped_pack_keeps_account_of_its_steps_for_long(shipped: Pack, data: st.DataObject) -> None:
    life = shipped.lifecycles[data.draw(st.sampled_from(list(shipped.lifecycles)))]
    keeps_account(shipped, life, _sequence(life, data, most=60))


def _broken(data: st.DataObject, life: Lifecycle) -> Lifecycle:
    """A lifecycle with one fault that no lifecycle may have, whatever else it holds."""
    some: Action = data.draw(st.sampled_from(list(life.actions.values())))
    step = data.draw(st.sampled_from(list(life.steps)))
    said = some.label

    def acts(*changed: Action) -> Lifecycle:
        return replace(life, actions=MappingProxyType({**life.actions, **{one.name: one for one in changed}}))

    def everywhere(**change: Any) -> Lifecycle:
        return acts(*(replace(one, **{k: v(one) for k, v in change.items()}) for one in life.actions.values()))

    lost = State("lost", said, "final")
    ways = [
        replace(life, states=MappingProxyType({**life.states, "lost": lost})),
        replace(
            life, states=MappingProxyType({name: replace(one, kind="active") for name, one in life.states.items()})
        ),
        acts(replace(some, to=(Branch(life.initial, "join_waiting"),))),
        acts(replace(some, to=(Branch(life.initial), Branch(life.initial)))),
        acts(replace(some, from_=())),
        acts(replace(some, by=())),
        acts(replace(some, by=(*some.by, "hr"))),
        acts(replace(some, by=(*some.by, "person"))),
        acts(replace(some, requires=(*some.requires, Requirement("role_is_hr && role_is_auditor", said)))),
        acts(replace(some, requires=(*some.requires, Requirement("state == 'nowhere'", said)))),
        acts(replace(some, requires=(*some.requires, Requirement("contact_attempts", said)))),
        acts(replace(some, requires=(*some.requires, Requirement("wind > 3", said)))),
        acts(replace(some, does=("stop_contact",), requires=(Requirement("first_done", said),))),
        acts(replace(some, does=("raise_red_flag",), requires=())),
        acts(replace(some, does=("decide_escalation",))),
        everywhere(completes=lambda one: tuple(name for name in one.completes if name != step)),
        everywhere(to=lambda _: None),
    ]
    return data.draw(st.sampled_from(ways))


@settings(QUICK, max_examples=20)
@given(st.data())
def test_every_mutation_that_breaks_a_pack_is_found(pack: Pack, data: st.DataObject) -> None:
    made = data.draw(packs(pack))
    life = made.lifecycles["case"]
    broken = _broken(data, life)
    assume(broken != life)
    before = {(one.key, one.cause) for one in faults(made)}
    # Where nothing but the first state could be reached, taking every way away breaks no more.
    assume(f"The state “{list(life.states)[1]}” is never reached." not in {cause for _, cause in before})
    assert {(one.key, one.cause) for one in faults(with_case(pack, broken))} - before

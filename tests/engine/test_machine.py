from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.engine import machine
from trim.engine.conditions import ConditionFailed
from trim.engine.definition import Action, Branch, Pack
from trim.engine.machine import Decision, Refused, decide, form_of, needed, possible, window_of
from trim.engine.wording import Text

READY = {"confidentiality_explained": True, "contact_attempts": 1, "total": 4, "evidence_hold": False}


def record(pack: Pack, roles: Collection[str] = ("practitioner",), state: str = "waiting", **changes: Any) -> Decision:
    return decide(pack, lifecycle="case", state=state, action="record", roles=roles, variables={**READY, **changes})


def refusal(pack: Pack, **changes: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        record(pack, **changes)
    return caught.value


def test_says_all_that_follows(pack: Pack) -> None:
    decision = record(pack)
    assert (decision.from_state, decision.to_state) == ("waiting", "talking")
    assert (decision.completes, decision.starts, decision.does) == (("talk",), ("again",), ("record_assessment",))
    assert (decision.cancels, decision.cancels_all) == ((), False)
    assert decision.action.instrument == "interview"


def test_takes_the_first_branch_that_holds(pack: Pack) -> None:
    decision = record(pack, total=3)
    assert (decision.to_state, decision.starts) == ("done", ())


def test_a_step_opens_only_where_its_condition_holds(pack: Pack) -> None:
    assert record(pack, evidence_hold=True).starts == ()


def test_an_action_may_leave_the_state(pack: Pack) -> None:
    decision = decide(
        pack, lifecycle="case", state="talking", action="raise_red_flag", roles=["coordinator"], variables={}
    )
    assert decision.to_state == "talking"


def test_cancels_everything(pack: Pack) -> None:
    decision = decide(pack, lifecycle="case", state="talking", action="finish", roles=["coordinator"], variables={})
    assert decision.cancels_all


def test_refuses_with_every_reason_at_once(pack: Pack) -> None:
    refused = refusal(pack, confidentiality_explained=False, contact_attempts=0)
    assert refused.code == "requirement"
    assert [reason.fr for reason in refused.reasons] == ["Expliquez d’abord.", "Appelez d’abord."]
    assert str(refused) == "requirement: Explain first. Call first."


def test_refuses_another_role(pack: Pack) -> None:
    refused = refusal(pack, roles=["coordinator", "hr"])
    assert refused.code == "wrong_role"
    assert "Enregistrer" in refused.reasons[0].fr


@pytest.mark.parametrize(("state", "said"), [("done", "Done"), ("nowhere", "nowhere")])
def test_refuses_in_another_state(pack: Pack, state: str, said: str) -> None:
    refused = refusal(pack, state=state)
    assert refused.code == "wrong_state"
    assert said in refused.reasons[0].en


def test_refuses_an_unknown_action(pack: Pack) -> None:
    with pytest.raises(Refused) as caught:
        decide(pack, lifecycle="case", state="waiting", action="to_done", roles=["coordinator"], variables={})
    assert caught.value.code == "unknown_action"


@pytest.mark.parametrize("missing", ["confidentiality_explained", "contact_attempts", "total", "evidence_hold"])
def test_a_condition_that_fails_refuses(pack: Pack, missing: str) -> None:
    """Whether it guards the action, chooses the branch or opens the step."""
    refused = refusal(pack, **{missing: None})
    assert refused.code == "condition_failed"
    assert isinstance(refused.__cause__, ConditionFailed)
    assert "coordination" in refused.reasons[0].fr


def test_nobody_can_pretend_to_a_role_or_state(pack: Pack) -> None:
    lie = {"role_is_coordinator": True, "state": "talking"}
    life = pack.lifecycles["case"]
    open_to_all = replace(life.actions["finish"], by=("practitioner",))
    changed = _with(pack, open_to_all)
    with pytest.raises(Refused) as caught:
        decide(changed, lifecycle="case", state="waiting", action="finish", roles=["practitioner"], variables=lie)
    assert caught.value.code == "requirement"


def _with(pack: Pack, action: Action) -> Pack:
    life = pack.lifecycles["case"]
    actions = MappingProxyType({**life.actions, action.name: action})
    changed = replace(life, actions=actions)
    return replace(pack, lifecycles=MappingProxyType({**pack.lifecycles, "case": changed})).sealed()


def test_without_any_branch_it_refuses(pack: Pack) -> None:
    """The checker asks for a last branch without condition; a pack that slipped past it still does no harm."""
    action = replace(pack.lifecycles["case"].actions["record"], to=(Branch("talking", "total > 3"),))
    assert refusal(_with(pack, action), total=0).code == "condition_failed"


def test_corrected_wording_shows_at_once(pack: Pack) -> None:
    """The shared machine belongs to the behaviour; words come from the pack that is asked."""
    action = pack.lifecycles["case"].actions["record"]
    said = replace(action.requires[0], otherwise=Text("Better words.", "Mieux dit."))
    changed = _with(pack, replace(action, requires=(said, *action.requires[1:])))
    assert changed.behaviour_hash == pack.behaviour_hash
    assert refusal(changed, confidentiality_explained=False).reasons[0].en == "Better words."


def test_possible_lists_actions_of_the_role_in_order(pack: Pack) -> None:
    found = possible(pack, lifecycle="case", state="waiting", roles=["practitioner"], variables={"contact_attempts": 0})
    assert [one.action.name for one in found] == ["raise_red_flag", "record"]
    assert [reason.en for reason in found[1].refused] == ["Call first."]
    assert found[0].refused == ()


def test_possible_leaves_out_what_the_form_will_answer(pack: Pack) -> None:
    variables = {"contact_attempts": 1}
    found = possible(pack, lifecycle="case", state="waiting", roles=["practitioner"], variables=variables)
    assert found[1].refused == ()
    given = {**variables, "confidentiality_explained": False}
    found = possible(pack, lifecycle="case", state="waiting", roles=["practitioner"], variables=given)
    assert [reason.en for reason in found[1].refused] == ["Explain first."]


def test_possible_refuses_what_cannot_be_reckoned(pack: Pack) -> None:
    found = possible(pack, lifecycle="case", state="waiting", roles=["practitioner"], variables={})
    assert "could not be worked out" in found[1].refused[0].en


def test_possible_adds_the_engines_own_values(pack: Pack) -> None:
    found = possible(pack, lifecycle="case", state="waiting", roles=["coordinator"], variables={})
    assert [(one.action.name, one.refused) for one in found] == [("raise_red_flag", ()), ("finish", ())]


def test_names_the_variables_that_an_action_needs(pack: Pack) -> None:
    assert needed(pack, lifecycle="case", action="record") == {*READY, "early"}
    assert needed(pack, lifecycle="case", action="finish") == set()


@pytest.mark.parametrize(("early", "shown"), [(True, 1), (False, 0), (None, 1)])
def test_a_form_hides_what_has_no_meaning_and_never_loses_a_field(pack: Pack, early: bool | None, shown: int) -> None:
    fields = form_of(
        pack, lifecycle="case", action="record", state="waiting", roles=["practitioner"], variables={"early": early}
    )
    assert len(fields) == shown


def test_a_pack_without_engine_variables_takes_the_values_as_they_are(pack: Pack) -> None:
    decision = decide(pack, lifecycle="escalation", state="open", action="decide", roles=["coordinator"], variables={})
    assert decision.to_state == "decided"


def test_window_of_a_step(pack: Pack) -> None:
    assert window_of(pack, lifecycle="case", step="talk", variables={}).anchor == "case.opened_at"


def test_the_shelf_of_machines_is_bounded(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_MOST_MACHINES", 1)
    monkeypatch.setattr(machine, "_MACHINES", {})
    record(pack)
    decide(pack, lifecycle="escalation", state="open", action="decide", roles=["coordinator"], variables={})
    assert record(pack).to_state == "talking"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["raise_red_flag", "record", "finish", "decide", "x"]),
            st.sampled_from(["practitioner", "coordinator", "hr"]),
            st.fixed_dictionaries(
                {},
                optional={
                    "confidentiality_explained": st.booleans(),
                    "contact_attempts": st.integers(0, 2),
                    "total": st.integers(0, 4),
                    "evidence_hold": st.sampled_from([True, False, None]),
                },
            ),
        ),
        max_size=12,
    )
)
def test_no_sequence_leaves_the_declared_states(pack: Pack, acts: list[tuple[str, str, dict[str, Any]]]) -> None:
    life = pack.lifecycles["case"]
    state = life.initial
    for action, role, variables in acts:
        try:
            decision = decide(pack, lifecycle="case", state=state, action=action, roles=[role], variables=variables)
        except Refused:
            continue
        assert decision.to_state in life.states
        assert role in decision.action.by
        assert set(decision.starts) <= set(life.steps)
        state = decision.to_state

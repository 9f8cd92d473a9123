"""A thing of a pack and what happens to it, told step by step."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trim.engine.definition import Pack
from trim.engine.machine import Decision, Refused, decide

CASE = {
    "contact_attempts": 0,
    "has_practitioner": False,
    "line_manager_unknown": False,
    "first_done": False,
    "follow_up_done": False,
    "open_escalations": 0,
    "open_referrals": 0,
    "evidence_hold": False,
    "early": False,
    "found_late": False,
    "known_after_days": 0,
    "looked_again": False,
    "join_waiting": False,
    "has_incident": True,
    "paused": False,
    "other_programme": False,
}
TALK = {"confidentiality_explained": True, "evidence_hold_acknowledged": False, "reason_given": False}
PARIS = ZoneInfo("Europe/Paris")


class Told:
    """One thing and what happens to it."""

    def __init__(self, pack: Pack, lifecycle: str = "case", **variables: Any) -> None:
        self.pack = pack
        self.life = pack.lifecycles[lifecycle]
        self.state = self.life.initial
        self.steps = set(self.life.starts)
        self.variables: dict[str, Any] = {**CASE, **variables}

    def does(self, action: str, role: str = "coordinator", **given: Any) -> Decision:
        """Do an action, as the use cases do it."""
        decision = decide(
            self.pack,
            lifecycle=self.life.name,
            state=self.state,
            action=action,
            roles=[role],
            variables={**self.variables, **given},
        )
        self.state = decision.to_state
        self.steps -= set(decision.completes)
        self.steps = set() if decision.cancels_all else self.steps - set(decision.cancels)
        self.steps |= set(decision.starts)
        return decision

    def refused(self, action: str, role: str = "coordinator", **given: Any) -> str:
        with pytest.raises(Refused) as caught:
            self.does(action, role, **given)
        assert caught.value.code == "requirement"
        return caught.value.reasons[0].en

    def to_first_interview(self) -> Told:
        self.does("make_offer")
        self.does("record_acceptance")
        self.does("allocate")
        self.does("accept_allocation", "practitioner")
        return self

    def to_follow_up(self) -> Told:
        self.to_first_interview().does("record_first_assessment", "practitioner", **TALK)
        self.variables["first_done"] = True
        return self

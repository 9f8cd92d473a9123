"""What runs beside a case: escalations that somebody looks at and decides, referrals on their way."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from trim.demonstration import talk
from trim.demonstration.plans import Plan
from trim.demonstration.stage import Stage
from trim.domain.access import Role
from trim.store import cases
from trim.store.tables import Account, Escalation
from trim.usecases.acting.variables import final_states
from trim.usecases.unit_of_work import UnitOfWork

URGENT = ("now", "today")

#: A referral's way to each of its states: the action, after how many days, who does it, what is filled in.
Move = tuple[str, float, str, dict[str, Any]]
_AGREES: Move = ("record_agreement", 2, "practitioner", {"share_attendance": True})
_SENT: Move = ("send", 1, "coordinator", {"channel": "letter"})
_ARRIVED: Move = ("acknowledge", 5, "coordinator", {})
_WENT: Move = ("record_attendance", 14, "practitioner", {"attended": "yes"})
_DID_NOT: Move = ("record_attendance", 18, "practitioner", {"attended": "no"})
_CAME_OF_IT: Move = ("record_outcome", 20, "practitioner", {"result": "in_care"})
_OVERRIDE: Move = (
    "override",
    0.1,
    "practitioner",
    {
        "grounds": "risk_to_life",
        "explanation": "The person spoke of not wanting to live and would not be left with a number.",
        "person_told": True,
    },
)
WAYS: dict[str, tuple[Move, ...]] = {
    "proposed": (),
    "agreed": (_AGREES,),
    "overridden": (_OVERRIDE,),
    "sent": (_AGREES, _SENT),
    "acknowledged": (_AGREES, _SENT, _ARRIVED),
    "attended": (_AGREES, _SENT, _ARRIVED, _WENT),
    "not_attended": (_AGREES, _SENT, _DID_NOT),
    "refused": (("record_refusal", 2, "practitioner", {}),),
    "signposted": (_AGREES, ("signpost", 1, "practitioner", {})),
    "handed_over": (_AGREES, _SENT, ("hand_over_no_return", 9, "coordinator", {})),
    "completed": (_AGREES, _SENT, _ARRIVED, _WENT, _CAME_OF_IT),
    "cancelled": (_AGREES, ("cancel", 4, "coordinator", {})),
}
PROVIDERS = ("gp", "occupational_health", "psychologist", "trauma_service", "assistance_programme", "union")


@dataclass
class Asides:
    """The escalations and the referral of one case."""

    stage: Stage
    case_ref: str
    plan: Plan
    coordinator: Account
    chosen: random.Random
    practitioner: Callable[[], Account | None]
    #: Called after something that may have moved the case itself.
    notice: Callable[[], None]
    referred: bool = False
    _seen: set[str] = field(default_factory=set)

    def follow_escalations(self, uow: UnitOfWork, case_id: str) -> None:
        """Let somebody look at each escalation that has come up since."""
        new = [one for one in cases.escalations(uow.session, case_id) if one.ref not in self._seen]
        for escalation in new:
            self._seen.add(escalation.ref)
            if self.plan.escalation_stops == "open":
                continue
            urgent = escalation.level in URGENT
            delay = timedelta(minutes=self.chosen.uniform(4, 40)) if urgent else self._hours(1, 20)
            when = self.stage.now + delay
            self.stage.at(when if urgent else self.stage.office(when), lambda one=escalation: self._takes(one))  # type: ignore[misc]

    def _takes(self, escalation: Escalation) -> None:
        self._acts(self.coordinator, escalation, "take")
        if escalation.level in URGENT:
            spoke = {"spoke_to": "Coordinator on duty", "spoke_at": self.stage.now}
            self._acts(self.practitioner() or self.coordinator, escalation, "record_spoke_to", **spoke)
        if self.plan.escalation_stops == "taken":
            return
        if self.plan.pass_on and escalation.level not in URGENT:
            self._acts(self.coordinator, escalation, "pass_on", reason="I would like a second view.")
            self.stage.later(self._hours(3, 20), lambda: self._decides(self._lead(), escalation))
        else:
            self.stage.later(self._hours(1, 12), lambda: self._decides(self.coordinator, escalation))

    def _decides(self, who: Account, escalation: Escalation) -> None:
        # A referral without agreement is confirmed; a second question does not refer a second time.
        plain = escalation.rule == "override_to_confirm" or (self.plan.decision == "refer" and self.referred)
        decision = "no_change" if plain else self.plan.decision
        self._acts(who, escalation, "decide", decision=decision, reason=talk.REASONS[decision])
        if decision == "refer" and not self.referred and self._is_open():
            self.propose_referral()
        self.notice()

    def propose_referral(self) -> None:
        """The coordinator proposes professional care; the person decides."""
        self.referred = True
        act = self.stage.does(
            self.coordinator,
            "case",
            self.case_ref,
            "propose_referral",
            provider=self.chosen.choice(PROVIDERS),
            reason=self.chosen.choice(talk.NEED),
        )
        moves = WAYS[self.plan.referral or self.chosen.choice(("completed", "refused", "signposted"))]
        self._moves(act.made["referral"], list(moves))

    def _moves(self, ref: str, left: list[Move]) -> None:
        if not left:
            return
        (action, days, by, values), *rest = left
        delay = timedelta(days=days * self.chosen.uniform(0.7, 1.3))

        def move() -> None:
            who = (self.practitioner() if by == "practitioner" else None) or self.coordinator
            self.stage.does(who, "referral", ref, action, **values)
            if action == "override":
                with self.stage.backend.reading() as uow:
                    self.follow_escalations(uow, cases.load(uow.session, "case", self.case_ref).id)
            self._moves(ref, rest)

        self.stage.later(delay, move)

    def is_waiting(self, uow: UnitOfWork, case_id: str) -> bool:
        """Whether something beside the case keeps it from being closed."""
        pack, session = self.stage.pack, uow.session
        escalations = [one.state not in final_states(pack, "escalation") for one in cases.escalations(session, case_id)]
        referrals = [one.state not in final_states(pack, "referral") for one in cases.referrals(session, case_id)]
        return any(escalations) or any(referrals)

    def _acts(self, who: Account, escalation: Escalation, action: str, **values: Any) -> None:
        self.stage.does(who, "escalation", escalation.ref, action, **values)

    def _lead(self) -> Account:
        return self.stage.cast.shown[Role.PROGRAMME_LEAD]

    def _is_open(self) -> bool:
        with self.stage.backend.reading() as uow:
            state = cases.load(uow.session, "case", self.case_ref).state
        return state not in final_states(self.stage.pack, "case")

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(hours=self.chosen.uniform(least, most) * self.plan.pace)

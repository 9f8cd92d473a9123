"""The course of one case as far as clocks and conditions read it: who was reached, when, and what was held.

The use cases keep the same in rows of the database. Whatever both must agree on stands here once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from trim.domain.calendar import start_of_day

REACHED: Final = frozenset({"spoke", "appointment_made", "appointment_moved", "appointment_called_off"})
"""Results of a contact that reached the person: the count of attempts begins anew (CARE 20)."""

ANSWERING: Final = frozenset({"accept_allocation", "decline_allocation"})
"""Effects of the answer of a practitioner who was asked."""

ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
WITHDRAWN: Final = "withdrawn"
ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {"to_allocate": ACCEPTED, "declined": DECLINED, "unanswered": "unanswered", "withdrawn": WITHDRAWN}
)
"""What the person answered, by the state that an answer leads to; the checker lets a pack lead to no other."""

STOPPED: Final = frozenset({"declined", "withdrawn"})
"""States in which contact was stopped at the person's wish: the short retention goes by them (CARE 26)."""

PLAN_STOPS: Final = frozenset({"close_case", "stop_contact"})
"""Effects with which the clocks of an agreed plan stop (CARE 26)."""

PLANNED_FOR: Final = "agreed_step.planned_for"
"""The happening from which a step of an agreed plan is reckoned: the beginning of its day."""

YEAR: Final = timedelta(days=365)
"""What conditions call the last twelve months."""


def attempts_after(result: object, attempts: int) -> int:
    """Count the attempts in a row that reached nobody, after one more with this result."""
    return 0 if result in REACHED else attempts + 1


def is_taken_up_again(effect: str, to_state: str) -> bool:
    """Say whether an effect lets a case go on that may have ended before, and its agreed plan with it."""
    return effect == "reopen_case" or (effect == "record_answer" and ANSWERS.get(to_state) == ACCEPTED)


def plan_anchors(planned_for: datetime, now: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Give what the clock of an agreed step runs from when the plan is taken up again.

    A day that has passed meanwhile says nothing any more: somebody asks about the step now, and is not late with it.
    """
    if planned_for < start_of_day(now.astimezone(zone).date(), zone):
        return {"now": now}
    return {"now": now, PLANNED_FOR: planned_for}


def whole_days(since: datetime, until: datetime) -> int:
    """Count the whole days between two instants, never below 0."""
    return max((until - since).days, 0)


@dataclass(slots=True)
class Course:
    """What was recorded about a case so far; every instant is aware."""

    anchors: dict[str, datetime]
    since: datetime
    contact_attempts: int = 0
    has_practitioner: bool = False
    is_asked: bool = False
    #: Steps of the pack that are a first interview, and those that are a later one.
    firsts: frozenset[str] = frozenset()
    follow_ups: frozenset[str] = frozenset()
    done: dict[str, datetime] = field(default_factory=dict)

    def known(self, at: datetime) -> dict[str, bool | int]:
        """Give the variables that follow from the course at an instant; "done" counts since the last reopening."""
        done = {step for step, ended_at in self.done.items() if ended_at >= self.since}
        occurred_at = self.anchors.get("incident.occurred_at")
        heard_at = self.anchors.get("exposure.became_known_at") or self.anchors.get("incident.became_known_at")
        return {
            "has_incident": occurred_at is not None,
            "first_done": bool(done & self.firsts),
            "follow_up_done": bool(done & self.follow_ups),
            "contact_attempts": self.contact_attempts,
            "has_practitioner": self.has_practitioner,
            "days_since_incident": whole_days(occurred_at, at) if occurred_at else 0,
            "known_after_days": whole_days(occurred_at, heard_at) if occurred_at and heard_at else 0,
        }

    def practitioner_may(self, effects: Collection[str]) -> bool:
        """Say whether a practitioner stands to the case so that an action with these effects is theirs.

        Who is asked may answer and no more; everything else is for whoever supports the person.
        """
        return self.is_asked if ANSWERING & set(effects) else self.has_practitioner

    def record(self, effect: str, *, to_state: str, result: object, at: datetime) -> None:
        """Note what one effect of an action leaves for later clocks and conditions; most leave nothing."""
        if effect == "log_contact":
            self.contact_attempts = attempts_after(result, self.contact_attempts)
        elif effect == "make_offer":
            self.anchors["offer.made_at"] = at
            self.contact_attempts = 0
        elif effect == "record_answer" and ANSWERS.get(to_state) == ACCEPTED:
            self.anchors["case.accepted_at"] = at
            self.has_practitioner = False
        elif effect == "propose_allocation":
            self.is_asked = True
        elif effect == "accept_allocation":
            self.has_practitioner, self.is_asked = True, False
        elif effect in ("decline_allocation", "withdraw_proposal", "stop_contact", "close_case"):
            self.is_asked = False
        elif effect == "reopen_case":
            self.anchors["case.reopened_at"] = self.since = at
            self.has_practitioner = self.is_asked = False
        elif effect == "join_incident":
            self.since = at

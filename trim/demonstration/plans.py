"""How it will go with each person: drawn by chance for most, and written down for the few that show every state."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

#: What the meeting chooses for those who get no case of their own.
WITHOUT_CASE = ("briefing", "nothing_yet", "group_session")


@dataclass(frozen=True, slots=True)
class Plan:
    """One person's way, as it will turn out; times are factors and days, so that no two ways look alike."""

    #: offer
    attempts: int = 0
    answer: str = "accept"  # accept, decline, decline_at_once, silence
    after_silence: str = "close"  # close, accept, decline
    comes_back_after: int | None = None  # days after declining or withdrawing
    #: allocation
    refusals: int = 0
    unanswered_allocation: bool = False  # the first one asked is away, and the question is taken back
    #: interviews: how heavy it is at first (0 to 1), how it goes on, when the practitioner gets there
    weight: float = 0.25
    change: float = 0.5
    punctuality: str = "in_time"  # early, in_time, late
    stopped_early: bool = False
    red_flag: str = ""  # now, today: raised in the first interview
    asks_advice: bool = False
    hand_over: bool = False
    withdraws: str = ""  # the state in which the person wishes to stop
    keeps_away: bool = False
    #: what the coordinator decides, and where a referral ends
    decision: str = "no_change"
    pass_on: bool = False
    referral: str = ""
    #: the end
    outcome: str = "support_completed"
    leaves_in: str = ""  # the state in which it ends for a reason outside the programme
    reopens_after: int | None = None
    #: for the written ones: the state after which nothing more happens, and a draft that was begun there
    stops: str = ""
    escalation_stops: str = ""
    draft: bool = False
    flag_at_the_end: bool = False  # a red flag goes up a few minutes before today's now
    #: 1 is the usual pace of offices; less is quicker
    pace: float = 1.0
    #: asks the practitioner whose sign-in is shown, so that a visitor finds work
    prefers_shown: bool = False


REFERRALS = (
    "completed", "completed", "completed", "attended", "not_attended", "refused", "refused", "signposted",
    "handed_over", "cancelled",
)  # fmt: skip


def drawn(chosen: random.Random) -> Plan:
    """A way as it might go: most scores are low and fall, some are high, a few stay so or rise."""
    weight = chosen.choices((0.12, 0.25, 0.45, 0.72), (30, 38, 20, 12))[0]
    heavy = weight > 0.6
    change = chosen.choices((0.25, 0.5, 0.75, 1.0, 1.35), (30, 35, 20, 10, 5 + 5 * heavy))[0]
    plan = Plan(
        attempts=chosen.choices((0, 1, 2), (60, 28, 12))[0],
        answer=chosen.choices(("accept", "decline", "decline_at_once", "silence"), (74, 12, 4, 10))[0],
        after_silence=chosen.choices(("close", "accept", "decline"), (5, 3, 2))[0],
        comes_back_after=chosen.randrange(10, 50) if chosen.random() < 0.12 else None,
        refusals=chosen.choices((0, 1), (88, 12))[0],
        unanswered_allocation=chosen.random() < 0.05,
        weight=weight,
        change=change,
        punctuality=chosen.choices(("in_time", "late", "early"), (80, 14, 6))[0],
        stopped_early=chosen.random() < 0.04,
        red_flag=chosen.choices(("", "today", "now"), (93, 4, 3) if not heavy else (75, 15, 10))[0],
        asks_advice=chosen.random() < 0.06,
        hand_over=chosen.random() < 0.05,
        decision=_decision(chosen, heavy),
        pass_on=chosen.random() < 0.12,
        referral=chosen.choice(REFERRALS) if heavy or chosen.random() < 0.06 else "",
        reopens_after=chosen.randrange(40, 150) if chosen.random() < 0.05 else None,
        pace=chosen.uniform(0.5, 2.0),
        prefers_shown=chosen.random() < 0.1,
    )
    if chosen.random() < 0.07:
        return replace(plan, withdraws=chosen.choice(("awaiting_first_assessment", "awaiting_follow_up")))
    if chosen.random() < 0.1:
        outcome = chosen.choice(("left", "moved", "long_absence", "support_elsewhere"))
        return replace(plan, outcome=outcome, leaves_in=chosen.choice(("to_allocate", "awaiting_follow_up")))
    return plan


def _decision(chosen: random.Random, heavy: bool) -> str:
    words = ("refer", "another_follow_up", "other_support", "no_change")
    return chosen.choices(words, (55, 20, 15, 10) if heavy else (10, 25, 20, 45))[0]


@dataclass(frozen=True, slots=True)
class Written:
    """A way that shows one state: how many days ago it began, and how."""

    age: float
    plan: Plan
    response: str = "individual_assessment"
    #: Somebody whose line manager nobody knows: whoever reads the case is asked (CARE 10).
    manager_unknown: bool = False
    #: The person came of their own accord (CARE 25).
    alone: bool = False


HEAVY = Plan(weight=0.85, change=1.0, pace=0.4, prefers_shown=True)
QUICK = Plan(pace=0.4)

FAR = "awaiting_further_follow_up"
NEAR = "awaiting_follow_up"
REFERRED = replace(HEAVY, decision="refer")

#: Every state of a case, an escalation and a referral stands at the end of at least one of these, some of them
#: overdue; chance adds more. Each begins with an event of that age; those of one age were at the same event.
WRITTEN = (
    # The offer and the allocation.
    Written(1.6, replace(QUICK, stops="offer_to_make")),
    Written(4.2, replace(QUICK, stops="offered")),
    Written(4.2, replace(QUICK, stops="to_allocate")),
    Written(4.2, replace(QUICK, stops="allocation_proposed", prefers_shown=True)),
    Written(7, replace(QUICK, stops="offer_to_make")),
    Written(9, replace(QUICK, stops="to_allocate", attempts=1)),
    Written(13, replace(QUICK, stops="offered", attempts=1)),
    Written(16, replace(QUICK, answer="silence", stops="unanswered")),
    Written(40, replace(QUICK, answer="decline", stops="declined")),
    # The interviews.
    Written(5, replace(QUICK, stops="awaiting_first_assessment", prefers_shown=True)),
    Written(5, replace(HEAVY, stops=NEAR, escalation_stops="open", flag_at_the_end=True)),
    Written(6.5, replace(HEAVY, stops=NEAR, escalation_stops="taken")),
    Written(12, replace(QUICK, stops="awaiting_first_assessment", prefers_shown=True, draft=True)),
    Written(31, replace(QUICK, stops=NEAR, prefers_shown=True), manager_unknown=True),
    Written(33, replace(QUICK, weight=0.45, change=0.3, stops=NEAR, draft=True, prefers_shown=True)),
    Written(52, replace(QUICK, stops=NEAR, prefers_shown=True)),
    Written(58, replace(QUICK, weight=0.4, change=0.3, stops="to_close", prefers_shown=True)),
    Written(90, replace(QUICK, withdraws=NEAR, stops="withdrawn")),
    Written(120, replace(QUICK, weight=0.4, change=0.4), alone=True),
    Written(200, replace(QUICK, weight=0.6, punctuality="early", red_flag="now", change=0.4)),
    # Referrals, each at another point.
    Written(8.5, replace(REFERRED, referral="proposed", stops=NEAR)),
    Written(8.5, replace(REFERRED, referral="overridden", stops=NEAR)),
    Written(10, replace(REFERRED, referral="agreed", stops=NEAR, prefers_shown=True)),
    Written(14, replace(REFERRED, referral="sent", stops=NEAR)),
    Written(22, replace(REFERRED, referral="acknowledged", stops=NEAR)),
    Written(42, replace(REFERRED, referral="attended", stops=FAR, prefers_shown=True)),
    Written(46, replace(REFERRED, referral="not_attended", stops=FAR)),
    Written(50, replace(REFERRED, referral="refused", stops=FAR)),
    Written(50, replace(REFERRED, referral="cancelled", stops=FAR)),
    Written(56, replace(REFERRED, referral="signposted", stops=FAR)),
    Written(62, replace(REFERRED, referral="handed_over", stops=FAR)),
    Written(78, replace(REFERRED, referral="completed", stops=FAR)),
    # Straight to professional care, and ends of every kind.
    Written(20, replace(REFERRED, referral="sent"), response="professional_care"),
    Written(190, replace(QUICK, outcome="long_absence", leaves_in=NEAR)),
    Written(210, replace(QUICK, answer="silence", after_silence="close")),
    Written(230, replace(QUICK, outcome="left", leaves_in="to_allocate")),
    Written(250, replace(QUICK, outcome="moved", leaves_in=NEAR)),
    Written(250, replace(QUICK, outcome="support_elsewhere", leaves_in=NEAR)),
    Written(280, replace(HEAVY, decision="another_follow_up", pass_on=True, change=0.3)),
    Written(300, replace(QUICK, answer="decline", comes_back_after=21, weight=0.4)),
    Written(170, replace(QUICK, reopens_after=60, weight=0.45, change=0.3)),
    Written(320, replace(QUICK, stopped_early=True, keeps_away=True, hand_over=True, pace=0.7)),
)

"""What no pack may bend, as words and bounds: where an effect belongs, what must exist, how long an alarm may wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from trim.domain.course import ANSWERS, STOPPED


@dataclass(frozen=True, slots=True)
class PackCare:
    """Bounds of care and of access that the checker holds every pack to (CARE 1-4, 7, 11, 26).

    `effects_in` says in which lifecycle an effect means anything, `effects_by` which roles alone may cause it,
    `must_have` what a lifecycle cannot do without. In the lifecycles `unscored` no interview is held, and in those of
    `nameless_words` no form takes words beside the name of somebody (CARE 27). `scores` are variables that come from
    a score; `decides` effects that decide about a person, which no score may cause. `raises` must be answered by a
    rule of escalation. `levels` are those of a red flag with the longest time (seconds) in which somebody calls, who
    is `on_duty`; `longest_answer` is that of every other escalation. `upwards` are those to whom an escalation can
    go. `anchored` maps an anchor onto the effects that make it happen. `reckoned` variables are worked out by the
    server, and no field may set them.
    """

    effects_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    effects_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    must_have: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unscored: frozenset[str] = frozenset()
    nameless_words: frozenset[str] = frozenset()
    scores: frozenset[str] = frozenset()
    decides: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    raises: frozenset[str] = frozenset()
    levels: Mapping[str, int] = field(default_factory=dict)
    longest_answer: int = 0
    on_duty: str = ""
    upwards: frozenset[str] = frozenset()
    anchored: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reckoned: frozenset[str] = frozenset()
    #: States to which alone an effect leads, because they say what it means.
    leads_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Answers without which an effect cannot be done, each with its classes; and by which lifecycle runs what it opens.
    asks: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    opens: Mapping[str, str] = field(default_factory=dict)
    longest_text: int = 2000


_SUPERVISORS: Final = frozenset({"coordinator", "programme_lead"})

_UPWARDS_ONLY: Final = (
    "take_escalation",
    "pass_on_escalation",
    "decide_escalation",
    "propose_allocation",
    "withdraw_proposal",
    "join_incident",
    "hold_planning_meeting",
    "close_incident",
)

_IN: Final = {
    "incident": ("hold_planning_meeting", "close_incident", "note_site"),
    "case": (
        "log_contact",
        "make_offer",
        "record_answer",
        "propose_allocation",
        "accept_allocation",
        "decline_allocation",
        "withdraw_proposal",
        "record_assessment",
        "correct_assessment",
        "withdraw_assessment",
        "raise_red_flag",
        "raise_escalation",
        "propose_referral",
        "close_case",
        "reopen_case",
        "stop_contact",
        "arrange_follow_up",
        "join_incident",
        "agree_step",
        "open_linked_case",
    ),
    "agreed_step": ("move_step", "end_step"),
    "referral": ("record_agreement", "override_agreement", "send_referral", "record_attendance", "finish_referral"),
    "escalation": ("take_escalation", "pass_on_escalation", "record_spoke_to", "decide_escalation"),
}

#: Lifecycles beside cases: nobody is scored in them, and nothing is written about one person.
_SHARED: Final = {
    "name_leader": ("group_session", "periodic_check", "pair", "mediation"),
    "name_person": ("group_session", "periodic_check", "pair", "mediation"),
    "hold_meeting": ("group_session", "periodic_check", "pair", "mediation"),
    "end_undertaking": ("group_session", "periodic_check", "pair", "mediation"),
    "offer_contact": ("group_session", "periodic_check"),
    "note_attendance": ("group_session",),
    "write_down": ("pair", "mediation"),
    "say_yes": ("pair", "mediation"),
    "set_goal": ("pair",),
    "measure_goal": ("pair",),
    "give_feedback": ("pair",),
}

PACK_CARE: Final = PackCare(
    effects_in=MappingProxyType(
        {effect: frozenset({life}) for life, effects in _IN.items() for effect in effects}
        | {effect: frozenset(lives) for effect, lives in _SHARED.items()}
    ),
    # Whoever raised an alarm does not answer it, and nobody hands a case to themselves.
    effects_by=MappingProxyType(
        dict.fromkeys(
            (
                "take_escalation",
                "pass_on_escalation",
                "decide_escalation",
                "propose_allocation",
                "withdraw_proposal",
                "join_incident",
                "hold_planning_meeting",
                "close_incident",
                "name_leader",
            ),
            _SUPERVISORS,
        )
    ),
    must_have=MappingProxyType(
        {
            "case": frozenset({"raise_red_flag", "stop_contact"}),
            "referral": frozenset({"override_agreement"}),
            "escalation": frozenset({"decide_escalation"}),
            "group_session": frozenset({"hold_meeting", "offer_contact"}),
            "periodic_check": frozenset({"name_person", "offer_contact"}),
            "pair": frozenset({"write_down", "say_yes"}),
            "mediation": frozenset({"write_down", "say_yes"}),
            "agreed_step": frozenset({"end_step"}),
        }
    ),
    unscored=frozenset({"group_session", "periodic_check", "pair", "mediation"}),
    nameless_words=frozenset({"group_session", "periodic_check"}),
    scores=frozenset({"band", "total", "complete", "has_change", "change", "previous_band"}),
    decides=frozenset(
        {"close_case", "stop_contact", "propose_referral", "propose_allocation", "reopen_case", "raise_red_flag"}
    ),
    records=frozenset({"record_assessment", "correct_assessment", "withdraw_assessment"}),
    raises=frozenset({"raise_red_flag", "raise_escalation", "override_agreement"}),
    # "Now" cannot mean this afternoon, nor "today" tomorrow (CARE 2).
    levels=MappingProxyType({"now": 60 * 60, "today": 24 * 60 * 60}),
    # Whoever calls the programme does so because somebody should look; two weeks cover a leave.
    longest_answer=14 * 24 * 60 * 60,
    on_duty="duty_coordinator",
    upwards=frozenset({"coordinator", "programme_lead", "duty_coordinator"}),
    anchored=MappingProxyType(
        {
            "offer.made_at": frozenset({"make_offer"}),
            "case.accepted_at": frozenset({"record_answer", "accept_allocation"}),
            "case.reopened_at": frozenset({"reopen_case", "record_answer"}),
            "previous_interview.at": frozenset({"record_assessment"}),
            "referral.sent_at": frozenset({"send_referral"}),
            "undertaking.agreed_at": frozenset({"say_yes"}),
        }
    ),
    leads_to=MappingProxyType({"record_answer": frozenset(ANSWERS), "stop_contact": STOPPED}),
    asks=MappingProxyType(
        {
            "agree_step": {"what": frozenset({"short_text", "long_text"}), "day": frozenset({"date"})},
            "move_step": {"day": frozenset({"date"})},
            "open_linked_case": {"agreed": frozenset({"yes_no"}), "programme": frozenset({"choice"})},
        }
    ),
    opens=MappingProxyType({"agree_step": "agreed_step", "propose_referral": "referral"}),
    reckoned=frozenset(
        {
            "band",
            "total",
            "complete",
            "has_change",
            "change",
            "confidentiality_explained",
            "evidence_hold_acknowledged",
            "reason_given",
            "withdrawn_step",
            "everybody_decided",
            "group_response_chosen",
            "self_allocation",
            "practitioner_leaves",
        }
    ),
)

"""The closed words a pack chooses from: a pack can arrange them in its own way, and can add none.

Every role, effect and field class stands for code and for rights; words that a pack could invent would be a way
to widen access (ARCHITECTURE, law 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from trim.domain.confidentiality import ACTING, UNDERTAKINGS
from trim.domain.pack_care import PACK_CARE, PackCare

VariableSource = Literal["case", "form", "engine"]

#: Texts for somebody in danger: of the current version they reach every case, on whatever behaviour it runs.
LIVE_TEXTS: Final = ("call_now",)


#: The ways in which a case may come; a concern is a colleague's or a manager's, and one-way (CARE 13).
OPENED_BY: Final = ("incident", "request", "concern", "linked", "offered")


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that conditions may read.

    "case" is known before a form is opened, "form" comes from the answers of the action itself, "engine" is added
    by the engine. A variable that is not handed in makes the condition that needs it fail, and so refuses.
    """

    type: Literal["bool", "int", "string"]
    meaning: str
    source: VariableSource = "case"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All closed words, and what they oblige a pack to.

    `acting` says which roles may act in a lifecycle at all. `receivers` maps whom an escalation can go to onto the
    role that answers it. In `choices` a group with no values is open to the pack; the others only get their labels
    there. `needs_choices` and `needs_texts` are what the pages of a lifecycle show. An effect in `unhindered` takes
    no requirement, one in `at_any_moment` is possible in every open state, one in `asks_nothing` has no form. A role
    in `persons_own` acts for nobody but itself: in actions with these effects and no others. `care` holds the bounds
    that no pack may bend.
    """

    lifecycles: frozenset[str]
    roles: frozenset[str]
    acting: Mapping[str, frozenset[str]]
    receivers: Mapping[str, str]
    field_classes: frozenset[str]
    effects: frozenset[str]
    anchors: frozenset[str]
    variables: Mapping[str, Variable]
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs_choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs_texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unhindered: frozenset[str] = frozenset()
    at_any_moment: frozenset[str] = frozenset()
    asks_nothing: frozenset[str] = frozenset()
    persons_own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    care: PackCare = field(default_factory=PackCare)


_STAFF: Final = ("practitioner", "coordinator", "programme_lead", "reporter", "hr", "administrator", "auditor")
#: Last the supported person, behind a private link: no account ever holds it.
_ROLES: Final = (*_STAFF, "person")
_LIFECYCLES: Final = ("incident", "case", "referral", "escalation", "agreed_step", *UNDERTAKINGS)

_VARIABLES: Final = {
    "state": Variable("string", "where the thing stands before the action", "engine"),
    **{f"role_is_{role}": Variable("bool", f"whoever acts is {role}", "engine") for role in _ROLES},
    "band": Variable("string", "band of the interview, or incomplete", "form"),
    "total": Variable("int", "points of the interview", "form"),
    "complete": Variable("bool", "every scored item has its points", "form"),
    "has_change": Variable("bool", "at least one item was answered in both interviews", "form"),
    "change": Variable("int", "later minus earlier over the items answered both times", "form"),
    "has_previous": Variable("bool", "there is an earlier interview"),
    "previous_band": Variable("string", "band of the earlier interview; only with has_previous"),
    "step": Variable("string", "the step that the action is about"),
    "first_done": Variable("bool", "the first interview is recorded (since the last reopening)"),
    "follow_up_done": Variable("bool", "the follow-up is recorded (since the last reopening)"),
    "contact_attempts": Variable("int", "contacts tried since the offer"),
    "open_escalations": Variable("int", "escalations of the case that nobody has decided"),
    "open_referrals": Variable("int", "referrals of the case that are not final"),
    "confidentiality_explained": Variable("bool", "explained in this interview, before any question", "form"),
    "evidence_hold": Variable("bool", "the incident is under investigation"),
    "evidence_hold_acknowledged": Variable("bool", "the warning was acknowledged for this form", "form"),
    "cleared_for_groups": Variable("bool", "the investigation allows briefings and group sessions"),
    "group_response_chosen": Variable("bool", "the plan gives somebody a briefing or a group session", "form"),
    "everybody_decided": Variable("bool", "every exposed person has a response", "form"),
    "red_flag_open": Variable("bool", "a red flag of the case is not decided"),
    "direct_referral": Variable("bool", "the plan was straight to professional care"),
    "exposures_last_12_months": Variable("int", "incidents of the person in the last twelve months"),
    "days_since_incident": Variable("int", "whole days since the incident"),
    "found_late": Variable("bool", "the person became known as exposed after the planning meeting"),
    "known_after_days": Variable("int", "whole days from the incident until the person became known as exposed"),
    "looked_again": Variable("bool", "the person's response was chosen at a later meeting than the first about them"),
    "join_waiting": Variable("bool", "another incident of the person waits to be joined to the case"),
    "practitioner_leaves": Variable("bool", "whoever supports the person was at the joined incident too", "form"),
    "outcome": Variable("string", "the outcome chosen for closing", "form"),
    "decision": Variable("string", "the decision chosen on an escalation", "form"),
    "agreed": Variable("bool", "the person agrees", "form"),
    "attended": Variable("bool", "the person went to the provider", "form"),
    "reason_given": Variable("bool", "a reason was written", "form"),
    "withdrawn_step": Variable("string", "step of the newest interview, where that is the one taken back", "form"),
    "has_practitioner": Variable("bool", "somebody supports the person already, while another is asked to"),
    "line_manager_unknown": Variable("bool", "nobody has said whether whoever acts leads the person or is led by them"),
    "self_allocation": Variable("bool", "whoever allocates would be the practitioner", "form"),
    "early": Variable("bool", "the step's earliest bound is not reached"),
    "paused": Variable("bool", "a step stands still until it is looked at again"),
    "people": Variable("int", "people named in a group session, a check, a pair or a mediation"),
    "leaders": Variable("int", "who leads it: so many accounts"),
    "meetings": Variable("int", "meetings held"),
    "separate_meetings": Variable("int", "meetings held with one side alone"),
    "written_down": Variable("bool", "ground rules or an agreement are written down"),
    "all_agreed": Variable("bool", "everybody named has said yes to what is written down"),
    "goals": Variable("int", "goals that were set"),
    "goals_measured": Variable("int", "goals that were measured at the end"),
    "has_mentor": Variable("bool", "somebody is named as mentor"),
    "has_mentee": Variable("bool", "somebody is named as mentee"),
    "must_be_investigated": Variable("bool", "harassment or discrimination that must be looked into formally", "form"),
    "voluntary": Variable("bool", "both sides come of their own will", "form"),
    "has_incident": Variable("bool", "an incident stands behind the case"),
    "asked_by_person": Variable("bool", "the person asked for support by themselves"),
    "asked_by_other": Variable("bool", "a colleague or a manager was concerned about the person"),
    "open_agreed_steps": Variable("int", "steps of the agreed plan that are neither done nor dropped"),
    "has_linked_case": Variable("bool", "the person has a linked case in another programme"),
    "other_programme": Variable("bool", "another programme runs here, in which a linked case can be opened"),
}

VOCABULARY: Final = Vocabulary(
    lifecycles=frozenset(_LIFECYCLES),
    roles=frozenset(_ROLES),
    acting=MappingProxyType(ACTING),
    receivers=MappingProxyType(
        {
            "practitioner": "practitioner",
            "coordinator": "coordinator",
            "programme_lead": "programme_lead",
            "duty_coordinator": "coordinator",
        }
    ),
    field_classes=frozenset(
        {
            "short_text",
            "long_text",
            "choice",
            "date",
            "instant",
            "yes_no",
            "tags",
            "practitioner",
            "level",
            "phone",
            "number",
            "somebody",
            "party",
            "parties",
        }
    ),
    effects=frozenset(
        {
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
            "take_escalation",
            "pass_on_escalation",
            "record_spoke_to",
            "decide_escalation",
            "record_agreement",
            "override_agreement",
            "send_referral",
            "record_attendance",
            "finish_referral",
            "hold_planning_meeting",
            "close_incident",
            "arrange_follow_up",
            "join_incident",
            "name_leader",
            "name_person",
            "note_site",
            "hold_meeting",
            "note_attendance",
            "offer_contact",
            "write_down",
            "say_yes",
            "set_goal",
            "measure_goal",
            "give_feedback",
            "end_undertaking",
            "agree_step",
            "move_step",
            "end_step",
            "open_linked_case",
        }
    ),
    anchors=frozenset(
        {
            "incident.occurred_at",
            "incident.became_known_at",
            "case.opened_at",
            "case.accepted_at",
            "case.reopened_at",
            "case.requested_at",
            "case.became_known_at",
            "agreed_step.planned_for",
            "previous_interview.at",
            "offer.made_at",
            "exposure.became_known_at",
            "exposure.decided_at",
            "referral.sent_at",
            "escalation.raised_at",
            "pause.look_again_at",
            "undertaking.opened_at",
            "undertaking.planned_for",
            "undertaking.agreed_at",
            "now",
        }
    ),
    variables=MappingProxyType(_VARIABLES),
    choices=MappingProxyType(
        {
            "incident_kinds": frozenset(),
            "severities": frozenset(),
            "referral_providers": frozenset(),
            "sources": frozenset({"automatic_criterion", "commander", "manager", "self"}),
            "exposures": frozenset({"direct", "witness", "call_handler", "vicarious", "repeated"}),
            "responses": frozenset(
                {"nothing_yet", "briefing", "group_session", "individual_assessment", "professional_care"}
            ),
            "contact_channels": frozenset({"phone", "video", "in_person", "text_message", "email", "letter"}),
            "contact_results": frozenset(
                {"spoke", "no_answer", "neutral_message_left", "appointment_made", "appointment_moved", "missed"}
                | {"appointment_called_off"}
            ),
            "staff_groups": frozenset({"employee", "volunteer", "agency", "contractor"}),
            "closing_outcomes": frozenset(
                {
                    "support_completed",
                    "support_elsewhere",
                    "could_not_be_reached",
                    "left",
                    "moved",
                    "long_absence",
                    "died",
                }
            ),
            "override_grounds": frozenset({"risk_to_life", "safeguarding", "legal_duty"}),
            "red_flag_levels": frozenset({"now", "today"}),
            "escalation_decisions": frozenset({"refer", "another_follow_up", "other_support", "close", "no_change"}),
            "referral_outcomes": frozenset(),
        }
    ),
    needs_choices=MappingProxyType(
        {
            "incident": frozenset(
                {"incident_kinds", "severities", "sources", "exposures", "responses", "staff_groups"}
            ),
            "case": frozenset({"contact_channels", "contact_results", "closing_outcomes", "red_flag_levels"}),
            "referral": frozenset({"referral_providers", "referral_outcomes", "override_grounds"}),
            "escalation": frozenset({"escalation_decisions"}),
        }
    ),
    needs_texts=MappingProxyType(
        {
            "case": frozenset(
                {
                    "evidence_hold",
                    "notes",
                    "not_a_diagnosis",
                    "example_figures",
                    "first_contact",
                    "neutral_message",
                    "decline",
                    "call_now",
                }
            )
        }
    ),
    unhindered=frozenset({"raise_red_flag", "override_agreement", "log_contact"}),
    at_any_moment=frozenset({"raise_red_flag"}),
    asks_nothing=frozenset({"stop_contact"}),
    persons_own=MappingProxyType({"person": frozenset({"record_answer", "stop_contact"})}),
    care=PACK_CARE,
)

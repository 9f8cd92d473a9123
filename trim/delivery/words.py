"""What each kind of notice says, on pages and in mails; none names anybody, and none blames the person supported.

The texts are English keys of the catalogue; whoever shows them translates them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for the catalogue."""
    return text


WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asked_to_lead": N_("You are named to lead a session, a check, a pair or a mediation"),
        "leader_missing": N_("Who was to lead a session, a check, a pair or a mediation cannot: name somebody else"),
        "asked_to_support": N_("You are asked to support somebody"),
        "allocation_declined": N_("A practitioner said no: somebody else is needed"),
        "allocation_accepted": N_("A practitioner said yes"),
        "join_to_decide": N_("Somebody with support was at another incident: one interview for both?"),
        "named_as_reader": N_("You are named as a reader of a restricted incident"),
        "interview_withdrawn": N_("An interview was taken off a case"),
        "to_allocate": N_("Somebody accepted support and waits for a practitioner"),
        "incident_reported": N_("An incident was reported"),
        "escalation": N_("A question for a coordinator"),
        "red_flag": N_("A red flag was raised"),
        "escalation_passed_on": N_("A question was passed on to you"),
        "escalation_decided": N_("Your question was decided"),
        "escalation_unanswered": N_("A question has had no answer yet and comes to you"),
        "care_for_practitioner": N_("A practitioner needs care after a case ended"),
        "person_stopped": N_("Somebody with support has stopped by themselves"),
        "person_returns": N_("Somebody who had stopped would like to come back"),
        "link_wanted": N_("Somebody needs a new private link"),
        "break_glass_opened": N_("Somebody from outside opened a case of yours by break-glass"),
        "practitioner_left": N_("A practitioner has left: look whether cases are to be handed over"),
        "erasure_near": N_("A record will soon be erased, unless there is a reason to keep it"),
        "retention_changed": N_("How long records are kept was changed"),
        "invitation_not_sent": N_("An invitation could not be delivered: tell the person yourself"),
        "calendar_changed": N_("Time zone, country or closing days were changed: deadlines may have moved"),
        "rule_failed": N_(
            "A rule of the programme could not be worked out, so an action was refused: look at the rules"
        ),
        "pack_proposed": N_("A new version of the rules waits for a second person"),
        "pack_installed": N_("The rules or words of the programme were changed"),
        "pack_turned_down": N_("A new version of the rules was turned down"),
        "review_asked": N_("You are asked to review an access request"),
        "request_answered": N_("An access request was answered"),
        "disclosure_to_decide": N_("A court or somebody else asks for a record: decide"),
        "role_to_confirm": N_("A role waits for your confirmation"),
        "role_confirmed": N_("A role that reads cases was confirmed"),
        "renewal_to_confirm": N_("Somebody is to be let in again: confirm or refuse"),
        "renewal_confirmed": N_("Somebody who reads cases was let in again"),
        "support_asked": N_("Somebody may want support: get in touch"),
        "leave_noted": N_("Days of leave were noted for you"),
        "release_published": N_("New figures are published"),
        "release_corrected": N_("Published figures were corrected: use the new ones"),
        "release_made": N_("The figures you asked for are published"),
        "release_refused": N_("The figures you asked for were not published: see why"),
        "step_reminder": N_("Something will soon be due"),
        "step_due": N_("Something is due"),
        "step_late": N_("Something is past its time"),
        "step_look_again": N_("A pause is to be looked at again"),
        "reminder_undelivered": N_("A reminder could not be delivered: please look after it"),
        "draft_waits": N_("An interview was begun and not submitted"),
        "escalation_answer_due": N_("A question that you look at still waits for its answer"),
        "escalation_without_answer": N_("Nobody has answered a question, and nobody else is left to ask"),
        "nobody_to_ask": N_("A question has found nobody in the programme: somebody needs a role"),
        "step_escalated": N_("Something is past its latest day and comes to you"),
        "nobody_on_duty": N_("Nobody is on duty"),
    }
)
#: Of a kind that is missing above; a test fails for one that the source writes.
UNKNOWN: Final = N_("Something happened")

#: Kinds of things whose reference people read out; of others it is an id that says nothing.
REFERRED: Final = frozenset(
    {"access_request", "agreed_step", "case", "disclosure", "escalation", "incident", "referral", "undertaking"}
)

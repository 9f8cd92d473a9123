"""What each closed word means, shown by editors beside the word; a test asks for every word of the vocabulary."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

#: Field classes that offer choices, and so need some.
OFFERING: Final = ("choice", "tags", "level")

MEANINGS: Final = MappingProxyType(
    {
        # roles and receivers
        "practitioner": "Trained peer who supports the person.",
        "coordinator": "Arranges support and looks at escalations.",
        "programme_lead": "Answers for the programme.",
        "duty_coordinator": "Whichever coordinator has duty, by telephone, past quiet hours.",
        "person": "The person supported: to answer an offer or to stop, and nothing else.",
        # ways in which a case comes
        "request": "The person asks, or somebody of the programme notes that they did.",
        "concern": "A colleague or a manager sends a contact request; they hear nothing of what became of it.",
        "offered": "Offered by whoever leads a group session or a periodic check.",
        "linked": "From a case in another programme, if the person agrees.",
        # kinds of state
        "waiting": "Somebody has to do something first.",
        "active": "Work goes on. The default.",
        "final": "An end.",
        # kinds of item
        "scale": "Points with words for each. The default.",
        "yes_no": "Yes or no.",
        "number": "A whole number.",
        "date": "A day.",
        "short_text": "A line of text.",
        # calendars
        "calendar": "Every day counts. The default, and right for windows after trauma.",
        "working_days": "Monday to Friday, without holidays.",
        # field classes
        "long_text": "Some paragraphs of text.",
        "choice": "One of several choices.",
        "tags": "Several choices at once.",
        "level": "The level of a red flag.",
        "instant": "A day and a time.",
        "phone": "A telephone number.",
        "somebody": "Somebody of the directory, by name or staff number.",
        "party": "One of the people named already.",
        "parties": "Several of the people named already.",
        # anchors
        "incident.occurred_at": "When the event happened.",
        "incident.became_known_at": "When the programme heard of the event.",
        "exposure.became_known_at": "When this person was named as affected.",
        "exposure.decided_at": "When a response was chosen for this person.",
        "case.opened_at": "When the case was opened.",
        "case.requested_at": "When the person asked for support.",
        "case.accepted_at": "When a practitioner took the case on.",
        "case.reopened_at": "When the case was last opened again.",
        "previous_interview.at": "The interview before.",
        "offer.made_at": "When support was offered.",
        "referral.sent_at": "When the referral was sent.",
        "case.became_known_at": "When the programme heard that this person might want support.",
        "agreed_step.planned_for": "The day for which a step of the plan was agreed.",
        "escalation.raised_at": "When the escalation was raised.",
        "pause.look_again_at": "The day on which a pause is looked at again.",
        "undertaking.opened_at": "When a group session, check, pair or mediation was set up.",
        "undertaking.planned_for": "The day and time that its form asked for as planned_for.",
        "undertaking.agreed_at": "When everybody in it had said yes.",
        "now": "When the step opens.",
        # effects
        "log_contact": "Notes that contact was tried.",
        "make_offer": "Notes that support was offered.",
        "record_answer": "Notes the person's answer to the offer.",
        "stop_contact": "The person wants no further contact. It may ask for nothing.",
        "propose_allocation": "Asks a practitioner to take the case on.",
        "accept_allocation": "The practitioner takes it on.",
        "decline_allocation": "The practitioner does not.",
        "withdraw_proposal": "The practitioner need not answer any more.",
        "record_assessment": "Keeps an interview with its score.",
        "arrange_follow_up": "Agrees on the day of the next interview.",
        "correct_assessment": "A new version of an interview that held a slip.",
        "withdraw_assessment": "Takes an interview back that was recorded for the wrong person.",
        "raise_red_flag": "Calls the coordinator on duty. It may wait for nothing.",
        "raise_escalation": "Asks the programme to look.",
        "take_escalation": "Somebody looks at the escalation.",
        "pass_on_escalation": "Gives the escalation to somebody else.",
        "record_spoke_to": "Notes who was spoken to about the escalation.",
        "decide_escalation": "Ends the escalation with a decision.",
        "propose_referral": "Begins a referral to professional care.",
        "record_agreement": "Notes whether the person agrees to the referral.",
        "override_agreement": "Refers in danger without agreement. It may wait for nothing.",
        "send_referral": "Sends the referral.",
        "record_attendance": "Notes whether the person went.",
        "finish_referral": "Ends the referral with its outcome.",
        "hold_planning_meeting": "Chooses a response for everybody affected.",
        "close_incident": "Ends the incident.",
        "close_case": "Ends the case with its outcome.",
        "reopen_case": "Opens a closed case again.",
        "agree_step": "Adds a step to the agreed plan, with a day of its own.",
        "move_step": "Gives a step of the plan another day.",
        "end_step": "A step of the plan is done, or dropped.",
        "open_linked_case": "Opens a case in another programme, which shows nothing of this one.",
        "name_leader": "Names who leads it.",
        "name_person": "Names somebody who takes part.",
        "hold_meeting": "Notes a meeting: when, how long, who came or how many.",
        "note_site": "A short note for the whole site, without names.",
        "note_attendance": "Notes who came; those who lead it alone see it.",
        "offer_contact": "Opens an offer for somebody who takes part. It takes no word about them.",
        "write_down": "Ground rules or an agreement; everybody has to say yes to it anew.",
        "say_yes": "Somebody who takes part says yes to what is written down.",
        "set_goal": "A goal with its measure before.",
        "measure_goal": "The measure of a goal afterwards.",
        "give_feedback": "What one side says of it.",
        "end_undertaking": "Ends it.",
        "join_incident": "Adds another event to the case of a person who has support already.",
    }
)

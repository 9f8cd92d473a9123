"""The words a pack may use in `does`, each with the room that makes it true."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trim.usecases.acting.act import Effect
from trim.usecases.agreed import effects as agreed
from trim.usecases.allocation import effects as allocation
from trim.usecases.assessment import effects as assessment
from trim.usecases.closure import effects as closure
from trim.usecases.escalation import effects as escalation
from trim.usecases.offer import effects as offer
from trim.usecases.planning import effects as planning
from trim.usecases.planning import joining
from trim.usecases.referral import effects as referral
from trim.usecases.requests import link
from trim.usecases.undertakings import agreement, meetings
from trim.usecases.undertakings import offer as offer_beside
from trim.usecases.undertakings import people as taking_part

EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "log_contact": offer.log_contact,
        "make_offer": offer.make_offer,
        "record_answer": offer.record_answer,
        "stop_contact": offer.stop_contact,
        "propose_allocation": allocation.propose_allocation,
        "accept_allocation": allocation.accept_allocation,
        "decline_allocation": allocation.decline_allocation,
        "withdraw_proposal": allocation.withdraw_proposal,
        "record_assessment": assessment.record_assessment,
        "correct_assessment": assessment.correct_assessment,
        "withdraw_assessment": assessment.withdraw_assessment,
        "raise_red_flag": escalation.raise_red_flag,
        "raise_escalation": escalation.raise_escalation,
        "take_escalation": escalation.take_escalation,
        "record_spoke_to": escalation.record_spoke_to,
        "pass_on_escalation": escalation.pass_on_escalation,
        "decide_escalation": escalation.decide_escalation,
        "propose_referral": referral.propose_referral,
        "record_agreement": referral.record_agreement,
        "override_agreement": referral.override_agreement,
        "send_referral": referral.send_referral,
        "record_attendance": referral.record_attendance,
        "finish_referral": referral.finish_referral,
        "close_case": closure.close_case,
        "reopen_case": closure.reopen_case,
        "arrange_follow_up": closure.arrange_follow_up,
        "hold_planning_meeting": planning.hold_planning_meeting,
        "join_incident": joining.join_incident,
        "agree_step": agreed.agree_step,
        "move_step": agreed.move_step,
        "end_step": agreed.end_step,
        "open_linked_case": link.open_linked_case,
        "close_incident": planning.close_incident,
        "note_site": planning.note_site,
        "name_leader": taking_part.name_leader,
        "name_person": taking_part.name_person,
        "hold_meeting": meetings.hold_meeting,
        "note_attendance": meetings.note_attendance,
        "offer_contact": offer_beside.offer_contact,
        "write_down": agreement.write_down,
        "say_yes": agreement.say_yes,
        "set_goal": agreement.set_goal,
        "measure_goal": agreement.measure_goal,
        "give_feedback": agreement.give_feedback,
        "end_undertaking": agreement.end_undertaking,
    }
)

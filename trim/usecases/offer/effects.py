"""Offer: contact is made by a person, the answer is the person's own, and declining never marks anybody."""

from __future__ import annotations

from trim.domain.course import ACCEPTED, ANSWERS, DECLINED, attempts_after
from trim.usecases.acting.act import Act
from trim.usecases.agreed.effects import restart_clocks, stop_clocks
from trim.usecases.appointments.note import call_off_coming, note_contact
from trim.usecases.cases.begin_case import CONCERN
from trim.usecases.counting import count, count_answer
from trim.usecases.requests.concern import forget_concern
from trim.usecases.telling import supervisors_of, tell_of_act


def log_contact(act: Act) -> None:
    """Count attempts in a row that reached nobody."""
    case = act.the_case()
    result = act.values.get("result")
    if result is None:
        return
    case.contact_attempts = attempts_after(result, case.contact_attempts)
    act.codes["result"] = result
    note_contact(act)


def make_offer(act: Act) -> None:
    """Note when a person made the offer: the clock of the answer runs from it."""
    case = act.the_case()
    case.offer_made_at = act.now
    case.contact_attempts = 0
    count(act.uow, "offer_made", case=case, now=act.now)


def record_answer(act: Act) -> None:
    """Note the answer, for the clocks and the statistics."""
    case = act.the_case()
    answer = ANSWERS[act.decision.to_state]
    if answer == ACCEPTED:
        restart_clocks(act)
        case.accepted_at = act.now
        # Somebody who comes back may meet another practitioner, or ask for the one they knew.
        case.practitioner_id = None
        case.closed_at = None
        case.outcome = None
        tell_of_act(act, supervisors_of(act.uow, case, act.now), "to_allocate")
        if case.came_by == CONCERN:
            count(act.uow, "case_opened", case=case, now=act.now, category=CONCERN)
    elif answer == DECLINED and case.came_by == CONCERN:
        # Nothing is left of it, a figure as little as a word (CARE 13).
        forget_concern(act.uow, case)
        return
    if answer == DECLINED:
        forget_concern(act.uow, case)
    count_answer(act.uow, case=case, now=act.now, to_state=act.decision.to_state)


def stop_contact(act: Act) -> None:
    """Declined or withdrawn: contact and clocks stop, and the short retention begins (CARE 26)."""
    case = act.the_case()
    call_off_coming(act)
    case.closed_at = act.now
    case.outcome = act.decision.to_state
    case.proposed_practitioner_id = None
    stop_clocks(act.uow, case, by=act.name, now=act.now)

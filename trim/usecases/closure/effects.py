"""Closing and reopening: never by a score, always by a person, with an outcome (CARE 7, 26)."""

from __future__ import annotations

from trim.store import cases, private_links
from trim.usecases.acting.act import Act
from trim.usecases.agreed.effects import restart_clocks, stop_clocks
from trim.usecases.appointments.note import call_off_coming
from trim.usecases.counting import count
from trim.usecases.telling import supervisors_of, tell_of_act


def close_case(act: Act) -> None:
    """Close with an outcome; when the person has died, links stop and the leads look after the practitioner."""
    case = act.the_case()
    outcome = str(act.values["outcome"])
    case.outcome = outcome
    case.closed_at = act.now
    case.proposed_practitioner_id = None
    call_off_coming(act, silently=outcome == "died")
    stop_clocks(act.uow, case, by=act.name, now=act.now)
    act.codes["outcome"] = outcome
    count(act.uow, "case_closed", case=case, now=act.now, category=outcome)
    if outcome == "died":
        act.codes["links_stopped"] = private_links.end_all(act.uow.session, case.id, act.now)
        tell_of_act(act, supervisors_of(act.uow, case, act.now), "care_for_practitioner")


def reopen_case(act: Act) -> None:
    """Open it again: the clocks start anew, those of the agreed plan too, and a practitioner is sought anew."""
    case = act.the_case()
    restart_clocks(act)
    case.reopened_at = act.now
    case.closed_at = None
    case.outcome = None
    case.practitioner_id = None
    case.proposed_practitioner_id = None
    count(act.uow, "case_reopened", case=case, now=act.now)
    tell_of_act(act, supervisors_of(act.uow, case, act.now), "to_allocate")


def arrange_follow_up(act: Act) -> None:
    """Arrange a further interview: the pack's step does it; the number of interviews so far goes to the trail."""
    act.codes["interviews"] = len(cases.assessments(act.uow.session, act.the_case().id))

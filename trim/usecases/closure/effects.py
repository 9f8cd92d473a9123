"""Closing and reopening: never by a score, always by a person, with an outcome (CARE 7, 26)."""

from __future__ import annotations

from trim.domain.access import Role
from trim.store import cases, private_links
from trim.usecases.acting.act import Act
from trim.usecases.agreed.effects import stop_clocks
from trim.usecases.appointments.note import call_off_coming
from trim.usecases.counting import count
from trim.usecases.telling import supervisors_of, tell


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
        tell(
            act.uow,
            supervisors_of(act.uow, case, act.now, (Role.COORDINATOR, Role.PROGRAMME_LEAD)),
            kind="care_for_practitioner",
            subject_kind="case",
            subject_ref=case.ref,
            cause=act.record_id,
            now=act.now,
            actor=act.actor,
        )


def reopen_case(act: Act) -> None:
    """Open it again: the clocks start anew and a practitioner is sought anew."""
    case = act.the_case()
    case.reopened_at = act.now
    case.closed_at = None
    case.outcome = None
    case.practitioner_id = None
    case.proposed_practitioner_id = None
    count(act.uow, "case_reopened", case=case, now=act.now)
    tell(
        act.uow,
        supervisors_of(act.uow, case, act.now),
        kind="to_allocate",
        subject_kind="case",
        subject_ref=case.ref,
        cause=act.record_id,
        now=act.now,
        actor=act.actor,
    )


def arrange_follow_up(act: Act) -> None:
    """Arrange a further interview: the pack's step does it; the number of interviews so far goes to the trail."""
    act.codes["interviews"] = len(cases.assessments(act.uow.session, act.the_case().id))

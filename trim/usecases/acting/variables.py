"""What the pack's conditions may read about a case; one place, so that every page and action sees the same truth.

Values that only the form of an action can give (a band, a chosen outcome) are added by `engine.forms` and are absent
before, so that the engine knows that they are still to come.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.course import YEAR, whole_days
from trim.engine.definition import Instrument, Pack
from trim.engine.interviews import interview_steps
from trim.engine.moving import is_in_pause
from trim.store import cases, incidents, steps
from trim.store.tables import Assessment, Exposure, Incident, SupportCase
from trim.usecases.acting.standing import subject_of
from trim.usecases.unit_of_work import UnitOfWork


def final_states(pack: Pack, lifecycle: str) -> list[str]:
    """The state words of a lifecycle that mean ended; none of one that the pack does not know."""
    life = pack.lifecycles.get(lifecycle)
    return [state.name for state in life.states.values() if state.kind == "final"] if life is not None else []


def case_variables(
    uow: UnitOfWork, actor: Actor, case: SupportCase, incident: Incident | None, pack: Pack, now: datetime
) -> dict[str, Any]:
    """The variables of a case at `now`; "done" counts only what was done since the last reopening or joining.

    A joined incident asks for a first interview again, one that covers all (CARE 21).
    """
    covered = cases.incidents_of(uow.session, case.id)
    since = max([case.reopened_at or case.opened_at, *(joined.joined_at for joined, _, _ in covered)])
    clocks = steps.of_case(uow.session, case.id)
    done = {
        step.name for step in clocks if step.state == "done" and step.ended_at is not None and step.ended_at >= since
    }
    escalation_end = final_states(pack, "escalation")
    referral_end = final_states(pack, "referral")
    open_escalations = [one for one in cases.escalations(uow.session, case.id) if one.state not in escalation_end]
    held = cases.assessments(uow.session, case.id)
    firsts, follow_ups = interview_steps(pack)
    return {
        "has_previous": bool(held),
        "previous_band": (opened(uow, case, held[-1])["score"]["band"] or "") if held else "",
        "first_done": bool(done & firsts),
        "follow_up_done": bool(done & follow_ups),
        "contact_attempts": case.contact_attempts,
        "open_escalations": len(open_escalations),
        "open_referrals": sum(one.state not in referral_end for one in cases.referrals(uow.session, case.id)),
        "red_flag_open": any(one.rule == "red_flag" for one in open_escalations),
        "direct_referral": case.direct_referral,
        "has_incident": incident is not None,
        "asked_by_person": case.came_by == "request",
        "asked_by_other": case.came_by == "concern",
        "open_agreed_steps": _open_agreed_steps(uow, case, pack),
        "has_linked_case": bool(cases.linked_with(uow.session, case.id)),
        "other_programme": uow.shelf.programmes(uow.session) != [case.programme],
        "exposures_last_12_months": len(cases.exposures_since(uow.session, case.person_index, now - YEAR)),
        "has_practitioner": case.practitioner_id is not None,
        "line_manager_unknown": _line_manager_unknown(uow, actor, case),
        "self_allocation": case.proposed_practitioner_id == actor.account_id,
        "step": "",
        "early": False,
        "paused": any(is_in_pause(step.state, step.anchor) for step in clocks),
        **incident_variables(uow, incident, _exposure(uow, case, incident), now),
        # One interview covers every incident of the case, so one investigation suffices for caution (CARE 17, 21).
        "evidence_hold": any(one.evidence_hold for _, one, _ in covered),
        "join_waiting": bool(incidents.waiting_to_join(uow.session, case.person_index, case.programme)),
    }


def _open_agreed_steps(uow: UnitOfWork, case: SupportCase, pack: Pack) -> int:
    if "agreed_step" not in pack.lifecycles:
        return 0
    end = final_states(pack, "agreed_step")
    return sum(one.state not in end for one in cases.agreed_steps(uow.session, case.id))


def _line_manager_unknown(uow: UnitOfWork, actor: Actor, case: SupportCase) -> bool:
    if subject_of(uow, case).line_manager_known:
        return False
    answer = cases.conflict_answer(uow.session, case.id, actor.account_id)
    return answer is None or not answer.clear


def incident_variables(
    uow: UnitOfWork, incident: Incident | None, exposure: Exposure | None, now: datetime
) -> dict[str, Any]:
    """The variables of an incident at `now`, and of one person's exposure to it."""
    if incident is None:
        return {
            "evidence_hold": False,
            "cleared_for_groups": True,
            "days_since_incident": 0,
            "found_late": False,
            "known_after_days": 0,
            "looked_again": False,
        }
    met = incidents.meetings(uow.session, incident.id)
    known_at = exposure.became_known_at if exposure is not None else incident.became_known_at
    decided_at = exposure.decided_at if exposure is not None else None
    about = [one for one in met if one.held_at >= known_at and decided_at is not None and one.held_at <= decided_at]
    return {
        "evidence_hold": incident.evidence_hold,
        "cleared_for_groups": incident.groups_cleared or not incident.evidence_hold,
        "days_since_incident": whole_days(incident.occurred_at, now),
        "found_late": bool(met) and exposure is not None and exposure.became_known_at > met[0].held_at,
        "known_after_days": whole_days(incident.occurred_at, known_at),
        "looked_again": len(about) > 1,
    }


def opened(uow: UnitOfWork, case: SupportCase, assessment: Assessment) -> dict[str, Any]:
    """An interview's content: answers, notes, plan, score."""
    content: dict[str, Any] = uow.vault.unseal(f"case:{case.id}", "assessment", assessment.id, assessment.sealed)
    return content


def instrument_of(uow: UnitOfWork, assessment: Assessment) -> Instrument:
    """The instrument as it was when the interview was held."""
    return uow.pack(assessment.pack_version_id).instruments[assessment.instrument]


def _exposure(uow: UnitOfWork, case: SupportCase, incident: Incident | None) -> Exposure | None:
    return incidents.exposure(uow.session, incident.id, case.person_index) if incident is not None else None

"""Joining a further incident to an open case (CARE 21): what it does to the case, its clocks and who supports.

Of all the incidents that a case covers, `case.incident_id` names the one its windows run from: before any interview the
latest, because the usual reactions to it are the youngest; once interviews were held, the one that was just joined.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trim.domain.errors import NotAllowedNow, Reason
from trim.store import cases, incidents, steps
from trim.store.tables import Account, Incident, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import incident_variables
from trim.usecases.counting import count
from trim.usecases.planning.open_case import DIRECT, attach
from trim.usecases.telling import account_named, supervisors_of, tell_of_act
from trim.usecases.unit_of_work import UnitOfWork

CHOOSE_THERE = Reason(
    "choose_at_the_incident",
    "Open the event and decide there, where both clocks can be seen.",
    "Ouvrez l’événement et décidez à cet endroit, où les deux délais sont visibles.",
)


def join_incident(act: Act) -> None:
    """Cover one more incident with this case. Raises NotAllowedNow without an exposure that waits for it."""
    case, uow = act.the_case(), act.uow
    waiting = {
        exposure.id: (exposure, incident)
        for exposure, incident in incidents.waiting_to_join(uow.session, case.person_index, case.programme)
    }
    chosen = waiting.get(str(act.values.get("exposure_id")))
    if chosen is None:
        raise NotAllowedNow([CHOOSE_THERE])
    exposure, joined = chosen
    runs_from = clock_incident(uow, case, joined)
    attach(uow, case, joined, exposure, act.now)
    case.incident_id = runs_from.id
    case.direct_referral = case.direct_referral or exposure.response == DIRECT
    act.incident = runs_from
    act.known.update(clock_variables(uow, case, runs_from, act.now))
    for step in steps.open_steps(uow.session, "exposure", exposure.id):
        steps.end(uow.session, step, state="done", by=act.name, now=act.now)
    act.codes.update(incident=joined.id, exposure=exposure.id, clock=runs_from.id)
    _part_from(act, case, joined)
    count(uow, "incident_joined", case=case, now=act.now, category=exposure.response)


def clock_incident(uow: UnitOfWork, case: SupportCase, joined: Incident) -> Incident:
    """The incident that the windows of `case` run from once `joined` belongs to it."""
    if cases.assessments(uow.session, case.id):
        return joined
    covered = [incident for _, incident, _ in cases.incidents_of(uow.session, case.id)]
    return max([*covered, joined], key=lambda one: (one.occurred_at, one.id))


def clock_variables(uow: UnitOfWork, case: SupportCase, incident: Incident, now: datetime) -> dict[str, Any]:
    """What the conditions of windows read, told of the incident that they run from."""
    known = incident_variables(uow, incident, incidents.exposure(uow.session, incident.id, case.person_index), now)
    # The hold of any incident of the case counts, whichever one the clock runs from.
    return {name: value for name, value in known.items() if name not in {"evidence_hold", "cleared_for_groups"}}


def was_there(uow: UnitOfWork, account: Account | None, incident: Incident) -> bool:
    """Whether somebody was exposed to an incident, and so supports nobody through it (CARE 10)."""
    if account is None or account.person_id is None:
        return False
    own = uow.vault.blind_index("person", account.person_id)
    return incidents.exposure(uow.session, incident.id, own) is not None


def practitioner_leaves(uow: UnitOfWork, case: SupportCase, joined: Incident) -> bool:
    """Whether the case must be allocated anew, because who supports the person, or is asked to, was there too."""
    supporter = case.proposed_practitioner_id or case.practitioner_id
    return supporter is not None and was_there(uow, uow.session.get(Account, supporter), joined)


def _part_from(act: Act, case: SupportCase, joined: Incident) -> None:
    """Let go of whoever was there; the others are told that there is more to talk about, not what."""
    uow = act.uow
    if act.values.get("practitioner_leaves"):
        case.practitioner_id = case.proposed_practitioner_id = None
        recipients = supervisors_of(uow, case, act.now)
        kind = "to_allocate"
    else:
        supporter = uow.session.get(Account, case.practitioner_id) if case.practitioner_id else None
        if was_there(uow, supporter, joined):
            case.practitioner_id = None
        going_on = {case.practitioner_id, case.proposed_practitioner_id} - {None}
        recipients = [account for one in going_on for account in account_named(uow, str(one))]
        kind = "incident_joined"
    tell_of_act(act, recipients, kind, case)

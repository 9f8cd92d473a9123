"""Individual contact is offered to somebody who takes part, without a word about them (CARE 27)."""

from __future__ import annotations

from typing import Final

from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.store import cases, incidents
from trim.store.tables import Person, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.cases.begin_case import begin_case
from trim.usecases.planning.effects import OPENS_CASE, decide_for
from trim.usecases.requests.come_in import beginning_of, open_case_in, programmes_for
from trim.usecases.telling import supervisors_of, tell_of_act
from trim.usecases.undertakings.people import NOT_HERE, party_of

#: The way in which a case may come that was offered in a group session or a check.
OFFERED: Final = "offered"
OFFERED_ALREADY = Reason(
    "offered_already",
    "This person has been offered a talk already.",
    "Un entretien a déjà été proposé à cette personne.",
)
NO_WAY_IN = Reason(
    "no_way_in",
    "This programme takes no offers from here.",
    "Ce programme ne permet pas de proposition à partir d’ici.",
)


def offer_contact(act: Act) -> None:
    """Open an offer for somebody, without a word about them: a case whose offer a coordinator makes (CARE 27).

    Somebody on the list of the event gets it as the meeting would have planned it. Raises InvalidInput (`party`),
    NotAllowedNow where the programme takes no offers from here.
    """
    row, uow, party = act.subject, act.uow, party_of(act)
    if party.case_id is not None:
        raise InvalidInput({"party": OFFERED_ALREADY})
    act.kept = {}
    exposure = (
        incidents.exposure(uow.session, act.incident.id, party.person_index) if act.incident is not None else None
    )
    if act.incident is not None and exposure is not None:
        if exposure.response in OPENS_CASE:
            raise InvalidInput({"party": OFFERED_ALREADY})
        decide_for(act, act.incident, exposure, "individual_assessment")
        party.case_id = exposure.case_id
        uow.session.add(party)
        if party.case_id is not None:
            _tell_of_offer(act, cases.by_id(uow.session, party.case_id))
        return
    if row.programme not in programmes_for(uow, OFFERED):
        raise NotAllowedNow([NO_WAY_IN])
    person_id = act.unseal("undertaking_party", party.id, party.sealed)["person_id"]
    person = uow.session.get(Person, person_id)
    if person is None:
        raise InvalidInput({"party": NOT_HERE})
    beginning = beginning_of(uow, person, row.programme, OFFERED)
    case = open_case_in(uow, beginning) or begin_case(uow, act.actor, now=act.now, beginning=beginning, role=act.role)
    party.case_id = case.id
    uow.session.add(party)
    _tell_of_offer(act, case)


def _tell_of_offer(act: Act, case: SupportCase) -> None:
    """The coordinators of the unit hear that somebody is to be offered support; the notice names nobody."""
    tell_of_act(act, supervisors_of(act.uow, case, act.now), "support_asked", case)

"""What actions leave in a group session, a check, a pair or a mediation: people, meetings, goals, agreements.

There is no effect that writes about one person, and none that scores anybody (CARE 27).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from trim.domain.conflicts import Conflict, forbids
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.domain.incident import ExposedPerson
from trim.engine.forms import MISSING
from trim.store import accounts, cases, incidents, undertakings
from trim.store.tables import (
    Person,
    SupportCase,
    Undertaking,
    UndertakingGoal,
    UndertakingLeader,
    UndertakingMeeting,
    UndertakingParty,
)
from trim.usecases.acting.act import Act
from trim.usecases.acting.beside_standing import conflicts_with, leaders_for
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.cases.begin_case import begin_case
from trim.usecases.people.find_or_add import find_or_add
from trim.usecases.planning.effects import OPENS_CASE, decide_for
from trim.usecases.requests.come_in import beginning_of, open_case_in, programmes_for
from trim.usecases.telling import supervisors_of, tell, tell_of_act

#: The way in which a case may come that was offered in a group session or a check.
OFFERED: Final = "offered"
#: What somebody is in each of them; of a pair the form says which side.
PARTS: Final = {"group_session": "member", "periodic_check": "checked", "mediation": "party"}
MOST: Final = {"periodic_check": 1, "pair": 2, "mediation": 2}

NAMED_ALREADY = Reason("named_already", "This person is named already.", "Cette personne est déjà inscrite.")
YOURSELF = Reason("yourself", "You cannot name yourself.", "Vous ne pouvez pas vous inscrire vous-même.")
ENOUGH = Reason("enough_people", "Nobody more can be named here.", "Personne d’autre ne peut être inscrit ici.")
IN_LINE = Reason(
    "in_line",
    "You lead this person, or they lead you. Ask another coordinator to do this.",
    "Il existe un lien hiérarchique entre cette personne et vous. Demandez à une autre personne de la coordination.",
)
LEADER_IN_LINE = Reason(
    "leader_in_line",
    "Whoever leads this is this person, leads them or is led by them. Set it up again with somebody else to lead it.",
    "Cette personne en a déjà la charge, ou un lien hiérarchique l’unit à qui en a la charge. "
    "Recommencez avec quelqu’un d’autre.",
)
SIDE_TAKEN = Reason("side_taken", "This side is named already.", "Ce rôle est déjà pris.")
NOT_HERE = Reason("not_here", "Choose somebody who takes part.", "Choisissez une personne qui participe.")
NOT_A_LEADER = Reason("not_a_leader", "Choose somebody of the programme.", "Choisissez une personne du programme.")
HELD_IN_FUTURE = Reason("in_future", "The meeting cannot be in the future.", "La rencontre ne peut pas être à venir.")
NOT_CLEARED = Reason(
    "groups_not_cleared",
    "This event is being investigated. Ask for clearance before a briefing or a group session.",
    "Une enquête porte sur cet événement. Demandez un accord avant une réunion d’information ou une séance de groupe.",
)
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
NO_SUCH_GOAL = Reason("no_such_goal", "There is no goal of this number.", "Il n’y a pas d’objectif de ce numéro.")
MOST_PEOPLE: Final = 1000
MOST_MINUTES: Final = 24 * 60
TOO_MANY = Reason("too_many", "Check this number.", "Vérifiez ce nombre.")


def name_leader(act: Act) -> None:
    """Name who leads it; they hear of it. Raises InvalidInput (`leader`)."""
    row: Undertaking = act.subject
    account = accounts.by_id(act.uow.session, str(act.values.get("leader") or ""))
    able = {one.id for one in leaders_for(act.uow, act.subject, act.now)}
    if account is None or account.id not in able:
        raise InvalidInput({"leader": NOT_A_LEADER})
    if any(one.account_id == account.id for one in undertakings.leaders(act.uow.session, row.id)):
        raise InvalidInput({"leader": NAMED_ALREADY})
    act.uow.session.add(
        UndertakingLeader(id=act.uow.new_id(), undertaking_id=row.id, account_id=account.id, since=act.now)
    )
    act.uow.session.flush()
    act.codes["leader"] = account.id
    tell(
        act.uow,
        [account],
        kind="asked_to_lead",
        subject_kind="undertaking",
        subject_ref=row.ref,
        cause=account.id,
        now=act.now,
        actor=act.actor,
    )


def name_person(act: Act) -> None:
    """Name somebody who takes part, found in the directory or new to it. Raises InvalidInput (`person`, `part`)."""
    row, uow = act.subject, act.uow
    typed = str(act.values.get("person") or "")
    number = typed if any(sign.isdigit() for sign in typed) else ""
    named = ExposedPerson("", name="" if number else typed, staff_number=number)
    try:
        person = find_or_add(uow, act.actor, now=act.now, named=named, unit_id=row.unit_id)
    except InvalidInput as unknown:
        raise InvalidInput({"person": next(iter(unknown.problems.values()))}) from unknown
    add_party(act, person, str(act.values.get("part") or PARTS.get(row.kind, "")))


def add_party(act: Act, person: Person, part: str) -> None:
    """Put somebody on the list. Raises InvalidInput (`person`, `part`)."""
    row, uow = act.subject, act.uow
    there = undertakings.parties(uow.session, row.id)
    index = uow.vault.blind_index("person", person.id)
    if any(one.person_index == index for one in there):
        raise InvalidInput({"person": NAMED_ALREADY})
    if len(there) >= MOST.get(row.kind, MOST_PEOPLE):
        raise InvalidInput({"person": ENOUGH})
    if row.kind == "pair" and any(one.part == part for one in there):
        raise InvalidInput({"part": SIDE_TAKEN})
    if not part:
        raise InvalidInput({"part": MISSING})
    _keep_apart(act, person)
    row_id = uow.new_id()
    uow.session.add(
        UndertakingParty(
            id=row_id,
            undertaking_id=row.id,
            person_index=index,
            part=part,
            named_at=act.now,
            sealed=act.seal("undertaking_party", row_id, {"person_id": person.id}),
        )
    )
    uow.session.flush()
    act.codes["people"] = len(there) + 1


def _keep_apart(act: Act, person: Person) -> None:
    """Raises InvalidInput (`person`) where whoever names the person, or leads it, may not be near them (CARE 10)."""
    row, uow = act.subject, act.uow
    leading = {one.account_id for one in undertakings.leaders(uow.session, row.id)}
    staff = {one: account.person_id for one in leading if (account := accounts.by_id(uow.session, one)) is not None}
    found = conflicts_with(uow, row, {**staff, act.actor.account_id: act.actor.person_id}, [(person, act.now)])
    own = found.pop(act.actor.account_id)
    if Conflict.OWN_CASE in own:
        raise InvalidInput({"person": YOURSELF})
    if forbids(own):
        raise InvalidInput({"person": IN_LINE})
    if any(forbids(one) for one in found.values()):
        raise InvalidInput({"person": LEADER_IN_LINE})


def hold_meeting(act: Act) -> None:
    """Keep a meeting: when, how long, how many, the theme. Who came stands beside the names and nowhere else.

    Raises InvalidInput (`held_at`, `minutes`, `head_count`), NotAllowedNow while an investigation has not
    cleared groups, whatever the pack says (CARE 17).
    """
    row, uow = act.subject, act.uow
    about = act.incident if row.kind == "group_session" else None
    if about is not None and about.evidence_hold and not about.groups_cleared:
        raise NotAllowedNow([NOT_CLEARED])
    held_at = datetime.fromisoformat(str(act.values["held_at"])) if act.values.get("held_at") else act.now
    if held_at > act.now:
        raise InvalidInput({"held_at": HELD_IN_FUTURE})
    row_id = uow.new_id()
    uow.session.add(
        UndertakingMeeting(
            id=row_id,
            undertaking_id=row.id,
            form=str(act.values.get("form") or ("group" if row.kind == "group_session" else "meeting")),
            held_at=held_at,
            minutes=_number(act, "minutes", MOST_MINUTES) or 0,
            head_count=_number(act, "head_count", MOST_PEOPLE),
            recorded_by=act.actor.account_id,
            sealed=act.seal(
                "undertaking_meeting", row_id, {"theme": act.values.get("theme"), "note": act.values.get("note")}
            ),
        )
    )
    act.codes["meeting"] = row_id


def note_attendance(act: Act) -> None:
    """Note who came, beside each name and nowhere else. Raises InvalidInput (`came`)."""
    there = undertakings.parties(act.uow.session, act.subject.id)
    chosen = {str(one) for one in act.values.get("came") or ()}
    if not chosen <= {one.id for one in there}:
        raise InvalidInput({"came": NOT_HERE})
    for one in there:
        one.came = one.id in chosen
        act.uow.session.add(one)
    # The record of the action, which those read too who do not lead it, does not say who.
    act.kept = {}


def _number(act: Act, name: str, most: int) -> int | None:
    value = act.values.get(name)
    if value is None:
        return None
    if not 0 <= int(value) <= most:
        raise InvalidInput({name: TOO_MANY})
    return int(value)


def party_of(act: Act) -> UndertakingParty:
    """Who was chosen. Raises InvalidInput (`party`)."""
    chosen = str(act.values.get("party") or "")
    there = undertakings.parties(act.uow.session, act.subject.id)
    found = next((one for one in there if one.id == chosen), None)
    if found is None:
        raise InvalidInput({"party": NOT_HERE})
    return found


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


def write_down(act: Act) -> None:
    """Ground rules or an agreement: everybody has to say yes to it anew."""
    row = act.subject
    for one in undertakings.parties(act.uow.session, row.id):
        one.agreed_at = None
        act.uow.session.add(one)
    row.agreed_at = None
    content = {**content_of(act.uow, row), "written_at": act.now.isoformat(), "written_by": act.record_id}
    row.sealed = act.seal("undertaking", row.id, content)


def say_yes(act: Act) -> None:
    """Somebody who takes part says yes to what is written down. Raises InvalidInput (`party`), NotAllowedNow."""
    row = act.subject
    party = party_of(act)
    party.agreed_at = act.now
    act.uow.session.add(party)
    act.uow.session.flush()
    there = undertakings.parties(act.uow.session, row.id)
    if all(one.agreed_at is not None for one in there):
        row.agreed_at = act.now
        act.anchors["undertaking.agreed_at"] = act.now


def set_goal(act: Act) -> None:
    """A goal with its measure before. Raises InvalidInput (`goal`)."""
    row = act.subject
    number = len(undertakings.goals(act.uow.session, row.id)) + 1
    row_id = act.uow.new_id()
    kept = {name: act.values.get(name) for name in ("goal", "measure", "before")}
    act.uow.session.add(
        UndertakingGoal(
            id=row_id,
            undertaking_id=row.id,
            number=number,
            set_at=act.now,
            sealed=act.seal("undertaking_goal", row_id, kept),
        )
    )
    act.codes["goal"] = number


def measure_goal(act: Act) -> None:
    """The measure of a goal afterwards. Raises InvalidInput (`number`)."""
    goals = {one.number: one for one in undertakings.goals(act.uow.session, act.subject.id)}
    goal = goals.get(int(act.values.get("number") or 0))
    if goal is None:
        raise InvalidInput({"number": NO_SUCH_GOAL})
    content = act.unseal("undertaking_goal", goal.id, goal.sealed)
    goal.sealed = act.seal("undertaking_goal", goal.id, {**content, "after": act.values.get("after")})
    goal.measured_at = act.now
    act.uow.session.add(goal)
    act.codes["goal"] = goal.number


def give_feedback(_: Act) -> None:
    """What one side says of it stands in the record of the action."""


def end_undertaking(_: Act) -> None:
    """That it ended, and when, follows from its state."""

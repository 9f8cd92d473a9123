"""Who leads a group session, a check, a pair or a mediation, and who takes part (CARE 10, 27)."""

from __future__ import annotations

from typing import Final

from trim.domain.conflicts import Conflict, forbids
from trim.domain.errors import InvalidInput, Reason
from trim.domain.incident import ExposedPerson
from trim.engine.forms import MISSING
from trim.store import accounts, undertakings
from trim.store.tables import Person, Undertaking, UndertakingLeader, UndertakingParty
from trim.usecases.acting.act import Act
from trim.usecases.acting.beside_standing import conflicts_with, leaders_for
from trim.usecases.people.find_or_add import find_or_add
from trim.usecases.telling import tell

#: What somebody is in each of them; of a pair the form says which side.
PARTS: Final = {"group_session": "member", "periodic_check": "checked", "mediation": "party"}
MOST: Final = {"periodic_check": 1, "pair": 2, "mediation": 2}
MOST_PEOPLE: Final = 1000
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


def party_of(act: Act) -> UndertakingParty:
    """Who was chosen. Raises InvalidInput (`party`)."""
    chosen = str(act.values.get("party") or "")
    there = undertakings.parties(act.uow.session, act.subject.id)
    found = next((one for one in there if one.id == chosen), None)
    if found is None:
        raise InvalidInput({"party": NOT_HERE})
    return found

"""Name somebody who was exposed to an incident, at once or later; people found late have their own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.domain.incident import NOT_A_CHOICE, ExposedPerson
from trim.engine.definition import Pack
from trim.store import cases, incidents
from trim.store.tables import Exposure, Incident
from trim.usecases.acting import clocks
from trim.usecases.counting import count_exposed
from trim.usecases.incident_access import may_work_on
from trim.usecases.people.find_or_add import find_or_add
from trim.usecases.unit_of_work import UnitOfWork

NAMED_ALREADY = Reason(
    "named_already", "This person is on the list already.", "Cette personne figure déjà dans la liste."
)
YOURSELF = Reason(
    "yourself",
    "You cannot put yourself on the list: ask another coordinator to, who then plans your support.",
    "Vous ne pouvez pas vous inscrire vous-même : demandez-le à une autre personne de la coordination.",
)
MAX_HOW = 200


def expose(uow: UnitOfWork, actor: Actor, *, now: datetime, incident: Incident, named: ExposedPerson) -> Exposure:
    """Add one exposed person to an incident. Raises InvalidInput for an unknown or doubled name."""
    pack = uow.pack(incident.pack_version_id)
    if named.exposure not in {choice.value for choice in pack.choices.get("exposures", ())}:
        raise InvalidInput({"exposure": NOT_A_CHOICE})
    person = find_or_add(uow, actor, now=now, named=named, unit_id=incident.unit_id)
    index = uow.vault.blind_index("person", person.id)
    if incidents.exposure(uow.session, incident.id, index) is not None:
        raise InvalidInput({"name": NAMED_ALREADY})
    row_id = uow.new_id()
    row = Exposure(
        id=row_id,
        incident_id=incident.id,
        person_index=index,
        kind=named.exposure,
        became_known_at=now,
        sealed=uow.vault.seal(
            f"incident:{incident.id}", "exposure", row_id, {"person_id": person.id, "how": named.how[:MAX_HOW]}
        ),
    )
    uow.session.add(row)
    uow.session.flush()
    count_exposed(uow, incident, row, person.staff_group)
    return row


def name_exposed(uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, named: ExposedPerson) -> Exposure:
    """A coordinator names one more person. Raises NotFound, InvalidInput.

    It asks for no version and moves none: two people who each name somebody do not disturb each other, and a meeting
    that is being written down meanwhile is told of the new name when it is saved, because nobody may be left out.
    """
    incident: Incident = cases.load(uow.session, "incident", incident_ref, lock=True)
    roles = may_work_on(uow, actor, incident)
    row = expose(uow, actor, now=now, incident=incident, named=named)
    if row.person_index == _own_index(uow, actor):
        raise InvalidInput({"name": YOURSELF})
    pack = uow.pack(incident.pack_version_id)
    if incident.state != pack.lifecycles["incident"].initial and not incident.imported:
        _start_own_clock(uow, pack, incident, row, now)
    uow.record(
        actor,
        now,
        "incident.person_named",
        chain=f"incident:{incident.id}",
        subject=f"incident:{incident.id}",
        role=sorted(roles)[0],
        codes={"exposure": row.id, "kind": named.exposure},
    )
    return row


@dataclass(frozen=True, slots=True)
class Named:
    """What came of naming several people at once: how many were new, how many stood on the list already."""

    incident_ref: str
    added: int
    there_already: int


def name_several(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, people: Sequence[ExposedPerson]
) -> Named:
    """Add people to an incident that was reported already; who is on its list is left as they are.

    Raises NotFound, InvalidInput with `exposed-N` and a field of that row for the Nth person.
    """
    there, problems = 0, {}
    for number, named in enumerate(people):
        try:
            name_exposed(uow, actor, now=now, incident_ref=incident_ref, named=named)
        except InvalidInput as wrong:
            if wrong.problems.get("name") is NAMED_ALREADY:
                there += 1
            else:
                problems.update({f"exposed-{number}-{name}": reason for name, reason in wrong.problems.items()})
    if problems:
        raise InvalidInput(problems)
    return Named(incident_ref, len(people) - there, there)


def _own_index(uow: UnitOfWork, actor: Actor) -> str | None:
    return uow.vault.blind_index("person", actor.person_id) if actor.person_id is not None else None


def _start_own_clock(uow: UnitOfWork, pack: Pack, incident: Incident, exposure: Exposure, now: datetime) -> None:
    """Whoever is named after the meeting is planned for within the same time, counted from now (CARE 25)."""
    for name in pack.lifecycles["incident"].starts:
        row = clocks.new_step(
            uow,
            pack=pack,
            lifecycle="incident",
            name=name,
            subject=incident,
            anchors=dict.fromkeys(("incident.occurred_at", "incident.became_known_at", "now"), now),
            variables={},
            case_id=None,
            now=now,
        )
        row.subject_kind, row.subject_id, row.anchor = "exposure", exposure.id, "exposure.became_known_at"
        uow.session.add(row)

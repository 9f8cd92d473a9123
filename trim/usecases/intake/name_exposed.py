"""Name somebody who was exposed to an incident, at once or later; people found late have their own clock."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.domain.incident import NOT_A_CHOICE, ExposedPerson
from trim.store import cases, facts, incidents
from trim.store.tables import Exposure, Incident
from trim.usecases.incident_access import may_work_on
from trim.usecases.people.find_or_add import find_or_add
from trim.usecases.unit_of_work import UnitOfWork

NAMED_ALREADY = Reason(
    "named_already", "This person is on the list already.", "Cette personne figure déjà dans la liste."
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
    facts.add(
        uow.session,
        "exposed",
        now=incident.occurred_at,
        unit_id=incident.unit_id,
        programme=incident.programme,
        incident_kind=incident.kind,
        exposure=named.exposure,
        staff_group=person.staff_group,
    )
    return row


def name_exposed(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, version: int | None, named: ExposedPerson
) -> Exposure:
    """A coordinator names one more person. Raises NotFound, StaleVersion, InvalidInput."""
    incident: Incident = cases.load(uow.session, "incident", incident_ref, lock=True)
    roles = may_work_on(uow, actor, incident)
    row = expose(uow, actor, now=now, incident=incident, named=named)
    incident.version += 1
    uow.session.add(incident)
    uow.record(
        actor,
        now,
        "incident.person_named",
        chain=f"incident:{incident.id}",
        subject=f"incident:{incident.id}",
        role=sorted(roles)[0],
        codes={"exposure": row.id, "kind": named.exposure, "version": incident.version},
    )
    return row

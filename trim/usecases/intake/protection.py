"""What protects an incident: evidence hold, clearance for groups, restriction. Each is set alone, with its reason.

An evidence hold (an investigation runs) is not a legal hold, which only stops erasure (CARE 17); a restricted incident
is seen by named coordinators and leads only (CARE 13). Reasons are code words, so that the trail can hold them
(CARE 14).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason, StaleVersion
from trim.store import cases, incidents
from trim.store.tables import Account, Incident
from trim.usecases.incident_access import may_work_on, possible_readers
from trim.usecases.perform import changes_since
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

#: Why a hold is set or lifted, by the value it gets.
HOLD_REASONS = {
    True: ("investigation_opened", "investigation_expected", "set_right"),
    False: ("investigation_closed", "no_longer_concerned", "set_right"),
}
#: Why groups are cleared or the clearance is taken back.
CLEARANCE_REASONS = {
    True: ("cleared_by_investigation", "investigation_closed", "set_right"),
    False: ("withdrawn_by_investigation", "set_right"),
}
#: Why an incident is restricted or opened, or its readers changed.
RESTRICTION_REASONS = {
    True: ("person_known_to_all", "colleague_concerned", "cover_or_leave", "set_right"),
    False: ("no_longer_needed", "set_right"),
}

NO_REASON = Reason("reason_missing", "Choose why.", "Choisissez le motif.")
NO_HOLD = Reason(
    "no_hold",
    "There is no evidence hold on this event, so nothing has to be cleared.",
    "Aucune enquête ne porte sur cet événement, aucun accord n’est donc nécessaire.",
)
NOBODY_NAMED = Reason(
    "reader_missing", "Name at least one person who may read it.", "Indiquez au moins une personne qui peut le lire."
)
NOT_A_READER = Reason(
    "not_a_reader",
    "Choose among the coordinators and leads of this unit who were not exposed.",
    "Choisissez parmi les coordinations et responsables de ce service qui n’ont pas été exposés.",
)


def change_evidence_hold(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, version: int, hold: bool, reason: str
) -> Incident:
    """Set or lift the evidence hold; lifting it clears nothing else. Raises NotFound, StaleVersion, InvalidInput."""
    incident = _open(uow, actor, incident_ref, version)
    _check_reason(HOLD_REASONS[hold], reason)
    incident.evidence_hold = hold
    if not hold:
        # A later hold begins without clearance: it may be another investigation.
        incident.groups_cleared = False
    _keep(uow, actor, now, incident, "incident.evidence_hold", {"hold": hold, "reason": reason})
    return incident


def change_group_clearance(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, version: int, cleared: bool, reason: str
) -> Incident:
    """Record that the investigation allows briefings and groups, or no longer does.

    Raises NotFound, StaleVersion, InvalidInput.
    """
    incident = _open(uow, actor, incident_ref, version)
    if cleared and not incident.evidence_hold:
        raise InvalidInput({"cleared": NO_HOLD})
    _check_reason(CLEARANCE_REASONS[cleared], reason)
    incident.groups_cleared = cleared
    _keep(uow, actor, now, incident, "incident.group_clearance", {"cleared": cleared, "reason": reason})
    return incident


def change_readers(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    incident_ref: str,
    version: int,
    restricted: bool,
    readers: Collection[str] = (),
    reason: str,
) -> Incident:
    """Restrict an incident to named coordinators and leads, change who they are, or open it to its unit's again.

    Whoever is named is told. Raises NotFound, StaleVersion, InvalidInput.
    """
    incident = _open(uow, actor, incident_ref, version)
    _check_reason(RESTRICTION_REASONS[restricted], reason)
    before = {account.id for account in incidents.readers(uow.session, incident.id)}
    allowed = {account.id: account for account in possible_readers(uow, incident, now)}
    wanted = set(readers) if restricted else set()
    if restricted and not wanted:
        raise InvalidInput({"readers": NOBODY_NAMED})
    if not wanted <= set(allowed):
        raise InvalidInput({"readers": NOT_A_READER})
    incident.restricted = restricted
    incidents.name_readers(uow.session, incident.id, wanted, uow.new_id)
    added, removed = sorted(wanted - before), sorted(before - wanted)
    _keep(
        uow,
        actor,
        now,
        incident,
        "incident.readers",
        {"restricted": restricted, "reason": reason, "added": added, "removed": removed},
    )
    _tell_new(uow, actor, now, incident, [allowed[one] for one in added])
    return incident


def _tell_new(uow: UnitOfWork, actor: Actor, now: datetime, incident: Incident, new: list[Account]) -> None:
    tell(
        uow,
        new,
        kind="named_as_reader",
        subject_kind="incident",
        subject_ref=incident.ref,
        cause=f"readers-{incident.version}",
        now=now,
        actor=actor,
    )


def _open(uow: UnitOfWork, actor: Actor, incident_ref: str, version: int) -> Incident:
    incident: Incident = cases.load(uow.session, "incident", incident_ref, lock=True)
    may_work_on(uow, actor, incident)
    if version != incident.version:
        pack = uow.pack(incident.pack_version_id)
        raise StaleVersion(version, incident.version, changes_since(uow, incident, pack, "incident", version, actor))
    return incident


def _check_reason(known: tuple[str, ...], reason: str) -> None:
    if reason not in known:
        raise InvalidInput({"reason": NO_REASON})


def _keep(uow: UnitOfWork, actor: Actor, now: datetime, incident: Incident, what: str, codes: dict[str, Any]) -> None:
    incident.version += 1
    uow.session.add(incident)
    uow.record(
        actor,
        now,
        what,
        chain=f"incident:{incident.id}",
        subject=f"incident:{incident.id}",
        codes={**codes, "version": incident.version},
    )

"""Report an incident: what happened, and who was there."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput
from trim.domain.incident import UNKNOWN_UNIT, IncidentReport, check
from trim.engine.definition import Pack
from trim.store import accounts, facts, incidents
from trim.store.tables import Incident, Unit
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.intake.name_exposed import expose
from trim.usecases.telling import SUPERVISORS, tell
from trim.usecases.unit_of_work import UnitOfWork


def choices_of(pack: Pack) -> dict[str, frozenset[str]]:
    """The words that a report may use, out of the pack."""
    groups = {"kind": "incident_kinds", "source": "sources", "severity": "severities", "exposure": "exposures"}
    return {name: frozenset(choice.value for choice in pack.choices.get(group, ())) for name, group in groups.items()}


def possible_duplicates(uow: UnitOfWork, report: IncidentReport) -> list[Incident]:
    """Incidents of the same unit and kind near in time: shown before a second one is saved."""
    return incidents.similar(
        uow.session,
        programme=report.programme,
        unit_id=report.unit_id,
        kind=report.kind,
        around=report.occurred_at(uow.organisation.zone),
        hours=uow.organisation.duplicate_hours,
    )


def report_incident(uow: UnitOfWork, actor: Actor, *, now: datetime, report: IncidentReport) -> Incident:
    """Store the incident with its own key, start the clock of the planning meeting, tell the coordinators.

    Raises Forbidden without the right to report, InvalidInput with a message per field.
    """
    if not (actor.is_system or actor.can(Can.REPORT_INCIDENT)):
        raise Forbidden
    if uow.session.get(Unit, report.unit_id) is None:
        raise InvalidInput({"unit_id": UNKNOWN_UNIT})
    pack_version_id, pack = uow.shelf.current(uow.session, report.programme)
    zone = uow.organisation.zone
    check(report, now=now, zone=zone, choices=choices_of(pack))
    lifecycle = pack.lifecycles["incident"]
    row_id = uow.new_id()
    uow.new_key(f"incident:{row_id}")
    content = {"place": report.place, "description": report.description}
    incident = Incident(
        id=row_id,
        ref=uow.new_ref(PREFIXES["incident"]),
        programme=report.programme,
        pack_version_id=pack_version_id,
        state=lifecycle.initial,
        unit_id=report.unit_id,
        kind=report.kind,
        source=report.source,
        severity=report.severity,
        occurred_on=report.occurred_on,
        occurred_at=report.occurred_at(zone),
        time_known=report.occurred_time is not None,
        became_known_at=now,
        reported_by=actor.account_id,
        evidence_hold=report.evidence_hold,
        restricted=report.restricted,
        count_reported=report.count_reported,
        imported=report.imported,
        import_key=report.import_key,
        sealed=uow.vault.seal(f"incident:{row_id}", "incident", row_id, content),
    )
    uow.session.add(incident)
    uow.session.flush()
    for named in report.exposed:
        expose(uow, actor, now=now, incident=incident, named=named)
    uow.record(
        actor,
        now,
        "incident.reported",
        chain=f"incident:{row_id}",
        subject=f"incident:{row_id}",
        pack=pack_version_id,
        codes={
            "unit": report.unit_id,
            "kind": report.kind,
            "source": report.source,
            "severity": report.severity,
            "exposed": len(report.exposed),
            "imported": report.imported,
        },
        digests={"content": uow.vault.digest(f"incident:{row_id}", content)},
    )
    facts.add(
        uow.session,
        "incident",
        now=incident.occurred_at,
        unit_id=report.unit_id,
        programme=report.programme,
        incident_kind=report.kind,
        category=report.source,
    )
    # History is counted and starts nothing: no clock, no notice (CARE 34).
    if not report.imported:
        _start(uow, actor, incident, pack, now)
    return incident


def _start(uow: UnitOfWork, actor: Actor, incident: Incident, pack: Pack, now: datetime) -> None:
    clocks.start(
        uow,
        pack=pack,
        lifecycle="incident",
        subject=incident,
        names=pack.lifecycles["incident"].starts,
        anchors=clocks.anchors_of(uow, case=None, incident=incident, exposure=None, now=now),
        variables={},
        case_id=None,
        now=now,
    )
    supervisors = accounts.holders(uow.session, list(SUPERVISORS), incident.programme, incident.unit_id, now)
    if incident.restricted:
        # Restricted from the first moment: only leads hear of it, who then name its readers (CARE 13).
        supervisors = accounts.holders(uow.session, [Role.PROGRAMME_LEAD], incident.programme, incident.unit_id, now)
    tell(
        uow,
        supervisors,
        kind="incident_reported",
        subject_kind="incident",
        subject_ref=incident.ref,
        cause="reported",
        now=now,
        actor=actor,
    )

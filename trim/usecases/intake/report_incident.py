"""Report an incident: what happened, and who was there."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor, Can, Role
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.domain.incident import UNKNOWN_UNIT, IncidentReport, check
from trim.engine.definition import Pack
from trim.store import incidents
from trim.store.tables import Incident, Unit
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.acting.variables import final_states
from trim.usecases.counting import count_incident
from trim.usecases.incident_access import possible_readers
from trim.usecases.intake.duplicates import ProbablyReported, possible_duplicates
from trim.usecases.intake.name_exposed import expose
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork


def choices_of(pack: Pack) -> dict[str, frozenset[str]]:
    """The words that a report may use, out of the pack."""
    groups = {"kind": "incident_kinds", "source": "sources", "severity": "severities", "exposure": "exposures"}
    return {name: frozenset(choice.value for choice in pack.choices.get(group, ())) for name, group in groups.items()}


def report_incident(
    uow: UnitOfWork, actor: Actor, *, now: datetime, report: IncidentReport, ask_about_similar: bool = False
) -> Incident:
    """Store the incident with its own key, start the clock of the planning meeting, tell the coordinators.

    Raises Forbidden without the right to report (or to restrict), InvalidInput with a message per field (`exposed-N`
    and a field of that row for the Nth person, from 0), and, when it is to ask, ProbablyReported.
    """
    if not (actor.is_system or actor.can(Can.REPORT_INCIDENT, None, report.programme)):
        raise Forbidden
    if report.restricted and not (actor.is_system or actor.can(Can.SEE_INCIDENTS, None, report.programme)):
        raise Forbidden
    unit = uow.session.get(Unit, report.unit_id)
    if unit is None or not (unit.active or report.imported):
        raise InvalidInput({"unit_id": UNKNOWN_UNIT})
    pack_version_id, pack = uow.shelf.current(uow.session, report.programme)
    zone = uow.organisation.zone
    check(report, now=now, zone=zone, choices=choices_of(pack))
    if ask_about_similar and (similar := possible_duplicates(uow, actor, report)):
        raise ProbablyReported(similar)
    lifecycle = pack.lifecycles["incident"]
    row_id = uow.new_id()
    uow.new_key(f"incident:{row_id}")
    content = {"place": report.place, "description": report.description}
    incident = Incident(
        id=row_id,
        ref=uow.new_ref(PREFIXES["incident"]),
        programme=report.programme,
        pack_version_id=pack_version_id,
        # History is over: left open, it would stand for ever among the incidents that wait for a meeting.
        state=final_states(pack, "incident")[0] if report.imported else lifecycle.initial,
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
    _expose_all(uow, actor, now, incident, report)
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
            "to": incident.state,
            "version": incident.version,
        },
        digests={"content": uow.vault.digest(f"incident:{row_id}", content)},
    )
    count_incident(uow, incident)
    # History is counted and starts nothing: no clock, no notice (CARE 34).
    if not report.imported:
        _start(uow, actor, incident, pack, now)
    return incident


def _expose_all(uow: UnitOfWork, actor: Actor, now: datetime, incident: Incident, report: IncidentReport) -> None:
    problems: dict[str, Reason] = {}
    for number, named in enumerate(report.exposed):
        try:
            expose(uow, actor, now=now, incident=incident, named=named)
        except InvalidInput as wrong:
            problems.update({f"exposed-{number}-{name}": reason for name, reason in wrong.problems.items()})
    if problems:
        raise InvalidInput(problems)


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
    supervisors = possible_readers(uow, incident, now)
    if incident.restricted:
        # Restricted from the first moment: the leads read it, and who reported it if they may; they name others
        # (CARE 13). Without a lead the coordinators do, else nobody could ever plan for those who were there.
        leads = possible_readers(uow, incident, now, [Role.PROGRAMME_LEAD])
        reporter = [one for one in supervisors if one.id == actor.account_id]
        supervisors = [*leads, *reporter] or supervisors
        incidents.name_readers(uow.session, incident.id, {one.id for one in supervisors}, uow.new_id)
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

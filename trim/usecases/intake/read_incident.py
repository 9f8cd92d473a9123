"""Read an incident: its facts, who was exposed, what was planned; leaves `incident.read` in its trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.engine import machine
from trim.engine.definition import Pack
from trim.store import accounts, cases, incident_lists, incidents, people, undertakings
from trim.store.conflicts import Sight
from trim.store.tables import ActionRecord, Exposure, Incident, Person, PlanningMeeting, Step, Undertaking, Unit
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.acting.ties import sight_of as case_sight
from trim.usecases.acting.variables import final_states, incident_variables
from trim.usecases.cases.said import said
from trim.usecases.escalation.went_further import went_further
from trim.usecases.incident_access import cases_named, may_work_on, possible_readers
from trim.usecases.intake.duplicates import look_alikes
from trim.usecases.intake.incident_file import (
    Clock,
    ExposedRow,
    Happening,
    Heading,
    IncidentFile,
    Meeting,
    Possible,
    Session,
    SiteNote,
)
from trim.usecases.intake.list_incidents import kind_of, word_of
from trim.usecases.unit_of_work import UnitOfWork

#: The lifecycle of briefings and group sessions, and the effect of a note for the whole site.
SESSION, SITE_NOTE = "group_session", "note_site"
#: What the timeline tells beside the actions of the pack.
HAPPENINGS = (
    "incident.reported",
    "incident.person_named",
    "incident.evidence_hold",
    "incident.group_clearance",
    "incident.readers",
)


def read_incident(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> IncidentFile:
    """The incident of that reference, for a coordinator or lead who may see it. Raises NotFound."""
    incident: Incident = cases.load(uow.session, "incident", ref)
    roles = may_work_on(uow, actor, incident)
    pack = uow.pack(incident.pack_version_id)
    exposed = incidents.exposures(uow.session, incident.id)
    uow.record(
        actor,
        now,
        "incident.read",
        chain=f"incident:{incident.id}",
        subject=f"incident:{incident.id}",
        role=sorted(roles)[0],
        codes={"page": "incident", "people": len(exposed)},
        also=cases_named(exposed),
    )
    owner = f"incident:{incident.id}"
    content = uow.vault.unseal(owner, "incident", incident.id, incident.sealed)
    entries = incidents.history(uow.session, owner, (*HAPPENINGS, *_actions(pack)))
    met = incidents.meetings(uow.session, incident.id)
    names = accounts.names(
        uow.session, {incident.reported_by, *(one.actor_id for one in entries), *(one.recorded_by for one in met)}
    )
    units = people.units(uow.session)
    state = pack.lifecycles["incident"].states[incident.state]
    held = {one.id: uow.vault.unseal(owner, "planning_meeting", one.id, one.sealed) for one in met}
    # A case that the conflict rules keep from the reader is not even named (CARE 10).
    sight = case_sight(uow, actor)
    hidden = incident_lists.hidden_case(sight, final_states(pack, "case"))
    running = incident_lists.open_steps(uow.session, [incident.id], hidden).get(incident.id, [])
    return IncidentFile(
        ref=incident.ref,
        version=incident.version,
        kind=kind_of(pack, incident),
        source=word_of(pack, "sources", incident.source),
        severity=word_of(pack, "severities", incident.severity),
        unit=units[incident.unit_id].name,
        state=state.label,
        is_open=state.kind != "final",
        occurred_on=incident.occurred_on,
        occurred_at=incident.occurred_at,
        time_known=incident.time_known,
        became_known_at=incident.became_known_at,
        reported_by=names.get(incident.reported_by, ""),
        place=content["place"],
        description=content["description"],
        evidence_hold=incident.evidence_hold,
        groups_cleared=incident.groups_cleared,
        restricted=incident.restricted,
        readers=tuple(one.name for one in incidents.readers(uow.session, incident.id)) if incident.restricted else (),
        imported=incident.imported,
        count_reported=incident.count_reported,
        people=_people(uow, sight, incident, pack, exposed, units, met, running),
        meetings=tuple(
            Meeting(
                one.held_at,
                names.get(one.recorded_by, ""),
                held[one.id].get("present") or "",
                held[one.id].get("note") or "",
            )
            for one in met
        ),
        clocks=_clocks(uow, incident, pack),
        further=went_further(uow, pack, running, ref=incident.ref),
        actions=_possible(uow, pack, incident, roles, exposed, now),
        happenings=tuple(_happening(pack, json.loads(one.text), one.at, names) for one in entries),
        similar=look_alikes(uow, actor, incident),
        sessions=tuple(_session(uow, one) for one in undertakings.of_incident(uow.session, incident.id)),
        sessions_in=incident.programme
        if SESSION in uow.shelf.current(uow.session, incident.programme)[1].lifecycles
        else None,
        notes=_notes(uow, incident, pack),
    )


def heading_of(uow: UnitOfWork, actor: Actor, *, ref: str) -> Heading:
    """Which incident it is, without content and so without a line in the trail. Raises NotFound."""
    incident: Incident = cases.load(uow.session, "incident", ref)
    may_work_on(uow, actor, incident)
    return Heading(
        ref=incident.ref,
        version=incident.version,
        kind=kind_of(uow.pack(incident.pack_version_id), incident),
        unit=people.units(uow.session)[incident.unit_id].name,
        occurred_on=incident.occurred_on,
        occurred_at=incident.occurred_at,
        time_known=incident.time_known,
        evidence_hold=incident.evidence_hold,
        groups_cleared=incident.groups_cleared,
        restricted=incident.restricted,
    )


def readers_of(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str
) -> tuple[list[tuple[str, str]], frozenset[str]]:
    """Who may be named as a reader, as (account id, name), and the ids of those who are. Raises NotFound."""
    incident: Incident = cases.load(uow.session, "incident", ref)
    may_work_on(uow, actor, incident)
    possible = [(one.id, one.name) for one in possible_readers(uow, incident, now)]
    named = frozenset(one.id for one in incidents.readers(uow.session, incident.id))
    return possible, named


def people_of(uow: UnitOfWork, incident: Incident, exposed: Sequence[Exposure]) -> dict[str, Person]:
    """Who was exposed, by exposure id, in one query."""
    owner = f"incident:{incident.id}"
    ids = {one.id: uow.vault.unseal(owner, "exposure", one.id, one.sealed)["person_id"] for one in exposed}
    found = people.by_ids(uow.session, set(ids.values()))
    return {exposure_id: found[person_id] for exposure_id, person_id in ids.items()}


def _people(
    uow: UnitOfWork,
    sight: Sight,
    incident: Incident,
    pack: Pack,
    exposed: Sequence[Exposure],
    units: Mapping[str, Unit],
    met: Sequence[PlanningMeeting],
    running: Sequence[Step],
) -> tuple[ExposedRow, ...]:
    who = people_of(uow, incident, exposed)
    case_ids = [one.case_id for one in exposed if one.case_id]
    refs = incident_lists.case_refs(uow.session, sight, case_ids) if case_ids else {}
    waiting = {step.subject_id: step for step in running if step.subject_kind == "exposure"}
    rows = []
    for one in exposed:
        person, step = who[one.id], waiting.get(one.id)
        late = bool(met) and one.became_known_at > met[0].held_at
        rows.append(
            ExposedRow(
                id=one.id,
                name=person.name,
                unit=units[person.unit_id].name,
                staff_number=person.staff_number,
                staff_group=word_of(pack, "staff_groups", person.staff_group),
                exposure=word_of(pack, "exposures", one.kind),
                response=word_of(pack, "responses", one.response) if one.response else None,
                look_again_on=one.look_again_on,
                named_late_at=one.became_known_at if late else None,
                case_ref=refs.get(one.case_id or ""),
                waits_for=step.name if step else None,
                due_at=step.due_at if step else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (people.name_key(row.name), row.id)))


def _clocks(uow: UnitOfWork, incident: Incident, pack: Pack) -> tuple[Clock, ...]:
    known = pack.lifecycles["incident"].steps
    return tuple(
        Clock(step.name, known[step.name].label, step.due_at, step.latest_at, step.ended_at)
        for step in incident_lists.steps_of(uow.session, incident.id)
        if step.name in known
    )


def _session(uow: UnitOfWork, row: Undertaking) -> Session:
    life = uow.pack(row.pack_version_id).lifecycles[row.kind]
    about = str(content_of(uow, row).get("about") or "")
    return Session(row.ref, life.label, about, life.states[row.state].label, row.opened_at)


def _notes(uow: UnitOfWork, incident: Incident, pack: Pack) -> tuple[SiteNote, ...]:
    """What was noted for the whole site, the newest first: actions that do that and nothing else."""
    known = {name: one for name, one in pack.lifecycles["incident"].actions.items() if set(one.does) == {SITE_NOTE}}
    records = [one for one in undertakings.records(uow.session, incident.id) if one.action in known]
    names = accounts.names(uow.session, {one.actor_id for one in records})
    return tuple(
        SiteNote(
            one.done_at, names.get(one.actor_id, ""), said(known[one.action], _filled_in(uow, incident, one), names)
        )
        for one in reversed(records)
    )


def _filled_in(uow: UnitOfWork, incident: Incident, one: ActionRecord) -> Mapping[str, Any]:
    opened: Mapping[str, Any] = uow.vault.unseal(f"incident:{incident.id}", "action_record", one.id, one.sealed)
    return opened


def _actions(pack: Pack) -> list[str]:
    return [f"incident.{name}" for name in pack.lifecycles["incident"].actions]


def _possible(
    uow: UnitOfWork,
    pack: Pack,
    incident: Incident,
    roles: frozenset[str],
    exposed: Sequence[Exposure],
    now: datetime,
) -> tuple[Possible, ...]:
    """What can be done now; a second planning meeting only when there is somebody to decide about."""
    lifecycle = pack.lifecycles["incident"]
    known = incident_variables(uow, incident, None, now)
    decided = {"everybody_decided": all(one.response is not None for one in exposed)}
    to_decide = incident.state == lifecycle.initial or any(
        one.response is None or one.look_again_on is not None for one in exposed
    )
    today = now.astimezone(uow.organisation.zone).date()
    is_due = incident.state == lifecycle.initial or any(
        one.response is None or (one.look_again_on is not None and one.look_again_on <= today) for one in exposed
    )
    offered = []
    for one in machine.possible(
        pack, lifecycle="incident", state=incident.state, roles=roles, variables={**known, **decided}
    ):
        action, plans = one.action, "hold_planning_meeting" in one.action.does
        if plans and to_decide:
            # Who is left without a decision is asked on the page of the meeting itself.
            offered.append(Possible(action.name, True, is_due, action.label, action.needs_confirm, ()))
        elif "close_incident" in action.does:
            offered.append(
                Possible(action.name, False, False, action.label, action.needs_confirm, one.refused, closes=True)
            )
        elif not plans:
            offered.append(
                Possible(action.name, False, False, action.label, action.needs_confirm, one.refused, hint=action.hint)
            )
    return tuple(offered)


def _happening(pack: Pack, line: Mapping[str, Any], at: datetime, names: Mapping[str, str]) -> Happening:
    what = str(line["what"])
    action = pack.lifecycles["incident"].actions.get(what.removeprefix("incident."))
    return Happening(
        what, action.told if action else None, at, names.get(str(line["actor"]), ""), line.get("codes", {})
    )

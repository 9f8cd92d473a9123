"""What the planning meeting sees, on the screen and on paper: name, exposure and response, nothing else (CARE 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Actor
from trim.engine import machine
from trim.engine.definition import Choice, Field, Pack
from trim.engine.wording import Text
from trim.store import incident_lists, incidents, people
from trim.store.tables import Exposure, Incident, Step
from trim.usecases.acting.variables import incident_variables
from trim.usecases.incident_access import cases_named
from trim.usecases.intake.list_incidents import kind_of, word_of
from trim.usecases.intake.read_incident import people_of
from trim.usecases.perform import Found, find
from trim.usecases.planning.hold_meeting import NOTHING_YET, planning_action
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ToDecide:
    """One person for whom the meeting chooses a response."""

    exposure_id: str
    name: str
    exposure: Text
    #: They have "nothing yet", to be looked at again on this day; leaving them as they are is allowed.
    look_again_on: date | None
    #: Until when those named after the meeting are to be planned for.
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanningPage:
    """The form of the meeting: the pack's own fields, the responses to choose from, and for whom."""

    ref: str
    version: int
    action: str
    title: Text
    hint: Text | None
    kind: Text
    unit: str
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    fields: tuple[Field, ...]
    responses: tuple[Choice, ...]
    people: tuple[ToDecide, ...]
    decided: int
    #: An investigation runs and has not cleared briefings and groups (CARE 17).
    groups_barred: bool
    due_at: datetime | None
    latest_at: datetime | None
    label: Text | None


def show_planning(
    uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str, is_shown: bool = True
) -> PlanningPage:
    """The page on which the meeting is recorded; leaves `incident.read` in the trail when it is shown to somebody.

    Raises NotFound.
    """
    found = find(uow, actor, "incident", incident_ref, lock=False)
    incident: Incident = found.subject
    pack, lifecycle = found.pack, found.pack.lifecycles["incident"]
    action = lifecycle.actions[planning_action(pack, incident.state)]
    exposed = incidents.exposures(uow.session, incident.id)
    if is_shown:
        _leave_line(uow, actor, now, found, exposed, "incident.read", "planning")
    steps = incident_lists.open_steps(uow.session, [incident.id]).get(incident.id, [])
    clock = next((one for one in steps if one.subject_kind == "incident" and one.name in action.completes), None)
    waiting = [one for one in exposed if one.response is None or one.response == NOTHING_YET]
    return PlanningPage(
        ref=incident.ref,
        version=incident.version,
        action=action.name,
        title=action.label,
        hint=action.hint,
        kind=kind_of(pack, incident),
        unit=_unit(uow, incident),
        occurred_on=incident.occurred_on,
        occurred_at=incident.occurred_at,
        time_known=incident.time_known,
        fields=machine.form_of(
            pack,
            lifecycle="incident",
            action=action.name,
            state=incident.state,
            roles=found.roles,
            variables=incident_variables(uow, incident, None, now),
        ),
        responses=pack.choices.get("responses", ()),
        people=_to_decide(uow, incident, pack, waiting, steps),
        decided=len(exposed) - len(waiting),
        groups_barred=incident.evidence_hold and not incident.groups_cleared,
        due_at=clock.due_at if clock else None,
        latest_at=clock.latest_at if clock else None,
        label=lifecycle.steps[clock.name].label if clock else None,
    )


def _to_decide(
    uow: UnitOfWork, incident: Incident, pack: Pack, waiting: Sequence[Exposure], steps: Sequence[Step]
) -> tuple[ToDecide, ...]:
    names = _names(uow, incident, waiting)
    due = {one.subject_id: one.due_at for one in steps if one.anchor == "exposure.became_known_at"}
    rows = [
        ToDecide(one.id, names[one.id], word_of(pack, "exposures", one.kind), one.look_again_on, due.get(one.id))
        for one in waiting
    ]
    # Who has no response yet comes first; who is looked at again may be left as they are.
    return tuple(
        sorted(rows, key=lambda row: (row.look_again_on is not None, people.name_key(row.name), row.exposure_id))
    )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet; `response` is what this meeting chose, None where there is nothing yet."""

    name: str
    exposure: Text
    response: Text | None


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """What is printed for the meeting. There is no place here for anything else about anybody (CARE 9)."""

    ref: str
    kind: Text
    unit: str
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    responses: tuple[Choice, ...]
    rows: tuple[SheetRow, ...]


def show_meeting_sheet(uow: UnitOfWork, actor: Actor, *, now: datetime, incident_ref: str) -> MeetingSheet:
    """The sheet for the meeting; leaves `incident.sheet_made` in the trail. Raises NotFound."""
    found = find(uow, actor, "incident", incident_ref, lock=False)
    incident: Incident = found.subject
    pack = found.pack
    exposed = incidents.exposures(uow.session, incident.id)
    _leave_line(uow, actor, now, found, exposed, "incident.sheet_made", "sheet")
    names = _names(uow, incident, exposed)
    rows = [
        SheetRow(
            names[one.id],
            word_of(pack, "exposures", one.kind),
            word_of(pack, "responses", one.response) if one.response else None,
        )
        for one in exposed
    ]
    return MeetingSheet(
        ref=incident.ref,
        kind=kind_of(pack, incident),
        unit=_unit(uow, incident),
        occurred_on=incident.occurred_on,
        occurred_at=incident.occurred_at,
        time_known=incident.time_known,
        responses=pack.choices.get("responses", ()),
        rows=tuple(sorted(rows, key=lambda row: people.name_key(row.name))),
    )


def _names(uow: UnitOfWork, incident: Incident, exposed: Sequence[Exposure]) -> dict[str, str]:
    """Names by exposure id; where two share one, their units tell them apart."""
    who = people_of(uow, incident, exposed)
    units = people.units(uow.session)
    often = Counter(people.name_key(one.name) for one in who.values())
    return {
        exposure_id: f"{one.name} ({units[one.unit_id].name})" if often[people.name_key(one.name)] > 1 else one.name
        for exposure_id, one in who.items()
    }


def _unit(uow: UnitOfWork, incident: Incident) -> str:
    return people.units(uow.session)[incident.unit_id].name


def _leave_line(
    uow: UnitOfWork, actor: Actor, now: datetime, found: Found, exposed: list[Exposure], what: str, page: str
) -> None:
    chain = f"incident:{found.subject.id}"
    uow.record(
        actor,
        now,
        what,
        chain=chain,
        subject=chain,
        role=sorted(found.roles)[0],
        codes={"page": page},
        also=cases_named(exposed),
    )

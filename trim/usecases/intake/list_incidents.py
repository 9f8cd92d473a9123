"""The list of incidents: no names and no content, so reading it needs no line in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Actor
from trim.engine.definition import Pack, State
from trim.engine.wording import Text
from trim.store import incident_lists, people
from trim.store.incident_lists import Key, People
from trim.store.tables import Incident, Step
from trim.usecases.acting.ties import sight_of as case_sight
from trim.usecases.acting.variables import final_states
from trim.usecases.incident_access import sight_of
from trim.usecases.unit_of_work import UnitOfWork

#: What the list shows unless a state is asked for: everything that has not ended.
OPEN = "open"
EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is expected next of an incident; `label` None for what no pack names: look again, or join."""

    name: str
    label: Text | None
    due_at: datetime
    latest_at: datetime | None
    #: For one of its people alone, not for the whole incident.
    for_one: bool


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of the list."""

    ref: str
    kind: Text
    unit: str
    occurred_on: date
    occurred_at: datetime
    time_known: bool
    state: Text
    is_open: bool
    restricted: bool
    evidence_hold: bool
    imported: bool
    people: People
    next_step: NextStep | None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """A page of the list; `after` is the key of the next one, None on the last. `states` are what can be asked for."""

    rows: tuple[IncidentRow, ...]
    after: Key | None
    states: Mapping[str, Text]
    shown: str


def list_incidents(
    uow: UnitOfWork, actor: Actor, *, show: str = OPEN, after: Key | None = None, limit: int = 25
) -> IncidentPage:
    """Incidents that the actor may work on, the newest first; `show` is OPEN, EVERYTHING or a state of the pack."""
    sight = sight_of(uow, actor)
    known = _states(uow, sight.units)
    labels = {name: state.label for name, state in known.items()}
    shown = show if show in labels or show == EVERYTHING else OPEN
    states = {
        OPEN: [name for name, state in known.items() if state.kind != "final"],
        EVERYTHING: None,
    }.get(shown, [shown])
    found = incident_lists.newest(uow.session, sight, states=states, after=after, limit=limit + 1)
    here = found[:limit]
    ids = [one.id for one in here]
    counts = incident_lists.people_of(uow.session, ids)
    hidden = incident_lists.hidden_case(case_sight(uow, actor), ended(uow, sight.units))
    open_steps = incident_lists.open_steps(uow.session, ids, hidden)
    units = people.units(uow.session)
    rows = tuple(
        _row(
            one,
            uow.pack(one.pack_version_id),
            units[one.unit_id].name,
            counts.get(one.id, People()),
            open_steps.get(one.id, []),
        )
        for one in here
    )
    last = here[-1] if len(found) > limit else None
    return IncidentPage(rows, (last.occurred_at, last.id) if last else None, labels, shown)


def ended(uow: UnitOfWork, programmes: Mapping[str, object]) -> set[str]:
    """The state words of cases that mean ended, in all these programmes."""
    packs = [uow.shelf.current(uow.session, programme)[1] for programme in sorted(programmes)]
    return {state for pack in packs for state in final_states(pack, "case")}


def _states(uow: UnitOfWork, programmes: Mapping[str, object]) -> dict[str, State]:
    known: dict[str, State] = {}
    for programme in sorted(programmes):
        lifecycle = uow.shelf.current(uow.session, programme)[1].lifecycles.get("incident")
        known.update(lifecycle.states if lifecycle is not None else {})
    return known


def _row(incident: Incident, pack: Pack, unit: str, counted: People, open_steps: list[Step]) -> IncidentRow:
    state = pack.lifecycles["incident"].states[incident.state]
    return IncidentRow(
        ref=incident.ref,
        kind=kind_of(pack, incident),
        unit=unit,
        occurred_on=incident.occurred_on,
        occurred_at=incident.occurred_at,
        time_known=incident.time_known,
        state=state.label,
        is_open=state.kind != "final",
        restricted=incident.restricted,
        evidence_hold=incident.evidence_hold,
        imported=incident.imported,
        people=counted,
        next_step=next_step(pack, open_steps[0]) if open_steps else None,
    )


def next_step(pack: Pack, step: Step) -> NextStep:
    """An open step of an incident or of one of its people, as pages show it."""
    definition = pack.lifecycles["incident"].steps.get(step.name)
    return NextStep(
        step.name,
        definition.label if definition else None,
        step.due_at,
        step.latest_at,
        for_one=step.subject_kind == "exposure",
    )


def kind_of(pack: Pack, incident: Incident) -> Text:
    """The kind of an incident in words; a word that the pack no longer knows is shown as it is."""
    return word_of(pack, "incident_kinds", incident.kind)


def word_of(pack: Pack, group: str, value: str) -> Text:
    """A word of a choice group of the pack in both languages."""
    choice = pack.choice(group, value)
    return choice.label if choice else Text(value, value)

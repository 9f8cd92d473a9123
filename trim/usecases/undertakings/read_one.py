"""A group session, a check, a pair or a mediation as one reader may see it, with its line in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trim.domain.access import Actor
from trim.engine import machine
from trim.engine.definition import Action, Pack
from trim.engine.wording import Text
from trim.store import accounts, incident_lists, people, steps, undertakings
from trim.store.tables import ActionRecord, Incident, Step, Undertaking
from trim.usecases.acting.beside_standing import people_of, stand_to
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.acting.ties import sight_of as case_sight
from trim.usecases.cases.actions import is_beside_the_point, shown_action
from trim.usecases.cases.case_file import DueStep, PossibleAction, Said
from trim.usecases.cases.said import said
from trim.usecases.cases.steps import moved, reason_of, step_beside
from trim.usecases.escalation.went_further import WentFurther, went_further
from trim.usecases.incident_access import may_open
from trim.usecases.intake.list_incidents import kind_of
from trim.usecases.perform import find, variables_of
from trim.usecases.unit_of_work import UnitOfWork

#: Effects of actions that stand beside a name and not among the others.
BESIDE_A_NAME = frozenset({"offer_contact", "say_yes"})


#: Classes of fields whose answer is somebody.
ABOUT_SOMEBODY = frozenset({"somebody", "party", "parties"})


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody who takes part. There is no field for a word about them."""

    id: str
    name: str
    part: str
    came: bool | None
    agreed_at: datetime | None
    offered: bool
    case_ref: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting that was held."""

    form: str
    held_at: datetime
    minutes: int
    head_count: int | None
    theme: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal with its measure before and after."""

    number: int
    goal: str
    measure: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done."""

    at: datetime
    by: str
    title: Text
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class UndertakingFile:
    """Everything that this reader sees of it; without `sees_people` nobody is named."""

    ref: str
    kind: str
    version: int
    label: Text
    about: str
    unit: str
    state: Text
    state_hint: Text | None
    is_open: bool
    leads: bool
    sees_people: bool
    opened_at: datetime
    leaders: tuple[str, ...]
    people: tuple[PartyRow, ...]
    meetings: tuple[MeetingRow, ...]
    goals: tuple[GoalRow, ...]
    steps: tuple[DueStep, ...]
    #: What was taken to somebody else because nobody did it, and how.
    further: tuple[WentFurther, ...]
    actions: tuple[PossibleAction, ...]
    #: Actions that can be done for one person, offered beside each name.
    beside: tuple[PossibleAction, ...]
    happened: tuple[Happened, ...]
    incident_ref: str | None = None
    incident_kind: Text | None = None
    incident_on: date | None = None
    evidence_hold: bool = False


def read_undertaking(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> UndertakingFile:
    """The one of that reference; leaves `undertaking.read` in its trail. Raises NotFound."""
    row = undertakings.load(uow.session, ref)
    stand = stand_to(uow, actor, row)
    found = find(uow, actor, row.kind, ref, lock=False)
    pack = found.pack
    records = undertakings.records(uow.session, row.id)
    leaders = [one.account_id for one in undertakings.leaders(uow.session, row.id)]
    held = undertakings.meetings(uow.session, row.id)
    names = accounts.names(
        uow.session, {*leaders, *(one.actor_id for one in records), *(one.recorded_by for one in held)}
    )
    uow.record(
        actor,
        now,
        "undertaking.read",
        chain=f"undertaking:{row.id}",
        subject=f"{row.kind}:{row.id}",
        role=sorted(stand.roles)[0],
        codes={"page": "undertaking"},
    )
    life = pack.lifecycles[row.kind]
    state = life.states[row.state]
    opened = {one.id: _opened(uow, row, one) for one in records}
    running = steps.open_steps(uow.session, row.kind, row.id)
    due = _steps(row, pack, running, records, opened)
    actions, beside = _actions(uow, actor, found, pack, row, [one.name for one in due], now)
    incident = found.incident
    return UndertakingFile(
        ref=row.ref,
        kind=row.kind,
        version=row.version,
        label=life.label,
        about=str(content_of(uow, row).get("about") or ""),
        unit=people.units(uow.session)[row.unit_id].name,
        state=state.label,
        state_hint=state.hint,
        is_open=state.kind != "final",
        leads=stand.leads,
        sees_people=stand.sees_people,
        opened_at=row.opened_at,
        leaders=tuple(names.get(one, "") for one in leaders),
        people=_people(uow, actor, row) if stand.sees_people else (),
        meetings=tuple(_meeting(uow, row, one, names) for one in held),
        goals=_goals(uow, row),
        steps=due,
        further=went_further(uow, pack, running, ref=row.ref),
        actions=actions,
        beside=beside if stand.sees_people else (),
        happened=_happened(pack, row, records, opened, names),
        incident_ref=incident.ref if incident is not None and may_open(uow, actor, incident) else None,
        incident_kind=_kind(uow, incident),
        incident_on=incident.occurred_on if incident is not None else None,
        evidence_hold=incident is not None and incident.evidence_hold and not incident.groups_cleared,
    )


def _kind(uow: UnitOfWork, incident: Incident | None) -> Text | None:
    return kind_of(uow.pack(incident.pack_version_id), incident) if incident is not None else None


def _opened(uow: UnitOfWork, row: Undertaking, one: ActionRecord) -> Mapping[str, Any]:
    opened: Mapping[str, Any] = uow.vault.unseal(f"undertaking:{row.id}", "action_record", one.id, one.sealed)
    return opened


def _people(uow: UnitOfWork, actor: Actor, row: Undertaking) -> tuple[PartyRow, ...]:
    there = undertakings.parties(uow.session, row.id)
    who = people_of(uow, row, there)
    ids = [one.case_id for one in there if one.case_id]
    refs = incident_lists.case_refs(uow.session, case_sight(uow, actor), ids) if ids else {}
    found = [
        PartyRow(
            id=one.id,
            name=who[one.id].name if one.id in who else "",
            part=one.part,
            came=one.came,
            agreed_at=one.agreed_at,
            offered=one.case_id is not None,
            case_ref=refs.get(one.case_id or ""),
        )
        for one in there
    ]
    return tuple(sorted(found, key=lambda one: (people.name_key(one.name), one.id)))


def _meeting(uow: UnitOfWork, row: Undertaking, one: Any, names: Mapping[str, str]) -> MeetingRow:
    content = uow.vault.unseal(f"undertaking:{row.id}", "undertaking_meeting", one.id, one.sealed)
    return MeetingRow(
        one.form,
        one.held_at,
        one.minutes,
        one.head_count,
        content.get("theme") or "",
        content.get("note") or "",
        names.get(one.recorded_by, ""),
    )


def _goals(uow: UnitOfWork, row: Undertaking) -> tuple[GoalRow, ...]:
    found = []
    for one in undertakings.goals(uow.session, row.id):
        content = uow.vault.unseal(f"undertaking:{row.id}", "undertaking_goal", one.id, one.sealed)
        found.append(
            GoalRow(
                one.number,
                content.get("goal") or "",
                content.get("measure") or "",
                content.get("before"),
                content.get("after"),
            )
        )
    return tuple(found)


def _steps(
    row: Undertaking,
    pack: Pack,
    running: Iterable[Step],
    records: Iterable[ActionRecord],
    opened: Mapping[str, Mapping[str, Any]],
) -> tuple[DueStep, ...]:
    life = pack.lifecycles[row.kind]
    by_id = {one.id: one for one in records}

    def why(record_id: str) -> Any:
        record = by_id.get(record_id)
        return reason_of(life.actions.get(record.action), opened[record_id]) if record is not None else None

    return tuple(
        step_beside(life.steps[one.name], one, row.ref, unnamed=life.label, was_moved=moved(one, why))
        for one in running
        if one.name in life.steps
    )


def _actions(
    uow: UnitOfWork, actor: Actor, found: Any, pack: Pack, row: Undertaking, due: list[str], now: datetime
) -> tuple[tuple[PossibleAction, ...], tuple[PossibleAction, ...]]:
    variables = variables_of(uow, actor, found, now)
    able = machine.possible(pack, lifecycle=row.kind, state=row.state, roles=found.roles, variables=variables)
    able = [one for one in able if not is_beside_the_point(one)]
    asking = {one.action.name for one in able if one.action.form}
    main = {one.action.name for one in able if _is_main(one.action, due, is_led=variables["leaders"] > 0)}
    shown = [(shown_action(one, main, asking, due), set(one.action.does)) for one in able]
    return (
        tuple(one for one, does in shown if not does & BESIDE_A_NAME),
        tuple(one for one, does in shown if does & BESIDE_A_NAME),
    )


def _is_main(action: Action, due: list[str], *, is_led: bool) -> bool:
    """Whether an action stands first: who leads it before all, then what is due or leads on. What ends it early never
    does: a button to call it off must not be the one that somebody tired presses."""
    if "name_leader" in action.does:
        return not is_led
    if set(action.completes) & set(due):
        return True
    return action.to is not None and "end_undertaking" not in action.does


def _happened(
    pack: Pack,
    row: Undertaking,
    records: Iterable[ActionRecord],
    opened: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
) -> tuple[Happened, ...]:
    actions = pack.lifecycles[row.kind].actions
    found = []
    for one in records:
        action = actions.get(one.action)
        form = action.form if action else ()
        about_one = {field.name for field in form if field.field_class in ABOUT_SOMEBODY}
        # A name, or the row of somebody, is shown in the list of people and nowhere else.
        values = {name: value for name, value in opened[one.id].items() if name not in about_one}
        title = action.told if action else Text(one.action, one.action)
        found.append(Happened(one.done_at, names.get(one.actor_id, ""), title, said(action, values, names)))
    return tuple(found)

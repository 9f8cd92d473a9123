"""What a report can be filled in with: units that are open, words of the pack, and what this reporter may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trim.domain.access import PERMISSIONS, Actor, Can
from trim.domain.errors import Forbidden, NotFound
from trim.engine.definition import Choice
from trim.store import people
from trim.usecases.unit_of_work import UnitOfWork

GROUPS = ("incident_kinds", "sources", "severities", "exposures", "staff_groups", "responses")


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """`own_unit_id` is where the reporter works, if the directory knows; units are (id, name) by name."""

    programme: str
    units: tuple[tuple[str, str], ...]
    choices: Mapping[str, tuple[Choice, ...]]
    own_unit_id: str | None
    #: Coordinators and leads: may restrict a report to named readers, and see which incident looks the same.
    oversees: bool
    #: Units over which this actor plans, of which the short path for one person takes one.
    plans_in: frozenset[str]


def report_options(uow: UnitOfWork, actor: Actor) -> ReportOptions:
    """The options of the programme for which the actor reports. Raises Forbidden without the right, NotFound without
    a programme that knows incidents."""
    may = {one.programme for one in actor.grants if Can.REPORT_INCIDENT in PERMISSIONS[one.role]}
    if not may:
        raise Forbidden
    # An organisation may run programmes that know no incidents: nothing is reported to those.
    packs = {name: uow.shelf.current(uow.session, name)[1] for name in sorted(may)}
    programmes = [name for name, pack in packs.items() if "incident" in pack.lifecycles]
    if not programmes:
        raise NotFound
    pack = packs[programmes[0]]
    units = people.units(uow.session)
    own = people.by_ids(uow.session, [actor.person_id]) if actor.person_id else {}
    return ReportOptions(
        programme=programmes[0],
        units=tuple((one.id, one.name) for one in units.values() if one.active),
        choices={group: pack.choices.get(group, ()) for group in GROUPS},
        own_unit_id=next((one.unit_id for one in own.values()), None),
        oversees=actor.can(Can.SEE_INCIDENTS),
        plans_in=actor.units_where(Can.PLAN, programmes[0]),
    )

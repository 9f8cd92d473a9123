"""A wish or a concern comes in: it opens a case, or is laid to the one that is open, and the coordinators hear of it.

Whoever sent it gets the same answer either way: nobody can find out by asking whether there is a case (CARE 13).
"""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor, system_actor
from trim.domain.errors import NotFound
from trim.engine.definition import Pack
from trim.store import cases
from trim.store.tables import Person, SupportCase
from trim.usecases.acting.variables import final_states
from trim.usecases.cases.begin_case import Beginning, begin_case, keep_request
from trim.usecases.telling import account_named, supervisors_of, tell
from trim.usecases.unit_of_work import UnitOfWork

#: Opens what somebody asked for themselves and what a concern brings alike: the trail, which forgets nothing, does not
#: tell the two apart, nor name the account of whoever asked.
INTAKE = system_actor("intake")


def programmes_for(uow: UnitOfWork, way: str) -> dict[str, Pack]:
    """The programmes that run here and take cases that come that way, by name. `way` is a word of `OPENED_BY`."""
    packs = {name: uow.shelf.current(uow.session, name)[1] for name in uow.shelf.programmes(uow.session)}
    return {
        name: pack
        for name, pack in packs.items()
        if "case" in pack.lifecycles and way in pack.lifecycles["case"].opened_by
    }


def beginning_of(uow: UnitOfWork, person: Person, programme: str, way: str) -> Beginning:
    """The beginning of a case of this person, at their own unit."""
    return Beginning(
        programme=programme,
        person_id=person.id,
        person_index=uow.vault.blind_index("person", person.id),
        unit_id=person.unit_id,
        came_by=way,
    )


def come_in(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    beginning: Beginning,
    of: str,
    note: str,
    role: str | None = None,
) -> SupportCase:
    """Open a case, or lay the request to the one that is open; the coordinators of the unit hear of it.

    `of` says whose words the note holds: a code word. Raises NotFound where the programme takes none that way.
    """
    if beginning.programme not in programmes_for(uow, beginning.came_by):
        raise NotFound
    case = open_case_in(uow, beginning)
    if case is None:
        case = begin_case(uow, actor, now=now, beginning=beginning, role=role)
    else:
        _lay_to(uow, actor, case, now=now, role=role)
    keep_request(uow, case, kind=beginning.came_by, of=of, note=note, now=now)
    tell(
        uow,
        [*supervisors_of(uow, case, now), *account_named(uow, case.practitioner_id or "")],
        kind="support_asked",
        subject_kind="case",
        subject_ref=case.ref,
        cause=uow.new_id(),
        now=now,
        actor=actor,
    )
    return case


def open_case_in(uow: UnitOfWork, beginning: Beginning) -> SupportCase | None:
    """The open case of the person in that programme."""
    pack = uow.shelf.current(uow.session, beginning.programme)[1]
    return cases.open_of_person(uow.session, beginning.person_index, beginning.programme, final_states(pack, "case"))


def _lay_to(uow: UnitOfWork, actor: Actor, case: SupportCase, *, now: datetime, role: str | None) -> None:
    uow.record(
        actor,
        now,
        "case.request_came",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=role,
    )

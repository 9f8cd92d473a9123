"""Group sessions, checks, pairs and mediations in a real organisation, by use cases alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.resources import workflows_dir
from trim.store import cases, undertakings
from trim.usecases.oversight.install_pack import install_pack
from trim.usecases.people.accounts import give_role
from trim.usecases.undertakings.open_one import open_undertaking
from trim.usecases.undertakings.read_one import UndertakingFile, read_undertaking


def opens(
    organisation: Organisation, kind: str, *, who: str = "Carol", programme: str = "trim", incident: str | None = None
) -> str:
    """Somebody sets one up for the unit North; gives its reference."""
    with organisation.backend.writing() as uow:
        return open_undertaking(
            uow,
            organisation.actor(who),
            now=organisation.now,
            programme=programme,
            kind=kind,
            unit_id=organisation.units["North"].id,
            about="Watch three, north",
            incident_ref=incident,
        ).ref


def led(organisation: Organisation, ref: str, kind: str, leader: str = "Pat", who: str = "Carol") -> str:
    """Somebody is named to lead it."""
    Story(organisation).does(who, "name_leader", ref, kind=kind, leader=organisation.accounts[leader].id)
    return ref


def planned_session(organisation: Organisation, *, incident: str | None = None, leader: str = "Pat") -> str:
    """A group session that is planned for tomorrow and led by somebody."""
    ref = led(organisation, opens(organisation, "group_session", incident=incident), "group_session", leader)
    at = organisation.now + timedelta(days=1)
    Story(organisation).does("Carol", "plan", ref, kind="group_session", sort="group", planned_for=at)
    return ref


def held_session(organisation: Organisation, *names: str, incident: str | None = None, leader: str = "Pat") -> str:
    """A group session that was held, with these people invited."""
    story = Story(organisation)
    ref = planned_session(organisation, incident=incident, leader=leader)
    for name in names:
        story.does(leader, "name_person", ref, kind="group_session", person=name)
    organisation.later(days=1, hours=2)
    values: dict[str, Any] = {"held_at": organisation.now, "form": "group", "minutes": 75, "head_count": 12}
    story.does(leader, "hold", ref, kind="group_session", theme="The days after", **values)
    return ref


def running_check(organisation: Organisation, name: str = "Robin Ashe", leader: str = "Pat") -> str:
    """Periodic checks of somebody, led by somebody."""
    ref = led(organisation, opens(organisation, "periodic_check"), "periodic_check", leader)
    Story(organisation).does("Carol", "enrol", ref, kind="periodic_check", person=name, role="call_handling")
    return ref


def reads(organisation: Organisation, who: str, ref: str) -> UndertakingFile:
    """Somebody opens it."""
    with organisation.backend.writing() as uow:
        return read_undertaking(uow, organisation.actor(who), now=organisation.now, ref=ref)


def party(organisation: Organisation, ref: str, name: str) -> str:
    """The row of somebody who takes part."""
    with organisation.backend.reading() as uow:
        row = undertakings.load(uow.session, ref)
        index = uow.vault.blind_index("person", organisation.people[name].id)
        return next(one.id for one in undertakings.parties(uow.session, row.id) if one.person_index == index)


def case_of(organisation: Organisation, ref: str, name: str) -> str | None:
    """The reference of the case that an offer from there opened."""
    with organisation.backend.reading() as uow:
        row = undertakings.load(uow.session, ref)
        there = {one.id: one for one in undertakings.parties(uow.session, row.id)}
        case_id = there[party(organisation, ref, name)].case_id
        return cases.by_id(uow.session, case_id).ref if case_id else None


def takes(organisation: Organisation, programme: str) -> None:
    """The organisation takes a small pack into use beside its own; Carol coordinates it and Pat takes part."""
    pack = load_pack(workflows_dir() / programme, VOCABULARY)
    with organisation.backend.writing() as uow:
        install_pack(uow, SETUP, now=organisation.now, pack=pack)
        for name, role in (("Carol", Role.COORDINATOR), ("Pat", Role.PRACTITIONER)):
            give_role(
                uow,
                SETUP,
                now=organisation.now,
                account_id=organisation.accounts[name].id,
                role=role,
                programme=programme,
                unit_id=organisation.units["Everywhere"].id,
            )


def paired(organisation: Organisation) -> str:
    """A pair with ground rules and a goal."""
    takes(organisation, "mentoring")
    story, kind = Story(organisation), "pair"
    ref = led(organisation, opens(organisation, kind, programme="mentoring"), kind)
    for name, part in (("Robin Ashe", "mentor"), ("Sam Birch", "mentee")):
        story.does("Carol", "name_person", ref, kind=kind, person=name, part=part)
    story.does("Carol", "match", ref, kind=kind, how="by_lot")
    story.does("Pat", "write_rules", ref, kind=kind, rules="Every other Monday.")
    story.does("Pat", "set_goal", ref, kind=kind, goal="Know the night desk", measure="Calls alone", before=2)
    return ref


def mediated(organisation: Organisation) -> str:
    """A mediation that has passed its gate, with ground rules."""
    takes(organisation, "mediation")
    story, kind = Story(organisation), "mediation"
    ref = led(organisation, opens(organisation, kind, programme="mediation"), kind)
    for name in ("Robin Ashe", "Sam Birch"):
        story.does("Carol", "name_person", ref, kind=kind, person=name)
    story.does("Carol", "look_whether_it_fits", ref, kind=kind, must_be_investigated="no", voluntary="yes")
    story.does("Pat", "write_rules", ref, kind=kind, rules="One speaks, the other listens.")
    return ref

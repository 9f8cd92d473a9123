"""What the tests about cases do again and again: somebody opens a page."""

from __future__ import annotations

from typing import Any

from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson
from trim.store import conflicts, worklists
from trim.usecases.acting.ties import sight_of
from trim.usecases.cases.action_page import ActionPage, action_page
from trim.usecases.cases.case_file import CaseFile
from trim.usecases.cases.read_case import read_case


def reads(story: Story, who: str, ref: str) -> CaseFile:
    """Somebody opens the case."""
    made = story.organisation
    with made.backend.writing() as uow:
        return read_case(uow, made.actor(who), now=made.now, ref=ref)


def opens(story: Story, who: str, action: str, ref: str, kind: str = "case") -> ActionPage:
    """Somebody opens the page of an action."""
    made = story.organisation
    with made.backend.writing() as uow:
        return action_page(uow, made.actor(who), now=made.now, kind=kind, ref=ref, action=action)


def uses(story: Story, who: str, use_case: Any, **values: Any) -> Any:
    """Somebody does something that is a use case of its own."""
    made = story.organisation
    with made.backend.writing() as uow:
        return use_case(uow, made.actor(who), now=made.now, **values)


def listed(story: Story, who: str) -> set[str]:
    """References of the open cases that a list shows to somebody."""
    made = story.organisation
    with made.backend.reading() as uow:
        sight: conflicts.Sight = sight_of(uow, made.actor(who))
        states = [name for name, state in _states(uow).items() if state.kind != "final"]
        return {one.ref for one in worklists.cases_seen(uow.session, sight, states=states, limit=100)}


def _states(uow: Any) -> Any:
    return uow.shelf.current(uow.session, "trim")[1].lifecycles["case"].states


def case_of(story: Story, name: str, **more: Any) -> str:
    """A case for one person of the directory, just opened."""
    person = story.organisation.people.get(name) or story.organisation.add_person(name)
    ref = story.plans(
        story.reports(exposed=(ExposedPerson(exposure="direct", person_id=person.id),), **more), who="Lee"
    )
    assert ref is not None
    return ref


def on_duty(story: Story, name: str, hours: int = 12) -> None:
    """Somebody is on duty from now on."""
    from datetime import timedelta

    from trim.audit.trail import ORGANISATION
    from trim.store.tables import DutyTurn

    made = story.organisation
    with made.backend.writing() as uow:
        uow.session.add(
            DutyTurn(
                id=uow.new_id(),
                programme="trim",
                account_id=made.accounts[name].id,
                phone="+44 1632 960123",
                from_at=made.now,
                until_at=made.now + timedelta(hours=hours),
            )
        )
        uow.record(made.actor("Lee"), made.now, "duty.added", chain=ORGANISATION, subject="duty")


def coordinator(story: Story, name: str, person: str | None = None) -> str:
    """One more coordinator of everywhere."""
    if person is not None and person not in story.organisation.people:
        story.organisation.add_person(person)
    story.organisation.add_account(name, Role.COORDINATOR, person=person)
    return name

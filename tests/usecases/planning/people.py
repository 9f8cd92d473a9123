"""What the tests of planning do again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.support.story import Story
from trim.domain.incident import ExposedPerson
from trim.store import cases, incidents
from trim.store.tables import Exposure, Incident
from trim.usecases.acting.act import Act
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting


def crew(story: Story, *names: str) -> tuple[ExposedPerson, ...]:
    """People who were there, by name; added to the directory unless they are in it, with a known line manager."""
    for name in names:
        if name not in story.organisation.people:
            story.organisation.add_person(name)
    return tuple(ExposedPerson(exposure="witness", name=name) for name in names)


def exposure_of(story: Story, incident_ref: str, name: str) -> Exposure:
    """The exposure of somebody of the directory."""
    with story.organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", incident_ref)
        index = uow.vault.blind_index("person", story.organisation.people[name].id)
        found = incidents.exposure(uow.session, incident.id, index)
        assert found is not None
        return found


def incident_of(story: Story, ref: str) -> Incident:
    """The incident as it is now."""
    with story.organisation.backend.reading() as uow:
        incident: Incident = cases.load(uow.session, "incident", ref)
        return incident


def named_later(story: Story, ref: str, name: str, who: str = "Carol") -> Exposure:
    """Somebody is found after the meeting."""
    made = story.organisation
    (person,) = crew(story, name)
    with made.backend.writing() as uow:
        return name_exposed(uow, made.actor(who), now=made.now, incident_ref=ref, named=person)


def meets(
    story: Story,
    ref: str,
    chosen: Mapping[str, str | tuple[str, date | None]],
    who: str = "Carol",
    *,
    version: int | None = None,
    **values: Any,
) -> Act:
    """A meeting that chooses a response for each named person: a word, or "nothing_yet" with its day."""
    made = story.organisation
    responses = {}
    for name, word in chosen.items():
        one = Response(word) if isinstance(word, str) else Response(*word)
        responses[exposure_of(story, ref, name).id] = one
    with made.backend.writing() as uow:
        return hold_planning_meeting(
            uow,
            made.actor(who),
            now=made.now,
            incident_ref=ref,
            version=version or cases.load(uow.session, "incident", ref).version,
            responses=responses,
            values={"held_at": made.now, **values},
        )

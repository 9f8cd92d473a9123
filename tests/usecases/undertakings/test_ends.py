"""When something beside cases has ended: its state says so, whichever action led there."""

from __future__ import annotations

from datetime import datetime

from tests.support.groups import led, opens, running_check, takes
from tests.support.organisation import Organisation
from tests.support.story import Story
from trim.store import undertakings


def closed_at(made: Organisation, ref: str) -> datetime | None:
    with made.backend.reading() as uow:
        return undertakings.load(uow.session, ref).closed_at


def test_a_mediation_that_its_gate_ends_has_ended(organisation: Organisation) -> None:
    """The action does nothing but lead there; erasure and lists go by the day all the same."""
    made, story, kind = organisation, Story(organisation), "mediation"
    takes(made, kind)
    ref = led(made, opens(made, kind, programme=kind), kind)
    for name in ("Robin Ashe", "Sam Birch"):
        story.does("Carol", "name_person", ref, kind=kind, person=name)
    assert closed_at(made, ref) is None
    story.does("Carol", "look_whether_it_fits", ref, kind=kind, must_be_investigated="yes", voluntary="yes")
    assert closed_at(made, ref) == made.now


def test_checks_go_on_until_somebody_ends_them(organisation: Organisation) -> None:
    made, story = organisation, Story(organisation)
    ref = running_check(made)
    story.does("Pat", "record_check", ref, kind="periodic_check", held_at=made.now, channel="phone")
    assert closed_at(made, ref) is None
    story.does("Carol", "end", ref, kind="periodic_check")
    assert closed_at(made, ref) == made.now

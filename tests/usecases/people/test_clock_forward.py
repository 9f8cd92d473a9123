"""Simulated time: in a demonstration only, marked on every page and line, and never to be turned back (CARE 34)."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import SETUP, Organisation
from tests.support.site import Site
from tests.support.story import Story
from tests.support.sweeping import escalations, lines, stages, step_of
from tests.support.trail import broken_chains
from trim.demonstration.forward import play_forward
from trim.domain.errors import Forbidden
from trim.settings import Settings
from trim.store.tables import TrailEntry
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.people.demonstration import clock_of, put_clock_forward

pytestmark = [pytest.mark.care(34), pytest.mark.large_on_postgresql]


def settings_of(made: Organisation) -> Settings:
    assert made.folder is not None
    return Settings(
        instance=made.folder,
        database_url=made.urls.url,
        owner_database_url=made.urls.owner_url,
        base_url="http://127.0.0.1:8000",
    )


def marked(made: Organisation) -> list[bool]:
    with made.backend.reading() as uow:
        texts = uow.session.scalars(select(TrailEntry.text).order_by(col(TrailEntry.at), col(TrailEntry.chain)))
        return [json.loads(text).get("codes", {}).get("simulated", False) for text in texts]


@pytest.fixture
def rehearsal(organisation: Organisation) -> Organisation:
    with organisation.backend.writing() as uow:
        change_settings(uow, SETUP, now=organisation.now, values={"demonstration": True})
    return organisation


@pytest.mark.large
def test_the_real_worker_lives_through_the_weeks_and_every_line_of_it_is_marked(rehearsal):
    made = rehearsal
    step = step_of(made, Story(made).supported_case(), "first_assessment")
    before = marked(made)
    assert not any(before)
    until = step.latest_at + timedelta(days=4)
    assert play_forward(made.backend, settings_of(made), wall=made.now, until=until) > 4
    assert [one.stage for one in stages(made, step.id)] == ["remind:PT12H", "due", "overdue:P1D", "escalate"]
    # Each at its own instant, not all at the end.
    assert all(one.acted_at - one.wanted_at <= timedelta(minutes=1) for one in stages(made, step.id))
    assert escalations(made)[0].rung == 1
    assert len(lines(made, "trail.checkpoint")) > 5
    after = marked(made)
    assert after.count(True) == len(after) - len(before)
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []


def test_every_page_says_that_its_time_is_simulated(rehearsal):
    made = rehearsal
    assert "Simulated time" not in Site(made).as_("Carol").get("/board").html
    with made.backend.writing() as uow:
        put_clock_forward(uow, SETUP, now=made.now, ahead=timedelta(days=30))
    site = Site(made)
    for who, path in (("Carol", "/board"), ("Pat", "/today"), ("Adam", "/accounts")):
        html = " ".join(site.as_(who).get(path).html.split())
        assert re.search(r"Simulated time:</strong> [^<]*1 April 2026", html), path
    assert any(marked(made)), "what pages write in that time is marked as well"


def test_it_is_refused_anywhere_else_and_never_goes_back(organisation):
    made = organisation
    wall = lambda: made.now  # noqa: E731 - a clock
    with pytest.raises(Forbidden):
        play_forward(made.backend, settings_of(made), wall=made.now, until=made.now + timedelta(days=3))
    # A setting that somebody wrote by hand moves no clock of a real organisation.
    made.backend.database.simulated = False
    with made.backend.writing() as uow:
        change_settings(uow, SETUP, now=made.now, values={"clock_ahead_seconds": 86400})
    assert clock_of(made.backend, wall)() == made.now
    assert made.backend.database.simulated is False

    with made.backend.writing() as uow:
        change_settings(uow, SETUP, now=made.now, values={"demonstration": True})
    assert clock_of(made.backend, wall)() == made.now + timedelta(days=1)
    with made.backend.writing() as uow, pytest.raises(Forbidden):
        put_clock_forward(uow, SETUP, now=made.now, ahead=timedelta(hours=1))
    with made.backend.writing() as uow, pytest.raises(Forbidden):
        put_clock_forward(uow, made.actor("Adam"), now=made.now, ahead=timedelta(days=9))
    with made.backend.writing() as uow, pytest.raises(Forbidden):
        change_settings(uow, SETUP, now=made.now, values={"demonstration": False})

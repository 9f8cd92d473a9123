"""What acted on the clocks of an incident or a case goes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.support.set_aside import set_aside
from tests.support.sweeping import step_of, sweep
from trim.store import cases, erasure
from trim.store.tables import Claim, DeadlineStage, Escalation, Notice

# What the sweep writes is shown on both databases by test_stages.py; these walk long ways.
pytestmark = pytest.mark.large_on_postgresql


def erase(made, kind, ref):
    with made.backend.writing() as uow:
        row = cases.load(uow.session, kind, ref)
        erasure.take_away(uow.session, kind, row.id)
        uow.session.info["entries"] = 1  # the line belongs to the use case, not to the store


def left(made, table):
    with made.backend.reading() as uow:
        return uow.session.scalar(select(func.count()).select_from(table))


def test_the_clocks_of_an_erased_incident_leave_nothing(story):
    made = story.organisation
    ref = story.reports()
    sweep(made, made.now + timedelta(days=5))
    assert left(made, DeadlineStage) > 2
    erase(made, "incident", ref)
    assert left(made, DeadlineStage) == 0


def test_the_clocks_of_an_erased_case_leave_nothing(story):
    made = story.organisation
    ref = story.supported_case()
    step = step_of(made, ref, "first_assessment")
    sweep(made, step.latest_at + timedelta(days=2))
    set_aside(made, step.id)
    assert left(made, Escalation) == 1
    before = left(made, Notice)
    erase(made, "case", ref)
    assert (left(made, DeadlineStage), left(made, Claim), left(made, Escalation)) == (0, 0, 0)
    assert left(made, Notice) < before

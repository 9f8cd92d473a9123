"""A window in working days, from the installed pack to the row: holidays and closing days move it, there and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.changed_packs import brings_in, in_working_days
from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.story import Story
from tests.support.sweeping import step_of
from trim.domain.incident import ExposedPerson
from trim.usecases.oversight.set_calendar import own_calendar, preview_calendar, set_calendar


@pytest.fixture
def story(organisation: Organisation) -> Story:
    # The Thursday before Easter of 2026.
    organisation.now = datetime(2026, 4, 2, 9, tzinfo=UTC)
    return Story(organisation)


def sets(made: Organisation, **more: Any) -> int:
    """Change the calendar; gives how many clocks moved, which the preview had said."""
    with made.backend.reading() as uow:
        wanted = replace(own_calendar(uow, SETUP), **more)
        preview = preview_calendar(uow, SETUP, now=made.now, wanted=wanted)
    with made.backend.writing(alone=True) as uow:
        moves = set_calendar(uow, SETUP, now=made.now, wanted=wanted, seen=preview.seen)
    assert (moves.steps, moves.cases) == (preview.moves.steps, preview.moves.cases)
    return moves.steps


@pytest.mark.care(23)
def test_holidays_and_closing_days_move_what_counts_in_working_days_and_nothing_else(story: Story) -> None:
    made = story.organisation
    sets(made, zone_name="Europe/Paris", country="FR")
    plain = story.opens_case()
    brings_in(made, in_working_days(trim_pack()))
    sam = ExposedPerson(exposure="direct", person_id=made.people["Sam Birch"].id)
    ref = story.plans(story.reports(exposed=(sam,)))
    assert ref is not None
    before = step_of(made, plain, "offer")

    def due_and_latest(ref: str = ref) -> tuple[date, date]:
        step = step_of(made, ref, "offer")
        assert step.latest_at is not None
        assert step.due_at.hour == step.latest_at.hour == 9
        return step.due_at.date(), step.latest_at.date()

    # In France Easter Monday is free and Good Friday is not.
    assert due_and_latest() == (date(2026, 4, 7), date(2026, 4, 9))
    assert sets(made, region="6AE") == 1
    assert due_and_latest() == (date(2026, 4, 8), date(2026, 4, 10))
    assert sets(made, closing_days=(date(2026, 4, 8), date(2026, 4, 9))) == 1
    assert due_and_latest() == (date(2026, 4, 10), date(2026, 4, 14))
    # A closing day that lies after everything moves nothing.
    assert sets(made, closing_days=(date(2026, 4, 8), date(2026, 4, 9), date(2026, 12, 24))) == 0
    assert sets(made, country="", region="", closing_days=()) == 1
    assert due_and_latest() == (date(2026, 4, 6), date(2026, 4, 8))
    assert sets(made, country="FR") == 1
    assert due_and_latest() == (date(2026, 4, 7), date(2026, 4, 9))
    after = step_of(made, plain, "offer")
    assert (after.due_at, after.latest_at, after.revision) == (before.due_at, before.latest_at, before.revision)

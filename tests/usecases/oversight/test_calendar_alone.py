"""A change of the calendar and a clock that starts at the same moment: whoever comes second sees what the first did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.changed_packs import brings_in, in_working_days
from tests.support.eventually import eventually
from tests.support.in_line import stands_in_line
from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.story import Story
from tests.support.sweeping import step_of
from trim.usecases.oversight.set_calendar import own_calendar, set_calendar
from trim.usecases.unit_of_work import UnitOfWork


@pytest.fixture
def story(organisation: Organisation) -> Story:
    """Answers to offers are due on the second working day; now is a Tuesday on which the Wednesday is one."""
    organisation.now = datetime(2026, 4, 7, 9, tzinfo=UTC)
    brings_in(organisation, in_working_days(trim_pack(), step="offer_answer"))
    return Story(organisation)


def closes_wednesday(uow: UnitOfWork, made: Organisation) -> int:
    """Nobody works on Wednesday; gives how many clocks moved."""
    wanted = replace(own_calendar(uow, SETUP), closing_days=(date(2026, 4, 8),))
    return set_calendar(uow, SETUP, now=made.now, wanted=wanted).steps


def test_a_clock_that_starts_while_somebody_changes_the_calendar_is_moved_with_the_others(story: Story) -> None:
    made = story.organisation
    ref = story.opens_case()
    carol = made.actor("Carol")

    def changes() -> int:
        with made.backend.writing(alone=True) as uow:
            return closes_wednesday(uow, made)

    with ThreadPoolExecutor(1) as beside:
        with made.backend.writing() as uow:
            story.does_in(uow, carol, "make_offer", ref, channel="phone")
            # The step is opened on the old calendar and not kept yet; now somebody changes that.
            changing = beside.submit(changes)
            eventually(lambda: stands_in_line(made, changing))
            assert not changing.done(), "it has moved every clock but the one that is being started"
        assert changing.result(timeout=20) == 1
    assert step_of(made, ref, "offer_answer").due_at.date() == date(2026, 4, 10)


def test_a_clock_that_starts_once_the_calendar_is_being_changed_runs_on_the_new_one(story: Story) -> None:
    made = story.organisation
    ref = story.opens_case()
    with ThreadPoolExecutor(1) as beside:
        with made.backend.writing(alone=True) as uow:
            assert closes_wednesday(uow, made) == 0
            starting = beside.submit(story.does, "Carol", "make_offer", ref, channel="phone")
            eventually(lambda: stands_in_line(made, starting))
            assert not starting.done(), "it has started a clock on the calendar that goes"
        starting.result(timeout=20)
    assert step_of(made, ref, "offer_answer").due_at.date() == date(2026, 4, 10)


def test_the_calendar_is_changed_by_a_unit_of_work_that_writes_alone_or_not_at_all(organisation: Organisation) -> None:
    with pytest.raises(AssertionError, match="another unit of work"), organisation.backend.writing() as uow:
        closes_wednesday(uow, organisation)

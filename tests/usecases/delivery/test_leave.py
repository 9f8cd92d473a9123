"""Somebody on leave is not asked to support anybody, and their leave is nobody's business beyond the days."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.posting import is_away
from tests.support.story import Story
from tests.usecases.cases.reading import uses
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound
from trim.usecases.delivery.leave import look_at_leave, note_leave, take_back_leave


def test_who_is_away_cannot_be_asked_and_afterwards_can(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    is_away(made, "Pat", date(2026, 3, 2), date(2026, 3, 3))
    with pytest.raises((NotAllowedNow, InvalidInput)):
        story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    made.later(days=2)
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)


def test_leave_is_of_ones_own_or_of_those_one_coordinates(story: Story) -> None:
    made = story.organisation
    pat = made.accounts["Pat"].id
    days = {"from_on": date(2026, 3, 9), "until_on": date(2026, 3, 13)}
    assert uses(story, "Pat", note_leave, account_id=pat, **days) is False
    for stranger in ("Quinn", "Rita", "Adam", "Hana"):
        with pytest.raises(NotFound):
            uses(story, stranger, look_at_leave, account_id=pat)
        with pytest.raises(NotFound):
            uses(story, stranger, note_leave, account_id=pat, **days)
    [row] = uses(story, "Carol", look_at_leave, account_id=pat).leaves
    made.add_account("Cora", Role.COORDINATOR, unit="South")
    made.add_account("Nora", Role.PRACTITIONER, unit="North")
    with pytest.raises(NotFound):
        uses(story, "Cora", look_at_leave, account_id=made.accounts["Nora"].id)
    # Leave that runs ends yesterday; what is over cannot be taken back any more.
    made.later(days=9)
    with pytest.raises(NotFound):
        uses(story, "Pat", take_back_leave, account_id=made.accounts["Quinn"].id, leave_id=row.leave_id)
    uses(story, "Carol", take_back_leave, account_id=pat, leave_id=row.leave_id)
    assert uses(story, "Pat", look_at_leave, account_id=pat).leaves == ()
    with pytest.raises(NotFound):
        uses(story, "Pat", take_back_leave, account_id=pat, leave_id=row.leave_id)

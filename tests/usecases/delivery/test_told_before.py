"""A demonstration's past is told, and nowhere else is anything marked that nobody sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.organisation import SETUP, Organisation
from tests.support.posting import TestPost, call_of, outbox, sends, tells, the
from trim.delivery.posting import Sent
from trim.usecases.delivery.told_before import count_as_told
from trim.usecases.oversight.install_pack import change_settings


@pytest.mark.care(34)
def test_only_a_demonstration_has_a_past_that_nobody_sent(organisation: Organisation) -> None:
    made = organisation
    old = tells(made, "Carol", "red_flag", urgent=True)
    tells(made, "Pat")
    made.later(days=300)
    new = tells(made, "Carol", "red_flag", urgent=True)
    before = made.now - timedelta(hours=1)
    with pytest.raises(AssertionError, match="only a demonstration"), made.backend.writing() as uow:
        count_as_told(uow, SETUP, now=made.now, before=before)
    assert {one.state for one in outbox(made)} == {"waiting"}
    with made.backend.writing() as uow:
        change_settings(uow, SETUP, now=made.now, values={"demonstration": True})
    with made.backend.writing() as uow:
        assert count_as_told(uow, SETUP, now=made.now, before=before) == 2
    row = the(made, old)
    assert (row.state, row.sent_at, call_of(made, old).state) == ("sent", row.made_at, "dropped")
    post = TestPost()
    assert sends(made, post) == Sent(mails=1, notices=1)
    assert the(made, new).state == "sent"
    assert post.mails[0].subject.startswith("[Demonstration]")

"""One notice that cannot leave, or one service that is away, holds up no other; what waits for its day does leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.organisation import Organisation
from tests.support.posting import TestPost, call_of, outbox, sends, tells, the
from tests.support.story import Story
from tests.support.sweeping import sweep
from trim.delivery.mail import Mail
from trim.delivery.pager import Call, NotPaged
from trim.delivery.posting import ENOUGH, Sent
from trim.domain.telling import PAGER_WAITS, WAITS
from trim.store import outbox as rows
from trim.store.tables import PagerCall
from trim.usecases.delivery import send_due as sending

# What the databases do differently is shown on both in `test_claims`.
pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Mails to Carol cannot be written until the list is filled."""
    mended: list[bool] = []
    real = sending.notice_mail

    def spoil(told: Any, *, to: str, **more: Any) -> Mail:
        if to.startswith("carol") and not mended:
            raise KeyError("what was filled in")
        return real(told, to=to, **more)

    monkeypatch.setattr(sending, "notice_mail", spoil)
    return mended


def test_a_mail_that_cannot_be_written_is_tried_later_and_the_others_go(
    organisation: Organisation, spoilt: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    made, post = organisation, TestPost()
    bad, good = (tells(made, who, "escalation") for who in ("Carol", "Lee"))
    assert sends(made, post) == Sent(mails=1, notices=1, later=1)
    assert (the(made, good).state, the(made, bad).last_problem) == ("sent", "KeyError")
    assert "what was filled in" not in caplog.text
    spoilt.append(True)
    made.now += WAITS[0]
    assert sends(made, post) == Sent(mails=1, notices=1)


def test_one_that_can_never_be_written_is_given_up_in_sight(organisation: Organisation, spoilt: list[bool]) -> None:
    made = organisation
    bad = tells(made, "Carol", "escalation")
    assert not spoilt
    for wait in WAITS:
        assert sends(made, TestPost()) == Sent(later=1)
        made.now += wait
    assert sends(made, TestPost()) == Sent(failed=1)
    row = the(made, bad)
    assert (row.state, row.failed_because, row.last_problem) == ("failed", "gave_up", "KeyError")


def test_a_mail_is_written_outside_of_any_transaction(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, real = organisation, sending.notice_mail
    written: list[str] = []

    def writes_meanwhile(*told: Any, **more: Any) -> Mail:
        # Would wait in vain for the lock of a transaction that is still open here.
        written.append(tells(made, "Lee", "incident_reported", cause=str(len(written))))
        return real(*told, **more)

    monkeypatch.setattr(sending, "notice_mail", writes_meanwhile)
    tells(made, "Carol", "escalation")
    assert sends(made, TestPost()).mails == 1
    assert len(written) == 1


@dataclass
class Away:
    """A pager service that answers nobody."""

    asked: list[str] = field(default_factory=list)

    def send(self, call: Call, *, now: datetime) -> None:  # noqa: ARG002 - every pager has it
        self.asked.append(call.id)
        raise NotPaged("away", "no_answer")


@pytest.mark.care(2)
def test_a_pager_that_is_away_is_asked_three_times_and_every_mail_goes(organisation: Organisation) -> None:
    made, pager = organisation, Away()
    for cause in "abcde":
        tells(made, "Carol", "red_flag", urgent=True, cause=cause)
    assert sends(made, TestPost(), pager=pager) == Sent(mails=5, notices=5)
    assert len(pager.asked) == len(set(pager.asked)) == ENOUGH
    # Those that were not tried need not wait for the next try of the others.
    assert sends(made, TestPost(), pager=pager).mails == 0
    assert len(set(pager.asked)) == 5


def test_a_call_that_kills_every_worker_is_given_up_as_well(organisation: Organisation) -> None:
    made = organisation
    notice = tells(made, "Carol", "red_flag", urgent=True)

    class Killed(BaseException):
        pass

    class Deadly(Away):
        def send(self, call: Call, *, now: datetime) -> None:  # noqa: ARG002 - every pager has it
            self.asked.append(call.id)
            raise Killed

    pager = Deadly()
    for _ in range(len(PAGER_WAITS) + 1):
        with pytest.raises(Killed):
            sends(made, TestPost(), pager=pager)
        made.now += timedelta(hours=1)
    sends(made, TestPost(), pager=pager)
    assert len(pager.asked) == len(PAGER_WAITS) + 1
    assert (call_of(made, notice).state, call_of(made, notice).last_problem) == ("failed", "gave_up")


def test_a_try_of_a_call_that_another_worker_has_overtaken_says_nothing(organisation: Organisation) -> None:
    made = organisation
    tells(made, "Carol", "red_flag", urgent=True)
    with made.backend.database.writing() as session:
        call = session.scalars(select(PagerCall)).one()
        rows.note_call(session, call.id, attempts=2, claimed_until=made.now + timedelta(minutes=1))
    with made.backend.database.writing() as session:
        rows.call_later(session, call.id, attempts=1, at=made.now, problem="no_answer")
        assert rows.next_call(session, made.now) is None
        rows.call_later(session, call.id, attempts=2, at=made.now, problem="no_answer")
        assert rows.next_call(session, made.now) is not None


@pytest.mark.care(23)
def test_the_day_to_look_again_at_a_pause_leaves_by_mail_while_the_pause_lasts(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    look_again = made.now + timedelta(days=20)
    story.does("Pat", "pause", ref, reason="away", look_again_on=look_again.date())
    sweep(made, look_again)
    post = TestPost()
    made.now = look_again.replace(hour=12)
    sends(made, post)
    [told] = outbox(made, kind="step_look_again", recipient_id=made.accounts["Carol"].id)
    assert (told.state, told.dropped_because) == ("sent", None)
    assert "carol" in post.to


@pytest.mark.large
@pytest.mark.care(23)
def test_once_the_pause_is_over_nobody_is_asked_to_look_at_it(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    look_again = made.now + timedelta(days=20)
    story.does("Pat", "pause", ref, reason="away", look_again_on=look_again.date())
    sweep(made, look_again)
    story.does("Pat", "resume", ref)
    sends(made, TestPost())
    made.later(days=1)
    sends(made, TestPost())
    assert {one.dropped_because for one in outbox(made, kind="step_look_again")} == {"step_open"}

"""A notice leaves once, at its moment, in one mail with the others of its person, and never vanishes without a word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import SETUP, Organisation
from tests.support.posting import TestPost, is_away, outbox, sends, tells, the, wants
from tests.support.story import Story
from trim.delivery.mail import MailNotSent, MailRefused
from trim.delivery.posting import Sent
from trim.domain.telling import WAITS
from trim.store import outbox as stored
from trim.store.tables import Account, Step, TrailEntry
from trim.usecases.people.accounts import deactivate_account

# What the databases do differently, claims above all, is shown on both in `test_claims`.
pytestmark = pytest.mark.large_on_postgresql


def trail(made: Organisation, room: str = "notice.") -> list[str]:
    with made.backend.reading() as uow:
        query = select(TrailEntry.what).where(col(TrailEntry.what).startswith(room))
        return list(uow.session.scalars(query.order_by(col(TrailEntry.at), col(TrailEntry.what))))


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """An hour in London, where it is winter, from Monday the second of March on."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_ten_notices_of_a_day_are_one_mail_at_the_persons_hour(organisation: Organisation) -> None:
    organisation.now = at(10)
    for number in range(10):
        tells(organisation, "Carol", cause=str(number))
    tells(organisation, "Lee")
    post = TestPost()
    assert sends(organisation, post) == Sent()
    organisation.now = at(7, 29, day=3)
    assert sends(organisation, post) == Sent()
    organisation.now = at(7, 30, day=3)
    assert sends(organisation, post) == Sent(mails=2, notices=11)
    assert sorted(post.to) == ["carol", "lee"]
    carols = next(one for one in post.mails if one.to == ("carol@example.org",))
    assert carols.text.count("/notices/") == 10
    assert {(one.state, one.attempts, one.sent_at) for one in outbox(organisation)} == {("sent", 1, organisation.now)}
    assert trail(organisation) == ["notice.sent", "notice.sent"]
    assert sends(organisation, post) == Sent()
    assert len(post.mails) == 2


def test_what_has_a_clock_does_not_wait_for_the_hour_but_for_the_end_of_the_quiet_hours(
    organisation: Organisation,
) -> None:
    post = TestPost()
    organisation.now = at(15)
    asked = tells(organisation, "Carol", "escalation")
    gathered = tells(organisation, "Carol", "incident_reported")
    assert sends(organisation, post) == Sent(mails=1, notices=1)
    assert (the(organisation, asked).state, the(organisation, gathered).state) == ("sent", "waiting")
    organisation.now = at(23)
    tells(organisation, "Carol", "escalation", cause="at night")
    tells(organisation, "Carol", "escalation_passed_on", cause="at night")
    assert sends(organisation, post) == Sent()
    organisation.now = at(7, 0, day=3)
    assert sends(organisation, post) == Sent(mails=1, notices=2)


@pytest.mark.care(2)
def test_an_urgent_notice_passes_night_free_days_leave_and_the_others(organisation: Organisation) -> None:
    organisation.now = at(3, day=8)
    wants(organisation, "Carol", days="1")
    is_away(organisation, "Carol", date(2026, 3, 1), date(2026, 3, 31))
    urgent = tells(organisation, "Carol", "red_flag", urgent=True)
    post = TestPost()
    assert sends(organisation, post) == Sent(mails=1, notices=1)
    assert the(organisation, urgent).state == "sent"
    assert post.mails[0].urgent
    assert post.mails[0].subject == "Urgent: please sign in now"


def test_days_off_are_kept_and_a_change_of_clocks_moves_the_hour(organisation: Organisation) -> None:
    # Friday the 27th; on Sunday the clocks in London go forward, so half past seven on Monday is 06:30 UTC.
    organisation.now = at(9, day=27)
    wants(organisation, "Carol", days="12345")
    tells(organisation, "Carol")
    post = TestPost()
    sends(organisation, post)
    for day in (28, 29):
        organisation.now = at(12, day=day)
        assert sends(organisation, post) == Sent()
    organisation.now = at(6, 29, day=30)
    assert sends(organisation, post) == Sent()
    organisation.now = at(6, 30, day=30)
    assert sends(organisation, post) == Sent(mails=1, notices=1)


def test_a_server_that_is_away_is_met_again_with_the_same_message_until_it_is_given_up(
    organisation: Organisation,
) -> None:
    organisation.now = at(10)
    late = tells(organisation, "Carol", "escalation")
    post = TestPost()
    waits = []
    for wait in WAITS:
        post.problems = [MailNotSent("away", "hung_up")]
        assert sends(organisation, post) == Sent(later=1)
        row = the(organisation, late)
        assert (row.state, row.last_problem, row.claimed_by) == ("waiting", "hung_up", None)
        assert row.not_before is not None
        waits.append(row.not_before - organisation.now)
        assert sends(organisation, post) == Sent(), "nobody tries before the wait is over"
        organisation.now = row.not_before
        assert abs(waits[-1] - wait) < timedelta(seconds=5)
    post.problems = [MailNotSent("away", "hung_up")]
    assert sends(organisation, post) == Sent(failed=1)
    row = the(organisation, late)
    assert (row.state, row.failed_because, row.attempts) == ("failed", "gave_up", len(WAITS) + 1)
    assert trail(organisation) == ["notice.failed"]
    organisation.later(days=2)
    assert sends(organisation, post) == Sent()


def test_a_second_try_has_the_same_message_id(organisation: Organisation) -> None:
    organisation.now = at(10)
    late = tells(organisation, "Carol", "escalation")
    seen: list[str | None] = []
    post = TestPost(problems=[MailNotSent("away")], before=lambda mail: seen.append(mail.message_id))
    sends(organisation, post)
    # What is written meanwhile does not slip into a mail that may have arrived.
    organisation.later(minutes=2)
    tells(organisation, "Carol", "escalation", cause="meanwhile")
    assert sends(organisation, post) == Sent(mails=2, notices=2)
    assert seen[0] is not None
    assert seen.count(seen[0]) == 2
    assert the(organisation, late).message_id == seen[0]
    assert len(set(seen)) == 2


def test_an_address_that_bounces_counts_at_once(organisation: Organisation) -> None:
    organisation.now = at(10)
    lost = tells(organisation, "Carol", "escalation")
    fine = tells(organisation, "Lee", "escalation")
    post = TestPost(problems=[MailRefused("no", "refused_550")])
    assert sends(organisation, post) == Sent(mails=1, notices=1, failed=1)
    states = {the(organisation, one).failed_because for one in (lost, fine)}
    assert states == {"bounced", None}


@pytest.mark.parametrize(
    ("change", "because"),
    [("closed", "account_closed"), ("no_address", "no_address"), ("away", "on_leave")],
)
def test_whom_nothing_can_reach_is_known_at_once_even_at_night(
    organisation: Organisation, change: str, because: str
) -> None:
    organisation.now = at(23)
    lost = tells(organisation, "Carol", "incident_reported")
    if change == "away":
        is_away(organisation, "Carol", date(2026, 3, 3), date(2026, 3, 3))
    elif change == "closed":
        with organisation.backend.writing() as uow:
            adam = organisation.actor("Adam")
            deactivate_account(uow, adam, now=organisation.now, account_id=organisation.accounts["Carol"].id)
    else:
        with organisation.backend.writing() as uow:
            row = uow.session.get(Account, organisation.accounts["Carol"].id)
            assert row is not None
            row.email = "nobody"
            uow.record(SETUP, organisation.now, "account.changed", chain="x", subject="x")
    post = TestPost()
    sends(organisation, post)
    row = the(organisation, lost)
    assert (row.state, row.failed_because, row.settled_at) == ("failed", because, organisation.now)
    assert post.mails == []


def test_somebody_back_on_the_day_their_mail_comes_gets_it(organisation: Organisation) -> None:
    organisation.now = at(10)
    is_away(organisation, "Carol", date(2026, 3, 2), date(2026, 3, 2))
    kept = tells(organisation, "Carol", "incident_reported")
    post = TestPost()
    sends(organisation, post)
    assert the(organisation, kept).state == "waiting"
    organisation.now = at(8, day=3)
    assert sends(organisation, post) == Sent(mails=1, notices=1)


def test_what_was_seen_to_meanwhile_is_dropped_with_its_reason(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    story.does("Pat", "accept_allocation", ref)
    post = TestPost()
    sends(made, post)
    found = {one.kind: (one.state, one.dropped_because) for one in outbox(made)}
    assert found["asked_to_support"] == ("dropped", "answered")
    made.later(days=1)
    sends(made, post)
    found = {one.kind: (one.state, one.dropped_because) for one in outbox(made)}
    assert found.get("to_allocate", ("dropped", "answered")) == ("dropped", "answered")
    assert "notice.dropped" in trail(made)
    assert "You are asked to support somebody" not in "".join(mail.text for mail in post.mails)


def test_a_server_that_takes_nothing_is_not_asked_for_every_mail(organisation: Organisation) -> None:
    organisation.now = at(10)
    for who in ("Carol", "Lee", "Pat", "Quinn", "Rita"):
        tells(organisation, who, "escalation")
    post = TestPost(problems=[MailNotSent("away") for _ in range(5)])
    assert sends(organisation, post) == Sent(later=3)
    assert len(post.problems) == 2


def test_changed_wishes_hold_for_what_waits(organisation: Organisation) -> None:
    organisation.now = at(10)
    tells(organisation, "Carol")
    post = TestPost()
    sends(organisation, post)
    wants(organisation, "Carol", digest=11 * 60, days="1234567")
    with organisation.backend.writing() as uow:
        stored.plan_anew(uow.session, organisation.accounts["Carol"].id)
    organisation.now = at(10, 59)
    assert sends(organisation, post) == Sent()
    organisation.now = at(11)
    assert sends(organisation, post) == Sent(mails=1, notices=1)


def changes_step(story: Story, ref: str, **values: object) -> str:
    """Change the step that a case waits for, as it lies in the database; gives its id."""
    made = story.organisation
    with made.backend.writing() as uow:
        row = uow.session.scalars(select(Step).where(col(Step.name) == "first_assessment")).one()
        for name, value in values.items():
            setattr(row, name, value)
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="test")
        return row.id


def test_what_would_come_too_late_at_the_hour_comes_before_and_what_was_done_does_not_come(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    # Monday noon; the hour is half past seven tomorrow.
    made.now = at(12)
    sends(made, TestPost())
    step_id = changes_step(story, ref, due_at=at(7, 29, day=3))
    soon = tells(made, "Pat", "step_reminder", step_id=step_id, subject_ref=ref)
    post = TestPost()
    assert sends(made, post).notices == 1
    assert the(made, soon).state == "sent"
    assert "Something will soon be due: " in post.mails[0].text
    changes_step(story, ref, due_at=at(7, 31, day=3))
    later = tells(made, "Pat", "step_reminder", step_id=step_id, subject_ref=ref, cause="later")
    assert sends(made, TestPost()).notices == 0
    assert the(made, later).state == "waiting"
    changes_step(story, ref, state="done", ended_at=made.now)
    made.now = at(7, 30, day=3)
    assert sends(made, TestPost()).dropped >= 1
    assert (the(made, later).state, the(made, later).dropped_because) == ("dropped", "step_done")

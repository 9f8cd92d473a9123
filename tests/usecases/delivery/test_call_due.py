"""Urgent notices ring a telephone as well: the one on duty, once, and never at the cost of the mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import SETUP, Organisation
from tests.support.pager_service import PagerService, pager_service
from tests.support.posting import TestPost, call_of, sends, tells, the
from tests.support.story import Story
from trim.delivery.pager import WebhookPager
from trim.delivery.posting import Sent
from trim.domain.telling import PAGER_WAITS
from trim.store.tables import Account, TrailEntry
from trim.usecases.cases.raise_flag import raise_flag
from trim.usecases.people.accounts import put_on_duty

# What the databases do differently is shown on both in `test_claims`.
pytestmark = pytest.mark.large_on_postgresql

SECRET = "tide-table-of-the-north-harbour-0123"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PagerService]:
    with pager_service(tmp_path) as made:
        yield made


def pager_of(service: PagerService) -> WebhookPager:
    return WebhookPager(service.url, SECRET, patience=0.3)


def trail(made: Organisation) -> list[str]:
    with made.backend.reading() as uow:
        query = select(TrailEntry.what).where(col(TrailEntry.what).contains("paged"))
        return list(uow.session.scalars(query))


@pytest.mark.care(2)
def test_a_red_flag_rings_whoever_is_told_once_under_the_number_of_their_turn(
    story: Story, service: PagerService
) -> None:
    made = story.organisation
    ref = story.supported_case()
    sends(made, TestPost())
    with made.backend.writing() as uow:
        put_on_duty(
            uow,
            SETUP,
            now=made.now,
            programme="trim",
            account_id=made.accounts["Carol"].id,
            phone="+44 1632 960123",
            from_at=made.now,
            until_at=made.now + timedelta(hours=12),
        )
    with made.backend.writing() as uow:
        flag = raise_flag(uow, made.actor("Pat"), now=made.now, ref=ref, level="now")
    post = TestPost()
    sent = sends(made, post, pager=pager_of(service))
    assert sent.calls == len(service.calls) == sum(mail.urgent for mail in post.mails)
    by_number = {one["to"]: one for one in service.calls}
    assert by_number["+44 1632 960123"]["reference"] == flag
    assert by_number["+44 1632 960123"]["text"] == f"Urgent: please sign in now and look at {flag}"
    assert "Robin" not in str(service.bodies)
    assert trail(made) == ["notice.paged"] * sent.calls
    assert sends(made, post, pager=pager_of(service)).calls == 0
    assert len({one["id"] for one in service.calls}) == len(service.calls)


def test_what_is_not_urgent_rings_nobody(organisation: Organisation, service: PagerService) -> None:
    tells(organisation, "Carol", "escalation")
    assert sends(organisation, TestPost(), pager=pager_of(service)) == Sent(mails=1, notices=1)
    assert service.calls == []


def test_a_call_that_fails_is_made_again_under_the_same_id_and_the_mail_goes_meanwhile(
    organisation: Organisation, service: PagerService
) -> None:
    notice = tells(organisation, "Carol", "red_flag", urgent=True)
    service.moods = [500, "hang"]
    pager = pager_of(service)
    assert sends(organisation, TestPost(), pager=pager) == Sent(mails=1, notices=1)
    assert the(organisation, notice).state == "sent"
    assert call_of(organisation, notice).last_problem == "refused_500"
    assert sends(organisation, TestPost(), pager=pager).calls == 0
    organisation.now += PAGER_WAITS[0] + timedelta(seconds=1)
    assert sends(organisation, TestPost(), pager=pager).calls == 0
    assert call_of(organisation, notice).last_problem == "no_answer"
    organisation.now += PAGER_WAITS[1] + timedelta(seconds=1)
    assert sends(organisation, TestPost(), pager=pager).calls == 1
    row = call_of(organisation, notice)
    assert (row.state, row.attempts) == ("sent", 3)
    assert service.calls[0]["id"] == row.id


def test_a_call_is_given_up_in_sight(organisation: Organisation, service: PagerService) -> None:
    lost = tells(organisation, "Carol", "red_flag", urgent=True)
    service.moods = [400]
    sends(organisation, TestPost(), pager=pager_of(service))
    row = call_of(organisation, lost)
    assert (row.state, row.last_problem) == ("failed", "refused_400")
    late = tells(organisation, "Lee", "red_flag", urgent=True)
    service.moods = [503] * 20
    for _ in range(len(PAGER_WAITS) + 1):
        sends(organisation, TestPost(), pager=pager_of(service))
        organisation.now += timedelta(hours=1)
    row = call_of(organisation, late)
    assert (row.state, row.attempts) == ("failed", len(PAGER_WAITS) + 1)
    assert trail(organisation) == ["notice.not_paged"] * 2


def test_without_a_number_or_a_pager_nothing_rings_and_the_mail_goes(
    organisation: Organisation, service: PagerService
) -> None:
    with organisation.backend.writing() as uow:
        row = uow.session.get(Account, organisation.accounts["Carol"].id)
        assert row is not None
        row.phone = None
        uow.record(SETUP, organisation.now, "account.changed", chain="x", subject="x")
    silent = tells(organisation, "Carol", "red_flag", urgent=True)
    other = tells(organisation, "Lee", "red_flag", urgent=True)
    post = TestPost()
    sends(organisation, post, pager=None)
    assert {call_of(organisation, one).state for one in (silent, other)} == {"dropped"}
    again = tells(organisation, "Carol", "red_flag", urgent=True, cause="again")
    sends(organisation, post, pager=pager_of(service))
    assert (call_of(organisation, again).state, call_of(organisation, again).last_problem) == ("failed", "no_number")
    assert sorted(post.to) == ["carol", "carol", "lee"]

"""A notice is one worker's at a time, and anybody's again when that worker is gone: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.organisation import Organisation
from tests.support.posting import TestPost, outbox, tells, the
from trim.delivery.posting import LEASE, Sent
from trim.domain.telling import WAITS
from trim.usecases.delivery.send_due import send_due


def at(hour: int) -> datetime:
    """An hour of a Monday in London, in winter."""
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def test_a_worker_that_dies_holding_a_claim_is_followed_by_another(organisation: Organisation) -> None:
    organisation.now = at(10)
    one = tells(organisation, "Carol", "red_flag", urgent=True)

    class Killed(BaseException):
        pass

    def die(_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        send_due(organisation.backend, TestPost(before=die), now=organisation.now, worker="first")
    held = the(organisation, one)
    assert (held.state, held.claimed_by, held.attempts) == ("waiting", "first", 1)
    post = TestPost()
    assert send_due(organisation.backend, post, now=organisation.now, worker="second") == Sent()
    organisation.now += LEASE + timedelta(seconds=1)
    assert send_due(organisation.backend, post, now=organisation.now, worker="second") == Sent(mails=1, notices=1)
    assert post.mails[0].message_id == held.message_id


def test_a_mail_that_kills_every_worker_is_given_up(organisation: Organisation) -> None:
    organisation.now = at(10)
    poison = tells(organisation, "Carol", "red_flag", urgent=True)

    class Killed(BaseException):
        pass

    def die(_: object) -> None:
        raise Killed

    for _ in range(len(WAITS) + 1):
        with pytest.raises(Killed):
            send_due(organisation.backend, TestPost(before=die), now=organisation.now)
        organisation.now += LEASE + timedelta(seconds=1)
    assert send_due(organisation.backend, TestPost(), now=organisation.now) == Sent(failed=1)
    assert the(organisation, poison).failed_because == "gave_up"


def test_another_worker_finds_nothing_of_what_one_holds(organisation: Organisation) -> None:
    organisation.now = at(10)
    for who in ("Carol", "Lee", "Pat"):
        tells(organisation, who, "escalation")
    other = TestPost()
    seen: list[Sent] = []

    def meanwhile(_: object) -> None:
        # The other worker goes on with the rest while this one waits for its mail server.
        seen.append(send_due(organisation.backend, other, now=organisation.now, worker="other"))

    post = TestPost(before=meanwhile)
    sent = send_due(organisation.backend, post, now=organisation.now, worker="one")
    assert sorted(post.to + other.to) == ["carol", "lee", "pat"]
    assert sent.mails + sum(one.mails for one in seen) == 3
    assert {one.attempts for one in outbox(organisation)} == {1}

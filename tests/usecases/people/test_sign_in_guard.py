"""Guessing is slowed down, even when the guesses come all at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import lines
from trim.store import sign_in
from trim.store.tables import SignInGuard
from trim.usecases.people.sign_in_guard import (
    FORGET_AFTER,
    Attempt,
    attempt_accepted,
    attempt_failed,
    begin_attempt,
    clear,
    keep_code,
    last_code,
    unlock,
)


def begins(story: Story, address: str = "pat@example.org", source: str = "192.0.2.1") -> Attempt:
    made = story.organisation
    with made.backend.writing() as uow:
        return begin_attempt(uow, now=made.now, address=address, source=source)


def test_guesses_at_one_moment_cannot_all_slip_through(story: Story) -> None:
    with ThreadPoolExecutor(8) as pool:
        attempts = list(pool.map(lambda _: begins(story), range(20)))
    let_through = [one for one in attempts if one.locked_until is None]
    assert sorted(one.number for one in let_through) == [1, 2, 3, 4, 5]


def test_an_address_is_the_same_however_it_is_written(story: Story) -> None:
    for address in ("pat@example.org", "PAT@example.org ", "Pat@Example.Org", "pat@example.org", "pat@example.org"):
        begins(story, address)
    assert begins(story).locked_until is not None


def test_locks_grow_to_two_hours_and_no_further(story: Story) -> None:
    minutes = []
    for _round in range(6):
        for _number in range(5):
            attempt = begins(story)
        assert attempt.locks_until is not None
        minutes.append((attempt.locks_until - story.organisation.now) / timedelta(minutes=1))
        story.organisation.now = attempt.locks_until
    assert minutes == [15, 30, 60, 120, 120, 120]


def test_failures_of_yesterday_are_forgotten(story: Story) -> None:
    for _number in range(4):
        begins(story)
    story.organisation.now += FORGET_AFTER
    assert begins(story).number == 1


def test_counters_that_are_quiet_are_swept(story: Story) -> None:
    for number in range(10):
        begins(story, f"guess{number}@example.org")
    story.organisation.now += 2 * FORGET_AFTER + timedelta(minutes=1)
    begins(story, "another@example.org", "192.0.2.2")
    with story.organisation.backend.reading() as uow:
        assert len(list(uow.session.scalars(select(SignInGuard)))) == 2


def test_what_was_right_is_taken_back_or_forgotten(story: Story) -> None:
    made = story.organisation
    for _number in range(4):
        begins(story)
    attempt = begins(story)
    with made.backend.writing() as uow:
        attempt_accepted(uow, attempt, now=made.now)
    attempt = begins(story)
    assert attempt.number == 5, "the second step goes on from where the failures were"
    with made.backend.writing() as uow:
        clear(uow, attempt, now=made.now)
    assert begins(story).number == 1
    for _number in range(5):
        begins(story)
    with made.backend.writing() as uow:
        unlock(uow, now=made.now, address="pat@example.org")
    assert begins(story).number == 1


def test_a_locked_source_is_written_once_and_opens_again(story: Story) -> None:
    made = story.organisation
    for number in range(40):
        attempt = begins(story, f"guess{number}@example.org")
    assert attempt.locks_source
    with made.backend.writing() as uow:
        attempt_failed(uow, attempt, now=made.now, account_id=None, step="password")
    assert begins(story, "another@example.org").locked_until == made.now + timedelta(minutes=15)
    made.later(minutes=16)
    assert begins(story, "another@example.org").locked_until is None


@pytest.mark.parametrize("number", [1, 57_000_000, 2**40])
def test_the_last_code_is_remembered(story: Story, number: int) -> None:
    made = story.organisation
    with made.backend.writing() as uow:
        assert last_code(uow, now=made.now, address="pat@example.org") is None
        keep_code(uow, now=made.now, address="pat@example.org", number=number)
    with made.backend.writing() as uow:
        assert last_code(uow, now=made.now, address="pat@example.org") == number


def test_nothing_of_an_address_stands_in_clear(story: Story) -> None:
    begins(story)
    with story.organisation.backend.reading() as uow:
        rows = list(uow.session.scalars(select(SignInGuard)))
        assert len(rows) == 2
        assert all(len(row.address_digest) == 64 and "pat" not in row.address_digest for row in rows)
        assert not sign_in.has_ended(uow.session, "0" * 64)


@pytest.mark.parametrize("address", ["pat@example.org", "nobody@example.org"])
def test_guessing_for_a_day_cannot_drown_the_trail(story: Story, address: str) -> None:
    """An attempt every ten seconds: the trail keeps the first and the locks, not the eight thousand others."""
    made = story.organisation
    account = made.accounts["Pat"].id if address.startswith("pat") else None
    with made.backend.reading() as uow:
        before = len(lines(uow.session))
    tried = let_through = 0
    end = made.now + timedelta(hours=24)
    while made.now < end:
        tried += 1
        attempt = begins(story, address)
        if attempt.locked_until is None:
            let_through += 1
            with made.backend.writing() as uow:
                attempt_failed(uow, attempt, now=made.now, account_id=account, step="password")
        else:
            # Nothing is written while it is locked, however often somebody tries; the test need not wait for it.
            tried += (attempt.locked_until - made.now) // timedelta(seconds=10)
            made.now = attempt.locked_until
        made.later(seconds=10)
    with made.backend.reading() as uow:
        written = len(lines(uow.session)) - before
    assert tried > 8_000
    assert let_through <= 75
    assert written <= let_through / 5 + 1

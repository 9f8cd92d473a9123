"""SIGKILL anywhere in an erasure or a sweep: run again, it is whole, and nothing that is alive was lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from tests.support.organisation import make_organisation
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements
from trim.domain.access import system_actor
from trim.domain.errors import KeyDestroyed
from trim.store.tables import SupportCase, Tombstone
from trim.usecases.opening import open_backend
from trim.usecases.retention.erase_due import erase_due
from trim.usecases.retention.sweep_keys import Swept, TooManyOrphans, sweep_keys
from trim.usecases.unit_of_work import Backend
from trim.vault import erasure_log
from trim.vault.keystore import FileKeyStore

#: More points than an erasure has.
MOST = 200
BROOM = system_actor("keys")


def dies_at(open_one: Callable[[], Backend], work: Callable[[Backend], object], count: int) -> bool:
    """Do `work` in a child that kills itself before its point `count`: in either store or in the list."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        backend = open_one()
        seen = 0

        def count_down(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

        def counting(step):
            def counted(*given, **more):
                count_down()
                return step(*given, **more)

            return counted

        event.listen(backend.database.engine, "before_cursor_execute", count_down)
        event.listen(backend.database.engine, "commit", count_down)
        FileKeyStore.run = counting(FileKeyStore.run)
        erasure_log.append = counting(erasure_log.append)
        os.write, os.fsync = counting(os.write), counting(os.fsync)
        try:
            work(backend)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.large
def test_killed_at_any_point_of_an_erasure(organisation, tmp_path):
    made, database_urls = organisation, organisation.urls
    story = Story(made)
    kept = story.opens_case()
    person = made.add_person("Toni Grey")
    ref = story.plans(story.reports(exposed=(_exposed(person.id),)))
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    with made.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase).where(SupportCase.ref == ref)).one()
    made.later(days=70)
    erase_due(made.backend, now=made.now)
    made.later(days=31)
    made.backend.close()
    owner, stages = f"case:{case.id}", []

    def open_one() -> Backend:
        return open_backend(database_urls.url, tmp_path / "keys")

    def run(backend: Backend) -> None:
        erase_due(backend, now=made.now)

    count = tries = 0
    while True:
        count, tries = count + 1, tries + 1
        assert count < MOST
        killed = dies_at(open_one, run, count)
        backend = open_one()
        with backend.reading() as uow:
            assert broken_chains(uow.session) == []
            assert disagreements(uow.session) == []
            row = uow.session.get(SupportCase, case.id)
            stones = list(uow.session.scalars(select(Tombstone)))
        alive, listed = owner in backend.vault.owners(), bool(erasure_log.read(backend.erasures))
        # In this order and no other: rows away with a stone, the list, the key, the confirmation.
        stage = (row is None, listed, not alive, bool(stones and stones[0].key_destroyed_at))
        assert list(stage) == sorted(stage, reverse=True), stage
        assert (row is None) is bool(stones)
        if row is not None:
            assert backend.vault.unseal(owner, "support_case", case.id, row.sealed)
        if not stages or stages[-1] != stage:
            stages.append(stage)
            # What was kept is not done again: the next child is killed at its own first points.
            count = 0 if len(stages) > 1 else count
        backend.close()
        if not killed:
            break
    assert tries > 20
    assert stages[0] == (False, False, False, False)
    assert stages[-1] == (True, True, True, True)
    assert len(stages) >= 4
    backend = open_one()
    erase_due(backend, now=made.now)
    with pytest.raises(KeyDestroyed):
        backend.vault.unseal(owner, "support_case", case.id, case.sealed)
    with backend.reading() as uow:
        assert uow.session.scalars(select(SupportCase)).one().ref == kept
        assert len(list(uow.session.scalars(select(Tombstone)))) == 1
        assert broken_chains(uow.session) == []
    assert len(erasure_log.read(backend.erasures)) == 1
    backend.close()


def _exposed(person_id: str):
    from trim.domain.incident import ExposedPerson

    return ExposedPerson(exposure="direct", person_id=person_id)


def test_orphans_older_than_a_day_are_swept_and_nothing_else(organisation, tmp_path):
    made = organisation
    Story(made).opens_case()
    vault = made.backend.vault
    living = vault.owners()
    vault.create_key("case:orphan")
    # Keys bear the time of their own store, so the sweep is told that it is tomorrow.
    today = datetime.now(UTC)
    assert sweep_keys(made.backend, BROOM, now=today + timedelta(hours=23)) == Swept(0, 3)
    assert sweep_keys(made.backend, BROOM, now=today + timedelta(hours=25)) == Swept(1, 3)
    assert sweep_keys(made.backend, BROOM, now=today + timedelta(hours=25)) == Swept(0, 2)
    assert vault.owners() == living
    made.backend.close()


def test_a_row_that_was_there_once_is_not_for_the_broom(organisation, tmp_path):
    made = organisation
    with made.backend.writing() as uow:
        uow.new_key("case:gone")
        uow.record(BROOM, made.now, "case.opened", chain="case:gone", subject="case:gone")
    assert sweep_keys(made.backend, BROOM, now=datetime.now(UTC) + timedelta(days=9)).swept == 0
    made.backend.close()


def test_the_keys_of_another_database_are_not_swept(organisation, tmp_path):
    made = organisation
    for number in range(30):
        made.backend.vault.create_key(f"case:{number}")
    with pytest.raises(TooManyOrphans):
        sweep_keys(made.backend, BROOM, now=datetime.now(UTC) + timedelta(days=2))
    assert len(made.backend.vault.owners()) == 30
    made.backend.close()


def test_killed_at_any_point_of_a_sweep(sqlite_urls, tmp_path):
    made = make_organisation(sqlite_urls, tmp_path)
    Story(made).opens_case()
    living = made.backend.vault.owners()
    for number in range(3):
        made.backend.vault.create_key(f"case:orphan{number}")
    made.backend.close()
    tomorrow = datetime.now(UTC) + timedelta(days=2)

    def open_one() -> Backend:
        return open_backend(sqlite_urls.url, tmp_path / "keys")

    for count in range(1, MOST):
        if not dies_at(open_one, lambda backend: sweep_keys(backend, BROOM, now=tomorrow), count):
            break
        assert living <= open_one().vault.owners()
    assert count > 5
    backend = open_one()
    assert backend.vault.owners() == living
    with backend.reading() as uow:
        assert broken_chains(uow.session) == []
    backend.close()

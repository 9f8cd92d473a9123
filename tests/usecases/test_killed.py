"""SIGKILL between any two statements: afterwards state and trail agree, and nothing is half done (law 6)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, select

from tests.support.databases import DatabaseUrls
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements
from trim.store.tables import ActionRecord, Assessment, Escalation, Exposure, Incident, Step, SupportCase
from trim.usecases.opening import open_backend

#: More statements than any use case has: when the child outlives this count, it was allowed to finish.
MOST = 400


def dies_at(urls: DatabaseUrls, keys: Path, made: Organisation, work: Callable[[Story], object], count: int) -> bool:
    """Do `work` in a child that kills itself before statement `count`, commits counted; True when it was killed."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        backend = open_backend(urls.url, keys)
        seen = 0

        def count_down(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(backend.database.engine, "before_cursor_execute", count_down)
        event.listen(backend.database.engine, "commit", count_down)
        try:
            work(Story(Organisation(backend, made.now, made.units, made.people, made.accounts)))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def shape(urls: DatabaseUrls, keys: Path) -> dict[str, int]:
    """How many rows of each kind there are; raises when chains are broken or the trail tells another story."""
    backend = open_backend(urls.url, keys)
    with backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
        rows = {
            table.__tablename__: len(list(uow.session.scalars(select(table))))
            for table in (Incident, Exposure, SupportCase, Step, ActionRecord, Assessment, Escalation)
        }
        for case in uow.session.scalars(select(SupportCase)):
            uow.vault.unseal(f"case:{case.id}", "support_case", case.id, case.sealed)
    backend.close()
    return rows


def report_and_plan(story: Story) -> None:
    story.opens_case()


def high_interview(story: Story) -> None:
    with story.organisation.backend.reading() as uow:
        ref = uow.session.scalars(select(SupportCase)).one().ref
    story.interviews(ref, points=2)


@pytest.mark.large_on_postgresql
@pytest.mark.parametrize(
    "work",
    [
        pytest.param(report_and_plan, id="report-and-plan"),
        pytest.param(high_interview, id="high-interview", marks=pytest.mark.large),
    ],
)
def test_killed_between_any_two_statements(organisation, tmp_path, work):
    made, database_urls = organisation, organisation.urls
    keys = tmp_path / "keys"
    story = Story(made)
    if work is high_interview:
        story.supported_case()
        made.later(days=3)
    made.backend.close()
    before = shape(database_urls, keys)
    count = 0
    stages = [before]
    while True:
        count += 1
        assert count < MOST
        killed = dies_at(database_urls, keys, made, work, count)
        now = shape(database_urls, keys)
        if now != stages[-1]:
            stages.append(now)
        # A transaction that was kept moves the start of the next try: stop once all of it has happened.
        if not killed or len(stages) > 4:
            break
    assert count > 10, "the work was over before anything could be killed"
    assert len(stages) > 1, "nothing was ever kept"

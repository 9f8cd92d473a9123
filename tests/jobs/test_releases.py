"""Releases are made beside the worker, in a process of its own that may die: reminders never wait for one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.asking import asks, stands, the_request
from tests.support.databases import DatabaseUrls
from tests.support.eventually import eventually
from tests.support.kits import kit_of
from tests.support.organisation import Organisation, make_organisation
from tests.usecases.statistics.test_releasing import fill, stored
from trim.jobs import apart, releases
from trim.jobs.apart import Apart, ApartFailed
from trim.jobs.embedded import Embedded
from trim.jobs.tick import Ticked, do_often
from trim.settings import Settings
from trim.store.tables import Job
from trim.usecases.statistics.make_asked import take_up

pytestmark = pytest.mark.large_on_postgresql


#: A child at long work. No test waits for its end: each ends it, and it sleeps so that it takes no processor.
AT_WORK = "import time; time.sleep(600)"


@pytest.fixture
def asked(organisation: Organisation) -> tuple[Organisation, str]:
    fill(organisation, "2025-Q1", "2025-Q2")
    return organisation, asks(organisation)


def runs(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the place of `trim statistics make`."""
    monkeypatch.setattr(apart, "command", lambda _worker: [sys.executable, "-c", program])


def test_nothing_is_started_while_nothing_waits(organisation: Organisation) -> None:
    kit = kit_of(organisation)
    assert releases.have_made(organisation.backend, kit.apart, worker="one", now=organisation.now) == 0
    assert kit.apart.process is None


def test_one_process_at_a_time_and_ticks_go_on(
    asked: tuple[Organisation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _request = asked
    kit = kit_of(made)
    runs(monkeypatch, AT_WORK)
    try:
        assert do_often(kit, lambda: made.now).did == {"releases": 1}
        first = kit.apart.process
        assert do_often(kit, lambda: made.now).did == {}
        assert kit.apart.process is first
    finally:
        kit.apart.stop()
    assert first is not None
    assert first.returncode == -signal.SIGTERM


def test_one_that_died_is_noted_and_what_it_had_begun_waits_again(
    asked: tuple[Organisation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, request_id = asked
    kit = kit_of(made)
    runs(monkeypatch, "raise SystemExit(3)")
    assert do_often(kit, lambda: made.now, only="releases").did == {"releases": 1}
    assert take_up(made.backend, worker=kit.worker, now=made.now) is not None
    assert kit.apart.process is not None
    kit.apart.process.wait()
    assert do_often(kit, lambda: made.now, only="releases").failed == ("releases",)
    assert stands(made, request_id, "state", "claimed_by", "attempts") == ("asked", None, 1)
    with made.backend.reading() as uow:
        job = uow.session.scalars(select(Job).where(col(Job.name) == "releases")).one()
    assert (job.failures, job.problem) == (1, ApartFailed.__name__)


def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); " + AT_WORK
    monkeypatch.setattr(apart, "GRACE_SECONDS", 0.1)
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.read(1) == b"1"
    assert not Apart(process).stop()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def test_it_ends_with_its_worker_and_what_it_had_begun_waits_again(
    asked: tuple[Organisation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, request_id = asked
    runs(monkeypatch, AT_WORK)
    worker = Embedded(kit_of(made), lambda: made.now, seconds=0.01)

    def begun(ticked: Ticked) -> None:
        assert ticked.did["releases"] == 1
        assert take_up(made.backend, worker=worker.kit.worker, now=made.now) is not None
        worker.stop()

    worker.told = begun
    worker.run()
    assert not worker.kit.apart.is_running
    assert stands(made, request_id, "state", "claimed_by", "attempts") == ("asked", None, 0)


@pytest.fixture
def instance(sqlite_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> tuple[Organisation, str]:
    """An instance as commands find it, with a release that was asked for."""
    path = Path(sqlite_urls.url.removeprefix("sqlite:///"))
    monkeypatch.setenv("TRIM_INSTANCE", str(path.parent))
    monkeypatch.setenv("TRIM_DATABASE_URL", sqlite_urls.url)
    made = make_organisation(sqlite_urls, Settings.from_environment().keys_dir.parent)
    fill(made, "2025-Q1", "2025-Q2")
    return made, asks(made)


@pytest.mark.large
def test_the_real_program_makes_it_beside_a_worker_that_is_run_once(instance: tuple[Organisation, str]) -> None:
    made, request_id = instance
    worker = Embedded(kit_of(made), lambda: made.now, seconds=0.01)
    worker.run(once=True)
    assert worker.failed == ()
    assert stands(made, request_id, "state", "release_number") == ("published", 1)


@pytest.mark.large
def test_the_real_program_killed_at_work_leaves_it_to_the_next_one(instance: tuple[Organisation, str]) -> None:
    made, request_id = instance
    kit = kit_of(made)
    assert do_often(kit, lambda: made.now, only="releases").did == {"releases": 1}
    process = kit.apart.process
    assert process is not None
    eventually(lambda: the_request(made, request_id).state == "making", seconds=60)
    process.kill()
    process.wait()
    assert stored(made) == []
    assert do_often(kit, lambda: made.now, only="releases").failed == ("releases",)
    worker = Embedded(kit_of(made, "two"), lambda: made.now, seconds=0.01)
    worker.run(once=True)
    assert stands(made, request_id, "state", "attempts") == ("published", 2)
    assert len(stored(made)) == 1

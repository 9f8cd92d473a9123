"""`trim audit check`: the nightly verification, whose outcome pages show."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.support.story import Story
from trim.cli.main import main
from trim.usecases.opening import open_backend
from trim.usecases.oversight.check_trail import LastCheck, last_check


@pytest.fixture
def instance(organisation, tmp_path, monkeypatch):
    Story(organisation).supported_case()
    organisation.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRIM_DATABASE_URL", organisation.urls.url)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def last(instance, organisation) -> LastCheck | None:
    backend = open_backend(organisation.urls.url, instance / "keys")
    with backend.reading() as uow:
        found = last_check(uow)
    backend.close()
    return found


def test_a_whole_trail_is_written_down_with_its_checkpoint(instance, organisation):
    assert last(instance, organisation) is None
    run("checkpoint")
    run("checkpoint")
    done = run("check")
    assert done.exit_code == 0, done.output
    assert done.output.endswith("The trail is whole.\n")
    found = last(instance, organisation)
    assert found.is_whole
    assert (found.checkpoint, found.places) == (2, 0)
    assert found.vouched_at is not None
    assert not list(instance.glob(".check-*")), "the copy is removed"


def test_a_fault_is_written_down_and_ends_with_status_1(instance, organisation):
    run("checkpoint")
    (instance / "anchors" / "checkpoint-000001.txt").write_text("of another history")
    done = run("check", "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["whole"] is False
    found = last(instance, organisation)
    assert not found.is_whole
    assert found.places == 1


def test_without_a_checkpoint_nothing_is_vouched_for(instance, organisation):
    assert run("check").exit_code == 0
    found = last(instance, organisation)
    assert (found.checkpoint, found.vouched_at) == (0, None)


def test_the_witness_is_heard_too(instance, organisation, monkeypatch):
    run("checkpoint")
    seen = instance / "witness.log"
    seen.write_text(f"2026-11-21T03:00:00.000000+00:00\torganisation\t9999\t{'a' * 64}\n")
    monkeypatch.setenv("TRIM_WITNESS", str(seen))
    before = seen.read_text()
    done = run("check")
    assert done.exit_code == 1, done.output
    assert seen.read_text().startswith(before)

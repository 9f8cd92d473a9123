"""`trim keys`: state, change, escrow and recovery, as people type them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.support.databases import copy_of_sqlite
from tests.support.organisation import make_organisation
from tests.support.story import Story
from trim.cli.main import main
from trim.store.tables import SupportCase, TrailEntry
from trim.usecases.opening import open_backend


@pytest.fixture
def instance(sqlite_template, tmp_path, monkeypatch) -> Path:
    """An instance with one case."""
    folder = tmp_path / "instance"
    made = make_organisation(copy_of_sqlite(sqlite_template, folder), folder)
    Story(made).opens_case()
    made.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(folder))
    return folder


def run(*words: str, typed: str = "", fails: bool = False) -> str:
    result = CliRunner().invoke(main, words, input=typed)
    assert bool(result.exit_code) is fails, result.output
    return result.output


def case_opens(instance: Path) -> bool:
    backend = open_backend(f"sqlite:///{instance / 'trim.sqlite3'}", instance / "keys")
    with backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        return bool(uow.vault.unseal(f"case:{case.id}", "support_case", case.id, case.sealed))


def test_rotate_says_so_in_the_trail_and_content_opens(instance):
    before = json.loads(run("keys", "state", "--json"))
    assert (before["keys"], before["to_rewrap"], before["escrow"]) == (2, 0, False)
    done = json.loads(run("keys", "rotate", "--json"))
    assert done["rewrapped"] == 2
    assert done["master"] != before["master"]
    assert case_opens(instance)
    backend = open_backend(f"sqlite:///{instance / 'trim.sqlite3'}", instance / "keys")
    with backend.reading() as uow:
        [entry] = uow.session.scalars(select(TrailEntry).where(TrailEntry.what == "keys.rotated"))
    assert json.loads(entry.text)["codes"] == done
    for path in (instance / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path.name


def shares_of(text: str) -> list[str]:
    found = [line for line in text.splitlines() if len(line.split()) == 33]
    assert all(re.fullmatch(r"[a-z ]+", line) for line in found)
    return found


def test_a_lost_master_key_comes_back_from_enough_shares_even_after_a_change(instance):
    assert "final" in run("keys", "state")
    run("worker", "--once")  # what waits to leave is a fault that the doctor finds
    assert "lost for good" in run("doctor", fails=False)
    shares = shares_of(run("keys", "escrow", "--holders", "5", "--needed", "3"))
    assert len(shares) == 5
    assert "had back" in run("doctor")
    run("keys", "rotate")
    for name in ("master.key", "index.key"):
        (instance / "keys" / name).unlink()
    assert "not open" in run("keys", "recover", typed="\n".join(shares[:2]) + "\n\n", fails=True)
    assert "Put back: master.key, index.key" in run("keys", "recover", typed="\n".join(shares[1:4]) + "\n\n")
    assert case_opens(instance)
    assert "nothing was changed" in run("keys", "recover", typed="\n".join(shares[:3]) + "\n\n")


def test_shares_of_an_earlier_escrow_open_nothing(instance):
    old = shares_of(run("keys", "escrow", "--holders", "2", "--needed", "2"))
    run("keys", "escrow", "--holders", "2", "--needed", "2")
    assert "do not open" in run("keys", "recover", typed="\n".join(old) + "\n\n", fails=True)


def test_a_change_that_was_broken_off_is_recovered_and_finished(instance):
    shares = shares_of(run("keys", "escrow", "--holders", "2", "--needed", "2"))
    backend = open_backend(f"sqlite:///{instance / 'trim.sqlite3'}", instance / "keys")
    ring = backend.vault.ring
    master = ring.masters.prepare()
    ring.store.make_current(master)
    [first, _] = ring.store.wrapped_by_others(master, 9)
    ring.store.swap(first, ring.masters.rewrap(first, master))
    backend.close()
    for name in ("master.key", "master.next"):
        (instance / "keys" / name).unlink()
    assert "broken off" in run("keys", "recover", typed="\n".join(shares) + "\n\n")
    assert json.loads(run("keys", "rotate", "--json")) == {"master": master, "rewrapped": 1}
    assert case_opens(instance)


def test_more_needed_than_there_are(instance):
    assert "at most" in run("keys", "escrow", "--holders", "2", "--needed", "3", fails=True)


def test_without_keys_one_clear_line(instance):
    (instance / "keys" / "master.key").unlink()
    assert "trim keys recover" in run("keys", "rotate", fails=True)


def test_check_opens_everything_and_names_what_does_not(instance):
    assert "All content opens" in run("keys", "check")
    (instance / "keys" / "master.key").write_bytes(bytes(32))
    found = json.loads(run("keys", "check", "--json", fails=True))
    assert {one["problem"] for one in found} == {"damaged"}

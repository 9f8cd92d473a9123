"""`trim backup`, `trim restore`, `trim retention` and an instance whose wrapped keys lie in a database of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.support.databases import copy_of_sqlite, new_postgresql
from tests.support.organisation import make_organisation
from tests.support.story import Story
from trim.cli.main import main
from trim.settings import Settings
from trim.store.tables import SupportCase
from trim.usecases.opening import open_instance
from trim.vault import erasure_log


@pytest.fixture
def instance(sqlite_template, tmp_path, monkeypatch) -> Path:
    """An instance whose one case was declined long ago."""
    folder = tmp_path / "instance"
    made = make_organisation(copy_of_sqlite(sqlite_template, folder), folder)
    story = Story(made)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    made.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(folder))
    return folder


def run(*words: object, fails: bool = False) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert bool(result.exit_code) is fails, result.output
    return result.output


def opens() -> bool:
    backend = open_instance(Settings.from_environment())
    with backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        found = uow.vault.unseal(f"case:{case.id}", "support_case", case.id, case.sealed)
    backend.close()
    return bool(found)


def test_backup_and_restore_as_people_type_them(instance, tmp_path, monkeypatch):
    assert "Both lie in one folder" in run("backup", tmp_path / "b")
    shown = run("backup", tmp_path / "b", "--keys", tmp_path / "k")
    assert str(tmp_path / "k") in shown
    assert "--force" in run("restore", tmp_path / "b", "--keys", tmp_path / "k", fails=True)
    assert "no backup" in run("restore", tmp_path, fails=True)
    monkeypatch.setenv("TRIM_INSTANCE", str(tmp_path / "new"))
    done = json.loads(run("restore", tmp_path / "b", "--keys", tmp_path / "k", "--json"))
    assert (done["replayed"], done["older"]) == (0, False)
    assert opens()


def test_retention_as_people_type_it(instance):
    assert "P3M" in run("retention", "rules")
    run("retention", "set", "declined", "P1D")
    run("retention", "set", "warning", "PT0S", fails=False)
    assert "14 days" in run("retention", "links", "14")
    assert "never" in run("retention", "set", "supported", "never")
    rules = {one["name"]: one["keep"] for one in json.loads(run("retention", "rules", "--json"))["rules"]}
    assert (rules["declined"], rules["supported"]) == ("P1D", None)
    assert "no rule" in run("retention", "set", "nothing", "P1D", fails=True)
    assert "P90D" in run("retention", "set", "declined", "soon", fails=True)
    # March 2026 is long past by the clock on the wall; announced first, then erased.
    assert json.loads(run("retention", "run", "--json")) == {"warned": 1, "erased": 0, "keys_destroyed": 0}
    assert json.loads(run("retention", "run", "--json")) == {"warned": 0, "erased": 1, "keys_destroyed": 1}
    assert "0 announced, 0 erased" in run("retention", "run")
    assert len(erasure_log.read(instance / "erasures.log")) == 1


@pytest.mark.care(19)
def test_files_put_back_by_hand_are_erased_again_before_serving(instance):
    from trim.cli.serve import replay_erasures_of

    backend = open_instance(Settings.from_environment())
    with backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
    backend.close()
    copies = {path: path.read_bytes() for path in (*instance.glob("trim.sqlite3"), *instance.glob("keys/keyring*"))}
    run("retention", "set", "warning", "PT0S")
    run("retention", "run")
    run("retention", "run")
    for path in (*instance.glob("trim.sqlite3*"), *instance.glob("keys/keyring*")):
        path.unlink()
    for path, content in copies.items():
        path.write_bytes(content)
    settings = Settings.from_environment()
    replay_erasures_of(settings)
    backend = open_instance(settings)
    with backend.reading() as uow:
        assert uow.session.get(SupportCase, case.id) is None
    assert f"case:{case.id}" not in backend.vault.owners()
    backend.close()


@pytest.mark.postgresql
def test_wrapped_keys_move_to_a_database_of_their_own_by_backup_and_restore(
    instance, tmp_path, monkeypatch, postgresql_server
):
    run("worker", "--once")  # what waits to leave is a fault that the doctor finds
    run("backup", tmp_path / "b")
    with new_postgresql(postgresql_server, "keys") as urls:
        monkeypatch.setenv("TRIM_INSTANCE", str(tmp_path / "new"))
        monkeypatch.setenv("TRIM_KEYS_DATABASE_URL", urls.owner_url)
        run("restore", tmp_path / "b")
        assert opens()
        assert not (tmp_path / "new" / "keys" / "keyring.sqlite3").exists()
        assert json.loads(run("keys", "rotate", "--json"))["rewrapped"] == 2
        assert opens()
        found = {one["name"]: one for one in json.loads(run("doctor", "--json"))}
        assert found["Keys"]["ok"]
        assert found["Key ring"]["ok"], found["Key ring"]

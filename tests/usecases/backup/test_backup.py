"""Backup and restore: into an empty place, and on it goes; what was erased stays erased; an older copy is noticed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support import postgresql
from tests.support.databases import new_postgresql
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements, lines
from trim.audit.anchors import write_anchor
from trim.audit.checkpoint import signing_key
from trim.domain.access import system_actor
from trim.domain.errors import Forbidden
from trim.settings import Settings
from trim.store.dump import ProgramMissing
from trim.store.tables import SupportCase, Tombstone
from trim.usecases.backup import archive
from trim.usecases.backup.archive import BackupDamaged
from trim.usecases.backup.put_back import OtherDatabase, SomethingThere, put_back
from trim.usecases.backup.take import take_backup
from trim.usecases.opening import open_instance
from trim.usecases.oversight.seal_trail import seal_trail
from trim.usecases.retention.erase_due import erase_due

NIGHT = system_actor("backup")


@pytest.fixture(autouse=True)
def _programs(monkeypatch, tmp_path_factory, database_kind):
    """pg_dump and pg_restore of the very server that the tests run, where it is the one of the wheel."""
    if database_kind == "postgresql" and not os.environ.get("TRIM_TEST_POSTGRESQL"):
        folder = postgresql._programs(tmp_path_factory.mktemp("programs"))
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def made(organisation):
    return organisation


@pytest.fixture
def settings(made, tmp_path):
    database_urls = made.urls
    return Settings.from_environment(
        {
            "TRIM_INSTANCE": str(tmp_path),
            "TRIM_DATABASE_URL": database_urls.url,
            "TRIM_DATABASE_OWNER_URL": database_urls.owner_url,
            "TRIM_ANCHORS": str(tmp_path / "anchors"),
            "TRIM_ERASURES": str(tmp_path / "erasures.log"),
        }
    )


@contextmanager
def empty_place(settings: Settings, request, folder: Path, **more: str):
    """Settings of a new machine: another folder, another empty database, the same list of erasures and anchors."""
    environment = {
        "TRIM_INSTANCE": str(folder),
        "TRIM_ANCHORS": str(settings.anchors),
        "TRIM_ERASURES": str(settings.erasures),
        **more,
    }
    if settings.database_url.startswith("sqlite"):
        yield Settings.from_environment(environment)
        return
    with new_postgresql(request.getfixturevalue("postgresql_server"), "restored") as urls:
        names = {"TRIM_DATABASE_URL": urls.url, "TRIM_DATABASE_OWNER_URL": urls.owner_url}
        yield Settings.from_environment({**environment, **names})


def take(made: Organisation, settings: Settings, folder: Path, keys: Path | None = None):
    return take_backup(made.backend, NIGHT, now=made.now, settings=settings, folder=folder, keys_folder=keys or folder)


def restored(made: Organisation, place: Settings, folder: Path, keys: Path | None = None, **more):
    return put_back(NIGHT, now=made.now, settings=place, folder=folder, keys_folder=keys or folder, **more)


def on(made: Organisation, place: Settings) -> Organisation:
    return Organisation(open_instance(place), made.now, made.units, made.people, made.accounts)


def test_into_an_empty_place_and_on_it_goes(made, settings, tmp_path, request):
    story = Story(made)
    ref = story.supported_case()
    made.later(days=3)
    story.interviews(ref, points=1)
    backup, keys = tmp_path / "backup", tmp_path / "safe"
    manifest = take(made, settings, backup, keys)
    assert {path.name for path in keys.iterdir()} == {manifest.file("keys")}
    for path in (*backup.iterdir(), *keys.iterdir()):
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    with empty_place(settings, request, tmp_path / "new") as place:
        done = restored(made, place, backup, keys)
        assert (done.replayed, done.is_older) == (0, False)
        there = on(made, place)
        with there.backend.reading() as uow:
            assert broken_chains(uow.session) == []
            assert disagreements(uow.session) == []
            whats = [line["what"] for line in lines(uow.session, "organisation")]
        assert whats[-2:] == ["backup.made", "backup.restored"]
        there.later(days=28)
        again = Story(there)
        again.interviews(ref, "record_follow_up", points=0)
        assert again.state(ref) == "to_close"
        assert again.state(again.reports(), "incident") == "reported"
        there.backend.close()


@pytest.mark.care(19)
def test_what_was_erased_after_the_backup_is_erased_again_before_anything_is_served(made, settings, tmp_path, request):
    story = Story(made)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    take(made, settings, tmp_path / "backup")
    for days in (70, 31):
        made.later(days=days)
        erase_due(made.backend, now=made.now)
    with empty_place(settings, request, tmp_path / "new") as place:
        assert restored(made, place, tmp_path / "backup").replayed == 1
        there = on(made, place)
        with there.backend.reading() as uow:
            assert list(uow.session.scalars(select(SupportCase))) == []
            [stone] = uow.session.scalars(select(Tombstone))
            assert (stone.ref, stone.rule) == (ref, "declined")
            assert stone.key_destroyed_at
            assert broken_chains(uow.session) == []
        assert stone.key_owner not in there.backend.vault.owners()
        there.backend.close()


def test_an_older_backup_is_noticed_against_the_anchors(made, settings, tmp_path, request):
    key = signing_key(settings.checkpoint_key_file, create=True)
    with made.backend.writing() as uow:
        write_anchor(settings.anchors_dir, seal_trail(uow, NIGHT, now=made.now, key=key))
    take(made, settings, tmp_path / "backup")
    Story(made).opens_case()
    with made.backend.writing() as uow:
        write_anchor(settings.anchors_dir, seal_trail(uow, NIGHT, now=made.now, key=key))
    with empty_place(settings, request, tmp_path / "new") as place:
        done = restored(made, place, tmp_path / "backup")
        assert (done.checkpoint, done.newest_anchor, done.is_older) == (1, 2, True)
        there = on(made, place)
        with there.backend.reading() as uow:
            line = lines(uow.session, "organisation")[-1]
        assert (line["what"], line["codes"]["checkpoint"], line["codes"]["newest_anchor"]) == ("backup.restored", 1, 2)
        there.backend.close()


def test_nothing_is_overwritten_unless_forced(made, settings, tmp_path):
    ref = Story(made).opens_case()
    take(made, settings, tmp_path / "backup")
    with pytest.raises(SomethingThere, match=r"master\.key"):
        restored(made, settings, tmp_path / "backup")
    later = Story(made).reports()
    made.backend.close()
    restored(made, settings, tmp_path / "backup", force=True)
    there = on(made, settings)
    assert Story(there).state(ref) == "offer_to_make"
    with there.backend.reading() as uow:
        assert later not in str(lines(uow.session))
        assert broken_chains(uow.session) == []
    there.backend.close()


def test_a_damaged_or_missing_part_changes_nothing(made, settings, tmp_path, request):
    backup = tmp_path / "backup"
    with pytest.raises(BackupDamaged, match="no backup"):
        restored(made, settings, tmp_path / "nowhere")
    manifest = take(made, settings, backup)
    with empty_place(settings, request, tmp_path / "new") as place:
        for part in (archive.DATABASE, archive.KEYS, archive.ERASURES):
            path = backup / manifest.file(part)
            whole = path.read_bytes()
            path.write_bytes(whole[:-1] + b"?" if whole else b"?")
            with pytest.raises(BackupDamaged, match="damaged"):
                restored(made, place, backup)
            path.unlink()
            with pytest.raises(BackupDamaged, match="missing"):
                restored(made, place, backup)
            path.write_bytes(whole)
        assert not list((tmp_path / "new").glob("keys/*"))
        restored(made, place, backup)


def test_the_newest_backup_is_taken_and_a_practitioner_may_not(made, settings, tmp_path):
    first = take(made, settings, tmp_path / "backup")
    made.now += timedelta(hours=1)
    second = take(made, settings, tmp_path / "backup")
    assert archive.newest(tmp_path / "backup").stamp == second.stamp > first.stamp
    with pytest.raises(Forbidden):
        take_backup(
            made.backend, made.actor("Adam"), now=made.now, settings=settings, folder=tmp_path, keys_folder=tmp_path
        )


def test_the_other_kind_of_database_and_missing_programs_are_said_plainly(made, settings, tmp_path, monkeypatch):
    take(made, settings, tmp_path / "backup")
    other = "postgresql://nobody@localhost/x" if settings.database_url.startswith("sqlite") else ""
    place = Settings.from_environment({"TRIM_INSTANCE": str(tmp_path / "new"), "TRIM_DATABASE_URL": other})
    with pytest.raises(OtherDatabase):
        restored(made, place, tmp_path / "backup")
    if not other:
        monkeypatch.setenv("PATH", str(tmp_path))
        made.later(hours=1)
        with pytest.raises(ProgramMissing, match="postgresql-client"):
            take(made, settings, tmp_path / "backup")

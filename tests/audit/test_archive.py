"""Sealed years go to an archive that checks by itself; what remains is whole and says from when."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from tests.support.organisation import make_organisation
from tests.support.story import Story
from trim.audit import trail
from trim.audit.archive import ArchiveUnfit, archived_chains, read_archive, remove_archived
from trim.audit.checkpoint import public_pem, signing_key
from trim.audit.export import export_trail
from trim.audit.verify import verify
from trim.cli.main import main
from trim.domain.access import system_actor
from trim.domain.errors import Forbidden
from trim.store.append_only import SQLITE_UP, lifted
from trim.store.tables import TrailCheckpoint, TrailEntry, TrailSubject
from trim.usecases.opening import open_backend
from trim.usecases.oversight.archive_trail import NothingSealed, note_archiving, prune_trail, write_archive
from trim.usecases.oversight.seal_trail import seal_trail

SWEEP = system_actor("audit")
MARCH_2024 = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


class Years:
    """An organisation whose trail spans two sealed years and a third that runs."""

    def __init__(self, urls, folder):
        self.urls, self.folder = urls, folder
        self.organisation = make_organisation(urls, folder, now=MARCH_2024)
        self.story = Story(self.organisation)
        self.key = signing_key(folder / "keys" / "checkpoint.key", create=True)
        self.public = folder / "trail.pub"
        self.public.write_bytes(public_pem(self.key))
        self.first = self.story.supported_case()
        self.listed()
        self.seal()
        self.go_to(2025)
        self.story.interviews(self.first)
        self.story.reports()
        self.seal()
        self.go_to(2026)
        self.story.does("Pat", "raise_red_flag", self.first, level="today")

    def go_to(self, year):
        self.organisation.now = self.organisation.now.replace(year=year)

    def listed(self):
        """Somebody looks at a list that names two cases."""
        carol = self.organisation.actor("Carol")
        chain = trail.account_chain(carol.account_id)
        with self.organisation.backend.writing() as uow:
            uow.record(
                carol, self.organisation.now, "list.read", chain=chain, subject="board", also=("case:1", "case:2")
            )

    def seal(self):
        with self.organisation.backend.writing() as uow:
            seal_trail(uow, SWEEP, now=self.organisation.now, key=self.key)

    def archive(self, year, name="archive.txt"):
        path = self.folder / name
        with self.organisation.backend.writing() as uow:
            note_archiving(uow, SWEEP, now=NOW, before_year=year)
        with self.organisation.backend.reading() as uow, path.open("wb") as out:
            write_archive(uow, out, now=NOW, before_year=year)
        return path

    def as_owner(self):
        return open_backend(self.urls.owner_url, self.folder / "keys")

    def prune(self, year, path):
        owner = self.as_owner()
        try:
            with owner.writing() as uow:
                checked = read_archive(path, self.public)
                return prune_trail(uow, SWEEP, now=NOW, before_year=year, archive=checked)
        finally:
            owner.close()

    def verify(self, **more):
        path = self.folder / "whole.txt"
        with self.organisation.backend.reading() as uow, path.open("wb") as out:
            export_trail(uow.session, out)
        return verify(path, self.public, columns=True, **more)

    def count(self, table=TrailEntry):
        with self.organisation.backend.reading() as uow:
            return uow.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def years(database_urls, tmp_path):
    made = Years(database_urls, tmp_path)
    yield made
    made.organisation.backend.close()


def test_an_archive_checks_by_itself(years):
    path = years.archive(2026)
    report = verify(path, years.public, columns=True)
    assert report.is_whole, report.lines()
    assert (report.archive, report.checkpoints, report.uncovered) == (2, 2, 0)
    assert any("This is an archive" in line for line in report.lines())
    assert 0 < report.entries < years.count()
    older = verify(years.archive(2025, "older.txt"), years.public)
    assert older.is_whole
    assert older.entries < report.entries


def test_pruned_years_are_gone_and_the_rest_is_whole_and_says_from_when(years):
    path = years.archive(2026)
    before, archived = years.count(), verify(path, years.public).entries
    assert years.prune(2026, path) == archived
    assert years.count() == before - archived + 1
    report = years.verify()
    assert report.is_whole, report.lines()
    assert report.pruned
    assert any("chains were pruned of entries sealed by 2025-03-04" in line for line in report.lines())
    with years.organisation.backend.reading() as uow:
        first = json.loads(
            uow.session.scalars(select(TrailEntry.text).where(col(TrailEntry.what) == "trail.pruned")).one()
        )
        case_chain = next(chain for chain in report.pruned if chain.startswith("case:"))
        numbers = uow.session.scalars(select(TrailEntry.number).where(col(TrailEntry.chain) == case_chain)).all()
    assert first["codes"]["before"] == 2026
    assert first["codes"]["entries"] == archived
    assert min(numbers) == report.pruned[case_chain]
    # The organisation works on: new entries follow from the head, a later checkpoint covers them.
    years.story.interviews(years.first, "record_follow_up")
    years.seal()
    assert years.verify().is_whole


def test_years_leave_one_after_the_other(years):
    first = years.archive(2025, "2024.txt")
    assert years.prune(2025, first) > 0
    second = years.archive(2026, "2025.txt")
    assert verify(second, years.public).is_whole
    assert years.prune(2026, second) > 0
    assert years.verify().is_whole
    assert years.prune(2026, second) == 0


def test_what_lists_named_goes_with_its_entries(years):
    assert years.count(TrailSubject) > 0
    years.prune(2026, years.archive(2026))
    assert years.count(TrailSubject) == 0


def test_the_triggers_stand_again(years):
    years.prune(2026, years.archive(2026))
    with pytest.raises(DBAPIError, match="append-only"):
        owner = years.as_owner()
        try:
            with owner.database.writing() as session:
                session.execute(delete(TrailEntry), execution_options={"synchronize_session": False})
        finally:
            owner.close()
    if years.urls.is_sqlite:
        with years.organisation.backend.reading() as uow:
            rows = uow.session.connection().exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            assert set(SQLITE_UP) <= {row[0] for row in rows}


def broken(path, years):
    path.write_bytes(path.read_bytes().replace(b"case.make_offer", b"case.make_0ffer", 1))


def whole_trail(path, years):
    with years.organisation.backend.reading() as uow, path.open("wb") as out:
        export_trail(uow.session, out)


def cut(path, years):
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize("spoil", [broken, whole_trail, cut], ids=lambda one: one.__name__)
def test_an_unfit_archive_removes_nothing(years, spoil):
    path = years.archive(2026)
    spoil(path, years)
    before = years.count()
    with pytest.raises(ArchiveUnfit, match="Nothing was removed"):
        years.prune(2026, path)
    assert years.count() == before


def test_an_archive_that_begins_too_late_removes_nothing(years):
    """After a restore the database again holds years that this archive does not."""
    first = years.archive(2025, "2024.txt")
    years.prune(2025, first)
    second = read_archive(years.archive(2026, "2025.txt"), years.public)
    chain = next(one for one in archived_chains(first) if one.name.startswith("case:"))
    owner = years.as_owner()
    with pytest.raises(ArchiveUnfit, match="begins after entry"), owner.database.writing() as session:
        session.add(
            TrailEntry(
                chain=chain.name, number=1, text="{}", hash=chain.hashes[0], at=NOW, actor_id="a", what="case.read"
            )
        )
        session.flush()
        remove_archived(session, second)
    owner.close()


def test_an_entry_that_differs_from_the_archive_stops_the_pruning(years):
    path = years.archive(2026)
    owner = years.as_owner()
    with owner.database.writing() as session, lifted(session.connection()):
        connection = session.connection()
        if years.urls.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER trail_entry_no_update")
        connection.exec_driver_sql("UPDATE trail_entry SET text = text || ' ' WHERE what = 'case.make_offer'")
        if years.urls.is_sqlite:
            connection.exec_driver_sql(next(one for one in SQLITE_UP if "trail_entry_no_update" in one))
    owner.close()
    with pytest.raises(ArchiveUnfit, match="is not the one in the archive"):
        years.prune(2026, path)


def test_an_archive_of_another_trail_removes_nothing(years):
    checked = read_archive(years.archive(2026), years.public)
    owner = years.as_owner()
    with owner.database.reading() as session:
        assert session.get(TrailCheckpoint, 2) is not None
    with pytest.raises(ArchiveUnfit, match="another trail"), owner.database.writing() as session:
        remove_archived(session, replace(checked, checkpoint=9))
    with pytest.raises(ArchiveUnfit, match="changed meanwhile"), owner.database.writing() as session:
        remove_archived(session, replace(checked, sha256="0" * 64))
    owner.close()


def test_only_whole_sealed_years_leave(years):
    path = years.archive(2026)
    with pytest.raises(ArchiveUnfit, match="goes on to 2025-03-04"):
        years.prune(2025, path)
    with years.organisation.backend.writing() as uow:
        with pytest.raises(NothingSealed, match="is not over"):
            note_archiving(uow, SWEEP, now=NOW, before_year=2027)
        with pytest.raises(NothingSealed, match="No checkpoint was made before 2024"):
            note_archiving(uow, SWEEP, now=NOW, before_year=2024)
        carol = years.organisation.actor("Carol")
        with pytest.raises(Forbidden):
            note_archiving(uow, carol, now=NOW, before_year=2026)
        with pytest.raises(Forbidden):
            prune_trail(uow, carol, now=NOW, before_year=2026, archive=read_archive(path, years.public))


def test_entries_removed_without_a_word_are_found(years):
    """The owner can lift the triggers; then the trail itself lacks the line that says so."""
    checked = read_archive(years.archive(2026), years.public)
    owner = years.as_owner()
    with owner.database.writing() as session:
        remove_archived(session, checked)
    owner.close()
    assert {one.kind for one in years.verify().findings} == {"pruned_unsaid"}


def test_killed_at_any_statement_nothing_or_everything_is_removed(years):
    path = years.archive(2026)
    checked = read_archive(path, years.public)
    before = years.count()
    years.organisation.backend.close()
    count = kills = 0
    while True:
        count += 1
        if not dies_at(years, checked, count):
            break
        kills += 1
        assert years.count() == before
        if count % 9 == 1:
            assert years.verify().is_whole
        years.organisation.backend.close()
    assert kills > 10
    assert years.count() < before
    assert years.verify().is_whole


def dies_at(years, checked, count):
    """Prune in a child that kills itself before its statement number `count`, the commit counted."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        backend = years.as_owner()
        seen = 0

        def count_down(*_):
            nonlocal seen
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(backend.database.engine, "before_cursor_execute", count_down)
        event.listen(backend.database.engine, "commit", count_down)
        try:
            with backend.writing() as uow:
                prune_trail(uow, SWEEP, now=NOW, before_year=2026, archive=checked)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_the_commands(years, monkeypatch):
    years.organisation.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(years.folder))
    monkeypatch.setenv("TRIM_DATABASE_URL", years.urls.url)

    def run(*arguments):
        return CliRunner().invoke(main, ["audit", *map(str, arguments)])

    file = years.folder / "out.txt"
    done = run("archive", "--before", 2026, file)
    assert done.exit_code == 0, done.output
    assert "up to checkpoint 2" in done.output
    assert "is there already" in run("archive", "--before", 2026, file).output
    assert "No checkpoint was made before 2020" in run("archive", "--before", 2020, years.folder / "no.txt").output
    if not years.urls.is_sqlite:
        refused = run("prune", "--before", 2026, "--archive", file)
        assert refused.exit_code == 1
        assert "TRIM_DATABASE_OWNER_URL" in refused.output
    monkeypatch.setenv("TRIM_DATABASE_OWNER_URL", years.urls.owner_url)
    wrong = run("prune", "--before", 2026, "--archive", file, "--public-key", file)
    assert "could not be checked" in wrong.output
    done = run("prune", "--before", 2026, "--archive", file)
    assert done.exit_code == 0, done.output
    assert "entries removed" in done.output
    assert run("checkpoint").exit_code == 0
    assert years.verify().is_whole
    broken(file, years)
    assert "is broken" in run("prune", "--before", 2026, "--archive", file).output

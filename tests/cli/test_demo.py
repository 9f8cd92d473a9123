"""`trim demo`: two years of an invented organisation, every state in it, and nothing that no use case did."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import Context
from sqlalchemy import select

from tests.page_client import PageClient
from tests.support import demonstration, trail
from tests.support.databases import DatabaseUrls, copy_of_sqlite
from tests.support.importing import instance_in
from tests.support.organisation import SETUP, trim_pack
from trim.app import create_app
from trim.cli import demo as command
from trim.cli.main import main
from trim.demonstration import build as building
from trim.domain.access import Role
from trim.domain.errors import Forbidden
from trim.resources import examples_dir
from trim.settings import Settings
from trim.store import accounts
from trim.store.tables import (
    Account,
    ActionRecord,
    Assessment,
    AssessmentDraft,
    CaseIncident,
    ConflictAnswer,
    Escalation,
    Exclusion,
    Exposure,
    Incident,
    Person,
    PlanningMeeting,
    Referral,
    Step,
    SupportCase,
    Training,
    Unit,
)
from trim.usecases.opening import open_backend
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.people.find_or_add import add_person
from trim.usecases.unit_of_work import Backend, UnitOfWork


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return demonstration.smallest(base if worker_id == "master" else base.parent)


@pytest.fixture
def uow(folder: Path) -> Iterator[UnitOfWork]:
    with demonstration.opened(folder) as backend, backend.reading() as uow:
        yield uow


def rows(uow: UnitOfWork, table: Any) -> list[Any]:
    return list(uow.session.scalars(select(table)))


def lines(uow: UnitOfWork, what: str) -> list[dict[str, Any]]:
    return [line for line in trail.lines(uow.session) if line["what"] == what]


class TestStory:
    """What a visitor finds."""

    @pytest.mark.parametrize(
        ("kind", "table"),
        [("case", SupportCase), ("incident", Incident), ("escalation", Escalation), ("referral", Referral)],
    )
    def test_every_state_stands_somewhere(self, uow: UnitOfWork, kind: str, table: Any) -> None:
        found = {row.state for row in rows(uow, table) if getattr(row, "programme", "trim") == "trim"}
        assert found == set(trim_pack().lifecycles[kind].states)

    def test_at_least_sixty_cases_spread_over_two_years(self, uow: UnitOfWork) -> None:
        now = datetime.now(UTC)
        opened = sorted(case.opened_at for case in rows(uow, SupportCase))
        assert len(opened) >= 60
        assert opened[0] < now - timedelta(days=600)
        assert now - timedelta(days=5) < opened[-1] <= now
        assert len({(at.year, (at.month - 1) // 3) for at in opened}) >= 8

    def test_something_is_overdue_and_something_is_not_yet_due(self, uow: UnitOfWork) -> None:
        now = datetime.now(UTC)
        open_steps = [step for step in rows(uow, Step) if step.state == "open"]
        overdue = {step.name for step in open_steps if (step.latest_at or step.due_at) < now}
        assert {"planning", "offer", "allocation", "first_assessment", "follow_up"} <= overdue
        assert any(step.earliest_at is not None and step.earliest_at > now for step in open_steps)

    def test_cases_end_in_different_ways(self, uow: UnitOfWork) -> None:
        outcomes = Counter(case.outcome for case in rows(uow, SupportCase) if case.outcome)
        everything = {choice.value for choice in trim_pack().choices["closing_outcomes"]}
        # Nobody dies in a demonstration: a visitor may have come because somebody did.
        assert set(outcomes) >= everything - {"died"} | {"declined", "withdrawn"}
        assert "died" not in outcomes
        assert any(case.reopened_at is not None for case in rows(uow, SupportCase))

    def test_every_rule_has_asked_the_programme_and_a_red_flag_has_just_gone_up(self, uow: UnitOfWork) -> None:
        escalations = rows(uow, Escalation)
        assert {one.rule for one in escalations} >= {
            "high_first_score",
            "still_high",
            "red_flag",
            "override_to_confirm",
        }
        fresh = [one for one in escalations if one.rule == "red_flag" and one.state == "open"]
        assert len(fresh) == 1
        assert fresh[0].answer_by - fresh[0].raised_at == timedelta(minutes=15)

    def test_what_is_special_happens_too(self, uow: UnitOfWork) -> None:
        assert len(rows(uow, AssessmentDraft)) >= 2
        assert rows(uow, Exclusion)
        after_incidents = [case for case in rows(uow, SupportCase) if case.came_by == "incident"]
        assert len(rows(uow, CaseIncident)) > len(after_incidents)
        assert any(step.name == "join_case" and step.state == "open" for step in rows(uow, Step))
        done = {record.action for record in rows(uow, ActionRecord)}
        assert {"join_incident", "hand_over", "undo_decline", "pass_on", "record_spoke_to", "plan_again"} <= done
        assert {one.response for one in rows(uow, Exposure)} >= {"briefing", "group_session", "professional_care"}
        assert {incident.source for incident in rows(uow, Incident)} >= {"automatic_criterion", "commander", "self"}

    def test_most_first_scores_are_not_high_and_most_people_get_better(self, uow: UnitOfWork) -> None:
        bands: Counter[str] = Counter()
        for one in rows(uow, Assessment):
            content = uow.vault.unseal(f"case:{one.case_id}", "assessment", one.id, one.sealed)
            bands[f"{one.instrument}:{content['score']['band']}"] += 1
        first = {band: bands[f"first_interview:{band}"] for band in ("low", "middle", "high", "incomplete")}
        assert first["low"] > 5
        assert first["middle"] > 0
        assert first["high"] < sum(first.values()) / 2
        directions = Counter(line["codes"].get("step") for line in lines(uow, "case.record_follow_up"))
        assert directions


class TestOrganisation:
    """Who is in it."""

    def test_about_four_hundred_people_in_eight_units(self, uow: UnitOfWork) -> None:
        units = {unit.id: unit for unit in rows(uow, Unit)}
        people = rows(uow, Person)
        assert sum(unit.parent_id is not None for unit in units.values()) == 8
        assert len({person.unit_id for person in people}) == 8
        assert 380 <= len(people) <= 420
        assert len({person.name for person in people}) == len(people)
        assert {person.staff_group for person in people} == {"employee", "volunteer", "agency", "contractor"}
        assert any(not person.line_manager_known for person in people)
        assert rows(uow, ConflictAnswer), "somebody was asked whether they lead the person"

    @pytest.mark.care(34)
    def test_everybody_is_marked_as_invented_and_the_organisation_as_a_demonstration(self, uow: UnitOfWork) -> None:
        assert uow.organisation.demonstration
        assert all(person.generated for person in rows(uow, Person))
        assert all(account.email.endswith("@demo.example") for account in rows(uow, Account))
        assert all("example" in line.label for line in uow.organisation.crisis_lines)

    def test_practitioners_are_trained_but_for_one_whose_training_ran_out(self, uow: UnitOfWork) -> None:
        trainings = [one for one in rows(uow, Training) if one.programme == "trim"]
        assert len(trainings) == 14
        assert sum(training.valid_until < datetime.now(UTC).date() for training in trainings) == 1

    def test_somebody_is_on_duty_now_and_in_the_weeks_to_come(self, uow: UnitOfWork) -> None:
        now = datetime.now(UTC)
        for days in (0, 7, 14, 28, -7, -100, -500):
            on_duty = accounts.on_duty(uow.session, "trim", now + timedelta(days=days))
            assert len(on_duty) == 1, days

    def test_each_role_has_a_sign_in_that_works(self, folder: Path, tmp_path: Path) -> None:
        copy = demonstration.copied(folder, tmp_path / "instance")
        shown = json.loads(demonstration.demo(copy, "--if-missing", "--json").stdout)["sign_ins"]
        assert {one["role"] for one in shown} == {role.value for role in Role}
        address = f"sqlite:///{copy / 'trim.sqlite3'}"
        settings = Settings(
            instance=copy, database_url=address, owner_database_url=address, base_url="http://localhost"
        )
        app = create_app(settings)
        app.testing = True
        try:
            page = PageClient(app.test_client()).get("/sign-in")
            for one in shown:
                assert one["email"] in page.text
                assert one["password"] in page.text
            for one in shown[:2]:
                client = app.test_client()
                token = PageClient(client).get("/sign-in").find("input[name=csrf_token]")
                assert token is not None
                given = {"email": one["email"], "password": one["password"], "csrf_token": token.get("value")}
                assert client.post("/sign-in", data=given).status_code == 302
        finally:
            app.extensions["trim"].backend.close()


class TestByUseCasesAlone:
    """Every row has its line: nothing was put into the database by the back door."""

    def test_the_trail_is_whole_and_says_what_the_tables_say(self, uow: UnitOfWork) -> None:
        assert trail.broken_chains(uow.session) == []
        assert trail.disagreements(uow.session) == []

    def test_each_action_has_its_line(self, uow: UnitOfWork) -> None:
        done = Counter(
            (f"{record.subject_kind}.{record.action}", f"{record.subject_kind}:{record.subject_id}", record.version)
            for record in rows(uow, ActionRecord)
        )
        said = Counter(
            (line["what"], line["subject"], line["codes"]["version"])
            for line in trail.lines(uow.session)
            if "fields" in line.get("codes", {}) and "from" in line["codes"]
        )
        assert done == said

    @pytest.mark.parametrize(
        ("table", "what"),
        [
            (SupportCase, "case.opened"),
            (Incident, "incident.reported"),
            (Person, "person.added"),
            (Account, "account.opened"),
            (Unit, "unit.added"),
            (Training, "training.recorded"),
            (Exclusion, "case.exclusion_recorded"),
            (ConflictAnswer, "case.line_declared"),
        ],
    )
    def test_each_thing_was_begun_by_a_use_case(self, uow: UnitOfWork, table: Any, what: str) -> None:
        said = len(lines(uow, what))
        # Who accepts a case answers the question about line management in the same line.
        assert said <= len(rows(uow, table)) if table is ConflictAnswer else said == len(rows(uow, table))

    def test_interviews_meetings_and_exposures_have_theirs(self, uow: UnitOfWork) -> None:
        talks = re.compile(r"case\.record_(first|follow|further|conversation|review)")
        recorded = [line for line in trail.lines(uow.session) if talks.match(line["what"])]
        assert len(recorded) == len(rows(uow, Assessment))
        met = lines(uow, "incident.hold_planning_meeting") + lines(uow, "incident.plan_again")
        assert len(met) == len(rows(uow, PlanningMeeting))
        named = sum(line["codes"]["exposed"] for line in lines(uow, "incident.reported"))
        assert named + len(lines(uow, "incident.person_named")) == len(rows(uow, Exposure))

    def test_nothing_lies_in_the_future_and_each_chain_runs_forward(self, uow: UnitOfWork) -> None:
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        last: dict[str, str] = {}
        for line in trail.lines(uow.session):
            assert line["at"] <= now
            assert last.get(line["chain"], "") <= line["at"], line
            last[line["chain"]] = line["at"]


class TestGround:
    """Where it may be built, and what is kept."""

    def test_a_second_run_keeps_the_data_and_says_how_to_sign_in(self, folder: Path, tmp_path: Path) -> None:
        copy = demonstration.copied(folder, tmp_path / "instance")
        before = (copy / "trim.sqlite3").read_bytes()
        result = demonstration.demo(copy, "--if-missing")
        assert result.exit_code == 0
        for role in ("practitioner", "coordinator", "lead", "reporter", "hr", "administrator", "auditor"):
            assert f"{role}@demo.example" in result.stdout
        assert "unit.coordinator@demo.example" in result.stdout
        assert "(of Control Room alone)" in result.stdout
        assert "invented" in result.stdout
        # Whoever serves it in the same breath, as `make run` does, is not told to serve it.
        assert "Next:" not in result.stdout
        again = demonstration.demo(copy)
        assert again.exit_code == 1
        assert "already" in again.stderr
        assert (copy / "trim.sqlite3").read_bytes() == before

    @pytest.mark.care(34)
    @pytest.mark.parametrize("option", [(), ("--if-missing",)])
    def test_it_is_never_built_beside_a_real_organisation(
        self, sqlite_urls: DatabaseUrls, tmp_path: Path, option: tuple[str, ...]
    ) -> None:
        with instance_in(tmp_path / "instance", sqlite_urls) as real:
            before = [person.name for person in real.rows(Person)]
            result = demonstration.demo(real.folder, *option)
            assert result.exit_code == 1
            assert "it is no demonstration" in result.stderr
            assert [person.name for person in real.rows(Person)] == before

    @pytest.mark.care(34)
    def test_a_demonstration_stays_one_and_whoever_is_added_is_marked(self, folder: Path, tmp_path: Path) -> None:
        with demonstration.opened(demonstration.copied(folder, tmp_path / "instance")) as backend:
            now = datetime.now(UTC)
            with pytest.raises(Forbidden), backend.writing() as uow:
                change_settings(uow, SETUP, now=now, values={"demonstration": False})
            with backend.writing() as uow:
                unit = next(iter(uow.session.scalars(select(Unit))))
                assert add_person(uow, SETUP, now=now, name="Somebody", unit_id=unit.id).generated

    def test_keys_of_another_database_are_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "master.key").write_bytes(b"x" * 32)
        result = demonstration.demo(tmp_path)
        assert result.exit_code == 1
        assert "There are keys in" in result.stderr
        assert not (tmp_path / "trim.sqlite3").exists()

    def test_a_building_that_fails_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def break_off(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(building.Casting, "hire", break_off)
        assert demonstration.demo(tmp_path / "instance").exit_code != 0
        left = [path.name for path in (tmp_path / "instance").rglob("*") if path.is_file()]
        assert left == []

    def test_one_that_was_killed_says_what_to_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(building.Casting, "hire", lambda _: None)
        monkeypatch.setattr(building.Casting, "engage", lambda _: None)
        monkeypatch.setattr(building, "_played", lambda *_: None)
        monkeypatch.setattr(building, "found_straw", lambda *_args, **_more: None)
        monkeypatch.setattr(building, "publish_figures", lambda *_args, **_more: None)
        monkeypatch.setattr(building, "count_as_told", lambda *_args, **_more: None)
        monkeypatch.setattr(building.Casting, "show_sign_ins", lambda _: None)
        monkeypatch.setattr(command, "_say", lambda *_: None)
        demonstration.demo(tmp_path)
        result = demonstration.demo(tmp_path, "--if-missing")
        assert result.exit_code == 1
        assert "broken off" in result.stderr
        assert str(tmp_path) in result.stderr

    def test_fewer_cases_than_there_are_states_is_wrong_usage(self, tmp_path: Path) -> None:
        assert demonstration.demo(tmp_path, "--cases", "10").exit_code == 2
        assert list(tmp_path.iterdir()) == []

    def test_the_help_has_an_example(self, tmp_path: Path) -> None:
        shown = demonstration.demo(tmp_path, "--help")
        assert "trim demo && trim serve" in shown.stdout
        assert main.get_command(Context(main), "demo") is command.command


def told(backend: Backend, *, now: datetime, seed: int = 1, cases: int = 60) -> Counter[tuple[str, ...]]:
    """Build a demonstration and say what happened in it, without ids: who did what, when, to which state."""
    wishes = building.Wishes(seed=seed, cases=cases, password="-", hashed="-")
    building.build(backend, now=now, pack=trim_pack(), examples=examples_dir(), wishes=wishes)
    with backend.reading() as uow:
        names = {account.id: account.name for account in rows(uow, Account)}
        return Counter(
            (names[one.actor_id], one.subject_kind, one.action, one.to_state, one.done_at.isoformat())
            for one in rows(uow, ActionRecord)
        )


@pytest.mark.large
class TestAnywhere:
    """On either database, at any hour, and the same story for the same seed."""

    #: Summer time begins an hour later; a Sunday night at the turn of the year.
    AWKWARD = (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2028, 1, 2, 23, 50, tzinfo=UTC))

    @pytest.mark.parametrize("now", AWKWARD, ids=str)
    def test_every_state_at_any_hour(self, database_urls: DatabaseUrls, tmp_path: Path, now: datetime) -> None:
        backend = open_backend(
            database_urls.url, tmp_path / "keys", owner_url=database_urls.owner_url, create_keys=True
        )
        try:
            told(backend, now=now)
            with backend.reading() as uow:
                for kind, table in (("case", SupportCase), ("escalation", Escalation), ("referral", Referral)):
                    assert {row.state for row in rows(uow, table)} == set(trim_pack().lifecycles[kind].states), kind
                assert trail.broken_chains(uow.session) == []
                assert trail.disagreements(uow.session) == []
        finally:
            backend.close()

    def test_a_seed_tells_its_story_again(self, sqlite_template: Path, tmp_path: Path) -> None:
        stories = []
        for number, seed in enumerate((1, 1, 2)):
            urls = copy_of_sqlite(sqlite_template, tmp_path / str(number))
            backend = open_backend(urls.url, tmp_path / str(number) / "keys", create_keys=True)
            try:
                stories.append(told(backend, now=self.AWKWARD[0], seed=seed))
            finally:
                backend.close()
        assert stories[0] == stories[1]
        assert stories[0] != stories[2]

    def test_a_larger_one_grows_in_every_way(self, sqlite_urls: DatabaseUrls, tmp_path: Path) -> None:
        backend = open_backend(sqlite_urls.url, tmp_path / "keys", create_keys=True)
        try:
            told(backend, now=self.AWKWARD[0], cases=200)
            with backend.reading() as uow:
                assert len(rows(uow, SupportCase)) >= 200
                assert len(rows(uow, Person)) >= 580
                assert len(rows(uow, Training)) == 16
        finally:
            backend.close()

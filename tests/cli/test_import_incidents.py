"""`trim import incidents`: the real log whole, every bad row named, nothing twice, history that starts nothing."""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.databases import DatabaseUrls
from tests.support.importing import Instance, instance_in
from trim.resources import examples_dir
from trim.store.tables import FactIntake, Incident, Notice, Step, TrailEntry, Unit

REAL = examples_dir() / "line_of_duty_incidents.csv"
REAL_ROWS, REAL_INCIDENTS, REAL_UNITS, REAL_REGIONS = 2662, 2513, 1418, 58

GOOD = {"occurred_on": "2025-03-02", "unit": "North", "kind": "suicide"}


@pytest.fixture
def instance(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Instance]:
    with instance_in(tmp_path / "instance", database_urls) as made:
        yield made


@pytest.fixture
def embedded(sqlite_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Instance]:
    """For what is refused before a database is asked."""
    with instance_in(tmp_path / "instance", sqlite_urls) as made:
        yield made


def generated(rows: int, seed: int = 1) -> list[dict[str, str]]:
    """Rows of the shape of the real log: few causes, departments of one name in two states, some rows alike."""
    chosen = random.Random(seed)
    made = []
    while len(made) < rows:
        town, force = chosen.choice(["Greene", "Lee", "Peña", "Saint John’s"]), chosen.choice(["Police", "Sheriff"])
        row = {
            "occurred_on": (date(2016, 7, 3) - timedelta(days=chosen.randrange(6000))).isoformat(),
            "unit": f"{town} {force}",
            "region": chosen.choice(["NC", "GA", "PR"]),
            "cause": chosen.choice(["Gunfire", "Automobile accident", "Heart attack", "9/11 related illness"]),
        }
        made += [row] * (chosen.choice([2, 5]) if chosen.random() < 0.05 else 1)
    return made[:rows]


def nothing_was_stored(instance: Instance) -> bool:
    return instance.count(Incident) == 0 and instance.count(Unit) == 3


class TestWhole:
    """The real log and logs like it."""

    def imports_once(self, instance: Instance, path: Path, rows: int, incidents: int, units: int) -> None:
        first = instance.answers("incidents", path, "--create-units")
        assert (first["rows"], first["incidents"], first["imported"]) == (rows, incidents, incidents)
        assert (first["imported_rows"], first["already_imported"], first["bad_rows"]) == (rows, 0, [])
        assert first["units_made"] == units
        again = instance.answers("incidents", path, "--create-units")
        assert (again["imported"], again["already_imported"], again["units_made"]) == (0, incidents, 0)
        stored = instance.rows(Incident)
        assert len(stored) == incidents
        assert sum(incident.count_reported for incident in stored) == rows

    def test_the_real_log_is_imported_whole_and_once(self, embedded: Instance) -> None:
        self.imports_once(embedded, REAL, REAL_ROWS, REAL_INCIDENTS, REAL_UNITS + REAL_REGIONS)
        stored = embedded.rows(Incident)
        assert max(incident.count_reported for incident in stored) == 37
        assert sum(incident.count_reported > 1 for incident in stored) == 78
        assert not any(incident.time_known for incident in stored)
        assert Counter(incident.kind for incident in stored)["weapon"] > 800

    @pytest.mark.large
    def test_the_real_log_is_imported_whole_on_either_database(self, instance: Instance) -> None:
        self.imports_once(instance, REAL, REAL_ROWS, REAL_INCIDENTS, REAL_UNITS + REAL_REGIONS)

    def test_a_log_like_it_is_imported_on_either_database(self, instance: Instance) -> None:
        rows = generated(350)
        different = {tuple(row.values()) for row in rows}
        units = {(row["unit"], row["region"]) for row in rows}
        path = instance.table("log.csv", rows)
        self.imports_once(instance, path, 350, len(different), len(units) + 3)

    def test_the_shipped_mapping_knows_every_cause_of_the_real_log(self) -> None:
        with REAL.open(encoding="utf-8") as log, (examples_dir() / "line_of_duty_kinds.csv").open() as kinds:
            causes = {row["cause"] for row in csv.DictReader(log)}
            assert causes == {row["cause"] for row in csv.DictReader(kinds)}

    def test_the_numbers_are_printed(self, embedded: Instance) -> None:
        result = embedded.run("incidents", embedded.table("log.csv", [GOOD, GOOD, GOOD | {"unit": "South"}]))
        assert result.exit_code == 0
        assert re.search(r"Incidents imported +2  from 3 rows", result.stdout)
        assert re.search(r"Already imported +0\n", result.stdout)
        assert "no clock was started" in result.stdout


class TestHistory:
    """What an imported incident is, and what it starts."""

    @pytest.mark.care(34)
    def test_history_starts_no_clock_and_sends_nothing(self, instance: Instance) -> None:
        notices, steps = instance.count(Notice), instance.count(Step)
        instance.answers("incidents", instance.table("log.csv", [GOOD]))
        (incident,) = instance.rows(Incident)
        assert incident.imported
        assert incident.state == "closed"
        assert (instance.count(Notice), instance.count(Step)) == (notices, steps)

    def test_each_incident_has_its_line_in_the_trail_and_its_fact(self, instance: Instance) -> None:
        instance.answers("incidents", instance.table("log.csv", [GOOD, GOOD | {"unit": "South"}]))
        chains = {f"incident:{incident.id}" for incident in instance.rows(Incident)}
        lines = [line for line in instance.rows(TrailEntry) if line.chain in chains]
        assert {line.chain for line in lines} == chains
        assert {(line.what, line.actor_id) for line in lines} == {("incident.reported", "system:import")}
        assert {json.loads(line.text)["codes"]["to"] for line in lines} == {"closed"}
        assert instance.count(FactIntake) == 2

    def test_a_day_without_a_time_is_kept_as_such(self, instance: Instance) -> None:
        rows = [GOOD | {"occurred_time": ""}, GOOD | {"occurred_time": "03:40", "unit": "South"}]
        instance.answers("incidents", instance.table("log.csv", rows))
        day, hour = sorted(instance.rows(Incident), key=lambda one: one.time_known)
        assert (day.time_known, day.occurred_on, day.occurred_at) == (
            False,
            date(2025, 3, 2),
            datetime(2025, 3, 2, 12, tzinfo=UTC),
        )
        assert (hour.time_known, hour.occurred_at) == (True, datetime(2025, 3, 2, 3, 40, tzinfo=UTC))

    def test_what_was_written_is_sealed_and_the_row_cannot_be_guessed(self, instance: Instance) -> None:
        row = GOOD | {"place": "Mill Lane", "description": "A regular patient."}
        instance.answers("incidents", instance.table("log.csv", [row]))
        (incident,) = instance.rows(Incident)
        vault = instance.organisation.backend.vault
        content = vault.unseal(f"incident:{incident.id}", "incident", incident.id, incident.sealed)
        assert content == {"place": "Mill Lane", "description": "A regular patient."}
        assert re.fullmatch(r"[0-9a-f]{64}", incident.import_key)

    def test_a_reference_tells_rows_apart_that_are_alike(self, instance: Instance) -> None:
        rows = [GOOD | {"reference": number} for number in ("7", "8", "8")]
        answer = instance.answers("incidents", instance.table("log.csv", rows))
        assert (answer["rows"], answer["imported"]) == (3, 2)

    def test_a_longer_log_adds_only_what_is_new(self, instance: Instance) -> None:
        rows = generated(60)
        instance.answers("incidents", instance.table("log.csv", rows[:40]), "--create-units")
        before = instance.count(Incident)
        answer = instance.answers("incidents", instance.table("longer.csv", rows), "--create-units")
        assert answer["already_imported"] == before
        assert instance.count(Incident) == len({tuple(row.values()) for row in rows})

    def test_a_run_broken_off_is_finished_by_the_next(
        self, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from trim.usecases.intake import import_incidents as intake

        monkeypatch.setattr(intake, "PORTION", 10)
        path = instance.table("log.csv", [GOOD | {"reference": str(number)} for number in range(35)])
        report, calls = intake.report_incident, iter(range(1000))

        def power_cut(*given: object, **more: object) -> object:
            if next(calls) == 24:
                raise KeyboardInterrupt
            return report(*given, **more)

        monkeypatch.setattr(intake, "report_incident", power_cut)
        assert instance.run("incidents", path).exit_code != 0
        assert instance.count(Incident) == 20
        answer = instance.answers("incidents", path)
        assert (answer["already_imported"], answer["imported"]) == (20, 15)


class TestBadInput:
    """All bad rows are listed with line and reason, and nothing is stored unless they are to be left out."""

    BAD = (
        ({"occurred_on": ""}, "occurred_on is empty"),
        ({"occurred_on": "02.03.2025"}, "“02.03.2025” is not a day; write it as"),
        ({"occurred_on": "2025-02-30"}, "there is no day 2025-02-30"),
        ({"occurred_on": "20250302"}, "is not a day"),
        ({"occurred_on": "2999-01-01"}, "cannot be in the future"),
        ({"occurred_on": "1925-03-02"}, "Check the year"),
        ({"occurred_time": "25:10"}, "“25:10” is not a time"),
        ({"occurred_time": "noon"}, "“noon” is not a time"),
        ({"unit": ""}, "unit is empty"),
        ({"unit": "Atlantis"}, "no unit is called “Atlantis”"),
        ({"kind": ""}, "kind is empty"),
        ({"kind": "Boredom"}, "no kind of incident is meant by “Boredom”: say which in a file given with --kinds"),
        ({"severity": "awful"}, "(high, low, medium)"),
        ({"source": "rumour"}, "source: Choose one"),
        ({"description": "x" * 501}, "Shorten this"),
        ({"place": "x" * 201}, "place: "),
    )
    FULL = GOOD | {"occurred_time": "", "severity": "", "source": "", "description": "", "place": ""}

    def test_every_bad_row_is_listed_with_its_line_and_nothing_is_stored(self, embedded: Instance) -> None:
        path = embedded.table("log.csv", [self.FULL, *(self.FULL | wrong for wrong, _ in self.BAD)])
        result = embedded.run("incidents", path)
        assert result.exit_code == 1
        shown = dict(re.findall(r"log\.csv, line (\d+): (.*)", result.stderr))
        assert set(shown) == {str(line) for line in range(3, len(self.BAD) + 3)}
        for line, (_, words) in enumerate(self.BAD, start=3):
            assert words in shown[str(line)]
        assert f"{len(self.BAD)} of {len(self.BAD) + 1} rows are bad. Nothing was imported." in result.stderr
        assert nothing_was_stored(embedded)

    def test_a_row_lists_all_that_is_wrong_with_it(self, embedded: Instance) -> None:
        wrong = {"occurred_on": "tomorrow", "unit": "Atlantis", "kind": "Boredom"}
        answer = embedded.answers("incidents", embedded.table("log.csv", [wrong]))
        assert answer["refused"]
        assert len(answer["bad_rows"][0]["reasons"]) == 3

    def test_bad_rows_can_be_left_out_and_both_are_counted(self, instance: Instance) -> None:
        path = instance.table("log.csv", [GOOD, GOOD | {"unit": "Atlantis"}, GOOD | {"unit": "South"}])
        result = instance.run("incidents", path, "--skip-bad")
        assert result.exit_code == 0
        assert "line 3" in result.stderr
        assert re.search(r"Incidents imported +2\b", result.stdout)
        assert re.search(r"Bad rows +1  left out", result.stdout)
        assert instance.count(Incident) == 2

    def test_a_malformed_line_among_good_ones(self, embedded: Instance) -> None:
        path = embedded.file(
            "log.csv", b"occurred_on,unit,kind\n2025-03-02,North,suicide\n2025-03-02,North\ncaf\xe9,a,b\n"
        )
        answer = embedded.answers("incidents", path)
        assert [row["line"] for row in answer["bad_rows"]] == [3, 4]
        assert nothing_was_stored(embedded)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "is empty"),
            ("unit,kind\nNorth,suicide\n", "has no column occurred_on"),
            ("occurred_on,unit\n2025-03-02,North\n", "neither a column kind nor a column cause"),
        ],
    )
    def test_a_file_that_is_no_log_says_so(self, embedded: Instance, content: str, words: str) -> None:
        result = embedded.run("incidents", embedded.file("log.csv", content))
        assert result.exit_code == 1
        assert words in result.stderr
        assert "Traceback" not in result.output
        assert nothing_was_stored(embedded)

    def test_a_log_with_a_header_and_no_rows_imports_nothing(self, embedded: Instance) -> None:
        answer = embedded.answers("incidents", embedded.file("log.csv", "occurred_on,unit,kind\n"))
        assert (answer["rows"], answer["imported"]) == (0, 0)

    def test_no_instance_and_no_programme_are_one_clear_line(self, embedded: Instance, tmp_path: Path) -> None:
        nowhere = Instance(tmp_path, DatabaseUrls("", ""), embedded.organisation)
        assert "no tables yet" in nowhere.run("incidents", REAL).stderr
        result = embedded.run("incidents", REAL, "--programme", "straw")
        assert result.exit_code == 1
        assert "No programme of that name" in result.stderr

    def test_a_dry_run_says_what_would_happen_and_changes_nothing(self, embedded: Instance) -> None:
        path = embedded.table("log.csv", [GOOD | {"unit": "Peak", "region": "Hills"}] * 2)
        answer = embedded.answers("incidents", path, "--create-units", "--dry-run")
        assert (answer["incidents"], answer["imported"], answer["units_made"]) == (1, 1, 2)
        assert nothing_was_stored(embedded)

    def test_a_column_that_is_not_read_is_told(self, embedded: Instance) -> None:
        result = embedded.run("incidents", embedded.table("log.csv", [GOOD | {"officer": "x"}]))
        assert result.exit_code == 0
        assert "Columns that were not read: officer." in result.stderr


class TestUnits:
    """What the spelling of a unit means."""

    def names(self, instance: Instance) -> dict[str, str | None]:
        units = {unit.id: unit for unit in instance.rows(Unit)}
        return {unit.name: units[unit.parent_id].name if unit.parent_id else None for unit in units.values()}

    def units_of_incidents(self, instance: Instance) -> list[str]:
        units = {unit.id: unit.name for unit in instance.rows(Unit)}
        return sorted(units[incident.unit_id] for incident in instance.rows(Incident))

    def test_units_of_one_name_in_two_regions_are_two(self, instance: Instance) -> None:
        rows = [GOOD | {"unit": "Greene Sheriff", "region": region} for region in ("NC", "GA")]
        instance.answers("incidents", instance.table("log.csv", rows), "--create-units")
        made = self.names(instance)
        assert made["Greene Sheriff (NC)"] == "NC"
        assert made["NC"] == made["GA"] == "Everywhere"
        assert self.units_of_incidents(instance) == ["Greene Sheriff (GA)", "Greene Sheriff (NC)"]

    def test_case_spaces_and_apostrophes_do_not_make_two(self, instance: Instance) -> None:
        rows = [GOOD | {"unit": unit} for unit in ("St John's", " ST  JOHN’S ", "st john's", "north")]
        answer = instance.answers("incidents", instance.table("log.csv", rows), "--create-units")
        assert answer["units_made"] == 1
        assert self.units_of_incidents(instance) == ["North", "St John's", "St John's", "St John's"]

    def test_a_mapping_leads_spellings_to_units(self, instance: Instance) -> None:
        mapping = instance.file("units.csv", "unit,region,name\nN. Stn,,North\nN. Stn,Hills,South\n,Coast,South\n")
        rows = [
            GOOD | {"unit": "n. stn", "region": ""},
            GOOD | {"unit": "N. Stn", "region": "Hills"},
            GOOD | {"unit": "Pier", "region": "Coast"},
        ]
        instance.answers("incidents", instance.table("log.csv", rows), "--units", mapping)
        assert self.units_of_incidents(instance) == ["North", "South", "South"]

    def test_a_mapping_to_a_unit_that_is_not_there_is_a_bad_row(self, embedded: Instance) -> None:
        mapping = embedded.file("units.csv", "unit,name\nN. Stn,Nowhere\n")
        path = embedded.table("log.csv", [GOOD | {"unit": "N. Stn"}])
        answer = embedded.answers("incidents", path, "--units", mapping)
        assert "is mapped to “Nowhere”" in answer["bad_rows"][0]["reasons"][0]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("unit,name\nA\n", "line 2: it has 1 cells"),
            ("unit,name\nA,\n", "line 2: it needs a name"),
            ("unit,name\nA,North\nA,South\n", "line 3: this spelling leads to another name above"),
            ("unit\nA\n", "has no column name"),
        ],
    )
    def test_a_bad_mapping_file_names_its_line(self, embedded: Instance, content: str, words: str) -> None:
        mapping = embedded.file("units.csv", content)
        result = embedded.run("incidents", embedded.table("log.csv", [GOOD]), "--units", mapping)
        assert result.exit_code == 1
        assert words in result.stderr
        assert nothing_was_stored(embedded)

    def test_the_real_log_can_be_read_by_region(self, embedded: Instance) -> None:
        answer = embedded.answers(
            "incidents", REAL, "--units", examples_dir() / "line_of_duty_regions.csv", "--create-units", "--dry-run"
        )
        assert (answer["imported"], answer["units_made"], answer["bad_rows"]) == (REAL_INCIDENTS, REAL_REGIONS, [])

    def test_new_units_need_a_place_when_several_are_on_top(self, embedded: Instance) -> None:
        from tests.support.organisation import SETUP
        from trim.usecases.people.units import add_unit

        with embedded.organisation.backend.writing() as uow:
            add_unit(uow, SETUP, now=embedded.organisation.now, name="Elsewhere")
        path = embedded.table("log.csv", [GOOD | {"unit": "Peak"}])
        result = embedded.run("incidents", path, "--create-units")
        assert result.exit_code == 1
        assert "--under" in result.stderr
        assert "No unit has the name" in embedded.run("incidents", path, "--create-units", "--under", "Moon").stderr
        assert embedded.count(Incident) == 0
        assert embedded.run("incidents", path, "--create-units", "--under", "south").exit_code == 0
        assert self.names(embedded)["Peak"] == "South"


class TestKinds:
    """What a cause means."""

    def kinds(self, instance: Instance) -> list[tuple[str, str]]:
        return sorted((incident.kind, incident.severity) for incident in instance.rows(Incident))

    def test_words_and_labels_of_the_pack_are_known_in_both_languages(self, instance: Instance) -> None:
        rows = [GOOD | {"kind": kind} for kind in ("drowning", "Resuscitation", "RÉANIMATION")]
        instance.answers("incidents", instance.table("log.csv", rows))
        assert self.kinds(instance) == [
            ("drowning", "medium"),
            ("resuscitation", "medium"),
            ("resuscitation", "medium"),
        ]

    def test_a_mapping_of_ones_own_goes_before_the_shipped_one(self, instance: Instance) -> None:
        mapping = instance.file("kinds.csv", "cause,kind,severity\nGunfire,assault,low\nFell off,other,\n")
        rows = [
            {"occurred_on": "2025-03-02", "unit": "North", "cause": cause} for cause in ("gunfire", "Fell off", "Bomb")
        ]
        instance.answers("incidents", instance.table("log.csv", rows), "--kinds", mapping)
        assert self.kinds(instance) == [("assault", "low"), ("fire_explosion", "high"), ("other", "medium")]

    def test_a_row_may_say_its_own_severity_and_source(self, instance: Instance) -> None:
        row = {"occurred_on": "2025-03-02", "unit": "North", "cause": "Bomb", "severity": "low", "source": "self"}
        instance.answers("incidents", instance.table("log.csv", [row]))
        (incident,) = instance.rows(Incident)
        assert (incident.severity, incident.source) == ("low", "self")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("cause,kind\nFell off,falling\n", "which is not among the kinds of the pack"),
            ("cause,kind,severity\nFell off,other,awful\n", "severities: high, low, medium"),
            ("cause,kind\nFell off,\n", "line 2: it needs a cause and a kind"),
        ],
    )
    def test_a_bad_mapping_of_kinds_says_so(self, embedded: Instance, content: str, words: str) -> None:
        mapping = embedded.file("kinds.csv", content)
        result = embedded.run("incidents", embedded.table("log.csv", [GOOD]), "--kinds", mapping)
        assert result.exit_code == 1
        assert words in result.stderr

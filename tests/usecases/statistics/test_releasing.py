"""A closed period is frozen once, attacked before, corrected by a new release; totals are the sums of facts."""

from __future__ import annotations

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product

import pytest
from sqlalchemy import select

from tests.support.eventually import eventually
from tests.support.facts_told import told
from tests.support.in_line import stands_in_line
from tests.support.organisation import SETUP, Organisation
from tests.support.trail import lines
from trim.domain.errors import Forbidden
from trim.statistics import attack, build
from trim.statistics.model import UNIT, Release
from trim.statistics.model_json import from_json, to_json
from trim.statistics.periods import Period
from trim.store import facts, releases
from trim.store.tables import Fact
from trim.store.tables import Release as ReleaseRow
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.statistics import release_period as releasing
from trim.usecases.statistics.counts import counts
from trim.usecases.statistics.import_headcounts import BadHeadcounts, import_headcounts
from trim.usecases.statistics.move_facts import SYSTEM, move_facts
from trim.usecases.statistics.release_period import (
    MovedMeanwhile,
    NothingToCorrect,
    NotPublishable,
    PeriodOpen,
    PublishedAlready,
    correct_release,
    release_period,
)
from trim.usecases.statistics.wishes import UnusableRules, rules, wishes

#: The heart knows no database; what SQL does differently is tried in test_facts.py.
pytestmark = pytest.mark.large_on_postgresql

QUARTER = Period("2025-Q1", "2025-Q1")
YEAR = Period("2025-Q1", "2025-Q4")


def fact(organisation: Organisation, kind: str, quarter: str, number: int, **more: object) -> dict[str, object]:
    return {
        "kind": kind,
        "quarter": quarter,
        "unit_id": organisation.units["North"].id,
        "programme": "trim",
        "incident_kind": None,
        "exposure": None,
        "staff_group": None,
        "category": None,
        "mark": 1 << number % 16,
        "handle": None,
        "weight": 1,
        "state": "open",
        **more,
    }


def fill(organisation: Organisation, *quarters: str) -> None:
    """Many facts of each quarter in both units: enough for tables, with some small figures among them."""
    chance = random.Random(7)
    rows = []
    for quarter in quarters:
        for unit in ("North", "South"):
            at = {"unit_id": organisation.units[unit].id}
            for number in range(60):
                kind = chance.choices(("fatal_collision", "assault", "child_death"), (20, 12, 1))[0]
                rows.append(
                    fact(organisation, "incident", quarter, number, incident_kind=kind, category="commander", **at)
                )
                answer = chance.choices(("accepted", "declined"), (9, 1))[0]
                rows.append(fact(organisation, "offer_made", quarter, number, incident_kind=kind, **at))
                rows.append(fact(organisation, "offer_answered", quarter, number, category=answer, **at))
    chance.shuffle(rows)
    with organisation.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, organisation.now, "statistics.facts_moved", chain="organisation", subject="statistics")


@pytest.fixture
def filled(organisation: Organisation) -> Organisation:
    fill(organisation, "2025-Q1", "2025-Q2")
    return organisation


def release(organisation: Organisation, period: Period = QUARTER) -> releasing.Made:
    with organisation.backend.reading() as uow:
        wished = wishes(uow)
    return release_period(organisation.backend, SYSTEM, now=organisation.now, period=period, wishes=wished)


def correct(organisation: Organisation, number: int) -> releasing.Made:
    with organisation.backend.reading() as uow:
        wished = wishes(uow)
    return correct_release(
        organisation.backend,
        SYSTEM,
        now=organisation.now,
        number=number,
        cause="late_facts",
        wishes=wished,
    )


def stored(organisation: Organisation) -> list[ReleaseRow]:
    with organisation.backend.reading() as uow:
        return releases.everything(uow.session)


def test_a_release_is_frozen_signed_into_the_trail_and_never_made_twice(filled: Organisation) -> None:
    made = release(filled)
    [row] = stored(filled)
    assert row.body.encode() == made.body == to_json(from_json(row.body))
    assert row.body_digest == hashlib.sha256(made.body).hexdigest()
    with filled.backend.reading() as uow:
        line = lines(uow.session, "organisation")[-1]
        assert {one.state for one in uow.session.scalars(select(Fact).where(Fact.quarter == "2025-Q1"))} == {"counted"}
        assert {one.state for one in uow.session.scalars(select(Fact).where(Fact.quarter == "2025-Q2"))} == {"open"}
    assert (line["what"], line["codes"]["body"], line["codes"]["release"]) == (
        "statistics.released",
        row.body_digest,
        1,
    )
    with pytest.raises(PublishedAlready, match="release 1"):
        release(filled)
    assert len(stored(filled)) == 1
    assert attack.from_json(row.report).is_safe


def test_the_same_facts_give_the_same_bytes(filled: Organisation) -> None:
    first = release(filled).body
    with filled.backend.writing() as uow:
        rows = list(uow.session.scalars(select(Fact)))
        uow.session.delete(releases.everything(uow.session)[0])
        facts.delete_all(uow.session, [one.id for one in rows])
        again = [{name: getattr(one, name) for name in (*facts.SAYING, "handle", "weight")} for one in reversed(rows)]
        facts.add_all(uow.session, [{**one, "state": "open"} for one in again])
        uow.record(SETUP, filled.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    assert release(filled).body == first


def test_every_shown_figure_is_the_sum_of_its_facts(filled: Organisation) -> None:
    made = release(filled).release
    with filled.backend.reading() as uow:
        rows = list(counts(uow.session, ["2025-Q1"]))
        declared = wishes(uow).declaration
    seen = 0
    for table in made.tables:
        measure = declared.measures[table.measure]
        for key, covered in ((cell.key, table.covered(cell.key)) for cell in table.cells if cell.is_shown):
            true = 0
            for row in rows:
                if not measure.sign(row):
                    continue
                at = {name: declared.dimensions[name].code(row) for name in covered if name != UNIT}
                at[UNIT] = row.unit_id
                if all(at[name] in codes for name, codes in covered.items()):
                    true += row.persons
            assert table.by_key()[key].value == true, (table.name, key)
            seen += true > 0
    assert seen > 10


def test_small_figures_are_hidden(filled: Organisation) -> None:
    made = release(filled)
    shown = [cell.value for table in made.release.tables for cell in table.cells if cell.is_shown]
    assert not [value for value in shown if value and value <= 7]
    assert len(made.report.lines) == sum(table.hidden for table in made.release.tables)


def test_an_open_period_is_not_published(filled: Organisation) -> None:
    with pytest.raises(PeriodOpen):
        release(filled, Period("2026-Q1", "2026-Q1"))
    with pytest.raises(Forbidden), filled.backend.reading() as uow:
        release_period(filled.backend, filled.actor("Lee"), now=filled.now, period=QUARTER, wishes=wishes(uow))
    assert stored(filled) == []


def test_what_the_attack_opens_is_not_published(filled: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(found: list[Release], **_more: object) -> attack.Report:
        table = found[-1].tables[0]
        line = attack.Line(1, table.name, table.cells[0].key, 3, 3, attack.Verdict.EXACT, True)
        return attack.Report(1, (), (line,))

    monkeypatch.setattr(attack, "attack", opened)
    with pytest.raises(NotPublishable, match="1 of 1 hidden figures"):
        release(filled)
    assert stored(filled) == []
    with filled.backend.reading() as uow:
        line = lines(uow.session, "organisation")[-1]
        assert {one.state for one in uow.session.scalars(select(Fact))} == {"open"}
    assert (line["what"], line["codes"]["exposed"]) == ("statistics.not_released", 1)


def test_what_moves_meanwhile_stops_it(filled: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    real = build.build_release

    def slow(*args: object, **more: object) -> Release:
        with filled.backend.writing() as uow:
            facts.add_all(uow.session, [fact(filled, "incident", "2025-Q1", 3)])
            uow.record(SETUP, filled.now, "statistics.facts_moved", chain="organisation", subject="statistics")
        return real(*args, **more)

    monkeypatch.setattr(build, "build_release", slow)
    with pytest.raises(MovedMeanwhile):
        release(filled)
    assert stored(filled) == []


def test_what_comes_in_for_the_quarter_that_runs_holds_nothing_up(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = build.build_release

    def slow(*args: object, **more: object) -> Release:
        with filled.backend.writing() as uow:
            made = filled.report(description="Somebody reports meanwhile.")
            report_incident(uow, filled.actor("Carol"), now=filled.now, report=made)
        return real(*args, **more)

    monkeypatch.setattr(build, "build_release", slow)
    assert release(filled).release.number == 1
    assert {one.quarter for one in told(filled) if one.handle is not None} == {"2026-Q1"}


def test_what_the_night_moves_at_that_very_moment_waits_for_a_correction(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = facts.count_open

    def comes_late() -> None:
        with filled.backend.writing() as uow:
            report = filled.report(description="Reported late.", occurred_on=date(2025, 2, 3))
            report_incident(uow, filled.actor("Carol"), now=filled.now, report=report)
        move_facts(filled.backend, now=filled.now, everything=True)

    with ThreadPoolExecutor(1) as beside:

        def counts_beside(*args: object, **more: object) -> None:
            moving = beside.submit(comes_late)
            eventually(lambda: stands_in_line(filled, moving))
            assert not moving.done()
            real(*args, **more)

        monkeypatch.setattr(facts, "count_open", counts_beside)
        release(filled)
    late = [one.state for one in told(filled) if one.handle is not None]
    assert late
    assert set(late) == {"late"}


def test_a_correction_is_a_new_release_and_the_old_one_stays(filled: Organisation) -> None:
    first = release(filled)
    with pytest.raises(NothingToCorrect):
        correct(filled, 1)
    late = [fact(filled, "incident", "2025-Q1", one, incident_kind="assault", state="late") for one in range(15)]
    with filled.backend.writing() as uow:
        facts.add_all(uow.session, late)
        uow.record(SETUP, filled.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    second = correct(filled, 1)
    assert (second.release.number, second.release.corrects) == (2, 1)
    old, new = stored(filled)
    assert old.body.encode() == first.body
    assert (new.kind, new.corrects, new.cause) == ("correction", 1, "late_facts")
    total = {one.number: _total(one, "incidents") for one in (first.release, second.release)}
    assert total == {1: 120, 2: 135}
    with filled.backend.reading() as uow:
        assert lines(uow.session, "organisation")[-1]["what"] == "statistics.corrected"
        assert facts.count_late(uow.session, ["2025-Q1"]) == 0


def _total(made: Release, name: str) -> int | None:
    table = made.table(name)
    return table.by_key()[tuple(one.total for one in table.dimensions)].value


def test_a_year_adds_up_to_its_quarters(filled: Organisation) -> None:
    fill(filled, "2025-Q3", "2025-Q4")
    quarters = [release(filled, Period(one, one)).release for one in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")]
    year = release(filled, YEAR).release
    assert _total(year, "incidents") == sum(_total(one, "incidents") or 0 for one in quarters)


def test_too_little_becomes_a_year(organisation: Organisation) -> None:
    rows = [
        fact(organisation, "incident", f"2025-Q{one % 4 + 1}", one, incident_kind="assault") for one in range(16)
    ] + [fact(organisation, "offer_made", f"2025-Q{one % 4 + 1}", one) for one in range(12)]
    with organisation.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, organisation.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    made = release(organisation).release
    assert made.period == YEAR
    assert _total(made, "incidents") == 16


def test_head_counts_are_brought_in_and_give_rates(filled: Organisation, tmp_path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("unit,quarter,people\nNorth,2025-Q1,400\nSouth,2025-Q1,300\n")
    with filled.backend.writing() as uow:
        assert import_headcounts(uow, SETUP, now=filled.now, path=file).changed == 2
    with filled.backend.writing() as uow:
        assert import_headcounts(uow, SETUP, now=filled.now, path=file).same == 2
    made = release(filled).release
    assert made.headcounts[filled.units["North"].id] == 400
    # The same list with a quarter more: what is published stands in it as it was.
    file.write_text("unit,quarter,people\nNorth,2025-Q1,400\nSouth,2025-Q1,300\nNorth,2025-Q2,410\n")
    with filled.backend.writing() as uow:
        again = import_headcounts(uow, SETUP, now=filled.now, path=file)
    assert (again.changed, again.same) == (1, 2)
    file.write_text("unit,quarter,people\nNowhere,2025-Q5,many\nNorth,2025-Q1,1\n")
    faults = r"no unit “Nowhere”.*not a quarter.*not a number.*is published"
    with pytest.raises(BadHeadcounts, match=faults), filled.backend.writing() as uow:
        import_headcounts(uow, SETUP, now=filled.now, path=file)


def test_rules_out_of_the_setting(organisation: Organisation) -> None:
    assert rules({"threshold": 10, "rounding": {"base": 5}, "bands_by_unit": True}).threshold == 10
    for wrong in (
        {"threshold": 2},
        {"treshold": 10},
        {"incidents": 2},
        {"width": True},
        {"rounding": {"base": 3}},
        {"rounding": 5},
        {"zeros_shown": "no"},
    ):
        with pytest.raises(UnusableRules):
            rules(wrong)


def test_every_margin_is_a_cell_whose_key_says_total(filled: Organisation) -> None:
    import json

    made = release(filled)
    said = json.loads(made.body)
    for table in said["tables"]:
        keys = {tuple(cell["key"]) for cell in table["cells"]}
        expected = set(product(*(["Total", *one["values"]] for one in table["dimensions"])))
        assert keys == expected
        assert {one["total"] for one in table["dimensions"]} <= {"Total"}
        assert {cell["status"] for cell in table["cells"]} <= {"shown", "suppressed"}

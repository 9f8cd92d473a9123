"""Figures for HR: events of the years before the story, brought in as history, head-counts, and years published."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from trim.demonstration.cast import Cast
from trim.domain.access import system_actor
from trim.domain.incident import IncidentReport
from trim.engine.definition import Pack
from trim.statistics.attack import Contradiction, Malformed
from trim.statistics.build import PeriodTooSmall, TablesInConflict
from trim.statistics.periods import Period
from trim.store.tables import Headcount
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.statistics.move_facts import SYSTEM
from trim.usecases.statistics.release_period import NotPublishable, PublishedAlready, release_period
from trim.usecases.statistics.wishes import wishes
from trim.usecases.unit_of_work import Backend

#: Years before the story whose events are brought in, and about how many each has.
YEARS, EACH = 3, 36
#: About how many of the people of the demonstration work in one of its eight units.
PEOPLE = 50
BUILDER = system_actor("demonstration")


def publish_figures(backend: Backend, cast: Cast, *, now: datetime, begins: datetime, pack: Pack, seed: int) -> None:
    """Bring history in and publish every calendar year that is over; what protects nobody enough is not published."""
    first = begins.year - YEARS
    _bring_history(backend, cast, pack, now, begins.date(), random.Random(f"figures {seed}"))
    with backend.reading() as uow:
        wished = wishes(uow)
    for year in range(first, now.year):
        period = Period(f"{year}-Q1", f"{year}-Q4")
        try:
            release_period(backend, SYSTEM, now=now, period=period, wishes=wished)
        except (PeriodTooSmall, TablesInConflict, NotPublishable, PublishedAlready, Malformed, Contradiction):
            # A made-up year that cannot be published safely is left out, as a real one would be.
            continue


def _bring_history(backend: Backend, cast: Cast, pack: Pack, now: datetime, until: date, chance: random.Random) -> None:
    kinds = [choice.value for choice in pack.choices["incident_kinds"]][:6]
    sources = [choice.value for choice in pack.choices["sources"]]
    severities = [choice.value for choice in pack.choices["severities"]]
    units = sorted(cast.units.values(), key=lambda unit: unit.name)
    assert cast.top is not None
    years = range(until.year - YEARS, until.year + 1)
    with backend.writing() as uow:
        for unit in (*units, cast.top):
            people = PEOPLE + chance.randrange(-9, 10) if unit is not cast.top else 12
            uow.session.add(Headcount(id=uow.new_id(), unit_id=unit.id, quarter=f"{years[0]}-Q1", people=people))
        for place, year in enumerate(years):
            for _event in range(EACH + 5 * place + chance.randrange(8)):
                day = date(year, 1, 1) + timedelta(days=chance.randrange(365))
                if day >= until:
                    continue
                report = IncidentReport(
                    programme=pack.name,
                    unit_id=chance.choice(units).id,
                    kind=chance.choices(kinds, range(len(kinds), 0, -1))[0],
                    source=chance.choice(sources),
                    severity=chance.choice(severities),
                    occurred_on=day,
                    occurred_time=None,
                    description="",
                    exposed=(),
                    imported=True,
                )
                report_incident(uow, BUILDER, now=now, report=report)
        uow.record(
            BUILDER,
            now,
            "statistics.headcounts",
            chain="organisation",
            subject="statistics",
            codes={"changed": len(units) + 1, "same": 0},
        )

"""Releases for tests of pages and files: made by the real builder from generated facts, with true values at hand."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from tests.support.organisation import SETUP, Organisation
from trim.statistics import attack, build
from trim.statistics.counts import Count, Unit
from trim.statistics.model import Release, Rules
from trim.statistics.model_json import to_json
from trim.statistics.periods import Period
from trim.statistics.read_declaration import read_declaration
from trim.store.tables import Release as ReleaseRow

UNITS = (
    Unit("top", "Harbour Service", None, 40),
    Unit("north", "North", "top", 300),
    Unit("south", "South", "top", 420),
    Unit("quay", "Quay", "south", 60),
)
#: A name that would run in a spreadsheet, as any word in a release might.
DANGEROUS = '=HYPERLINK("https://evil.example","North")'


@dataclass(frozen=True)
class Told:
    """A release with the counts that it was made from."""

    release: Release
    counts: tuple[Count, ...]


def generated(quarter: str, seed: int) -> Iterator[Count]:
    """Facts of a quarter as they would be counted, sparse in places."""
    chance = random.Random(seed)
    for unit in ("north", "south", "quay"):
        for kind in ("assault", "road_death", "fire", "child_death"):
            number = chance.choice((1, 2, 9, 14, 21, 30))
            marks = (1 << min(number, 16)) - 1

            row = partial(_row, quarter, unit, kind, marks)
            yield row("incident", number, "commander")
            yield row("exposed", number * 2, exposure="direct", staff_group="employee")
            yield row("exposed", max(1, number // 3), exposure="witness", staff_group="volunteer")
            yield row("offer_made", number)
            yield row("offer_answered", number - 1 or 1, "accepted")
            yield row("offer_answered", max(1, number // 6), "declined")
            yield row("assessment_held", number, "first_assessment")
            yield row("first_wait", number, chance.choice(("within_3_days", "4_to_7_days")))
            yield row("window", number, chance.choice(("first_assessment:kept", "first_assessment:late")))
            if number > 8:
                yield row("escalation_raised", number // 4, "high_first_score")
                yield row("referral_proposed", number // 3)
    for band, persons in (("low", 60), ("high", 24), ("incomplete", 3)):
        yield Count(quarter, "assessment", "top", "trim", f"first_assessment:{band}", persons=persons, marks=0xFFFF)
    for size, persons in (("down_4_or_more", 31), ("same", 12), ("up_1_to_3", 9), ("up_4_or_more", 2)):
        yield Count(quarter, "change_size", "top", "trim", size, persons=persons, marks=0xFFFF)


def _row(
    quarter: str, unit: str, kind: str, marks: int, what: str, persons: int, category: str | None = None, **more: str
) -> Count:
    return Count(quarter, what, unit, "trim", category, kind, persons=persons, marks=marks, incidents=8, **more)


@cache
def chain(*quarters: str) -> tuple[Told, ...]:
    """Releases 1, 2 ... of these quarters, each made beside the earlier ones; the same quarters give the same bytes."""
    earlier = chain(*quarters[:-1]) if len(quarters) > 1 else ()
    number, quarter = len(quarters), quarters[-1]
    counts = tuple(generated(quarter, number))
    built = build.build_release(
        counts,
        read_declaration(),
        UNITS,
        Rules(),
        [one.release for one in earlier],
        lambda _what, _done, _of: None,
        120.0,
        asked=build.Asked(number, Period(quarter, quarter), ("trim",), "2025-Q4"),
    )
    people = {one.code: one.headcount for one in UNITS if one.headcount is not None}
    return (*earlier, Told(dataclasses.replace(built, headcounts=people), counts))


def publish(organisation: Organisation, *told: Told, attacked: bool = True) -> None:
    """Put these releases into an organisation as if they had been published there."""
    with organisation.backend.writing() as uow:
        known: list[Release] = []
        for one in told:
            body = to_json(one.release)
            known.append(one.release)
            uow.session.add(
                ReleaseRow(
                    id=uow.new_id(),
                    number=one.release.number,
                    period_from=one.release.period.first,
                    period_to=one.release.period.last,
                    released_at=organisation.now,
                    released_by="system:statistics",
                    body=body.decode(),
                    body_digest=hashlib.sha256(body).hexdigest(),
                    report=_report(tuple(known)) if attacked else "{}",
                )
            )
        uow.record(SETUP, organisation.now, "statistics.released", chain="organisation", subject="statistics")


@cache
def _report_of(bodies: tuple[bytes, ...]) -> str:
    from trim.statistics.model_json import from_json

    return attack.to_json(attack.attack([from_json(one) for one in bodies])).decode()


def _report(known: tuple[Release, ...]) -> str:
    return _report_of(tuple(to_json(one) for one in known))

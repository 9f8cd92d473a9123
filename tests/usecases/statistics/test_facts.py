"""Facts come in sealed, are mixed, replaced and taken back, and follow neither the trail nor anybody."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from tests.support.facts_told import told
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.talks import FOLLOW_UP, Talks
from tests.support.trail import lines
from tests.usecases.test_perform import whole_case
from trim.domain.errors import ContentDamaged, Forbidden
from trim.store import facts
from trim.store.tables import Fact, FactIntake, Release
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.statistics.counts import counts
from trim.usecases.statistics.move_facts import LEAST, Moved, move_facts, nightly
from trim.usecases.statistics.rebuild_facts import rebuild_facts


def publish(organisation: Organisation, first: str, last: str) -> None:
    """What a release does to the facts, without its tables."""
    told(organisation)
    with organisation.backend.writing() as uow:
        facts.count_open(uow.session, facts.quarters_between(first, last), late=False)
        uow.session.add(
            Release(
                id=uow.new_id(),
                number=1,
                period_from=first,
                period_to=last,
                released_at=organisation.now,
                released_by="test",
                body="{}",
                body_digest="0",
                report="{}",
            )
        )
        uow.record(
            organisation.actor("Lee"), organisation.now, "statistics.facts_moved", chain="organisation", subject="x"
        )


def said(rows: list[Fact]) -> Counter[tuple[object, ...]]:
    return Counter(tuple(getattr(one, name) for name in (*facts.SAYING, "handle", "weight", "state")) for one in rows)


@pytest.mark.large_on_postgresql
def test_what_comes_in_can_be_read_only_once_it_is_mixed(story: Story) -> None:
    whole_case(story)
    with story.organisation.backend.reading() as uow:
        came = list(uow.session.scalars(select(FactIntake)))
        assert len({len(one.sealed) for one in came}) == 1
        assert not [one for one in came if b"assessment" in one.sealed or b"2026" in one.sealed]
        with pytest.raises(ContentDamaged):
            uow.vault.unseal_fact(came[0].id, came[1].sealed)
    rows = told(story.organisation)
    assert len(rows) == len(came)
    assert {one.state for one in rows} == {"open"}
    with story.organisation.backend.reading() as uow:
        assert facts.count_waiting(uow.session) == 0
        line = [one for one in lines(uow.session, "organisation") if one["what"] == "statistics.facts_moved"][-1]
    assert line["codes"] == {"facts": len(came)}


@pytest.mark.large_on_postgresql
def test_a_night_moves_no_single_fact(story: Story) -> None:
    story.opens_case()
    moved = move_facts(story.organisation.backend, now=story.organisation.now)
    assert moved.moved == 0
    assert 0 < moved.waiting < LEAST
    everything = move_facts(story.organisation.backend, now=story.organisation.now, everything=True)
    assert everything == Moved(moved.waiting, 0)


def test_telling_the_facts_anew_gives_the_same_facts(story: Story) -> None:
    whole_case(story)
    before = said(told(story.organisation))
    done = rebuild_facts(story.organisation.backend, now=story.organisation.now)
    assert (done.cases, done.before, done.after) == (1, len(list(before.elements())), len(list(before.elements())))
    assert said(told(story.organisation)) == before
    with story.organisation.backend.reading() as uow:
        line = [one for one in lines(uow.session, "organisation") if one["what"] == "statistics.facts_rebuilt"][-1]
    assert set(line["codes"]) == {"cases", "incidents", "before", "after"}
    assert all(isinstance(number, int) for number in line["codes"].values())
    with pytest.raises(Forbidden):
        rebuild_facts(story.organisation.backend, story.organisation.actor("Lee"), now=story.organisation.now)


@pytest.mark.large_on_postgresql
@pytest.mark.care(33)
def test_bands_and_change_name_the_whole_organisation_alone(story: Story) -> None:
    whole_case(story)
    top = story.organisation.units["Everywhere"].id
    for one in told(story.organisation):
        if one.kind in {"assessment", "change", "change_size"}:
            assert (one.unit_id, one.incident_kind, one.exposure, one.staff_group) == (top, None, None, None)
        if one.kind == "assessment_held":
            assert one.unit_id == story.organisation.units["North"].id


@pytest.mark.large_on_postgresql
def test_one_person_counts_once_in_a_quarter_however_often_it_happens(talks: Talks) -> None:
    talks.talks(points=0)
    for _ in range(3):
        talks.does("Pat", "raise_red_flag", talks.ref, level="now", what="x")
    raised = [one for one in told(talks.organisation) if one.kind == "escalation_raised"]
    assert [(one.category, one.weight) for one in raised] == [("red_flag", 1)]


def test_what_is_published_changes_by_a_correction_alone(talks: Talks) -> None:
    first = talks.talks(points=0).made["assessment"]
    publish(talks.organisation, "2026-Q1", "2026-Q1")
    quarter = ["2026-Q1"]
    with talks.organisation.backend.reading() as uow:
        before = Counter(counts(uow.session, quarter))
    talks.withdraws(first)
    talks.organisation.later(days=1)
    talks.talks(points=2)
    told(talks.organisation)
    with talks.organisation.backend.reading() as uow:
        assert Counter(counts(uow.session, quarter)) == before
        corrected = {
            (one.kind, one.category): one.persons
            for one in counts(uow.session, quarter, states=("open", "counted", "late"))
        }
        assert corrected["assessment", "first_assessment:high"] == 1
        assert ("assessment", "first_assessment:low") not in corrected
        assert facts.count_late(uow.session, quarter) > 0


def test_erasing_after_publication_leaves_the_count_and_no_handle(talks: Talks) -> None:
    from trim.domain.access import system_actor
    from trim.store.tables import SupportCase
    from trim.usecases.retention.erase import erase

    talks.talks(points=0)
    publish(talks.organisation, "2026-Q1", "2026-Q1")
    talks.organisation.later(days=28)
    talks.talks(FOLLOW_UP, 2)
    with talks.organisation.backend.reading() as uow:
        before = Counter(counts(uow.session, ["2026-Q1"]))
    with talks.organisation.backend.writing() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        erase(uow, system_actor("test"), now=talks.organisation.now, subject=case, rule="test")
    rows = told(talks.organisation)
    of_the_incident = {"incident", "exposed", "response"}
    assert {one.handle for one in rows if one.kind not in of_the_incident} == {None}
    assert {one.state for one in rows if one.kind not in of_the_incident} == {"counted"}
    with talks.organisation.backend.reading() as uow:
        assert Counter(counts(uow.session, ["2026-Q1"])) == before


@pytest.mark.large_on_postgresql
def test_a_quarter_ends_in_the_zone_of_the_organisation(story: Story) -> None:
    # Half past eleven at night UTC on the last of June is July in London.
    story.organisation.now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    story.opens_case()
    assert {one.quarter for one in told(story.organisation) if one.kind == "case_opened"} == {"2026-Q3"}


INCIDENTS = 60


def test_no_column_and_no_order_joins_facts_to_the_trail_better_than_chance(organisation: Organisation) -> None:
    """Pairing by any column or by place finds as many true pairs as chance does, and follows no order."""
    with organisation.backend.writing() as uow:
        for number in range(INCIDENTS):
            made = organisation.report(occurred_time=None, description=f"Number {number}.")
            report_incident(uow, organisation.actor("Carol"), now=organisation.now, report=made)
            organisation.later(minutes=7)
    sqlite = organisation.backend.database.is_sqlite
    with organisation.backend.reading() as uow:
        trail = _reported(uow)
        truth = {uow.vault.blind_index("fact", "\0".join(("incident", chain[9:], "", ""))): chain for chain in trail}
        query = f"SELECT handle FROM fact_intake ORDER BY {'rowid' if sqlite else 'ctid'}"
        intake = [truth[handle] for (handle,) in uow.session.execute(text(query)) if handle in truth]
    rows = [one for one in told(organisation) if one.kind == "incident"]
    with organisation.backend.reading() as uow:
        query = "SELECT handle FROM fact WHERE kind = 'incident'" + ("" if sqlite else " ORDER BY ctid")
        stored = [truth[str(handle)] for (handle,) in uow.session.execute(text(query))]
    by_column = {
        name: [truth[str(one.handle)] for one in sorted(rows, key=lambda one: str(getattr(one, name)))]
        for name in ("id", "handle")
    }
    for name, order in {"place": stored, **by_column}.items():
        assert sorted(order) == sorted(trail)
        hits = sum(one == other for one, other in zip(order, trail, strict=True))
        # The number of true pairs of a random order is near Poisson with mean 1: more than 8 comes once in a million.
        assert hits <= 8, name
        assert abs(_rank_correlation(order, trail)) < 5 / INCIDENTS**0.5, name
    # Every other column is the same for all of them: it pairs nothing.
    for name in ("kind", "quarter", "unit_id", "programme", "incident_kind", "category", "weight", "state"):
        assert len({getattr(one, name) for one in rows}) == 1
    # The measure finds an order where there is one: that of the intake follows the trail, and so it is sealed.
    assert _rank_correlation(intake, trail) > 0.99


def _reported(uow: object) -> list[str]:
    from trim.store.tables import TrailEntry

    rows = uow.session.scalars(select(TrailEntry).where(TrailEntry.what == "incident.reported"))
    return [one.chain for one in sorted(rows, key=lambda one: one.at)]


def _rank_correlation(order: list[str], truth: list[str]) -> float:
    """Spearman's: 1 for the same order, near 0 for one that tells nothing (standard deviation 1/sqrt(n))."""
    n = len(truth)
    rank = {chain: at for at, chain in enumerate(truth)}
    off = sum((at - rank[chain]) ** 2 for at, chain in enumerate(order))
    return 1 - 6 * off / (n * (n * n - 1))


@pytest.mark.large_on_postgresql
def test_a_night_notes_what_practitioners_carry(talks: Talks) -> None:
    """Pat supports Robin, Quinn nobody; the last night of a quarter stands, once for each."""
    organisation = talks.organisation
    for _night in range(2):
        nightly(organisation.backend, now=organisation.now)
        organisation.later(days=1)
    found = [one for one in told(organisation) if one.kind == "practitioner"]
    assert sorted(str(one.category) for one in found) == ["1_to_2_cases", "no_case"]
    assert {one.mark for one in found} == {0}
    ids = {account.id for account in organisation.accounts.values()}
    assert not ids & {value for one in found for value in one.model_dump().values() if isinstance(value, str)}

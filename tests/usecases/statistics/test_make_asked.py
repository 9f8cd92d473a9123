"""What was asked for is made by a worker: once, whatever dies on the way; refused in words that say why."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.support.asking import asks, asks_again, stands, the_request, works
from tests.support.organisation import SETUP, Organisation
from tests.support.posting import outbox
from tests.support.trail import broken_chains, lines
from tests.usecases.statistics.test_asking import late
from tests.usecases.statistics.test_releasing import fact, fill, stored
from trim.domain.releasing import MOST_TRIES
from trim.jobs.make_releases import make_waiting
from trim.statistics import attack, build
from trim.statistics.model import Release
from trim.statistics.periods import Period
from trim.store import facts, release_requests
from trim.usecases.opening import open_backend
from trim.usecases.statistics import make_asked
from trim.usecases.statistics import release_period as releasing
from trim.usecases.statistics.make_asked import AFTER_FAULT, AFTER_MOVE, LEASE, ClaimLost, make_taken, take_up
from trim.usecases.statistics.move_facts import SYSTEM
from trim.usecases.statistics.wishes import wishes

pytestmark = pytest.mark.large_on_postgresql


@pytest.fixture
def filled(organisation: Organisation) -> Organisation:
    fill(organisation, "2025-Q1", "2025-Q2")
    return organisation


def told(made: Organisation) -> list[tuple[str, str]]:
    names = {account.id: name for name, account in made.accounts.items()}
    return sorted((one.kind, names[one.recipient_id]) for one in outbox(made) if one.kind.startswith("release_"))


def attacked_with(monkeypatch: pytest.MonkeyPatch, verdict: attack.Verdict) -> None:
    """Whatever is built, the adversary ends with this about one of its cells."""

    def ends(found: list[Release], **_more: object) -> attack.Report:
        table = found[-1].tables[0]
        line = attack.Line(1, table.name, table.cells[0].key, 3, 3, verdict, True)
        return attack.Report(1, (), (line,))

    monkeypatch.setattr(attack, "attack", ends)


def test_it_is_made_as_on_the_command_line_and_both_sides_are_told_once(filled: Organisation) -> None:
    request_id = asks(filled)
    assert works(filled) == ["published"]
    [release] = stored(filled)
    row = the_request(filled, request_id)
    assert (row.state, row.release_number, row.ended_at) == ("published", release.number, filled.now)
    assert (row.claimed_by, row.claimed_until, row.stage) == (None, None, None)
    with filled.backend.reading() as uow:
        line = lines(uow.session, "organisation")[-1]
    lee = filled.accounts["Lee"].id
    assert line["what"] == "statistics.released"
    assert (line["codes"]["request"], line["codes"]["asked_by"]) == (request_id, lee)
    assert told(filled) == [("release_made", "Lee"), ("release_published", "Hana")]
    assert works(filled) == []
    assert told(filled) == [("release_made", "Lee"), ("release_published", "Hana")]


def test_a_correction_is_announced_to_whoever_reads_figures(filled: Organisation) -> None:
    asks(filled)
    works(filled)
    late(filled)
    asks_again(filled, 1)
    assert works(filled) == ["published"]
    assert [(one.number, one.corrects, one.cause) for one in stored(filled)] == [(1, None, None), (2, 1, "late_facts")]
    assert [one for one in told(filled) if one[1] == "Hana"] == [
        ("release_corrected", "Hana"),
        ("release_published", "Hana"),
    ]
    assert {one.subject_ref for one in outbox(filled, kind="release_corrected")} == {"2"}


@pytest.mark.large
def test_what_was_asked_first_is_made_first(filled: Organisation) -> None:
    first = asks(filled, "2025-Q2")
    filled.later(hours=1)
    second = asks(filled, "2025-Q1")
    assert works(filled) == ["published", "published"]
    numbers = [stands(filled, one, "release_number") for one in (first, second)]
    assert numbers == [(1,), (2,)]


def test_two_workers_never_make_two_at_once(filled: Organisation) -> None:
    asks(filled, "2025-Q1")
    filled.later(hours=1)
    asks(filled, "2025-Q2")
    taken = take_up(filled.backend, worker="one", now=filled.now)
    assert taken is not None
    assert take_up(filled.backend, worker="two", now=filled.now) is None
    assert works(filled, "two") == []


def test_progress_stands_in_the_row_while_it_is_made(filled: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_asked, "WRITE_SECONDS", 0.0)
    request_id = asks(filled)
    seen = []
    real = build.build_release

    def looked_at(*given: object, **more: object) -> Release:
        seen.append(stands(filled, request_id, "state", "stage", "turn"))
        made = real(*given, **more)
        seen.append(stands(filled, request_id, "state", "stage", "turn"))
        return made

    monkeypatch.setattr(build, "build_release", looked_at)
    works(filled)
    assert seen == [("making", "counting", 0), ("making", "hiding", 1)]
    assert stands(filled, request_id, "stage_done") == stands(filled, request_id, "stage_of")


def test_a_worker_that_is_told_to_stop_puts_it_off_and_the_try_does_not_count(filled: Organisation) -> None:
    request_id = asks(filled)
    heard = iter([False])
    assert works(filled, stopping=lambda: next(heard, True)) == ["asked"]
    assert stands(filled, request_id, "state", "claimed_by", "attempts") == ("asked", None, 0)
    assert stored(filled) == []
    assert works(filled) == ["published"]


def test_a_worker_that_lost_its_claim_publishes_nothing(filled: Organisation) -> None:
    request_id = asks(filled)
    taken = take_up(filled.backend, worker="slow", now=filled.now)
    assert taken is not None
    filled.now += LEASE
    assert works(filled, "quick") == ["published"]
    with pytest.raises(ClaimLost):
        make_taken(filled.backend, taken, worker="slow", at=lambda: filled.now, instance=None)
    assert len(stored(filled)) == 1
    assert stands(filled, request_id, "state", "attempts") == ("published", 2)


def test_a_claim_that_is_lost_at_the_last_moment_takes_the_release_with_it(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = asks(filled)
    taken = take_up(filled.backend, worker="slow", now=filled.now)
    assert taken is not None
    real = releasing._freeze

    def late_by_then(*given: object, **more: object) -> releasing.Made:
        assert take_up(filled.backend, worker="quick", now=filled.now + LEASE) is not None
        return real(*given, **more)

    monkeypatch.setattr(releasing, "_freeze", late_by_then)
    with pytest.raises(ClaimLost):
        make_taken(filled.backend, taken, worker="slow", at=lambda: filled.now, instance=None)
    assert stored(filled) == []
    assert told(filled) == []
    assert stands(filled, request_id, "state", "claimed_by") == ("making", "quick")


@pytest.mark.parametrize(
    ("verdict", "because"),
    [
        (attack.Verdict.EXACT, "exposed"),
        pytest.param(attack.Verdict.UNDECIDED, "time_limit", marks=pytest.mark.large),
    ],
)
def test_what_the_adversary_opens_or_cannot_decide_is_refused_with_its_reason(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch, verdict: attack.Verdict, because: str
) -> None:
    attacked_with(monkeypatch, verdict)
    request_id = asks(filled)
    assert works(filled) == ["refused"]
    row = the_request(filled, request_id)
    assert (row.state, row.refused_because) == ("refused", because)
    assert row.refused_about is not None
    assert row.refused_about["en"] != row.refused_about["fr"]
    assert stored(filled) == []
    with filled.backend.reading() as uow:
        line = lines(uow.session, "organisation")[-1]
    assert (line["what"], line["codes"]["because"]) == ("statistics.request_refused", because)
    assert told(filled) == [("release_refused", "Lee")]


def test_too_little_in_a_year_that_runs_names_the_period_to_wait_for(organisation: Organisation) -> None:
    rows = [fact(organisation, "incident", "2026-Q1", one, incident_kind="assault") for one in range(9)]
    rows += [fact(organisation, "offer_made", "2026-Q1", one) for one in range(8)]
    with organisation.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, organisation.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    organisation.later(hours=24 * 60)
    request_id = asks(organisation, "2026-Q1")
    assert works(organisation) == ["refused"]
    row = the_request(organisation, request_id)
    assert row.refused_because == "too_small"
    assert row.refused_about == {"wait_for": ["2026-Q1", "2026-Q2"]}


def test_too_little_within_a_year_that_is_published_says_so_before_it_is_attacked(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = organisation
    rows = [fact(made, "incident", f"2025-Q{one % 4 + 1}", one, incident_kind="assault") for one in range(16)]
    rows += [fact(made, "offer_made", f"2025-Q{one % 4 + 1}", one) for one in range(12)]
    with made.backend.writing() as uow:
        facts.add_all(uow.session, rows)
        uow.record(SETUP, made.now, "statistics.facts_moved", chain="organisation", subject="statistics")
    asks(made, "2025-Q1", "2025-Q4")
    assert works(made) == ["published"]
    request_id = asks(made, "2025-Q3")
    monkeypatch.setattr(attack, "attack", None)
    assert works(made) == ["refused"]
    assert stands(made, request_id, "refused_because") == ("within_published",)


@pytest.mark.large
def test_what_the_command_line_published_meanwhile_is_refused(filled: Organisation) -> None:
    request_id = asks(filled)
    with filled.backend.reading() as uow:
        wished = wishes(uow)
    period = Period("2025-Q1", "2025-Q1")
    releasing.release_period(filled.backend, SYSTEM, now=filled.now, period=period, wishes=wished)
    assert works(filled) == ["refused"]
    assert stands(filled, request_id, "refused_because") == ("published_already",)
    assert [one for one in told(filled) if one[1] == "Hana"] == [("release_published", "Hana")]


def test_an_organisations_own_tables_that_cannot_be_used_are_a_plain_reason(filled: Organisation) -> None:
    own = Path(str(filled.folder)) / "statistics" / "tables.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("format: 1\ntables: {}\n")
    request_id = asks(filled)
    assert works(filled) == ["refused"]
    assert stands(filled, request_id, "refused_because") == ("rules",)


@pytest.mark.large
def test_records_that_move_put_it_off_and_in_the_end_refuse_it(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(*_given: object, **_more: object) -> None:
        raise releasing.MovedMeanwhile("moved")

    monkeypatch.setattr(releasing, "_freeze", moved)
    monkeypatch.setattr(make_asked, "MOST_TRIES", 2)
    request_id = asks(filled)
    assert works(filled) == ["asked"]
    assert works(filled) == []
    filled.now += AFTER_MOVE
    assert works(filled) == ["refused"]
    assert stands(filled, request_id, "refused_because", "attempts") == ("moved", 2)


@pytest.mark.large
def test_a_fault_of_the_program_is_tried_again_later_and_then_said(
    filled: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr(build, "build_release", broken)
    monkeypatch.setattr(make_asked, "MOST_TRIES", 2)
    request_id = asks(filled)
    for _try in range(2):
        with pytest.raises(ValueError, match="a fault"):
            works(filled)
        assert works(filled) == []
        filled.now += AFTER_FAULT
    assert stands(filled, request_id, "state", "refused_because") == ("refused", "failed")


@pytest.mark.large
def test_one_that_kills_every_worker_does_not_stand_in_the_way_for_ever(filled: Organisation) -> None:
    deadly = asks(filled, "2025-Q1")
    filled.later(hours=1)
    behind = asks(filled, "2025-Q2")
    for number in range(MOST_TRIES):
        assert take_up(filled.backend, worker=f"dead {number}", now=filled.now) is not None
        filled.now += LEASE
    assert works(filled) == ["published"]
    assert stands(filled, deadly, "state", "refused_because") == ("refused", "failed")
    assert stands(filled, behind, "state") == ("published",)


def dies(made: Organisation, count: int) -> bool:
    """Make what waits in a child that kills itself at its commit number `count`; True when it was killed."""
    made.backend.close()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        backend = open_backend(made.urls.url, Path(str(made.folder)) / "keys")
        seen = 0

        def count_down(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(backend.database.engine, "commit", count_down)
        try:
            make_waiting(backend, worker=f"child {count}", clock=lambda: made.now, instance=None)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.large
def test_killed_at_any_commit_it_is_published_once(filled: Organisation) -> None:
    """A commit that kills was not kept; the next child begins anew once the claim has run out."""
    request_id = asks(filled)
    count = 1
    while dies(filled, count):
        with filled.backend.reading() as uow:
            assert broken_chains(uow.session) == []
        published = the_request(filled, request_id).state == "published"
        assert published == bool(stored(filled))
        # Not a try that counts against it: the test kills more often than a request lives.
        with filled.backend.database.writing() as session:
            release_requests.give_back_all(session, worker=f"child {count}")
            session.connection().exec_driver_sql("UPDATE release_request SET attempts = 0")
        filled.now += timedelta(seconds=1)
        count += 1
    assert count > 3
    assert [one.number for one in stored(filled)] == [1]
    assert told(filled) == [("release_made", "Lee"), ("release_published", "Hana")]


@pytest.mark.large
def test_killed_in_the_middle_it_is_taken_up_when_the_claim_has_run_out(filled: Organisation) -> None:
    request_id = asks(filled)
    assert dies(filled, 3)
    assert stands(filled, request_id, "state", "claimed_by") == ("making", "child 3")
    assert works(filled) == []
    filled.now += LEASE
    assert works(filled) == ["published"]
    assert len(stored(filled)) == 1

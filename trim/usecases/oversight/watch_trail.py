"""Patterns of access that an auditor may want to ask about, counted from the trail; reading them leaves a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.domain.trail_kinds import Kind
from trim.domain.watch import LIMITS, Pattern, Span, Watch
from trim.store import accounts, settings, trail_patterns
from trim.usecases.oversight.neutral import actions
from trim.usecases.oversight.read_trail import note_looked, require_auditor, words_of_kinds
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50


@dataclass(frozen=True, slots=True)
class PatternCount:
    """One pattern and how many rows of it there are in the days looked at."""

    pattern: Pattern
    rows: int


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One account on one day. `case` is the opaque id of a case, where the row is about one."""

    day: date
    account_id: str
    who: str
    times: int
    last_at: datetime
    case: str | None


@dataclass(frozen=True, slots=True)
class PatternPage:
    """A page of rows, the newest day first; `after` says where the next one goes on, None at the end."""

    rows: tuple[PatternRow, ...]
    after: str | None


def count_patterns(uow: UnitOfWork, actor: Actor, *, now: datetime, span: Span) -> tuple[PatternCount, ...]:
    """Every pattern with its number of rows. Raises Forbidden."""
    require_auditor(actor)
    counts = tuple(PatternCount(pattern, _rows(uow, pattern, span).count()) for pattern in Pattern)
    note_looked(uow, actor, now, "patterns", span, sum(one.rows for one in counts))
    return counts


def read_pattern(
    uow: UnitOfWork, actor: Actor, *, now: datetime, pattern: Pattern, span: Span, after: str | None = None
) -> PatternPage:
    """A page of the rows of one pattern. Raises Forbidden. A key that cannot be read begins at the newest."""
    require_auditor(actor)
    found = _rows(uow, pattern, span).page(_key(after), PAGE + 1)
    page = found[:PAGE]
    names = accounts.names(uow.session, {one.account_id for one in page})
    note_looked(uow, actor, now, pattern.value, span, len(page))
    rows = tuple(
        PatternRow(
            day=one.day,
            account_id=one.account_id,
            who=names.get(one.account_id, one.account_id),
            times=one.times,
            last_at=one.last_at,
            case=one.chain.partition(":")[2] or None,
        )
        for one in page
    )
    last = page[-1] if len(found) > PAGE else None
    return PatternPage(rows, f"{last.day.isoformat()}|{last.account_id}|{last.chain}" if last else None)


def set_watch(uow: UnitOfWork, actor: Actor, *, now: datetime, values: Mapping[str, int]) -> Watch:
    """Set some of the figures; the others stay. Gives all of them. Raises Forbidden, InvalidInput."""
    if not actor.is_system:
        raise Forbidden
    problems = {
        name: Reason(
            "out_of_range",
            f"Between {LIMITS[name][0]} and {LIMITS[name][1]}.",
            f"Entre {LIMITS[name][0]} et {LIMITS[name][1]}.",
        )
        for name, value in values.items()
        if not LIMITS[name][0] <= value <= LIMITS[name][1]
    }
    if problems:
        raise InvalidInput(problems)
    kept = {**settings.read(uow.session, "watch", {}), **values}
    settings.write(uow.session, "watch", kept)
    uow.__dict__.pop("organisation", None)
    # The figures themselves are no secret, and whoever compares two lists must know when they changed.
    uow.record(
        actor,
        now,
        "settings.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={"settings": ["watch"], **values},
    )
    return uow.organisation.watch


def _rows(uow: UnitOfWork, pattern: Pattern, span: Span) -> trail_patterns.Rows:
    watch = uow.organisation.watch
    windows = watch.windows(pattern, span, uow.organisation.zone)
    if pattern is Pattern.OUTSIDE_UNITS:
        return trail_patterns.outside_units(uow.session, windows)
    if pattern is Pattern.AFTER_SUPPORT:
        return trail_patterns.after_support(
            uow.session,
            windows,
            taken_on=actions(uow, "case", does="accept_allocation"),
            ended=actions(uow, "case", final=True),
        )
    words = {
        Pattern.MANY_REFUSALS: words_of_kinds([Kind.REFUSAL]),
        Pattern.MANY_SEARCHES: words_of_kinds([Kind.SEARCH]),
    }
    return trail_patterns.frequent(
        uow.session,
        windows,
        words=words.get(pattern, [trail_patterns.OPENED]),
        least=watch.least(pattern),
        different_cases=pattern not in words,
    )


def _key(text: str | None) -> trail_patterns.Key | None:
    try:
        day, account, chain = (text or "").split("|")
        return date.fromisoformat(day), account, chain
    except ValueError:
        return None

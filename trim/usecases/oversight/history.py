"""Histories for supervisors: of a case, an incident, a practitioner, a day; each reading leaves its own entry.

A case or an incident is opened as it always is, with its conflict rules. What a practitioner or everybody did on a day
is told of cases and incidents that this supervisor may read and of no others (CARE 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.calendar import end_of_day, start_of_day
from trim.domain.errors import Forbidden, NotFound
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS
from trim.store import accounts, histories, people
from trim.store.histories import Seen, Wanted
from trim.store.tables import TrailEntry
from trim.store.trail_entries import Key
from trim.usecases import incident_access
from trim.usecases.acting import ties
from trim.usecases.acting.standing import subject_of
from trim.usecases.oversight.history_lines import HistoryLine, lines_of
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 50
#: Entries of one export at most; a page says when there are more, and to choose fewer days.
MOST = 1_000
#: No chain is longer: what a database takes as a number.
MOST_NUMBER = 2**31 - 1
#: What an export is made as.
FORMATS = ("csv", "pdf")
SEARCHED = {"C": "case", "I": "incident", "E": "escalation", "R": "referral", "S": "agreed_step"}


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which entries; None leaves a part open. Days are days in the organisation's zone, both included."""

    kind: Kind | None = None
    who: str | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Of:
    """Whose history: `kind` is case, incident, practitioner or day; `name` its reference, account, or nothing."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A page of a history, the newest first; `before` says where the next one goes on, None at the end.

    `title` names whose it is: the person of a case, the kind of an incident is not told, a practitioner's name.
    """

    of: Of
    title: str
    lines: tuple[HistoryLine, ...]
    staff: tuple[tuple[str, str], ...]
    before: str | None


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a history is read from: one chain, or all that the supervisor sees."""

    title: str
    owner: str | None = None
    seen: Seen | None = None
    role: str | None = None


def read_history(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    of: Of,
    wanted: HistoryFilter,
    before: str | None = None,
) -> History:
    """A page of a history. Raises Forbidden, NotFound, ConflictUnknown. A made-up key begins at the newest."""
    opened = _open(uow, actor, of)
    asked = _wanted(uow, of, wanted)
    found = _entries(uow, opened, asked, key_of_text(before), PAGE + 1)
    page = found[:PAGE]
    history = _history(uow, actor, of, opened, asked, page)
    _leave_read(uow, actor, now, of, opened, page)
    more = key_text(histories.key_of(page[-1])) if len(found) > PAGE else None
    return History(of, opened.title, *history, more)


def export_history(
    uow: UnitOfWork, actor: Actor, *, now: datetime, of: Of, wanted: HistoryFilter, made_as: str
) -> History:
    """The newest entries of a history for a file, with its line in the trail; the file is made after the transaction.

    `made_as` is csv or pdf. Raises Forbidden, NotFound, ConflictUnknown.
    """
    if made_as not in FORMATS:
        raise NotFound
    opened = _open(uow, actor, of)
    asked = _wanted(uow, of, wanted)
    found = _entries(uow, opened, asked, None, MOST + 1)
    page = found[:MOST]
    history = _history(uow, actor, of, opened, asked, page)
    chain = opened.owner or trail.account_chain(actor.account_id)
    uow.record(
        actor,
        now,
        "history.exported",
        chain=chain,
        subject=opened.owner or _subject(of),
        role=opened.role,
        codes={"history": of.kind, "format": made_as, "entries": len(page)},
        also=_named_in(page) if opened.owner is None else (),
    )
    more = key_text(histories.key_of(page[-1])) if len(found) > MOST else None
    return History(of, opened.title, *history, more)


def find_history(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> Of | None:
    """The history that a reference leads to; None for one that is not there or not for this reader, which look alike.

    An escalation or a referral leads to its case. Raises Forbidden, ConflictUnknown.
    """
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    kind = SEARCHED.get(ref.partition("-")[0], "")
    try:
        found = find(uow, actor, kind, ref, lock=False) if kind else None
    except NotFound:
        found = None
    if found is not None and "practitioner" in found.roles:
        found = None
    uow.record(
        actor,
        now,
        "history.searched",
        chain=trail.account_chain(actor.account_id),
        subject="history:search",
        codes={"kind": kind or None, "found": found is not None},
    )
    if found is None:
        return None
    return Of("case", found.case.ref) if found.case is not None else Of("incident", ref)


def key_text(key: Key) -> str:
    """The key of a page as it travels in an address."""
    at, chain, number = key
    return f"{at.isoformat()}|{chain}|{number}"


def key_of_text(text: str | None) -> Key | None:
    """The key of an address; None for the first page, and for what somebody made up."""
    try:
        at, chain, number = (text or "").split("|")
        # Read as UTC here, where an instant before the first day of the calendar is still only a made-up one.
        instant = datetime.fromisoformat(at)
        key = (instant.astimezone(UTC), chain, int(number))
    except (ValueError, OverflowError):
        return None
    return key if instant.tzinfo and 0 <= key[2] <= MOST_NUMBER else None


def _open(uow: UnitOfWork, actor: Actor, of: Of) -> _Opened:
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    if of.kind in ("case", "incident"):
        found = find(uow, actor, of.kind, of.name, lock=False)
        if "practitioner" in found.roles:
            raise NotFound
        title = subject_of(uow, found.case).name if found.case is not None else ""
        return _Opened(title, owner=f"{of.kind}:{found.subject.id}", role=sorted(found.roles)[0])
    seen = Seen(ties.sight_of(uow, actor), incident_access.sight_of(uow, actor))
    role = min(one.value for one in actor.roles & ties.SUPERVISORS)
    if of.kind == "day":
        return _Opened("", seen=seen, role=role)
    account = accounts.by_id(uow.session, of.name)
    if account is None or account.id not in _colleagues(uow, actor):
        raise NotFound
    return _Opened(account.name, seen=seen, role=role)


def _colleagues(uow: UnitOfWork, actor: Actor) -> set[str]:
    """Accounts that hold or held a role which reads content over one of the supervisor's units."""
    mine = actor.units_where(Can.OVERSEE_CASES)
    tree = people.units(uow.session)
    return {
        grant.account_id for grant in histories.content_grants(uow.session) if people.below(tree, grant.unit_id) & mine
    }


def _wanted(uow: UnitOfWork, of: Of, wanted: HistoryFilter) -> Wanted:
    zone = uow.organisation.zone
    words, others = _words(wanted.kind)
    return Wanted(
        words=words,
        others=others,
        actor_id=of.name if of.kind == "practitioner" else wanted.who,
        from_at=start_of_day(wanted.from_on, zone) if wanted.from_on else None,
        until_at=end_of_day(wanted.to_on, zone) if wanted.to_on else None,
    )


def _words(kind: Kind | None) -> tuple[frozenset[str] | None, bool]:
    if kind is None:
        return None, False
    if kind is Kind.CHANGE:
        # The actions of packs are changes too, and their words are not ours: all but the words of other kinds.
        return frozenset(word for word, one in TRAIL_WORDS.items() if one.kind is not kind), True
    return frozenset(word for word, one in TRAIL_WORDS.items() if one.kind is kind), False


def _entries(uow: UnitOfWork, opened: _Opened, wanted: Wanted, before: Key | None, limit: int) -> list[TrailEntry]:
    if opened.owner is not None:
        return histories.of_owner(uow.session, opened.owner, wanted, before=before, limit=limit)
    assert opened.seen is not None
    return histories.of_all_seen(uow.session, opened.seen, wanted, before=before, limit=limit)


def _history(
    uow: UnitOfWork,
    actor: Actor,
    of: Of,
    opened: _Opened,
    wanted: Wanted,
    page: Sequence[TrailEntry],
) -> tuple[tuple[HistoryLine, ...], tuple[tuple[str, str], ...]]:
    programmes = {grant.programme for grant in actor.grants}
    lines = lines_of(uow, actor, page, programmes, may_name=opened.owner)
    return lines, _staff(uow, of, opened, wanted)


def _staff(uow: UnitOfWork, of: Of, opened: _Opened, wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """Who can be chosen in the filter: whoever has an entry here."""
    if of.kind == "practitioner":
        return ()
    if opened.owner is not None:
        ids = histories.actors_of_owner(uow.session, opened.owner)
    else:
        assert opened.seen is not None
        days = Wanted(from_at=wanted.from_at, until_at=wanted.until_at)
        ids = histories.actors_seen(uow.session, opened.seen, days) if days.from_at and days.until_at else set()
    names: Mapping[str, str] = accounts.names(uow.session, ids)
    return tuple(sorted(names.items(), key=lambda one: (one[1], one[0])))


def _leave_read(
    uow: UnitOfWork, actor: Actor, now: datetime, of: Of, opened: _Opened, page: Sequence[TrailEntry]
) -> None:
    if opened.owner is not None:
        uow.record(
            actor,
            now,
            f"{of.kind}.read",
            chain=opened.owner,
            subject=opened.owner,
            role=opened.role,
            codes={"page": "history"},
        )
        return
    uow.record(
        actor,
        now,
        "history.read",
        chain=trail.account_chain(actor.account_id),
        subject=_subject(of),
        role=opened.role,
        codes={"history": of.kind, "entries": len(page)},
        also=_named_in(page),
    )


def _subject(of: Of) -> str:
    return f"account:{of.name}" if of.kind == "practitioner" else "history:day"


def _named_in(page: Sequence[TrailEntry]) -> tuple[str, ...]:
    """The cases and incidents that a history names: the ledger of each finds the entry."""
    return tuple(sorted({entry.chain for entry in page}))

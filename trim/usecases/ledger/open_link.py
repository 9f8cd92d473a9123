"""Behind a private link: looking uses nothing up, only the code opens it, and wrong codes lock it (CARE 15)."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim.domain.access import Actor, person_of_case, system_actor
from trim.domain.errors import NotFound
from trim.store import cases, private_links, sign_in
from trim.store.tables import PrivateLink, SupportCase
from trim.usecases.ledger.give_link import MOST_FAILURES, State, state_of
from trim.usecases.ledger.secrets_of import code_digest, is_over, session_digest, token_digest, typed_code
from trim.usecases.people.sign_in_guard import SOURCE_LIMIT, SOURCE_PAUSE
from trim.usecases.telling import account_named, supervisors_of, tell
from trim.usecases.unit_of_work import UnitOfWork

#: A session ends when nothing was looked at for so long, and at the latest after the second span.
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
#: Who tries codes; until the right one is given nobody knows that it is the person.
STRANGER = system_actor("private-link")


class LinkGone(NotFound):
    """The link was replaced or taken back, its case is erased or its person has died, or there never was one."""


class SessionOver(NotFound):
    """The session behind a private link has ended, or there never was one."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """What a link leads to before its code is given; `asked` once a new link was asked for here."""

    state: State
    asked: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a code: the number of a session, or how many attempts are left, or until when to wait."""

    session: str | None = None
    left: int = 0
    wait_until: datetime | None = None


def look_at(uow: UnitOfWork, *, now: datetime, token: str) -> Doorway:
    """How a link stands; reads nothing of the case and uses nothing up. Raises LinkGone."""
    row, _case = _usable(uow, token, lock=False)
    return Doorway(state_of(row, now), row.asked_at is not None)


def give_code(uow: UnitOfWork, *, now: datetime, token: str, code: str, source: str) -> Answer:
    """Try a code; wrong ones are counted for the link and for where they come from. Raises LinkGone.

    Both counters are locked first: many guesses at one moment are taken one after the other.
    """
    guard = sign_in.locked_guard(uow.session, uow.vault.blind_index("private link source", source), now)
    row, case = _usable(uow, token, lock=True)
    if guard.locked_until is not None and guard.locked_until > now:
        return Answer(left=MOST_FAILURES - row.failures, wait_until=guard.locked_until)
    if state_of(row, now) != "works":
        return Answer()
    if guard.last_failed_at <= now - SOURCE_PAUSE:
        guard.failures = 0
    typed = code_digest(uow, case.id, row.id, typed_code(code))
    if hmac.compare_digest(typed, row.code_digest):
        return Answer(session=_opened(uow, row, case, now))
    guard.failures, guard.last_failed_at = guard.failures + 1, now
    guard.locked_until = now + SOURCE_PAUSE if guard.failures >= SOURCE_LIMIT else None
    row.failures += 1
    left = MOST_FAILURES - row.failures
    _record(uow, STRANGER, now, "link.code_refused" if left else "link.locked", row, failures=row.failures)
    return Answer(left=left)


def ask_for_new(uow: UnitOfWork, *, now: datetime, token: str) -> None:
    """A link that is locked or too old: tell who supports and who coordinates, once. Raises LinkGone."""
    row, case = _usable(uow, token, lock=True)
    if state_of(row, now) == "works" or row.asked_at is not None:
        return
    row.asked_at = now
    told = [*account_named(uow, case.practitioner_id or ""), *supervisors_of(uow, case, now)]
    tell(
        uow,
        told,
        kind="link_wanted",
        subject_kind="case",
        subject_ref=case.ref,
        cause=row.id,
        now=now,
        actor=STRANGER,
    )
    _record(uow, STRANGER, now, "link.wanted", row)


def own_case(uow: UnitOfWork, *, now: datetime, session: str, locale: str) -> tuple[Actor, SupportCase]:
    """The person and their case behind a session's number. Raises SessionOver."""
    row = private_links.of_session(uow.session, session_digest(uow, session)) if session else None
    if row is None or row.used_at is None or now - row.used_at > LONGEST or state_of(row, now) != "works":
        raise SessionOver
    case = cases.by_id(uow.session, row.case_id)
    if is_over(case):
        raise SessionOver
    return person_of_case(case.id, locale), case


def leave(uow: UnitOfWork, *, now: datetime, session: str) -> None:
    """End a session; the link stays. Ending one that is over already does no harm."""
    row = private_links.of_session(uow.session, session_digest(uow, session)) if session else None
    if row is not None:
        row.session_digest = None
        _record(uow, person_of_case(row.case_id), now, "link.closed", row)


def _opened(uow: UnitOfWork, row: PrivateLink, case: SupportCase, now: datetime) -> str:
    """A session of its own: whoever still looked through this link elsewhere is out."""
    number = secrets.token_urlsafe(32)
    row.failures, row.used_at, row.session_digest = 0, now, session_digest(uow, number)
    _record(uow, person_of_case(case.id), now, "link.opened", row)
    return number


def _usable(uow: UnitOfWork, token: str, *, lock: bool) -> tuple[PrivateLink, SupportCase]:
    row = private_links.of_token(uow.session, token_digest(uow, token), lock=lock)
    if row is None or row.ended_at is not None:
        raise LinkGone
    case = cases.by_id(uow.session, row.case_id)
    if is_over(case):
        raise LinkGone
    return row, case


def _record(uow: UnitOfWork, actor: Actor, now: datetime, what: str, row: PrivateLink, **codes: int) -> None:
    owner = f"case:{row.case_id}"
    role = "person" if actor.own_case_id else None
    uow.record(actor, now, what, chain=owner, subject=owner, role=role, codes={"link": row.id, **codes})

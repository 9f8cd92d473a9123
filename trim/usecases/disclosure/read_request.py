"""Read one access request, or the list of them: who asks and by when, never what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.disclosure import ENDED_STATES, OPEN_STATES, RECORDED
from trim.domain.errors import Forbidden
from trim.store import accounts, disclosure, people
from trim.store.tables import AccessRequest
from trim.usecases.acting.ties import sight_of
from trim.usecases.disclosure.see_to_request import possible_reviewers
from trim.usecases.disclosure.standing import open_request, unsealed
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list. It names nobody."""

    ref: str
    unit: str
    state: str
    received_on: date
    due_on: date
    extended: bool
    reviewer: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests; `after` says where the next one goes on, None at the end."""

    rows: tuple[RequestRow, ...]
    after: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request for reading; with `ask` nothing but the question whether the reader leads the person."""

    ref: str
    version: int
    ask: bool
    person: str
    state: str
    is_open: bool
    channel: str
    language: str
    received_on: date
    due_on: date
    extended: bool
    recorded_at: datetime
    recorded_by: str | None
    asked_by: str
    remark: str
    identity_how: str | None
    identity_checked_at: datetime | None
    identity_checked_by: str | None
    identity_remark: str
    reviewer: str | None
    is_reviewer: bool
    reviewed_at: datetime | None
    made_at: datetime | None
    handed_how: str | None
    handed_on: date | None
    ended_code: str | None
    ended_at: datetime | None
    extension: str
    end: str

    @property
    def needs_identity(self) -> bool:
        """Whether the identity was not checked yet."""
        return self.state == RECORDED


def list_requests(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ended: bool = False, after: tuple[datetime, str] | None = None
) -> RequestList:
    """Requests of the units the actor oversees, the next due first. Raises Forbidden."""
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    found = disclosure.requests_seen(
        uow.session,
        sight_of(uow, actor),
        ENDED_STATES if ended else OPEN_STATES,
        after=(after[0].date(), after[1]) if after else None,
        limit=PAGE + 1,
    )
    uow.record(
        actor,
        now,
        "access_requests.listed",
        chain=trail.account_chain(actor.account_id),
        subject="access_requests",
        codes={"shown": min(len(found), PAGE)},
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    key = (datetime.combine(last.due_on, time(), UTC), last.id) if last else None
    return RequestList(request_rows(uow, actor, found[:PAGE]), key)


def open_requests(uow: UnitOfWork, actor: Actor, *, limit: int) -> tuple[RequestRow, ...]:
    """The next due, for the board, which writes the line of its own list."""
    found = disclosure.requests_seen(uow.session, sight_of(uow, actor), OPEN_STATES, limit=limit)
    return request_rows(uow, actor, found)


def request_rows(uow: UnitOfWork, actor: Actor, listed: list[AccessRequest]) -> tuple[RequestRow, ...]:
    """Requests as rows, in two queries whatever their number; without those whose person the actor said they lead."""
    found = [one for one in listed if unsealed(uow, one).get("declared", {}).get(actor.account_id) is not False]
    if not found:
        return ()
    units = people.units(uow.session)
    names = accounts.names(uow.session, {one.reviewer_id for one in found if one.reviewer_id})
    return tuple(
        RequestRow(
            ref=one.ref,
            unit=units[one.unit_id].name,
            state=one.state,
            received_on=one.received_on,
            due_on=one.due_on,
            extended=one.extended,
            reviewer=names.get(one.reviewer_id or ""),
            is_open=one.state in OPEN_STATES,
        )
        for one in found
    )


def read_request(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> RequestPage:
    """One request, with a line in the trail, so call it while writing. Raises NotFound."""
    opened = open_request(uow, actor, ref=ref)
    request, content = opened.request, opened.content
    named = {request.recorded_by, request.identity_checked_by, request.reviewer_id} - {None}
    names = accounts.names(uow.session, [one for one in named if one])
    ask = opened.must_declare
    uow.record(
        actor,
        now,
        "access_request.read",
        chain=opened.owner,
        subject=opened.owner,
        role=opened.role,
        codes={"page": "asked" if ask else "request"},
    )
    return RequestPage(
        ref=request.ref,
        version=request.version,
        ask=ask,
        person=opened.person.name,
        state=request.state,
        is_open=request.state in OPEN_STATES,
        channel=request.channel,
        language=request.language,
        received_on=request.received_on,
        due_on=request.due_on,
        extended=request.extended,
        recorded_at=request.recorded_at,
        recorded_by=names.get(request.recorded_by),
        asked_by="" if ask else str(content.get("asked_by", "")),
        remark="" if ask else str(content.get("remark", "")),
        identity_how=request.identity_how,
        identity_checked_at=request.identity_checked_at,
        identity_checked_by=names.get(request.identity_checked_by or ""),
        identity_remark="" if ask else str(content.get("identity", "")),
        reviewer=names.get(request.reviewer_id or ""),
        is_reviewer=request.reviewer_id == actor.account_id,
        reviewed_at=request.reviewed_at,
        made_at=request.made_at,
        handed_how=request.handed_how,
        handed_on=request.handed_on,
        ended_code=request.ended_code,
        ended_at=request.ended_at,
        extension="" if ask else str(content.get("extension", "")),
        end="" if ask else str(content.get("end", "")),
    )


def reviewers_for(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> list[tuple[str, str]]:
    """Who may be named as reviewer: id and name. Raises NotFound."""
    opened = open_request(uow, actor, ref=ref)
    return [(one.id, one.name) for one in possible_reviewers(uow, opened, now)]

"""The steps of an access request beside its review: identity, reviewer, more time, an end, and the hand-over."""

from __future__ import annotations

from datetime import date, datetime

from trim.domain.access import Actor
from trim.domain.disclosure import (
    CHECKED,
    EXTENSIONS,
    HANDED_OVER,
    HANDOVERS,
    IDENTITY_CHECKS,
    MADE,
    RECORDED,
    REFUSALS,
    REFUSED,
    REVIEWED,
    WITHDRAWN,
    answer_due,
)
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.store import accounts
from trim.store.tables import Account
from trim.usecases.acting.ties import SUPERVISORS
from trim.usecases.disclosure.record_request import FUTURE, MOST_WORDS, NOT_A_CHOICE, TOO_LONG
from trim.usecases.disclosure.standing import Opened, keep, open_request, open_to_change, without_conflict
from trim.usecases.telling import account_named, tell
from trim.usecases.unit_of_work import UnitOfWork

NOT_MADE = Reason("not_made", "The package has not been made yet.", "Le dossier n’est pas encore établi.")
CHECKED_ALREADY = Reason("identity_checked", "The identity was checked already.", "L’identité a déjà été vérifiée.")
EXTENDED_ALREADY = Reason(
    "extended", "The deadline was extended once; it cannot be again.", "Le délai a déjà été prolongé une fois."
)
TOO_LATE = Reason(
    "too_late",
    "More time can only be taken, and the person told, within the first month.",
    "Une prolongation se décide, et se dit à la personne, dans le premier mois.",
)
WHY = Reason("reason_missing", "Say why, in a few words.", "Dites pourquoi, en quelques mots.")
NOT_POSSIBLE = Reason(
    "not_a_reviewer",
    "Choose somebody who oversees this unit and is not close to the person.",
    "Choisissez une personne qui supervise ce service et n’est pas proche de la personne.",
)
BEFORE_RECEIPT = Reason("before_receipt", "The request came later.", "La demande est arrivée plus tard.")


def declare(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, leads: bool) -> None:
    """Answer whether one leads the person or reports to them; a yes takes the request out of one's sight (CARE 10)."""
    opened = open_request(uow, actor, ref=ref, lock=True)
    request = opened.request
    if leads and request.reviewer_id == actor.account_id:
        request.reviewer_id = None
        _review_anew(opened)
    said = {"declared": {**opened.content.get("declared", {}), actor.account_id: not leads}}
    keep(uow, actor, now, opened, "access_request.line_declared", codes={"clear": not leads}, said=said)


def check_identity(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, how: str, remark: str = ""
) -> None:
    """Record that one has checked who asks, and how; nothing is gathered before. Raises NotAllowedNow, InvalidInput."""
    opened = open_to_change(uow, actor, ref=ref, version=version)
    if opened.request.state != RECORDED:
        raise NotAllowedNow([CHECKED_ALREADY])
    _check({"how": None if how in IDENTITY_CHECKS else NOT_A_CHOICE, "remark": _length(remark)})
    request = opened.request
    request.state, request.identity_how = CHECKED, how
    request.identity_checked_at, request.identity_checked_by = now, actor.account_id
    said = {"identity": remark.strip()}
    keep(uow, actor, now, opened, "access_request.identity_checked", codes={"how": how}, said=said)


def possible_reviewers(uow: UnitOfWork, opened: Opened, now: datetime) -> list[Account]:
    """Coordinators and leads over the person's unit whom no conflict keeps away, by name."""
    found = accounts.holders(uow.session, list(SUPERVISORS), opened.request.programme, opened.request.unit_id, now)
    return without_conflict(uow, opened, found)


def name_reviewer(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, account_id: str) -> None:
    """Name who reviews it for third parties, and tell them; a new reviewer begins anew. Raises InvalidInput."""
    opened = open_to_change(uow, actor, ref=ref, version=version)
    request = opened.request
    if account_id not in {one.id for one in possible_reviewers(uow, opened, now)}:
        raise InvalidInput({"reviewer": NOT_POSSIBLE})
    if request.reviewer_id != account_id:
        _review_anew(opened)
    request.reviewer_id = account_id
    keep(uow, actor, now, opened, "access_request.reviewer_named", codes={"account": account_id})
    tell(
        uow,
        account_named(uow, account_id),
        kind="review_asked",
        subject_kind="access_request",
        subject_ref=request.ref,
        cause=f"reviewer-{request.version}",
        now=now,
        actor=actor,
    )


def extend_deadline(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, code: str, reason: str
) -> None:
    """Take two further months, with the reason that the person was told (GDPR Art. 12(3)).

    Raises NotAllowedNow when it was extended before or the first month is over, InvalidInput.
    """
    opened = open_to_change(uow, actor, ref=ref, version=version)
    request = opened.request
    if request.extended:
        raise NotAllowedNow([EXTENDED_ALREADY])
    if now.astimezone(uow.organisation.zone).date() > request.due_on:
        raise NotAllowedNow([TOO_LATE])
    _check({"code": None if code in EXTENSIONS else NOT_A_CHOICE, "reason": _given(reason)})
    request.extended, request.due_on = True, answer_due(request.received_on, extended=True)
    codes = {"reason": code, "due": request.due_on.isoformat()}
    keep(uow, actor, now, opened, "access_request.extended", codes=codes, said={"extension": reason.strip()})


def end_request(
    uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, code: str, reason: str
) -> None:
    """End it without a package: refused on a ground that the person is told, or taken back by them.

    Raises NotAllowedNow, InvalidInput.
    """
    opened = open_to_change(uow, actor, ref=ref, version=version)
    known = code in REFUSALS or code == WITHDRAWN
    _check({"code": None if known else NOT_A_CHOICE, "reason": _given(reason)})
    request = opened.request
    request.state, request.ended_code, request.ended_at = WITHDRAWN if code == WITHDRAWN else REFUSED, code, now
    request.package = None
    keep(uow, actor, now, opened, "access_request.ended", codes={"reason": code}, said={"end": reason.strip()})


def hand_over(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, version: int, how: str, on: date) -> None:
    """The reviewer has handed the package over: when and how. It is not kept here any longer.

    Raises NotFound for anybody else, NotAllowedNow before it was made, InvalidInput.
    """
    opened = open_to_change(uow, actor, ref=ref, version=version, as_reviewer=True)
    request = opened.request
    if request.state != MADE:
        raise NotAllowedNow([NOT_MADE])
    today = now.astimezone(uow.organisation.zone).date()
    when = FUTURE if on > today else BEFORE_RECEIPT if on < request.received_on else None
    _check({"how": None if how in HANDOVERS else NOT_A_CHOICE, "on": when})
    request.state, request.handed_how, request.handed_on, request.ended_at = HANDED_OVER, how, on, now
    request.package = None
    codes = {"how": how, "on": on.isoformat(), "late": on > request.due_on}
    keep(uow, actor, now, opened, "access_request.handed_over", codes=codes)
    tell(
        uow,
        possible_reviewers(uow, opened, now),
        kind="request_answered",
        subject_kind="access_request",
        subject_ref=request.ref,
        cause="handed_over",
        now=now,
        actor=actor,
    )


def _review_anew(opened: Opened) -> None:
    """Whoever reviews reads everything with their own eyes."""
    request = opened.request
    request.marks, request.package, request.reviewed_at, request.made_at = None, None, None, None
    if request.state in (REVIEWED, MADE):
        request.state = CHECKED


def _given(words: str) -> Reason | None:
    return WHY if not words.strip() else _length(words)


def _length(words: str) -> Reason | None:
    return TOO_LONG if len(words) > MOST_WORDS else None


def _check(found: dict[str, Reason | None]) -> None:
    problems = {name: reason for name, reason in found.items() if reason is not None}
    if problems:
        raise InvalidInput(problems)

"""Open one case outside one's units, for a stated reason and four hours; conflict rules hold all the same (CARE 10).

A wrong reference, a case that a conflict keeps away and one that was erased answer alike: not found. Each such try is
counted, and after a few nothing is tried any more for a while; that it was refused is written down as for every page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trim.domain.access import Actor, Can
from trim.domain.conflicts import conflicts, forbids
from trim.domain.errors import ConflictUnknown, Forbidden, InvalidInput, NotAllowedNow, NotFound, Reason
from trim.store import accounts, break_glass, cases, sign_in
from trim.store.tables import Account, BreakGlass, SignInGuard, SupportCase
from trim.usecases.acting.standing import overseeing_roles, standing
from trim.usecases.acting.ties import SUPERVISORS, ties
from trim.usecases.telling import supervisors_of, tell
from trim.usecases.unit_of_work import UnitOfWork

#: How long sight lasts: as long as a night's emergency takes, and not until tomorrow.
LASTS = timedelta(hours=4)
#: Why a case is opened; code words for the trail.
GROUNDS = ("risk_to_life", "safeguarding", "person_asks", "nobody_reachable")
#: Why the person is told later: only for a safeguarding reason (CARE 15).
DELAYS = ("puts_in_danger", "warns_somebody")
LONGEST_DELAY = timedelta(days=28)
MAX_REASON = 500
#: So many wrong tries in a row, with never an hour between two, and none is let through for an hour.
TRIES = 5
PAUSE = timedelta(hours=1)
#: So many cases at a time: this is for one emergency, not for looking around.
AT_A_TIME = 3

NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")
NO_REASON = Reason("reason_needed", "Say in a few words why.", "Dites pourquoi en quelques mots.")
TOO_LONG = Reason("too_long", "Shorten this text.", "Raccourcissez ce texte.")
NOT_AHEAD = Reason(
    "delay_too_long",
    "Choose a day from tomorrow on, at most 28 days ahead.",
    "Choisissez un jour à partir de demain, dans 28 jours au plus.",
)
TRIES_USED_UP = Reason(
    "tries_used_up",
    "That was tried several times without success. Wait an hour, or call the coordinator on duty: "
    "the number is on the help page.",
    "Plusieurs essais ont échoué. Attendez une heure ou appelez la coordination d’astreinte : "
    "le numéro est sur la page d’aide.",
)
TOO_MANY_OPEN = Reason(
    "too_many_open",
    "You have three cases open by break-glass. End one of them first, on your overview.",
    "Trois dossiers sont déjà ouverts en accès d’urgence. Mettez d’abord fin à l’un d’eux, sur votre vue d’ensemble.",
)


@dataclass(frozen=True, slots=True)
class Delay:
    """Why the person is told later, and from when on they are told."""

    ground: str
    reason: str
    until: datetime


def open_case(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    ref: str,
    ground: str,
    reason: str,
    delay: Delay | None = None,
) -> bool:
    """Open the case of that reference to the actor; its coordinators are told at once, the person in their ledger.

    False when there is nothing to open: the try counts, so commit and then answer as if there were no such case. True
    also when the actor sees the case without this; nothing is written then.
    Raises Forbidden, InvalidInput, and NotAllowedNow after too many tries or with too many cases open.
    """
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    _check(now, ground, reason, delay)
    guard = _guard(uow, actor, now)
    if guard.locked_until is not None and guard.locked_until > now:
        raise NotAllowedNow([TRIES_USED_UP])
    # Read again behind the lock: a second press at the same moment sees what the first has opened.
    actor = replace(actor, opened_case_ids=break_glass.cases_open_to(uow.session, actor.account_id, now))
    try:
        case = cases.load(uow.session, "case", ref, lock=True)
        if _sees_already(uow, actor, case):
            return True
        _may_open(uow, actor, case)
    except NotFound:
        _count(guard, now)
        return False
    # Not before: the page of this refusal would say that a case exists which a conflict keeps away.
    if len(actor.opened_case_ids) >= AT_A_TIME:
        raise NotAllowedNow([TOO_MANY_OPEN])
    _open(uow, actor, case, now, ground, reason, delay)
    return True


def _check(now: datetime, ground: str, reason: str, delay: Delay | None) -> None:
    problems: dict[str, Reason] = {}
    if ground not in GROUNDS:
        problems["ground"] = NOT_A_CHOICE
    if found := _text_problem(reason):
        problems["reason"] = found
    if delay is not None:
        if delay.ground not in DELAYS:
            problems["tell"] = NOT_A_CHOICE
        if found := _text_problem(delay.reason):
            problems["delay_reason"] = found
        if not now < delay.until <= now + LONGEST_DELAY:
            problems["told_after"] = NOT_AHEAD
    if problems:
        raise InvalidInput(problems)


def _text_problem(text: str) -> Reason | None:
    if not text.strip():
        return NO_REASON
    return TOO_LONG if len(text) > MAX_REASON else None


def _sees_already(uow: UnitOfWork, actor: Actor, case: SupportCase) -> bool:
    try:
        standing(uow, actor, case, glass=True)
    except ConflictUnknown:
        return True
    except NotFound:
        return False
    return True


def _may_open(uow: UnitOfWork, actor: Actor, case: SupportCase) -> None:
    """Raises NotFound where even this gives no sight: a conflict, a restricted incident, another programme.

    The question about line management is asked on the way to the page, once the opening stands in the trail: it cannot
    be answered without the name.
    """
    try:
        standing(uow, replace(actor, opened_case_ids=actor.opened_case_ids | {case.id}), case, glass=True)
    except ConflictUnknown:
        return


def _open(
    uow: UnitOfWork, actor: Actor, case: SupportCase, now: datetime, ground: str, reason: str, delay: Delay | None
) -> None:
    owner, row_id = f"case:{case.id}", uow.new_id()
    role = min(overseeing_roles(actor, case.programme))
    content = {"reason": reason.strip(), "delay_reason": delay.reason.strip() if delay else ""}
    row = BreakGlass(
        id=row_id,
        case_id=case.id,
        account_id=actor.account_id,
        role=role,
        ground=ground,
        opened_at=now,
        until_at=now + LASTS,
        delay_ground=delay.ground if delay else None,
        told_after=delay.until if delay else None,
        sealed=uow.vault.seal(owner, "break_glass", row_id, content),
    )
    uow.session.add(row)
    uow.record(
        actor,
        now,
        "break_glass.opened",
        chain=owner,
        subject=owner,
        role=role,
        codes={
            "opening": row_id,
            "ground": ground,
            "until": row.until_at.isoformat(),
            **({"delay": delay.ground, "told_after": delay.until.isoformat()} if delay else {}),
        },
        digests={"reason": uow.vault.digest(owner, content)},
    )
    tell(
        uow,
        _to_tell(uow, case, now),
        kind="break_glass_opened",
        subject_kind="case",
        subject_ref=case.ref,
        cause=row_id,
        now=now,
        actor=actor,
        urgent=True,
    )


def _to_tell(uow: UnitOfWork, case: SupportCase, now: datetime) -> list[Account]:
    """The coordinators and leads of the case's unit; where it has none, those of the whole programme."""
    own = supervisors_of(uow, case, now)
    if own:
        return own
    anywhere = accounts.holders_anywhere(uow.session, sorted(SUPERVISORS), case.programme, now)
    known = ties(uow, case, anywhere)
    return [one for one in anywhere if not forbids(conflicts(known[one.id]))]


def _guard(uow: UnitOfWork, actor: Actor, now: datetime) -> SignInGuard:
    """The counter of this account's wrong tries, locked: many at one moment are counted one after the other."""
    return sign_in.locked_guard(uow.session, uow.vault.blind_index("break-glass", actor.account_id), now)


def _count(guard: SignInGuard, now: datetime) -> None:
    if guard.last_failed_at <= now - PAUSE:
        guard.failures = 0
    guard.failures += 1
    guard.last_failed_at = now
    guard.locked_until = now + PAUSE if guard.failures % TRIES == 0 else None

"""How long things are kept: who sees it, who sets it; the trail names the rule, both periods and why.

A programme lead over the whole organisation sets a period alone, in sight of every coordinator, who is told at once.
No second person, as for roles (CARE 12): a role shows content that instant, while nothing is erased before its
coordinators had the warning, at least two weeks, in which the period can be put back and a legal hold set. An
administrator and an auditor read the periods; the command line may set any, and is the machine's owner's.
See docs/decisions/0013-retention-periods.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.audit import trail
from trim.domain import retention
from trim.domain.access import Actor, Can
from trim.domain.confidentiality import OVERSEERS
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.engine.durations import Duration
from trim.store import accounts, people, settings
from trim.usecases.telling import tell
from trim.usecases.unit_of_work import UnitOfWork

#: Under this name `set_period` takes how long before erasure the coordinators are told.
WARNING = "warning"
NEVER = "never"
#: What a page offers for records, and for the warning before: nothing shorter, so that a wrong choice can be undone.
PERIODS = ("P3M", "P6M", "P1Y", "P2Y", "P3Y", "P6Y", "P7Y", "P10Y", NEVER)
WARNINGS = ("P14D", "P30D", "P60D", "P90D")
#: Why a period is changed.
REASONS = ("policy_decided", "law_or_contract", "set_right")

NO_PERIOD = Reason("no_period", "Choose how long.", "Choisissez la durée.")
NO_REASON = Reason("reason_missing", "Choose why.", "Choisissez le motif.")
CHANGED = Reason(
    "changed_meanwhile",
    "Somebody changed it meanwhile. Look at what holds now, then choose again.",
    "Quelqu’un l’a modifiée entre-temps. Regardez ce qui vaut maintenant, puis choisissez à nouveau.",
)


@dataclass(frozen=True, slots=True)
class Periods:
    """The rules as a page shows them, in the order in which they are asked."""

    rules: tuple[retention.RetentionRule, ...]
    warn_before: str
    may_change: bool

    def period_of(self, name: str) -> str:
        """What holds for a rule, or for the warning. Raises NotFound."""
        if name == WARNING:
            return self.warn_before
        rule = next((one for one in self.rules if one.name == name and _is_shipped(one.name)), None)
        if rule is None:
            raise NotFound
        return rule.keep or NEVER


def look_at_periods(uow: UnitOfWork, actor: Actor) -> Periods:
    """How long things are kept; no case stands in it, so that it leaves no line. Raises Forbidden."""
    if not actor.can(Can.SEE_RETENTION):
        raise Forbidden
    found = retention_of(uow)
    return Periods(found.rules, found.warn_before, _over_all(uow, actor))


def offered(name: str, holds: str) -> tuple[str, ...]:
    """The periods to choose from, with the one that holds."""
    choices = WARNINGS if name == WARNING else PERIODS
    return choices if holds in choices else (holds, *choices)


def change_period(
    uow: UnitOfWork, actor: Actor, *, now: datetime, name: str, period: str, shown: str, reason: str
) -> None:
    """Set one period as a lead does; `shown` is the one that the page showed. Raises Forbidden, NotFound, InvalidInput.

    Every coordinator and lead of the organisation is told.
    """
    if not _over_all(uow, actor):
        raise Forbidden
    # Two who change at once: the row is looked at under the lock that every writing unit of work holds or takes here.
    settings.lock(uow.session, "retention")
    before = look_at_periods(uow, actor).period_of(name)
    problems: dict[str, Reason] = {}
    if period not in offered(name, before):
        problems["period"] = NO_PERIOD
    elif shown != before:
        problems["period"] = CHANGED
    if reason not in REASONS:
        problems["reason"] = NO_REASON
    if problems:
        raise InvalidInput(problems)
    if period == before:
        return
    _write(uow, name, period)
    codes = {"rule": name, "period": period, "before": before, "reason": reason}
    uow.record(actor, now, "retention.changed", chain=trail.ORGANISATION, subject="organisation", codes=codes)
    overseers = [
        account
        for programme in uow.shelf.programmes(uow.session)
        for account in accounts.holders_anywhere(uow.session, sorted(OVERSEERS), programme, now)
    ]
    tell(
        uow,
        overseers,
        kind="retention_changed",
        subject_kind="retention",
        subject_ref="",
        cause=f"{name}-{now.isoformat()}",
        now=now,
        actor=actor,
    )


def retention_of(uow: UnitOfWork) -> retention.Retention:
    """The organisation's rules."""
    return retention.from_settings(settings.read_all(uow.session))


def set_period(uow: UnitOfWork, actor: Actor, *, now: datetime, name: str, period: str) -> None:
    """Change one rule; `period` is an ISO 8601 duration or "never". Raises Forbidden, ValueError."""
    if not actor.is_system:
        raise Forbidden
    if name not in {rule.name for rule in retention.DEFAULTS} | {WARNING}:
        raise ValueError("There is no rule of that name.")
    if period != NEVER or name == WARNING:
        try:
            Duration.parse(period)
        except ValueError as problem:
            raise ValueError("A period is written as P90D, P6M or P7Y.") from problem
    _write(uow, name, period)
    uow.record(
        actor,
        now,
        "retention.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={"rule": name, "period": period},
    )


def _write(uow: UnitOfWork, name: str, period: str) -> None:
    if name == WARNING:
        settings.write(uow.session, "retention_warning", period)
    else:
        periods = settings.read(uow.session, "retention", {})
        settings.write(uow.session, "retention", {**periods, name: None if period == NEVER else period})


def _is_shipped(name: str) -> bool:
    return name in {rule.name for rule in retention.DEFAULTS}


def _over_all(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor leads the programme over every unit: a period holds for all of them."""
    return set(people.units(uow.session)) <= actor.units_where(Can.SET_RETENTION)

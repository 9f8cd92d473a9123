"""Set how long things are kept; the trail names the rule and its period."""

from __future__ import annotations

from datetime import datetime

from trim.audit import trail
from trim.domain import retention
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.engine.durations import Duration
from trim.store import settings
from trim.usecases.unit_of_work import UnitOfWork

#: Under this name `set_period` takes how long before erasure the coordinators are told.
WARNING = "warning"
NEVER = "never"


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
    if name == WARNING:
        settings.write(uow.session, "retention_warning", period)
    else:
        periods = settings.read(uow.session, "retention", {})
        settings.write(uow.session, "retention", {**periods, name: None if period == NEVER else period})
    uow.record(
        actor,
        now,
        "retention.changed",
        chain=trail.ORGANISATION,
        subject="organisation",
        codes={"rule": name, "period": period},
    )

"""What a night does: warn of what will be erased, erase what was warned of long enough ago, finish what was broken off.

Every part can be run again at any moment; the worker and `trim retention run` call it alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from trim.domain.access import Actor, Role, system_actor
from trim.domain.retention import Retention, RetentionRule
from trim.engine.durations import Duration
from trim.store import accounts, cases, erasure, worklists
from trim.store.tables import Account, Incident, RetentionWarning, SupportCase
from trim.usecases.retention.erase import erase, finish_erasures
from trim.usecases.retention.set_periods import retention_of
from trim.usecases.telling import supervisors_of, tell
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: Cases that are looked at in one transaction.
BATCH = 200
SYSTEM = system_actor("retention")
#: What ends and is then kept for a time, each with how those that have ended are found.
ENDED: Mapping[str, Any] = MappingProxyType(
    {"case": erasure.ended_cases, "incident": erasure.ended_incidents, "undertaking": erasure.ended_undertakings}
)


@dataclass(frozen=True, slots=True)
class Night:
    """What one run did: warnings given, things erased, keys destroyed."""

    warned: int = 0
    erased: int = 0
    keys_destroyed: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose time comes to its end, under which rule and when."""

    kind: str
    subject: Any
    rule: RetentionRule
    due_at: datetime


def erase_due(backend: Backend, *, now: datetime, actor: Actor = SYSTEM) -> Night:
    """Warn, erase and destroy keys as the rules say at `now`.

    Not one transaction but one for each record: its key is destroyed after it was committed, never before.
    """
    warned = erased = 0
    with backend.reading() as uow:
        rules = retention_of(uow)
        coming = list(_coming(uow, rules, now))
    for due in coming:
        with backend.writing() as uow:
            again = _again(uow, rules, due, now)
            if again is None:
                continue
            told = erasure.warning(uow.session, due.kind, due.subject.id, again.due_at)
            if told is None:
                warned += _warn(uow, actor, again, now)
            elif now >= again.due_at and now >= _after(uow, rules.warn_before, told.warned_at):
                erase(uow, actor, now=now, subject=again.subject, rule=again.rule.name)
                erased += 1
    return Night(warned, erased, finish_erasures(backend, actor, now=now))


def _coming(uow: UnitOfWork, rules: Retention, now: datetime) -> Iterator[Due]:
    """Everything whose time is over, or so nearly that the coordinators must be told."""
    horizon = _after(uow, rules.warn_before, now)
    for version in worklists.pack_versions(uow.session, uow.shelf.programmes(uow.session)):
        for kind, found in ENDED.items():
            final = _final(uow, version, kind)
            after = ""
            while page := found(uow.session, version, final, after=after, limit=BATCH):
                after = page[-1][0].id
                kept = erasure.held(uow.session, kind, [one.id for one, _ in page])
                for subject, last_at in page:
                    due = _due(uow, rules, kind, subject, last_at)
                    if due is not None and subject.id not in kept and due.due_at <= horizon:
                        yield due


def _again(uow: UnitOfWork, rules: Retention, due: Due, now: datetime) -> Due | None:
    """The same, looked at under a lock: what happened since it was listed postpones it."""
    cases.load(uow.session, due.kind, due.subject.ref, lock=True)
    final = _final(uow, due.subject.pack_version_id, due.kind)
    page = ENDED[due.kind](uow.session, due.subject.pack_version_id, final, after="", limit=1, only=due.subject.id)
    if not page or erasure.held(uow.session, due.kind, [due.subject.id]):
        return None
    again = _due(uow, rules, due.kind, *page[0])
    return again if again is not None and again.due_at <= _after(uow, rules.warn_before, now) else None


def _due(uow: UnitOfWork, rules: Retention, kind: str, subject: Any, last_at: datetime) -> Due | None:
    rule = rules.rule_for(kind, subject.state, getattr(subject, "outcome", None))
    if rule is None or rule.keep is None:
        return None
    return Due(kind, subject, rule, _after(uow, rule.keep, last_at))


def _warn(uow: UnitOfWork, actor: Actor, due: Due, now: datetime) -> int:
    recipients = _supervisors(uow, due.subject, now)
    uow.session.add(
        RetentionWarning(
            id=uow.new_id(),
            subject_kind=due.kind,
            subject_id=due.subject.id,
            rule=due.rule.name,
            due_at=due.due_at,
            warned_at=now,
        )
    )
    uow.record(
        actor,
        now,
        f"{due.kind}.erasure_announced",
        chain=f"{due.kind}:{due.subject.id}",
        subject=f"{due.kind}:{due.subject.id}",
        codes={"rule": due.rule.name, "due": due.due_at.isoformat(), "told": len(recipients)},
    )
    tell(
        uow,
        recipients,
        kind="erasure_near",
        subject_kind=due.kind,
        subject_ref=due.subject.ref,
        cause=due.due_at.isoformat(),
        now=now,
        actor=actor,
    )
    return 1


def _supervisors(uow: UnitOfWork, subject: SupportCase | Incident, now: datetime) -> list[Account]:
    if isinstance(subject, SupportCase):
        return supervisors_of(uow, subject, now)
    roles = [Role.COORDINATOR, Role.PROGRAMME_LEAD]
    return accounts.holders(uow.session, roles, subject.programme, subject.unit_id, now)


def _final(uow: UnitOfWork, version: str, kind: str) -> list[str]:
    """The final states of a kind; none of a pack that knows no such thing."""
    life = uow.pack(version).lifecycles.get(kind)
    return [name for name, state in life.states.items() if state.kind == "final"] if life is not None else []


def _after(uow: UnitOfWork, period: str, at: datetime) -> datetime:
    return Duration.parse(period).after(at, uow.organisation.zone)

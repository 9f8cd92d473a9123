"""What was announced to be erased, when, and what postpones it: for coordinators and leads of the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.audit import trail
from trim.domain.access import Actor, Can
from trim.domain.errors import Forbidden, NotFound
from trim.domain.retention import Retention
from trim.engine.durations import Duration
from trim.store import announced, erasure, people
from trim.store.announced import Key
from trim.store.tables import RetentionWarning
from trim.usecases import incident_access
from trim.usecases.acting import ties
from trim.usecases.retention.set_periods import retention_of
from trim.usecases.unit_of_work import UnitOfWork

PAGE = 25
#: Beside the words of `store.erasure.kept_by`: something was done since, which moved the day or opened it again.
ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Coming:
    """One announced erasure. It names nobody: whoever must decide opens the record, and that is in the trail.

    `kept_by` says what postpones it, empty when nothing does; `moved_to` the new day after an activity, if any.
    """

    kind: str
    ref: str
    unit: str
    rule: str
    due_at: datetime
    warned_at: datetime
    kept_by: tuple[str, ...]
    moved_to: datetime | None


@dataclass(frozen=True, slots=True)
class ComingPage:
    """A page, the next day first; `after` says where the next one goes on, None at the end."""

    rows: tuple[Coming, ...]
    after: Key | None


def list_coming(uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, after: Key | None = None) -> ComingPage:
    """Announced erasures of cases or of incidents that the actor oversees. Raises Forbidden, NotFound for no kind."""
    if not actor.units_where(Can.OVERSEE_CASES):
        raise Forbidden
    if kind not in ("case", "incident"):
        raise NotFound
    found: list[Any]
    if kind == "case":
        found = announced.cases_announced(uow.session, ties.sight_of(uow, actor), after=after, limit=PAGE + 1)
    else:
        sight = incident_access.sight_of(uow, actor)
        found = list(announced.incidents_announced(uow.session, sight, after=after, limit=PAGE + 1))
    shown = found[:PAGE]
    ids = [subject.id for _, subject in shown]
    kept, last = erasure.kept_by(uow.session, kind, ids), announced.last_done(uow.session, kind, ids)
    units, rules = people.units(uow.session), retention_of(uow)
    rows = []
    for warning, subject in shown:
        moved = _moved(uow, rules, warning, subject, last.get(subject.id))
        postponed = kept.get(subject.id, set()) | ({ACTIVITY} if moved != warning.due_at else set())
        # An announcement that came to nothing and whose day is over says nothing any more.
        if warning.due_at >= now or postponed != {ACTIVITY}:
            rows.append(
                Coming(
                    kind,
                    subject.ref,
                    units[subject.unit_id].name,
                    warning.rule,
                    warning.due_at,
                    warning.warned_at,
                    tuple(sorted(postponed)),
                    moved if moved != warning.due_at else None,
                )
            )
    uow.record(
        actor,
        now,
        "erasures.listed",
        chain=trail.account_chain(actor.account_id),
        subject="erasures",
        codes={"shown": len(rows), "kind": kind},
    )
    end = shown[-1][0] if len(found) > PAGE else None
    return ComingPage(tuple(rows), (end.due_at, end.id) if end is not None else None)


def _moved(
    uow: UnitOfWork, rules: Retention, warning: RetentionWarning, subject: Any, last_at: datetime | None
) -> datetime | None:
    """When its time is over as things stand: the announced day, a later one, or None while it is not at an end."""
    states = uow.pack(subject.pack_version_id).lifecycles[warning.subject_kind].states
    rule = rules.rule_for(warning.subject_kind, subject.state, getattr(subject, "outcome", None))
    if states[subject.state].kind != "final" or rule is None or rule.keep is None:
        return None
    began = last_at or (subject.opened_at if warning.subject_kind == "case" else subject.became_known_at)
    return Duration.parse(rule.keep).after(began, uow.organisation.zone)

"""The timeline of a case: every step with who, when and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trim.domain.calendar import CLOCKS_MOVED
from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.usecases.acting.rule_words import rule_words
from trim.usecases.cases.case_file import Event, Interview, Said
from trim.usecases.cases.gathered import Gathered, Record
from trim.usecases.cases.said import said, shown

#: Effects by which something is raised: the record of the action tells it, so it is not told twice.
RAISING = frozenset({"raise_red_flag", "raise_escalation", "override_agreement"})


def timeline(pack: Pack, gathered: Gathered) -> tuple[Event, ...]:
    """All that happened, the earliest first."""
    events = [Event(at=gathered.case.opened_at, by=None, title=None, code="opened")]
    events.extend(
        _moved(pack, gathered, record) if record.row.action == CLOCKS_MOVED else _event(pack, gathered, record)
        for record in gathered.records
    )
    events.extend(_raised(pack, gathered))
    return tuple(sorted(events, key=lambda event: event.at))


def _event(pack: Pack, gathered: Gathered, record: Record) -> Event:
    row, action = record.row, record.action
    interview = _interview_of(gathered, record)
    lifecycle = pack.lifecycles[row.subject_kind]
    moved = row.to_state != row.from_state and row.to_state in lifecycle.states
    does = set(action.does) if action else set()
    return Event(
        at=row.done_at,
        by=gathered.name(row.actor_id),
        title=action.told if action else Text(row.action, row.action),
        kind="flag" if "raise_red_flag" in does else "done" if moved else "",
        # Notes and plan stand with the interview itself; here they would hide everything else.
        said=() if interview else (*_provider(gathered, record), *said(action, record.values, gathered.names)),
        to_state=lifecycle.states[row.to_state].label if moved else None,
        subject_kind=row.subject_kind,
        subject_ref=gathered.refs.get(row.subject_id, gathered.case.ref),
        interview=interview,
    )


def _moved(pack: Pack, gathered: Gathered, record: Record) -> Event:
    """The organisation's zone, country or closing days changed: which clocks of the case run to when since then."""
    told = []
    for one in record.values.get("moved", ()):
        lifecycle = pack.lifecycles.get(one["kind"])
        step = lifecycle.steps.get(one["step"]) if lifecycle is not None else None
        label = step.label if step is not None else Text(one["step"], one["step"])
        told.append(Said(label, datetime.fromisoformat(one["after"])))
    by = gathered.name(record.row.actor_id)
    return Event(at=record.row.done_at, by=by, title=None, code=CLOCKS_MOVED, said=tuple(told))


def _interview_of(gathered: Gathered, record: Record) -> Interview | None:
    if record.action is None or record.action.instrument is None:
        return None
    wanted = record.values.get("assessment")
    return next((one for one in gathered.interviews if wanted in (one.first_id, one.assessment_id)), None)


def _provider(gathered: Gathered, record: Record) -> Iterator[Said]:
    """To whom a referral goes, at each of its steps: a case may have several."""
    if record.row.subject_kind != "referral":
        return
    actions = (one.action for one in gathered.records if one.action is not None)
    proposed = next((one for one in actions if "propose_referral" in one.does), None)
    content = gathered.proposals.get(record.row.subject_id, {})
    for field in proposed.form if proposed is not None else ():
        value = shown(field, content.get(field.name), gathered.names) if field.field_class == "choice" else None
        if value is not None:
            yield Said(field.label, value)


def _raised(pack: Pack, gathered: Gathered) -> Iterator[Event]:
    """Escalations that a rule raised by itself."""
    for one in gathered.escalations:
        rule = pack.escalations.get(one.rule)
        by = rule.by_action if rule else None
        if by is None:
            yield Event(
                at=one.raised_at,
                by=None,
                title=rule_words(pack, one.rule),
                code="raised",
                kind="flag",
                subject_kind="escalation",
                subject_ref=one.ref,
            )

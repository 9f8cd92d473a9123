"""What another zone, country or closing day does to the clocks that run: reckoned first, then done or only shown.

A step keeps its row, its anchor and the window that held when it was opened; only its instants move. What has acted on
it stays written down, and so nothing acts twice. A bound that a pause had pushed on stays pushed on: what moves is the
difference between the two reckonings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim.domain.calendar import assumed_instant, start_of_day
from trim.domain.organisation import Organisation
from trim.engine import opening
from trim.engine.clockwork import Span
from trim.engine.definition import Pack, Window
from trim.engine.definition import Step as Rule
from trim.engine.moving import PAUSE_ANCHOR, later
from trim.engine.stages import stages_of
from trim.store import clocks
from trim.store.tables import DeadlineStage, Escalation, Step
from trim.usecases.acting.rules import lifecycle_of, rule_of
from trim.usecases.unit_of_work import UnitOfWork

#: The anchor that may rest on noon of a day (decision 5).
ASSUMABLE = "incident.occurred_at"


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock before and after."""

    kind: str
    subject_id: str
    name: str
    before: Span
    after: Span


@dataclass
class Moves:
    """What became, or would become, of every running clock."""

    looked_at: int = 0
    steps: int = 0
    escalations: int = 0
    incidents: int = 0
    #: Steps past their last bound now that were not, and the other way round.
    overdue: int = 0
    not_overdue: int = 0
    by_case: dict[str, list[Moved]] = field(default_factory=dict)
    by_incident: dict[str, list[Moved]] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases have a clock that moves."""
        return len(self.by_case)

    @property
    def is_nothing(self) -> bool:
        """Whether every clock stays as it is."""
        return not (self.steps or self.escalations)


def move_clocks(uow: UnitOfWork, before: Organisation, after: Organisation, *, now: datetime, do: bool) -> Moves:
    """Reckon every running clock on the new calendar; with `do` the rows take it, without it they stay."""
    found = Moves()
    for rows in clocks.running(uow.session, lock=do):
        acted = clocks.stages_that_acted(uow.session, (row.id for row in rows)) if do else {}
        for step, rule, span, anchor_at in _reckoned(uow, rows, before, after):
            found.looked_at += 1
            was = Span(step.earliest_at, step.due_at, step.latest_at)
            again = _day_bound(step.look_again_at, before.zone, after.zone) if step.look_again_at else None
            _carry_stages(uow, step, rule, acted.get(step.id, ()), span, again, after.zone)
            if span == was and anchor_at == step.anchor_at and again == step.look_again_at:
                continue
            _note(found, uow, step, was, span, now)
            if do:
                step.earliest_at, step.due_at, step.latest_at = span.earliest_at, span.due_at, span.latest_at
                step.anchor_at, step.look_again_at, step.moved_at = anchor_at, again, now
                uow.session.add(step)
    for escalations in clocks.unanswered(uow.session, lock=do):
        acted = clocks.stages_that_acted(uow.session, (one.id for one in escalations)) if do else {}
        for one in escalations:
            answer_by = _answer_by(uow, one, before.zone, after.zone)
            if answer_by != one.answer_by:
                found.escalations += 1
                if do:
                    for row in acted.get(one.id, ()):
                        if row.clock_at == one.answer_by:
                            clocks.carry_stage(uow.session, row, at=answer_by, clock_at=answer_by)
                    one.answer_by = answer_by
                    uow.session.add(one)
    if before.zone_name != after.zone_name:
        found.incidents = _move_noons(uow, before.zone, after.zone, do=do)
    return found


def _reckoned(
    uow: UnitOfWork, rows: list[Step], before: Organisation, after: Organisation
) -> Iterator[tuple[Step, Rule | None, Span, datetime]]:
    """Each step with its rule, and its bounds and anchor on the new calendar."""
    pinned = clocks.pinned_to(uow.session, rows)
    rests_on_noon = clocks.assumed_anchors(
        uow.session, (row.case_id for row in rows if row.case_id and row.anchor == ASSUMABLE)
    )
    for step in rows:
        was = Span(step.earliest_at, step.due_at, step.latest_at)
        version = pinned.get((step.subject_kind, step.subject_id))
        pack = uow.pack(version) if version is not None else None
        anchor_at = step.anchor_at
        if step.anchor == PAUSE_ANCHOR:
            anchor_at = _day_bound(step.anchor_at, before.zone, after.zone)
        if step.anchor == ASSUMABLE and step.anchor_at in rests_on_noon.get(step.case_id or "", ()):
            anchor_at = _same_day(step.anchor_at, before.zone, after.zone)
        if pack is None or not _has_window(pack, step):
            due_at = _day_bound(step.due_at, before.zone, after.zone)
            yield step, None, Span(step.earliest_at, due_at, step.latest_at), anchor_at
            continue
        window = opening.windows_of(pack, lifecycle_of(step.subject_kind), step.name)[step.window]
        old, new = (
            _reckon(step, window, calendar, at) for calendar, at in ((before, step.anchor_at), (after, anchor_at))
        )
        yield step, rule_of(pack, step.subject_kind, step.name), _shifted(was, old, new), anchor_at


def _reckon(step: Step, window: Window, calendar: Organisation, anchor_at: datetime) -> Span:
    """The bounds on one calendar: from the anchor, then as much later as pauses have lasted."""
    span = opening.reckoned(
        window,
        anchor_at=anchor_at,
        gap_from_at=step.gap_from_at,
        zone=calendar.zone,
        holidays=calendar.free_days,
    )
    return later(span, step.paused_minutes, calendar.zone)


def _carry_stages(
    uow: UnitOfWork,
    step: Step,
    rule: Rule | None,
    acted: Iterable[DeadlineStage],
    span: Span,
    look_again_at: datetime | None,
    zone: ZoneInfo,
) -> None:
    """What acted on this clock has acted on it where it runs now: nothing is told twice because a clock moved.

    Also where the step itself stays: how long before it a reminder lies is reckoned in the zone.
    """
    moments = {
        stage.name: stage.at
        for stage in stages_of(rule, due_at=span.due_at, latest_at=span.latest_at, opened_at=step.opened_at, zone=zone)
    }
    if look_again_at is not None:
        moments["look_again"] = look_again_at
    for row in acted:
        name = "escalate" if row.stage.startswith(("further:", "nobody_left:")) else row.stage
        if row.clock_at == step.due_at and name in moments:
            clocks.carry_stage(uow.session, row, at=moments[name], clock_at=span.due_at)


def _has_window(pack: Pack, step: Step) -> bool:
    if rule_of(pack, step.subject_kind, step.name) is None:
        return False
    return step.window < len(opening.windows_of(pack, lifecycle_of(step.subject_kind), step.name))


def _shifted(was: Span, old: Span, new: Span) -> Span:
    """The stored bounds, moved by as much as the reckoning moves: the new reckoning itself where nothing was paused."""
    if was == old:
        return new

    def by(at: datetime | None, old_at: datetime | None, new_at: datetime | None) -> datetime | None:
        return at if at is None or old_at is None or new_at is None else at + (new_at - old_at)

    earliest = by(was.earliest_at, old.earliest_at, new.earliest_at)
    due = was.due_at + (new.due_at - old.due_at)
    due = max(due, earliest) if earliest else due
    latest = by(was.latest_at, old.latest_at, new.latest_at)
    return Span(earliest, due, max(latest, due) if latest else None)


def _day_bound(at: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    """A bound that somebody set as a day begins with that day in the new zone too; any other instant stays."""
    local = at.astimezone(before)
    return start_of_day(local.date(), after) if local.time() == time.min else at


def _same_day(at: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    return assumed_instant(at.astimezone(before).date(), after)


def _answer_by(uow: UnitOfWork, one: Escalation, before: ZoneInfo, after: ZoneInfo) -> datetime:
    """The clock of an escalation: hours are absolute, so that only days over a change to summer time move."""
    rule = uow.pack(one.pack_version_id).escalations.get(one.rule)
    within = rule.within(one.level) if rule is not None else None
    if within is None:
        return one.answer_by
    moved: timedelta = within.after(one.raised_at, after) - within.after(one.raised_at, before)
    return one.answer_by + moved


def _note(found: Moves, uow: UnitOfWork, step: Step, was: Span, span: Span, now: datetime) -> None:
    found.steps += 1
    late, late_now = was.standing(now) == "overdue", span.standing(now) == "overdue"
    found.overdue += late_now and not late
    found.not_overdue += late and not late_now
    moved = Moved(step.subject_kind, step.subject_id, step.name, was, span)
    if step.case_id is not None:
        found.by_case.setdefault(step.case_id, []).append(moved)
    elif step.subject_kind == "incident":
        found.by_incident.setdefault(step.subject_id, []).append(moved)
    elif step.subject_kind == "exposure":
        incident = clocks.incidents_of_exposures(uow.session, [step.subject_id]).get(step.subject_id)
        if incident is not None:
            found.by_incident.setdefault(incident, []).append(moved)


def _move_noons(uow: UnitOfWork, before: ZoneInfo, after: ZoneInfo, *, do: bool) -> int:
    """Noon of a day whose time nobody noted is noon where the organisation is (decision 5)."""
    moved = 0
    for rows in clocks.without_time(uow.session, lock=do):
        for incident in rows:
            noon = assumed_instant(incident.occurred_on, after)
            if incident.occurred_at != assumed_instant(incident.occurred_on, before) or noon == incident.occurred_at:
                continue
            moved += 1
            if do:
                incident.occurred_at = noon
                uow.session.add(incident)
    return moved

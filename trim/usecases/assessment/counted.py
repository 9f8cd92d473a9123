"""The facts of a case's interviews, always told from the interviews that stand: recording, correcting and taking back
count alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from trim.domain.calendar import quarter
from trim.engine.scoring import Change, tags_of
from trim.store import cases, facts
from trim.store.tables import Assessment, SupportCase
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.assessment.scored import compared, neighbours, stored_score
from trim.usecases.counting import draft_of, handle, slots_of, tag_slot, take_back
from trim.usecases.unit_of_work import UnitOfWork

#: Kinds of facts that are told from the interviews which stand.
KINDS = ("assessment_held", "assessment", "change", "change_size", "first_wait", "theme")
#: Classes of days from opening the case to the first interview, each with its last day.
WAITS = ((3, "within_3_days"), (7, "4_to_7_days"), (14, "8_to_14_days"), (28, "15_to_28_days"))
LONGER = "over_28_days"
#: From how many points on a change counts as large, in the distribution of changes.
LARGE = 4

Told = dict[tuple[str, str, str], str]


def interview_facts(uow: UnitOfWork, case: SupportCase) -> Told:
    """Kind, slot and quarter of each fact with its category, over all interviews that stand.

    A quarter is that in which the interview was first submitted; of several of one step in it the last held counts.
    """
    every = {one.id: one for one in cases.assessments(uow.session, case.id, current_only=False)}
    held = [one for one in every.values() if one.status == "current"]
    zone = uow.organisation.zone
    told: Told = {}
    for place, one in enumerate(sorted(held, key=lambda one: (one.held_at, one.recorded_at))):
        content = opened(uow, case, one)
        when = quarter(_first(every, one).recorded_at.astimezone(zone))
        band = stored_score(content["score"]).band or "unbanded"
        told["assessment_held", one.step, when] = one.step
        told["assessment", one.step, when] = f"{one.step}:{band}"
        if place == 0:
            told["first_wait", "", when] = wait_class(one.held_at - case.opened_at)
        earlier, _ = neighbours(held, one)
        said = {**content["answers"], **content.get("disclosed", {})}
        instrument = instrument_of(uow, one)
        for item in instrument.items():
            for value in tags_of(item, str(said.get(item.name, ""))):
                told["theme", tag_slot(item.name, value), when] = f"{item.name}:{value}"
        change = compared(uow, case, earlier, instrument, said)
        for kind, category in _changes(change):
            told[kind, one.step, when] = category
    return told


def recount(uow: UnitOfWork, case: SupportCase, at: datetime) -> None:
    """Tell the facts of the interviews submitted in the quarter of `at` anew, and take back those that no longer hold.

    Interviews of other quarters are told anew as well where the change since this one is theirs.
    """
    uow.session.flush()
    told = interview_facts(uow, case)
    quarters = {quarter(at.astimezone(uow.organisation.zone)), *(when for _, _, when in told)}
    for (kind, slot, when), category in told.items():
        draft = draft_of(uow, kind, case=case, quarter=when, category=category)
        facts.put(uow.session, handle(uow, kind, case.id, slot, when), draft, seal=uow.vault.seal_fact)
    gone = [
        (kind, slot, when)
        for kind in KINDS
        for slot in slots_of(uow, case)
        for when in quarters
        if (kind, slot, when) not in told
    ]
    known = facts.known(uow.session, {handle(uow, kind, case.id, slot, when) for kind, slot, when in gone})
    for kind, slot, when in gone:
        if handle(uow, kind, case.id, slot, when) in known:
            take_back(uow, kind, case=case, quarter=when, slot=slot)


def first_recorded_at(versions: Iterable[Assessment]) -> datetime:
    """When the first of these versions was submitted."""
    return min(one.recorded_at for one in versions)


def wait_class(waited: timedelta) -> str:
    """The class of a wait; an interview held before the case was opened counts as within three days."""
    return next((name for days, name in WAITS if waited <= timedelta(days=days)), LONGER)


def _changes(change: Change | None) -> Iterable[tuple[str, str]]:
    if change is None or change.difference is None:
        return
    by = change.difference
    yield "change", "better" if by < 0 else "worse" if by > 0 else "same"
    size = "4_or_more" if abs(by) >= LARGE else "1_to_3"
    yield "change_size", "same" if by == 0 else f"{'down' if by < 0 else 'up'}_{size}"


def _first(every: dict[str, Assessment], one: Assessment) -> Assessment:
    while one.supersedes_id is not None and one.supersedes_id in every:
        one = every[one.supersedes_id]
    return one

"""Writes the statistical facts of what happens, all in one shape, so that no fact says more than it may (law 10).

A fact stands for one person's case at most once for its kind, slot and quarter: a second red flag in one quarter tells
nothing new, and no figure can be a single person counted many times. A later fact of the same handle takes the place
of the earlier one. Handles are keyed from the case: with the vault they find the fact again while the case exists, and
erasing the case makes them unfindable (`forget`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from trim.domain.calendar import quarter
from trim.domain.course import ANSWERS, WITHDRAWN
from trim.store import cases, facts, incidents, settings
from trim.store.facts import Draft
from trim.store.tables import Exposure, Incident, SupportCase, Undertaking, Unit
from trim.usecases.acting.standing import subject_of
from trim.usecases.unit_of_work import UnitOfWork

#: Kinds of facts about a case. Their categories: docs/statistics.md.
OF_CASE: Final = (
    "case_opened",
    "incident_joined",
    "offer_made",
    "offer_answered",
    "assessment_held",
    "assessment",
    "change",
    "change_size",
    "window",
    "first_wait",
    "theme",
    "escalation_raised",
    "escalation_decided",
    "referral_proposed",
    "referral_state",
    "case_closed",
    "case_reopened",
)
#: Kinds of facts of what runs beside cases, by its lifecycle; told by a night (`statistics.note_activity`).
ACTIVITIES: Final = {
    "group_session": "group_session",
    "pair": "mentoring",
    "periodic_check": "periodic_check",
    "mediation": "mediation",
}
#: What is told for the whole organisation only, unless a setting says otherwise (CARE 33).
WHOLE: Final = frozenset({"assessment", "change", "change_size", "theme"})
#: Different incidents share a mark, so that facts of one incident cannot be told from those of another by it.
MARKS: Final = 16


def count(
    uow: UnitOfWork, kind: str, *, case: SupportCase, now: datetime, category: str | None = None, slot: str = ""
) -> None:
    """One fact about a case; `slot` sets apart what may stand beside each other in one quarter (two steps, two rules).

    `slot` must be a name of the pack (a step, a rule, a state) or empty: erasing goes through all of them.
    """
    when = quarter(now.astimezone(uow.organisation.zone))
    draft = draft_of(uow, kind, case=case, quarter=when, category=category)
    facts.put(uow.session, handle(uow, kind, case.id, slot, when), draft, seal=uow.vault.seal_fact)


def count_answer(uow: UnitOfWork, *, case: SupportCase, now: datetime, to_state: str) -> None:
    """The answer to an offer, by the state that it leads to: the last one of a quarter counts.

    That somebody stops later stands beside it: they had accepted all the same.
    """
    answer = ANSWERS[to_state]
    slot = to_state if answer == WITHDRAWN else ""
    count(uow, "offer_answered", case=case, now=now, category=answer, slot=slot)


def take_back(uow: UnitOfWork, kind: str, *, case: SupportCase, quarter: str, slot: str = "") -> None:
    """Take a fact back; without one nothing happens."""
    facts.put(uow.session, handle(uow, kind, case.id, slot, quarter), None, seal=uow.vault.seal_fact)


def draft_of(uow: UnitOfWork, kind: str, *, case: SupportCase, quarter: str, category: str | None) -> Draft:
    """What a fact about a case says: what, in which quarter and unit, of which kind of incident and exposure."""
    incident = uow.session.get(Incident, case.incident_id) if case.incident_id else None
    marked = mark(uow, incident.id) if incident else 0
    if kind in WHOLE and not settings.read(uow.session, "statistics", {}).get("bands_by_unit", False):
        top = top_unit(uow, case.unit_id)
        return Draft(kind, quarter, top, case.programme, category=category, mark=marked)
    exposure = incidents.exposure(uow.session, incident.id, case.person_index) if incident else None
    return Draft(
        kind,
        quarter,
        case.unit_id,
        case.programme,
        category=category,
        incident_kind=incident.kind if incident else None,
        exposure=exposure.kind if exposure else None,
        staff_group=subject_of(uow, case).staff_group,
        mark=marked,
    )


def count_incident(uow: UnitOfWork, incident: Incident) -> None:
    """The fact that an incident happened, in the quarter in which it did."""
    draft = _of_incident(uow, "incident", incident, incident.occurred_at, category=incident.source)
    _put(uow, incident, "incident", "", draft, fresh=True)


def count_exposed(uow: UnitOfWork, incident: Incident, exposure: Exposure, staff_group: str | None) -> None:
    """The fact that somebody was there, in the quarter of the incident."""
    draft = _of_incident(
        uow, "exposed", incident, incident.occurred_at, exposure=exposure.kind, staff_group=staff_group
    )
    _put(uow, incident, "exposed", exposure.person_index, draft, fresh=True)


def count_response(uow: UnitOfWork, incident: Incident, exposure: Exposure) -> None:
    """The fact that a response was chosen for somebody, in the quarter in which it was; the last one counts."""
    if exposure.response is None or exposure.decided_at is None:
        return
    draft = _of_incident(
        uow, "response", incident, exposure.decided_at, category=exposure.response, exposure=exposure.kind
    )
    _put(uow, incident, "response", exposure.person_index, draft)


def _of_incident(
    uow: UnitOfWork,
    kind: str,
    incident: Incident,
    at: datetime,
    *,
    category: str | None = None,
    exposure: str | None = None,
    staff_group: str | None = None,
) -> Draft:
    return Draft(
        kind,
        quarter(at.astimezone(uow.organisation.zone)),
        incident.unit_id,
        incident.programme,
        category=category,
        incident_kind=incident.kind,
        exposure=exposure,
        staff_group=staff_group,
        mark=mark(uow, incident.id),
    )


def _put(uow: UnitOfWork, incident: Incident, kind: str, slot: str, draft: Draft, *, fresh: bool = False) -> None:
    name = handle(uow, kind, incident.id, slot)
    facts.put(uow.session, name, draft, seal=uow.vault.seal_fact, fresh=fresh)


def handle(uow: UnitOfWork, kind: str, owner: str, slot: str = "", quarter: str = "") -> str:
    """The keyed name of a fact: with the vault it can be worked out again, without it it says nothing."""
    return uow.vault.blind_index("fact", "\0".join((kind, owner, slot, quarter)))


def mark(uow: UnitOfWork, incident_id: str) -> int:
    """One of sixteen bits: facts with different marks come from different incidents, with the same one perhaps not.

    Only so much is kept as the rule "at least three incidents behind a figure" needs (CARE 33): the number of
    different marks is never larger than the number of incidents.
    """
    return 1 << int(uow.vault.blind_index("fact mark", incident_id)[:8], 16) % MARKS


def top_unit(uow: UnitOfWork, unit_id: str) -> str:
    """The unit at the top of the tree over a unit."""
    unit = uow.session.get(Unit, unit_id)
    while unit is not None and unit.parent_id is not None:
        unit = uow.session.get(Unit, unit.parent_id)
    return unit.id if unit is not None else unit_id


def forget(uow: UnitOfWork, subject: object, now: datetime) -> None:
    """Before something is erased: its facts go; what a release has counted stays and leads nowhere."""
    if isinstance(subject, SupportCase):
        facts.forget(uow.session, set(_handles_of_case(uow, subject, now)))
    elif isinstance(subject, Incident):
        there = [one.person_index for one in incidents.exposures(uow.session, subject.id)]
        slots = [("incident", ""), *((kind, one) for one in there for kind in ("exposed", "response"))]
        facts.forget(uow.session, {handle(uow, kind, subject.id, slot) for kind, slot in slots})
    elif isinstance(subject, Undertaking):
        quarters, kind = _quarters(uow, subject.opened_at, now), ACTIVITIES[subject.kind]
        facts.forget(uow.session, {handle(uow, kind, subject.id, quarter=one) for one in quarters})


def _handles_of_case(uow: UnitOfWork, case: SupportCase, now: datetime) -> Iterator[str]:
    first = min([case.opened_at, *(one.recorded_at for one in cases.assessments(uow.session, case.id))])
    quarters = _quarters(uow, first, now)
    slots = slots_of(uow, case)
    for kind in OF_CASE:
        for slot in slots:
            yield from (handle(uow, kind, case.id, slot, one) for one in quarters)


def _quarters(uow: UnitOfWork, first: datetime, last: datetime) -> tuple[str, ...]:
    zone = uow.organisation.zone
    return facts.quarters_between(quarter(first.astimezone(zone)), quarter(last.astimezone(zone)))


def slots_of(uow: UnitOfWork, case: SupportCase) -> list[str]:
    """Every slot that a fact of this case can have: the names of its pack's steps, states, rules and tags."""
    pack = uow.pack(case.pack_version_id)
    names = {"", *pack.escalations}
    for lifecycle in pack.lifecycles.values():
        names |= {*lifecycle.steps, *lifecycle.states}
    for instrument in pack.instruments.values():
        names |= {tag_slot(item.name, one.value) for item in instrument.items() for one in item.choices}
    return sorted(names)


def tag_slot(item: str, value: str) -> str:
    """The slot of a tag: each tag of a case counts once in a quarter, in however many talks it was named."""
    return f"tag {item} {value}"

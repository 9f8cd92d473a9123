"""Everything that belongs to a case, read at once: as many queries for a long case as for a short one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trim.domain.access import PERSON
from trim.engine.definition import Action, Band, Instrument
from trim.engine.scoring import Change, Contribution, Score, compare, tags_of
from trim.store import accounts, cases, steps
from trim.store.tables import (
    ActionRecord,
    AgreedStep,
    Assessment,
    CaseIncident,
    Escalation,
    Exposure,
    Incident,
    Referral,
    Step,
    SupportCase,
)
from trim.usecases.acting.standing import subject_of
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.cases.case_file import Interview, Said
from trim.usecases.cases.said import people_in
from trim.usecases.perform import Found
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Record:
    """One action that was done, with what was filled in."""

    row: ActionRecord
    action: Action | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Gathered:
    """The rows of a case, opened, with the names of everybody in them."""

    case: SupportCase
    records: list[Record]
    steps: list[Step]
    escalations: list[Escalation]
    referrals: list[Referral]
    incidents: list[tuple[CaseIncident, Incident, Exposure]]
    interviews: list[Interview]
    #: Referral by row id: its provider and reason, or whatever its form asked.
    proposals: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]
    #: References of what runs beside the case by row id.
    refs: Mapping[str, str]
    #: Steps of the agreed plan, and what each says by its row id.
    agreed_steps: list[AgreedStep] = field(default_factory=list)
    agreed: Mapping[str, str] = field(default_factory=dict)

    def name(self, account_id: str | None) -> str | None:
        """The name of an account; None for the system."""
        return self.names.get(account_id) if account_id else None


def gather(uow: UnitOfWork, found: Found) -> Gathered:
    """Read all of a case. Content is opened here; whoever calls writes the line in the trail."""
    case = found.case
    assert case is not None
    records = [_record(uow, found, row) for row in cases.records(uow.session, case.id)]
    held = cases.assessments(uow.session, case.id)
    escalations = cases.escalations(uow.session, case.id)
    named = {record.row.actor_id for record in records} | {one.recorded_by for one in held}
    named |= {one for record in records for one in people_in(record.action, record.values)}
    named |= {one.raised_by for one in escalations} | {one.taken_by for one in escalations if one.taken_by}
    named |= {one for one in (case.practitioner_id, case.proposed_practitioner_id) if one}
    names = {**accounts.names(uow.session, named), PERSON: subject_of(uow, case).name}
    referrals = cases.referrals(uow.session, case.id)
    agreed = cases.agreed_steps(uow.session, case.id) if "agreed_step" in found.pack.lifecycles else []
    return Gathered(
        case=case,
        records=records,
        steps=steps.of_case(uow.session, case.id),
        escalations=escalations,
        referrals=referrals,
        incidents=cases.incidents_of(uow.session, case.id),
        interviews=_interviews(uow, found, held, names),
        proposals={one.id: uow.vault.unseal(f"case:{case.id}", "referral", one.id, one.sealed) for one in referrals},
        names=names,
        refs={one.id: one.ref for rows in (escalations, referrals, agreed) for one in rows},
        agreed_steps=agreed,
        agreed={one.id: _agreed(uow, one) for one in agreed},
    )


def _agreed(uow: UnitOfWork, one: AgreedStep) -> str:
    content = uow.vault.unseal(f"case:{one.case_id}", "agreed_step", one.id, one.sealed)
    return str(content["what"])


def _record(uow: UnitOfWork, found: Found, row: ActionRecord) -> Record:
    lifecycle = found.pack.lifecycles.get(row.subject_kind)
    values = uow.vault.unseal(f"case:{row.case_id}", "action_record", row.id, row.sealed)
    return Record(row, lifecycle.actions.get(row.action) if lifecycle else None, values)


def _interviews(uow: UnitOfWork, found: Found, held: list[Assessment], names: Mapping[str, str]) -> list[Interview]:
    case = found.case
    assert case is not None
    interviews: list[Interview] = []
    before: tuple[Assessment, Mapping[str, Any]] | None = None
    for one in held:
        content = opened(uow, case, one)
        instrument = instrument_of(uow, one)
        score = score_of(content["score"])
        change: Change | None = None
        if before is not None:
            change = compare(instrument_of(uow, before[0]), before[1]["answers"], instrument, _told(content))
        step = found.pack.lifecycles["case"].steps.get(one.step)
        form = content.get("form", {})
        band: Band | None = instrument.band(score.band)
        interviews.append(
            Interview(
                assessment_id=one.id,
                first_id=str(content.get("interview", one.id)),
                label=step.label if step else instrument.title,
                held_at=one.held_at,
                recorded_at=one.recorded_at,
                by=names.get(one.recorded_by, ""),
                score=score,
                band=band,
                change=change,
                stopped_early=bool(content.get("stopped_early")),
                corrected=one.supersedes_id is not None,
                note=str(form.get("notes") or ""),
                plan=str(form.get("plan") or ""),
                next_contact_on=_day(form.get("next_contact_on")),
                told=() if instrument.scored else tuple(_ticked(instrument, content["answers"])),
            )
        )
        before = (one, content)
    return interviews


def _ticked(instrument: Instrument, answers: Mapping[str, Any]) -> Iterator[Said]:
    """What was chosen in an interview without a score: tags and points, in words; not what was written."""
    for item in instrument.items():
        answer = str(answers.get(item.name, ""))
        named = tuple(one.label for one in item.choices if one.value in tags_of(item, answer))
        anchor = next((one.label for one in item.anchors if str(one.value) == answer), None)
        if named or anchor is not None:
            yield Said(item.label, named or anchor or ())


def _told(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content["answers"], **content.get("disclosed", {})}


def score_of(stored: Mapping[str, Any]) -> Score:
    """A score as it was reckoned when the interview was submitted; it is never reckoned anew for showing."""
    contributions = tuple(Contribution(**one) for one in stored["contributions"])
    return Score(**{**stored, "contributions": contributions})


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None

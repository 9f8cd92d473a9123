"""What recording, correcting and taking back an interview leave: rows, facts, and a look by the programme where due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.calendar import quarter
from trim.domain.errors import NotFound
from trim.store import steps
from trim.store.tables import Assessment
from trim.usecases.acting.act import Act
from trim.usecases.appointments.note import keep_near
from trim.usecases.assessment.counted import first_recorded_at, recount
from trim.usecases.assessment.raising import raise_by_scores
from trim.usecases.assessment.reclocking import move_clocks, open_again
from trim.usecases.assessment.scored import as_stored
from trim.usecases.counting import count, take_back
from trim.usecases.telling import account_named, supervisors_of, tell_of_act


def record_assessment(act: Act) -> None:
    """Keep the interview; raise what the pack's rules raise. The score proposes, a person decides (CARE 7)."""
    if "interview" not in act.values:
        raise NotFound  # Only the pages of an interview record one.
    held: dict[str, Any] = act.values["interview"]
    uow, row_id = act.uow, act.uow.new_id()
    kept = held["kept"]
    content = {
        **_content(held, _form_values(act)),
        "interview": row_id,
        "record": act.record_id,
        "confidentiality_version": kept.get("confidentiality_version"),
        "confidentiality_at": kept.get("confidentiality_at"),
        "evidence_hold_acknowledged": bool(kept.get("evidence_hold_acknowledged")),
    }
    row = _row(act, row_id, held, content, language=str(kept.get("language", act.actor.locale)))
    uow.session.delete(held["draft"])
    act.anchors["previous_interview.at"] = held["held_at"]
    act.codes["confidentiality"] = content["confidentiality_version"]
    keep_near(act, held["held_at"])
    recount(uow, act.the_case(), act.now)
    for step in steps.open_steps(uow.session, "case", act.the_case().id):
        if step.name in act.decision.completes:
            in_time = held["held_at"] <= (step.latest_at or step.due_at)
            word = "kept" if in_time else "late"
            count(uow, "window", case=act.the_case(), now=act.now, category=f"{step.name}:{word}", slot=step.name)
    raise_by_scores(act, row)


def correct_assessment(act: Act) -> None:
    """Put a new version in the place of an earlier one, which is kept; the rules look again, at later ones too."""
    if "correction" not in act.values:
        raise NotFound
    held: dict[str, Any] = act.values["correction"]
    old: Assessment = held["old"]
    before: Mapping[str, Any] = held["before"]
    row_id = act.uow.new_id()
    content = {
        **before,
        **_content(held, held["form"]),
        "record": act.record_id,
        "reason": act.values["reason"],
    }
    old.status = "corrected"
    act.uow.session.add(old)
    row = _row(act, row_id, held, content, language=old.language, supersedes_id=old.id)
    act.codes["corrects"] = old.id
    recount(act.uow, act.the_case(), act.now)
    if old.held_at != row.held_at:
        move_clocks(act, old.held_at, row.held_at)
    raise_by_scores(act, row)


def withdraw_assessment(act: Act) -> None:
    """Take an interview off this person's record: no page of the case shows its content again (CARE 8)."""
    if "withdrawn" not in act.values:
        raise NotFound
    held: dict[str, Any] = act.values["withdrawn"]
    one: Assessment = held["one"]
    case, uow = act.the_case(), act.uow
    for version in held["versions"]:
        version.status = "removed"
        uow.session.add(version)
    uow.session.flush()
    act.kept = {"reason": act.values["reason"], "assessment": one.id}
    act.codes["withdrawn"] = one.id
    act.codes["step"] = one.step
    recorded_at = first_recorded_at(held["versions"])
    recount(uow, case, recorded_at)
    when = quarter(recorded_at.astimezone(uow.organisation.zone))
    take_back(uow, "window", case=case, quarter=when, slot=one.step)
    if held["is_newest"]:
        act.codes["opened_again"] = open_again(
            act, recorded_by=held["recorded_by"], recorded_at=held["recorded_at"], held_at=one.held_at
        )
    tell_of_act(
        act,
        [*supervisors_of(uow, case, act.now), *account_named(uow, case.practitioner_id or "")],
        "interview_withdrawn",
    )


def _form_values(act: Act) -> dict[str, Any]:
    names = {field.name for field in act.decision.action.form}
    return {name: act.values[name] for name in act.values if name in names}


def _content(held: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answers": held["answers"],
        "disclosed": held["disclosed"],
        "score": as_stored(held["score"]),
        "form": dict(form),
        "stopped_early": held["stopped_early"],
    }


def _row(
    act: Act,
    row_id: str,
    held: Mapping[str, Any],
    content: Mapping[str, Any],
    *,
    language: str,
    supersedes_id: str | None = None,
) -> Assessment:
    case = act.the_case()
    held_at: datetime = held["held_at"]
    row = Assessment(
        id=row_id,
        case_id=case.id,
        step=held["step"],
        instrument=held["instrument"].name,
        instrument_version=held["instrument"].version,
        pack_version_id=case.pack_version_id,
        language=language,
        held_at=held_at,
        recorded_at=act.now,
        recorded_by=act.actor.account_id,
        supersedes_id=supersedes_id,
        sealed=act.seal("assessment", row_id, content),
    )
    act.uow.session.add(row)
    act.uow.session.flush()
    # The answers, notes and plan have a row of their own; a second copy in the record would outlive a taking back.
    reason = {"reason": content["reason"]} if supersedes_id else {}
    act.kept = {"assessment": row_id, **reason}
    act.made["assessment"] = row_id
    act.codes["assessment"] = row_id
    act.codes["step"] = row.step
    act.codes["instrument"] = f"{row.instrument} {row.instrument_version}"
    act.digests["assessment"] = act.uow.vault.digest(act.owner, dict(content))
    return row

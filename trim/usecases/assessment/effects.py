"""What recording an interview leaves: the interview with its score, facts, and a look by the programme where due."""

from __future__ import annotations

from typing import Any

from trim.engine.escalations import raised_by
from trim.store import steps
from trim.store.tables import Assessment
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import case_variables, form_variables
from trim.usecases.assessment.scored import as_stored
from trim.usecases.counting import count
from trim.usecases.escalation.open_escalation import is_open, open_escalation


def record_assessment(act: Act) -> None:
    """Keep the interview; raise what the pack's rules raise. The score proposes, a person decides (CARE 7)."""
    held: dict[str, Any] = act.values["interview"]
    case, uow, score, change = act.the_case(), act.uow, held["score"], held["change"]
    row_id = uow.new_id()
    content = {
        "answers": held["answers"],
        "score": as_stored(score),
        "form": {
            name: act.values[name] for name in act.values if name not in ("interview", "confidentiality_explained")
        },
        "stopped_early": held["stopped_early"],
        "confidentiality_version": held["kept"].get("confidentiality_version"),
        "confidentiality_at": held["kept"].get("confidentiality_at"),
    }
    uow.session.add(
        Assessment(
            id=row_id,
            case_id=case.id,
            step=held["step"],
            instrument=held["instrument"].name,
            instrument_version=held["instrument"].version,
            pack_version_id=case.pack_version_id,
            language=str(held["kept"].get("language", act.actor.locale)),
            held_at=held["held_at"],
            recorded_at=act.now,
            recorded_by=act.actor.account_id,
            sealed=act.seal("assessment", row_id, content),
        )
    )
    uow.session.delete(held["draft"])
    act.anchors["previous_interview.at"] = held["held_at"]
    act.codes["step"] = held["step"]
    act.codes["instrument"] = f"{held['instrument'].name} {held['instrument'].version}"
    act.digests["assessment"] = uow.vault.digest(act.owner, content)
    count(uow, "assessment", case=case, now=act.now, category=f"{held['step']}:{score.band or 'unbanded'}")
    if change is not None and change.difference is not None:
        direction = "better" if change.difference < 0 else "worse" if change.difference > 0 else "same"
        count(uow, "change", case=case, now=act.now, category=direction)
    for step in steps.open_steps(uow.session, "case", case.id):
        if step.name in act.decision.completes:
            kept = held["held_at"] <= (step.latest_at or step.due_at)
            count(uow, "window", case=case, now=act.now, category=f"{step.name}:{'kept' if kept else 'late'}")
    raise_by_score(act, held["step"])


def raise_by_score(act: Act, step: str) -> None:
    """Open the escalations that the pack's rules ask for at this step, once each."""
    variables = {
        **case_variables(act.uow, act.actor, act.the_case(), act.incident, act.pack, act.now),
        **form_variables(act.pack, act.values),
    }
    for rule in raised_by(act.pack, variables=variables, step=step):
        if not is_open(act, rule.name):
            open_escalation(act, rule, content={"rule": rule.name})

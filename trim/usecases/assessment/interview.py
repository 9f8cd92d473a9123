"""An interview that is being held: which case and step it is, whether it can be held now, and its draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, NotFound, Reason
from trim.engine import machine
from trim.engine.definition import Action, Pack
from trim.store import cases, steps
from trim.store.tables import Assessment, AssessmentDraft, Step, SupportCase
from trim.usecases.perform import Found, find, variables_of
from trim.usecases.unit_of_work import UnitOfWork


def interview(uow: UnitOfWork, actor: Actor, case_ref: str, action: str, *, lock: bool) -> tuple[Found, Action]:
    """The case and the interview action of that name. Raises NotFound when it is no interview or not the actor's."""
    found = find(uow, actor, "case", case_ref, lock=lock)
    definition = found.pack.lifecycles["case"].actions.get(action)
    if definition is None or definition.instrument is None or found.proposed:
        raise NotFound
    if not found.roles & set(definition.by):
        raise NotFound
    return found, definition


def the_case(found: Found) -> SupportCase:
    """The case of what was found; an interview has one."""
    assert found.case is not None
    return found.case


def interview_step(definition: Action) -> str:
    """The step that an interview is: the first that its action completes, by which rules and drafts know it."""
    return definition.step or (definition.completes[0] if definition.completes else definition.name)


def action_of(pack: Pack, assessment: Assessment) -> Action | None:
    """The action by which an interview of that step and instrument is recorded."""
    return next(
        (
            action
            for action in pack.lifecycles["case"].actions.values()
            if action.instrument == assessment.instrument and interview_step(action) == assessment.step
        ),
        None,
    )


def open_step(uow: UnitOfWork, case: SupportCase, definition: Action) -> Step | None:
    """The clock that this interview stops: the first due of the steps that its action completes."""
    running = steps.open_steps(uow.session, "case", case.id)
    return next((step for step in running if step.name in definition.completes), None)


def is_under_hold(uow: UnitOfWork, case: SupportCase) -> bool:
    """Whether one of the case's incidents is under investigation."""
    return any(incident.evidence_hold for _, incident, _ in cases.incidents_of(uow.session, case.id))


def draft_content(uow: UnitOfWork, case_id: str, draft: AssessmentDraft) -> dict[str, Any]:
    """What a draft holds."""
    content: dict[str, Any] = uow.vault.unseal(f"case:{case_id}", "assessment_draft", draft.id, draft.sealed)
    return content


def must_explain(content: dict[str, Any], actor: Actor, clock: Step | None) -> bool:
    """Whether confidentiality is still to be explained: never yet, by somebody else, or before this interview's clock.

    A draft that outlived a closing, a withdrawal or a hand-over keeps its answers; what was said then was said for
    another interview, or by another person (CARE 29).
    """
    if not content.get("confidentiality_explained") or content.get("confidentiality_by") != actor.account_id:
        return True
    return clock is not None and datetime.fromisoformat(content["confidentiality_at"]) < clock.opened_at


def refusals(uow: UnitOfWork, actor: Actor, found: Found, definition: Action, now: datetime) -> tuple[Reason, ...]:
    """Why this interview cannot be recorded at the moment; empty when it can, as far as known before it is held."""
    variables = variables_of(uow, actor, found, now, definition)
    offered = machine.possible(
        found.pack, lifecycle="case", state=found.subject.state, roles=found.roles, variables=variables
    )
    here = next((one for one in offered if one.action.name == definition.name), None)
    if here is not None:
        return tuple(Reason("requirement", text.en, text.fr) for text in here.refused)
    stands = found.pack.lifecycles["case"].states[found.subject.state].label
    return (
        Reason(
            "wrong_state",
            f"This interview is not due: the case stands at “{stands.en}”.",
            f"Cet entretien n’est pas prévu : l’accompagnement en est à « {stands.fr} ».",
        ),
    )


def refuse_unless_possible(uow: UnitOfWork, actor: Actor, found: Found, definition: Action, now: datetime) -> None:
    """Raises NotAllowedNow with the reasons when the interview cannot be held from where the case stands."""
    reasons = refusals(uow, actor, found, definition, now)
    if reasons:
        raise NotAllowedNow(list(reasons))

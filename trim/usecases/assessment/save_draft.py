"""Begin an interview and save it at any time; confidentiality is explained before any question (CARE 29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import Change, NotAllowedNow, NotFound, Reason, StaleVersion
from trim.engine.definition import Action
from trim.store import accounts, cases
from trim.store.tables import AssessmentDraft
from trim.usecases.perform import Found, find
from trim.usecases.unit_of_work import UnitOfWork

NOT_EXPLAINED = Reason(
    "confidentiality_not_explained",
    "Explain confidentiality first, and tick that you have.",
    "Expliquez d’abord la confidentialité, puis cochez la case.",
)
HOLD_NOT_ACKNOWLEDGED = Reason(
    "evidence_hold_not_acknowledged",
    "An investigation is running. Read the warning and tick that you have.",
    "Une enquête est en cours. Lisez l’avertissement, puis cochez la case.",
)


def interview(uow: UnitOfWork, actor: Actor, case_ref: str, action: str, *, lock: bool) -> tuple[Found, Action]:
    """The case and the interview action of that name. Raises NotFound when it is no interview or not the actor's."""
    found = find(uow, actor, "case", case_ref, lock=lock)
    definition = found.pack.lifecycles["case"].actions.get(action)
    if definition is None or definition.instrument is None or found.proposed:
        raise NotFound
    if not found.roles & set(definition.by):
        raise NotFound
    return found, definition


def begin_interview(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    confidentiality_explained: bool,
    evidence_hold_acknowledged: bool,
) -> AssessmentDraft:
    """Record that confidentiality was explained, with its version and language, and open the draft.

    Raises NotAllowedNow when it was not, or when the warning of an evidence hold was not acknowledged (CARE 17).
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    if not confidentiality_explained:
        raise NotAllowedNow([NOT_EXPLAINED])
    if found.incident is not None and found.incident.evidence_hold and not evidence_hold_acknowledged:
        raise NotAllowedNow([HOLD_NOT_ACKNOWLEDGED])
    content = {
        "confidentiality_explained": True,
        "confidentiality_version": found.pack.confidentiality.version,
        "confidentiality_at": now.isoformat(),
        "language": actor.locale,
        "evidence_hold_acknowledged": evidence_hold_acknowledged,
        "answers": {},
    }
    return _write(uow, actor, found, definition, content, now, "case.interview_begun")


def save_draft(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    version: int,
    content: Mapping[str, Any],
) -> AssessmentDraft:
    """Keep what has been filled in so far, as it is: a draft may be incomplete or out of range, it is not lost.

    Raises StaleVersion when the draft was saved from another page meanwhile, NotAllowedNow before confidentiality.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = found.case
    assert case is not None
    draft = cases.draft(uow.session, case.id, interview_step(definition), lock=True)
    if draft is None:
        raise NotAllowedNow([NOT_EXPLAINED])
    if draft.version != version:
        names = accounts.names(uow.session, [draft.saved_by])
        changes = [Change("draft_saved", names.get(draft.saved_by, ""), draft.saved_at.isoformat())]
        raise StaleVersion(version, draft.version, changes)
    before = draft_content(uow, case.id, draft)
    kept = {
        name: before[name]
        for name in before
        if name.startswith(("confidentiality", "evidence_hold")) or name == "language"
    }
    return _write(uow, actor, found, definition, {**content, **kept}, now, "case.draft_saved")


def draft_content(uow: UnitOfWork, case_id: str, draft: AssessmentDraft) -> dict[str, Any]:
    """What a draft holds."""
    content: dict[str, Any] = uow.vault.unseal(f"case:{case_id}", "assessment_draft", draft.id, draft.sealed)
    return content


def interview_step(definition: Action) -> str:
    """The step that an interview is: the first that its action completes, by which rules and drafts know it."""
    return definition.step or (definition.completes[0] if definition.completes else definition.name)


def _write(
    uow: UnitOfWork,
    actor: Actor,
    found: Found,
    definition: Action,
    content: Mapping[str, Any],
    now: datetime,
    what: str,
) -> AssessmentDraft:
    case = found.case
    assert case is not None
    draft = cases.draft(uow.session, case.id, interview_step(definition), lock=True)
    row_id = draft.id if draft is not None else uow.new_id()
    sealed = uow.vault.seal(f"case:{case.id}", "assessment_draft", row_id, dict(content))
    if draft is None:
        draft = AssessmentDraft(
            id=row_id,
            case_id=case.id,
            step=interview_step(definition),
            saved_at=now,
            saved_by=actor.account_id,
            sealed=sealed,
        )
    else:
        draft.sealed, draft.saved_at, draft.saved_by = sealed, now, actor.account_id
        draft.version += 1
    uow.session.add(draft)
    uow.record(
        actor,
        now,
        what,
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=sorted(found.roles)[0],
        pack=case.pack_version_id,
        codes={"step": draft.step, "answered": len(content.get("answers") or {})},
        digests={"draft": uow.vault.digest(f"case:{case.id}", dict(content))},
    )
    return draft

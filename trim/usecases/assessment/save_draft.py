"""Begin an interview and save it at any time; confidentiality is explained before any question (CARE 29)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import Change, NotAllowedNow, Reason, StaleVersion
from trim.engine.definition import Action
from trim.store import accounts, cases
from trim.store.tables import AssessmentDraft
from trim.usecases.assessment.interview import (
    draft_content,
    interview,
    interview_step,
    is_under_hold,
    refuse_unless_possible,
    the_case,
)
from trim.usecases.perform import Found
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

#: What an answer or text of a draft may be long: far more than a form takes, because a draft keeps what was typed.
MAX_ANSWER, MAX_TYPED = 200, 5000


def begin_interview(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    confidentiality_explained: bool,
    evidence_hold_acknowledged: bool,
    start_afresh: bool = False,
) -> AssessmentDraft:
    """Record that confidentiality was explained, with its version and language, and open the draft.

    A draft that is there keeps its answers, unless whoever begins wants to `start_afresh`.
    Raises NotAllowedNow when it was not explained, when the warning of an evidence hold was not acknowledged (CARE 17),
    or when the case does not stand at this interview.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = the_case(found)
    refuse_unless_possible(uow, actor, found, definition, now)
    if not confidentiality_explained:
        raise NotAllowedNow([NOT_EXPLAINED])
    if is_under_hold(uow, case) and not evidence_hold_acknowledged:
        raise NotAllowedNow([HOLD_NOT_ACKNOWLEDGED])
    draft = cases.draft(uow.session, case.id, interview_step(definition), lock=True)
    before = draft_content(uow, case.id, draft) if draft is not None and not start_afresh else {}
    content = {
        "answers": {},
        "typed": {},
        **before,
        "confidentiality_explained": True,
        "confidentiality_version": found.pack.confidentiality.version,
        "confidentiality_at": now.isoformat(),
        "confidentiality_by": actor.account_id,
        "language": actor.locale,
        "evidence_hold_acknowledged": evidence_hold_acknowledged,
    }
    codes = {"confidentiality": found.pack.confidentiality.version, "emptied": start_afresh and draft is not None}
    return _write(uow, actor, found, definition, draft, content, now, "case.interview_begun", codes)


def save_draft(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    case_ref: str,
    action: str,
    version: int,
    answers: Mapping[str, Any],
    disclosed: Mapping[str, Any] | None = None,
    typed: Mapping[str, list[str]] | None = None,
    red_flag: str = "",
) -> AssessmentDraft:
    """Keep what has been filled in so far, as it is: a draft may be incomplete or out of range, it is not lost.

    `answers` are by item, `disclosed` those to items that were carried over, `typed` the boxes of the pack's form as
    they were sent; names that are no such item or box are dropped, boxes that the page did not show keep what they
    held. `red_flag` is the level of one raised from this page. Possible wherever the case stands.
    Raises StaleVersion when the draft was saved from another page meanwhile, NotAllowedNow before confidentiality.
    """
    found, definition = interview(uow, actor, case_ref, action, lock=True)
    case = the_case(found)
    draft = cases.draft(uow.session, case.id, interview_step(definition), lock=True)
    if draft is None:
        raise NotAllowedNow([NOT_EXPLAINED])
    refuse_stale(uow, draft, version)
    before = draft_content(uow, case.id, draft)
    asked = {item.name for item in found.pack.instruments[str(definition.instrument)].items()}
    known = {item.name for instrument in found.pack.instruments.values() for item in instrument.items()}
    boxes = {field.name for field in definition.form}
    # A box that is not ticked is not sent, so nothing sent means nothing ticked.
    ticked = {field.name for field in definition.form if field.field_class == "tags"}
    content = {
        **before,
        "answers": _kept(answers, asked),
        "disclosed": _kept(disclosed or {}, known - asked),
        "typed": {
            **{name: values for name, values in before.get("typed", {}).items() if name not in ticked},
            **{
                name: [one[:MAX_TYPED] for one in values]
                for name, values in (typed or {}).items()
                if name.partition("-")[0] in boxes
            },
        },
    }
    if red_flag:
        content["red_flag"] = {"level": red_flag[:MAX_ANSWER], "at": now.isoformat()}
    return _write(uow, actor, found, definition, draft, content, now, "case.draft_saved", {})


def _kept(answers: Mapping[str, Any], items: Collection[str]) -> dict[str, str]:
    """Answers as they were sent, out of range or not, to the items that there are."""
    return {
        name: str(value)[:MAX_ANSWER]
        for name, value in answers.items()
        if name in items and value is not None and str(value)
    }


def refuse_stale(uow: UnitOfWork, draft: AssessmentDraft, version: int) -> None:
    """Raises StaleVersion when the draft was saved by another page after it was shown at `version`."""
    if draft.version == version:
        return
    names = accounts.names(uow.session, [draft.saved_by])
    changes = [Change("draft_saved", names.get(draft.saved_by, ""), draft.saved_at.isoformat())]
    raise StaleVersion(version, draft.version, changes)


def _write(
    uow: UnitOfWork,
    actor: Actor,
    found: Found,
    definition: Action,
    draft: AssessmentDraft | None,
    content: Mapping[str, Any],
    now: datetime,
    what: str,
    codes: Mapping[str, Any],
) -> AssessmentDraft:
    case = the_case(found)
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
        codes={"step": draft.step, "answered": len(content.get("answers") or {}), **codes},
        digests={"draft": uow.vault.digest(f"case:{case.id}", dict(content))},
    )
    return draft

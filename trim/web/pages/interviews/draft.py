"""Saving what has been filled in so far: by a button, by itself, and after a red flag."""

from __future__ import annotations

import logging

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import StaleVersion
from trim.store.tables import AssessmentDraft
from trim.usecases.assessment.save_draft import save_draft
from trim.usecases.cases.raise_flag import raise_flag
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.interview import sent_boxes
from trim.web.pages.interviews.questions import stale_page
from trim.web.pages.interviews.room import bp

log = logging.getLogger(__name__)


@bp.post("/cases/<ref>/interviews/<action>/draft")
@allowed(Can.WORK_OWN_CASES)
def save(ref: str, action: str) -> ResponseReturnValue:
    """Keep the draft. JSON for the script, with the draft's new version; a red flag goes on to its own page."""
    level = request.form.get("level", "")
    if level:
        return _break_off(ref, action, level)
    as_json = request.accept_mimetypes.best == "application/json"
    try:
        draft = keep(ref, action)
    except StaleVersion as stale:
        if as_json:
            raise
        return stale_page(ref, action, stale, draft_moved=True)
    if as_json:
        return jsonify({"draft_version": draft.version})
    flash(_("The draft is saved. Nothing is recorded until you press “Record the interview”."))
    return redirect(url_for("cases.show", ref=ref))


def keep(ref: str, action: str, *, red_flag: str = "") -> AssessmentDraft:
    """Save what was sent. Raises NotFound, StaleVersion, NotAllowedNow."""
    sent = request.form
    version = sent.get("draft_version", "")
    with context.backend().writing() as uow:
        return save_draft(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            case_ref=ref,
            action=action,
            version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1,
            red_flag=red_flag,
            **sent_boxes(sent),
        )


def _break_off(ref: str, action: str, level: str) -> ResponseReturnValue:
    """A red flag out of the form: first the alert, as from any other page, then what was typed, if it can be kept.

    Nothing of the draft may hold up the alert (CARE 1), so whatever goes wrong with it is only logged.
    """
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        escalation = raise_flag(uow, actor, now=now, ref=ref, level=level)
    try:
        keep(ref, action, red_flag=level)
    except Exception as problem:
        log.warning("A draft was not kept after a red flag: %s", type(problem).__name__)
    return redirect(url_for("cases.call", ref=ref, escalation=escalation))

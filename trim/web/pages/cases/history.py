"""Who has looked at a case and who changed it: the trail in words, for supervisors."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.cases.case_trail import TrailLine, read_trail
from trim.web import context
from trim.web.access import allowed
from trim.web.i18n import of_text
from trim.web.pages.cases.room import bp


@bp.get("/cases/<ref>/history")
@allowed(Can.OVERSEE_CASES)
def history(ref: str) -> ResponseReturnValue:
    """The trail of a case, the newest first."""
    before = request.args.get("before", type=int)
    with context.backend().writing() as uow:
        trail = read_trail(uow, context.signed_in_actor(), now=context.now(), ref=ref, before=before)
    return render_template(
        "cases/history.html",
        trail=trail,
        lines=[(line, line_words(line)) for line in trail.lines],
        next_href=url_for("cases.history", ref=ref, before=trail.before) if trail.before else None,
        start_href=url_for("cases.history", ref=ref) if before else None,
    )


def line_words(line: TrailLine) -> str:
    """What a line of the trail says, without code words."""
    if line.what == "case.read":
        return _read_words(line.page)
    if line.label is not None:
        words = of_text(line.label)
        return f"{words} → {of_text(line.to_state)}" if line.to_state is not None else words
    about = line.about or "…"
    return {
        "case.opened": _("Case opened"),
        "case.interview_begun": _("Interview begun"),
        "case.draft_saved": _("Draft of an interview saved"),
        "case.line_declared": _("Said whether they lead this person"),
        "case.exclusion_recorded": _("Kept away from the case: %(name)s", name=about),
        "case.exclusion_lifted": _("May see the case again: %(name)s", name=about),
        "document.made": _("Letter made"),
    }.get(line.what, _("Something else: %(what)s", what=line.what))


def _read_words(page: str) -> str:
    words = {
        "case": _("Read the case"),
        "offer": _("Saw name, unit and kind of incident"),
        "line_manager": _("Saw the name, to say whether they lead this person"),
        "exclusion": _("Opened “not by this person”"),
        "call_now": _("Opened the numbers to call"),
        "escalation": _("Read an escalation"),
        "referral": _("Read a referral"),
        "history": _("Read this history"),
    }
    return words.get(page) or (_("Opened a form") if "." in page else _("Read the case"))

"""A submitted interview: the change, the score and what each theme gave, what happens next, earlier versions."""

from __future__ import annotations

from datetime import date

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.assessment.show_assessment import AssessmentPage, show_assessment
from trim.usecases.assessment.submitted import Removed
from trim.usecases.cases.said import shown
from trim.web import context
from trim.web.access import allowed
from trim.web.i18n import of_text
from trim.web.pages.interviews.room import bp, common
from trim.web.scores import score_rows


@bp.get("/cases/<ref>/assessments/<assessment_id>")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def show(ref: str, assessment_id: str) -> ResponseReturnValue:
    """The interview, for whoever may read the case; one that was taken off it is gone, and the page says so."""
    try:
        page = read(ref, assessment_id, "assessment")
    except Removed:
        return make_response(render_template("interviews/removed.html", ref=ref), 410)
    earlier = page.earlier.score if page.earlier else None
    rows = score_rows(page.instrument, page.score, earlier=earlier, change=page.change)
    told = [
        (of_text(field.label), value)
        for field in page.fields
        if (value := shown(field, page.form.get(field.name), {})) is not None
    ]
    next_on = page.form.get("next_contact_on")
    return render_template(
        "interviews/show.html",
        page=page,
        rows=rows,
        told=told,
        next_on=date.fromisoformat(str(next_on)) if next_on else None,
        **common(),
    )


@bp.app_template_global()
def asked_to_look(role: str) -> str:
    """Who is asked to look at a case, at the head of a sentence."""
    return {
        "coordinator": _("The coordinator is asked to look"),
        "duty_coordinator": _("The coordinator on duty is asked to look"),
        "programme_lead": _("The programme lead is asked to look"),
    }.get(role, _("The programme is asked to look"))


def read(ref: str, assessment_id: str, place: str) -> AssessmentPage:
    """The interview, with its line in the trail under the name of the page. Raises NotFound, Removed."""
    with context.backend().writing() as uow:
        return show_assessment(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            case_ref=ref,
            assessment_id=assessment_id,
            page=place,
        )

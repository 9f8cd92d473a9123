"""Slips put right: an interview corrected with a reason, or taken off the record of the wrong person (CARE 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotFound
from trim.engine.definition import Field
from trim.usecases.assessment.correct import correct_assessment
from trim.usecases.assessment.show_assessment import AssessmentPage
from trim.usecases.assessment.withdraw import withdraw_assessment
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.fields import CheckboxField
from trim.web.forms.from_pack import pack_form
from trim.web.forms.interview import InterviewForm, boxes_of, interview_form
from trim.web.i18n import language
from trim.web.pages.interviews.result import read
from trim.web.pages.interviews.room import bp, common


class CorrectionForm(InterviewForm):
    """An interview with what was wrong about it; `hold_read` is taken out without an investigation."""

    hold_read = CheckboxField(
        _l("I have read this and write nothing about the facts."), thing=_l("you have read the warning"), required=True
    )
    stopped_early = CheckboxField(_l("We stopped early: what was not reached counts as not asked."))


@bp.route("/cases/<ref>/assessments/<assessment_id>/correct", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def correct(ref: str, assessment_id: str) -> ResponseReturnValue:
    """Show the interview as it stands, and put a corrected version in its place."""
    page = read(ref, assessment_id, "assessment.correct")
    if not page.can_correct:
        raise NotFound
    form = _correction(page)
    if not form.is_accepted():
        return _render_correction(page, form)
    values = form.values()
    try:
        with context.backend().writing() as uow:
            act = correct_assessment(
                uow,
                context.signed_in_actor(),
                now=context.now(),
                case_ref=ref,
                assessment_id=assessment_id,
                version=form.version.data,
                answers=form.answers(),
                newly_disclosed=form.disclosed(),
                values=values,
                reason=str(values["reason"]),
                stopped_early=bool(form.stopped_early.data),
                evidence_hold_acknowledged=bool(form.hold_read and form.hold_read.data),
            )
    except InvalidInput as invalid:
        form.add_problems(invalid.problems, language())
        return _render_correction(page, form)
    flash(_("The corrected version stands now. The earlier one is kept."))
    return redirect(url_for("interviews.show", ref=ref, assessment_id=act.made["assessment"]))


@bp.route("/cases/<ref>/assessments/<assessment_id>/wrong-person", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def wrong_person(ref: str, assessment_id: str) -> ResponseReturnValue:
    """Ask for the reason, and take the interview off this person's record."""
    page = read(ref, assessment_id, "assessment.wrong_person")
    if not page.can_withdraw:
        raise NotFound
    form = pack_form(page.slip_fields, now=context.now(), zone=context.organisation().zone, version=page.case_version)
    if not form.is_accepted():
        return render_template("interviews/wrong_person.html", page=page, form=form, **common())
    with context.backend().writing() as uow:
        withdraw_assessment(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            case_ref=ref,
            assessment_id=assessment_id,
            version=form.version.data,
            reason=str(form.values()["reason"]),
        )
    flash(_("The interview is no longer part of this case."))
    return redirect(url_for("cases.show", ref=ref))


def _correction(page: AssessmentPage) -> CorrectionForm:
    form = interview_form(
        page.instrument,
        [*page.slip_fields, *page.shown_fields],
        [one.as_it_was for one in page.carried],
        now=context.now(),
        zone=context.organisation().zone,
        shown=_as_it_stands(page) if request.method == "GET" else None,
        stopped_early=bool(request.form.get("stopped_early")),
        base=CorrectionForm,
    )
    assert isinstance(form, CorrectionForm)
    if not page.under_hold:
        del form.hold_read
    return form


def _render_correction(page: AssessmentPage, form: CorrectionForm) -> str:
    return render_template(
        "interviews/correct.html", page=page, form=form, slips=[one.name for one in page.slip_fields], **common()
    )


def _as_it_stands(page: AssessmentPage) -> Any:
    typed = {field.name: _boxes(field, page.form[field.name]) for field in page.shown_fields if field.name in page.form}
    boxes = boxes_of(version=page.case_version, answers=page.answers, disclosed=page.disclosed or {}, typed=typed)
    if page.stopped_early:
        boxes["stopped_early"] = "y"
    return boxes


def _boxes(field: Field, value: Any) -> list[str]:
    """A stored value as its boxes send it; an instant is on the organisation's clock."""
    match field.field_class:
        case "instant":
            at = datetime.fromisoformat(str(value)).astimezone(context.organisation().zone)
            return [at.strftime("%Y-%m-%dT%H:%M")]
        case "yes_no":
            return ["yes" if value else "no"]
        case "tags":
            return [str(one) for one in value]
    return [str(value)]

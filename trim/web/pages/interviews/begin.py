"""Before the first question: confidentiality is explained, and the warning of an evidence hold read (CARE 17, 29)."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from trim.domain.access import Can
from trim.domain.errors import NotAllowedNow
from trim.usecases.assessment.open_interview import InterviewPage
from trim.usecases.assessment.save_draft import begin_interview
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import CheckboxField
from trim.web.i18n import of_text
from trim.web.pages.interviews.room import address, bp, common, load


class BeginForm(BaseForm):
    """What is ticked before an interview; `hold_read` and `afresh` are taken out where they have no meaning."""

    hold_read = CheckboxField(
        _l("I have read this and will not ask what happened."), thing=_l("you have read the warning"), required=True
    )
    explained = CheckboxField("", thing=_l("you have explained confidentiality"), required=True)
    afresh = CheckboxField(_l("Begin with an empty form. What was kept is thrown away."))


@bp.route("/cases/<ref>/interviews/<action>", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES)
def begin(ref: str, action: str) -> ResponseReturnValue:
    """Record that confidentiality was explained; a draft that can be gone on with leads straight to its questions."""
    page = load(ref, action)
    if page.draft is not None and not page.must_begin:
        return redirect(address("questions", page))
    if page.refused:
        raise NotAllowedNow(list(page.refused))
    form = _form(page)
    if not form.is_accepted():
        return render_template("interviews/begin.html", page=page, form=form, **common())
    with context.backend().writing() as uow:
        begin_interview(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            case_ref=ref,
            action=action,
            confidentiality_explained=form.explained.data,
            evidence_hold_acknowledged=bool(form.hold_read and form.hold_read.data),
            start_afresh=bool(form.afresh and form.afresh.data),
        )
    return redirect(address("questions", page))


def _form(page: InterviewPage) -> BeginForm:
    form = BeginForm(now=context.now(), zone=context.organisation().zone)
    form.explained.label.text = of_text(page.confidentiality.confirm)
    if not page.under_hold:
        del form.hold_read
    if page.draft is None:
        del form.afresh
    return form

"""Who may not see a case: the question of line management, and “not by this person” (CARE 10)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.cases import declare as declaring
from trim.usecases.cases import exclude as excluding
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.fields import choice
from trim.web.forms.ties import ExclusionForm, LineForm
from trim.web.i18n import language
from trim.web.pages.cases.room import bp


@bp.route("/cases/<ref>/line-manager", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def declare(ref: str) -> ResponseReturnValue:
    """Ask a reader whether they lead the person or report to them; yes hides the case."""
    actor, now, form = context.signed_in_actor(), context.now(), LineForm()
    if form.is_accepted():
        with context.backend().writing() as uow:
            declaring.declare_line(uow, actor, now=now, ref=ref, is_clear=not form.in_line.data)
        if form.in_line.data:
            flash(_("Thank you. You will not see this case any more; the other coordinators go on with it."))
            return redirect(url_for("start.index"))
        return redirect(url_for("cases.show", ref=ref))
    with context.backend().writing() as uow:
        question = declaring.line_question(uow, actor, now=now, ref=ref)
    if question is None:
        return redirect(url_for("cases.show", ref=ref))
    return render_template("cases/line_manager.html", question=question, form=form)


@bp.route("/cases/<ref>/not-by", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def exclude(ref: str) -> ResponseReturnValue:
    """Keep somebody away from a case, at the person's wish."""
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        page = excluding.exclusion_page(uow, actor, now=now, ref=ref, is_shown=request.method == "GET")
    form = ExclusionForm()
    form.account.choices = [choice(account_id, name) for account_id, name in page.choices]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                excluding.exclude(
                    uow, actor, now=now, ref=ref, account_id=form.account.data, reason=form.reason.data or ""
                )
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Done. From now on they do not see this case."))
            is_self = form.account.data == actor.account_id
            return redirect(url_for("start.index") if is_self else url_for("cases.show", ref=ref))
    if request.method == "POST":
        with context.backend().writing() as uow:
            page = excluding.exclusion_page(uow, actor, now=now, ref=ref)
    return render_template("cases/not_by.html", page=page, form=form)


@bp.post("/cases/<ref>/not-by/<exclusion_id>/lift")
@allowed(Can.OVERSEE_CASES)
def lift(ref: str, exclusion_id: str) -> ResponseReturnValue:
    """Let somebody see the case again."""
    with context.backend().writing() as uow:
        excluding.lift_exclusion(uow, context.signed_in_actor(), now=context.now(), ref=ref, exclusion_id=exclusion_id)
    flash(_("Done. They can see this case again."))
    return redirect(url_for("cases.show", ref=ref))

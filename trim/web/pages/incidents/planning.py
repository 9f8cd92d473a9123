"""The planning meeting on one page: a response for each exposed person."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.acting.act import Act
from trim.usecases.planning.hold_meeting import hold_planning_meeting
from trim.usecases.planning.meeting_page import PlanningPage, show_planning
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.planning import plan_form
from trim.web.i18n import language
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/<ref>/plan", methods=["GET", "POST"])
@allowed(Can.PLAN)
def plan(ref: str) -> ResponseReturnValue:
    """Record the meeting. Somebody named meanwhile stands on the page when it comes back, and nothing typed is lost."""
    page = _load(ref, is_shown=request.method == "GET")
    form = plan_form(page, now=context.now(), zone=context.organisation().zone)
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                act = hold_planning_meeting(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    incident_ref=ref,
                    version=form.version.data,
                    responses=form.responses(),
                    values=form.values(),
                )
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            return _after(ref, act)
    if request.method == "POST":
        _load(ref, is_shown=True)
    return render_template(
        "incidents/plan.html", page=page, form=form, now=context.now(), zone=context.organisation().zone
    )


def _load(ref: str, *, is_shown: bool) -> PlanningPage:
    """The page's data; a line in the trail when it is really shown."""
    with context.backend().writing() if is_shown else context.backend().reading() as uow:
        return show_planning(uow, context.signed_in_actor(), now=context.now(), incident_ref=ref, is_shown=is_shown)


def _after(ref: str, act: Act) -> ResponseReturnValue:
    flash(_("The plan is recorded. Offers can be made now."))
    if "join" in act.made:
        flash(_("Somebody has support already: decide below whether one interview covers both incidents."))
    return redirect(url_for("incidents.show", ref=ref))

"""A second incident for somebody with an open case: what joining would change, and the person's wish (CARE 21)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.planning.join_incident import join_to_case, open_separate_case, show_join
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.planning import JoinForm
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/<ref>/join/<exposure_id>", methods=["GET", "POST"])
@allowed(Can.PLAN)
def join(ref: str, exposure_id: str) -> ResponseReturnValue:
    """Every clock before and after, then the decision."""
    actor, now, form = context.signed_in_actor(), context.now(), JoinForm()
    form.offer()
    if form.is_accepted():
        with context.backend().writing() as uow:
            if form.choice.data == "join":
                act = join_to_case(
                    uow, actor, now=now, incident_ref=ref, exposure_id=exposure_id, version=form.version.data
                )
                case_ref = act.subject.ref
            else:
                case_ref = open_separate_case(
                    uow, actor, now=now, incident_ref=ref, exposure_id=exposure_id, version=form.version.data
                ).ref
        flash(_("Done. One interview covers both.") if form.choice.data == "join" else _("Done. The case is open."))
        return redirect(url_for("cases.show", ref=case_ref))
    with context.backend().writing() as uow:
        proposal = show_join(uow, actor, now=now, incident_ref=ref, exposure_id=exposure_id)
    if not form.is_submitted():
        form.version.data = proposal.version
    return render_template("incidents/join.html", proposal=proposal, form=form)

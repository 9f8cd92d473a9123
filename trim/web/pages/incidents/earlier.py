"""Earlier incidents of one person: for the coordinator alone, and never on the way to the meeting (CARE 9)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.planning.earlier_incidents import show_earlier
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.planning import LineForm
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/<ref>/people/<exposure_id>/earlier", methods=["GET", "POST"])
@allowed(Can.PLAN)
def earlier(ref: str, exposure_id: str) -> ResponseReturnValue:
    """The last twelve months. Where nobody knows who leads the person, the reader is asked first (CARE 10)."""
    form = LineForm()
    answered = form.is_accepted()
    if answered and form.in_line.data:
        flash(_("Thank you. Ask another coordinator to look at this."))
        return redirect(url_for("incidents.show", ref=ref))
    with context.backend().writing() as uow:
        page = show_earlier(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            incident_ref=ref,
            exposure_id=exposure_id,
            not_in_line=answered,
        )
    return render_template("incidents/earlier_ask.html" if page.ask else "incidents/earlier.html", page=page, form=form)

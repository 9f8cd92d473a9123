"""The page of one incident, and its end."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.planning.close_incident import close_incident
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.protection import VersionForm
from trim.web.further_words import further_rows
from trim.web.pages.acting import act_on
from trim.web.pages.incidents.room import bp


@bp.get("/incidents/<ref>")
@allowed(Can.SEE_INCIDENTS)
def show(ref: str) -> ResponseReturnValue:
    """Facts, people, meetings, what happened and what comes next."""
    with context.backend().writing() as uow:
        incident = read_incident(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return render_template(
        "incidents/show.html",
        incident=incident,
        further=further_rows(incident.further),
        now=context.now(),
        zone=context.organisation().zone,
    )


@bp.route("/incidents/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.PLAN)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of any other action of the pack, and what came of it."""
    return act_on("incident", ref, action)


@bp.post("/incidents/<ref>/close")
@allowed(Can.PLAN)
def close(ref: str) -> ResponseReturnValue:
    """Close the incident; what came of it goes on."""
    with context.backend().writing() as uow:
        close_incident(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            incident_ref=ref,
            version=VersionForm().version.data,
        )
    flash(_("Closed. Support for people goes on, and names can still be added."))
    return redirect(url_for("incidents.show", ref=ref))

"""Reporting an incident. Whoever only reports reads what happens next, and never anything else (CARE 13)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.incident_access import may_open
from trim.usecases.intake.duplicates import ProbablyReported, Similar, possible_duplicates
from trim.usecases.intake.name_exposed import Named, name_several
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.intake.report_options import ReportOptions, report_options
from trim.usecases.intake.search_people import bearers_of_names
from trim.web import context
from trim.web.access import allowed, signed_in
from trim.web.forms.base import submitted_action
from trim.web.forms.report import ANOTHER, ReportForm, report_form
from trim.web.i18n import language
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/report", methods=["GET", "POST"])
@allowed(Can.REPORT_INCIDENT)
def report() -> ResponseReturnValue:
    """The form, and the report. Pressing for more rows only adds them."""
    options, form, similar = _filled_form()
    if submitted_action() == "more":
        form.add_rows(options)
    elif form.is_accepted():
        try:
            return _send(options, form)
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        except ProbablyReported as known:
            similar = known.similar
            form.show_similar(similar)
    return render_template("incidents/report.html", form=form, options=options, similar=similar)


@bp.get("/incidents/report/done")
@signed_in
def reported() -> ResponseReturnValue:
    """What happens next. The same words for every report: they say nothing of any incident."""
    return render_template("incidents/reported.html")


def _filled_form() -> tuple[ReportOptions, ReportForm, Similar | None]:
    """The form with everything there is to choose from, for what was typed so far."""
    actor, organisation = context.signed_in_actor(), context.organisation()
    with context.backend().reading() as uow:
        options = report_options(uow, actor)
        form = report_form(options, now=context.now(), zone=organisation.zone)
        if request.method == "GET":
            return options, form, None
        form.know_bearers(bearers_of_names(uow, form.named()))
        if not (form.occurred_on.data and form.is_confirmed):
            return options, form, None
        similar = possible_duplicates(uow, actor, form.report(options))
    form.show_similar(similar)
    return options, form, similar


def _send(options: ReportOptions, form: ReportForm) -> ResponseReturnValue:
    """Store the report, or add its people to the incident that a coordinator says is the same."""
    actor, now = context.signed_in_actor(), context.now()
    if form.same_as.data and form.same_as.data != ANOTHER:
        with context.backend().writing() as uow:
            named = name_several(uow, actor, now=now, incident_ref=form.same_as.data, people=form.named())
        flash(added_words(named))
        return redirect(url_for("incidents.show", ref=named.incident_ref))
    with context.backend().writing() as uow:
        incident = report_incident(
            uow, actor, now=now, report=form.report(options), ask_about_similar=not form.is_confirmed
        )
        opens = may_open(uow, actor, incident)
    if not opens:
        return redirect(url_for("incidents.reported"))
    flash(_("Reported. The coordinators of the unit have been told."))
    return redirect(url_for("incidents.show", ref=incident.ref))


def added_words(named: Named) -> str:
    """How many people were added, and how many stood there already."""
    words = ngettext("%(num)s person was added.", "%(num)s people were added.", named.added)
    if named.there_already:
        words += " " + ngettext(
            "%(num)s stood on the list already.", "%(num)s stood on the list already.", named.there_already
        )
    return str(words)

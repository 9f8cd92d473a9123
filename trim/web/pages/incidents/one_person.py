"""The short path: somebody asks for help, or one person needs it, and everything fits on one screen (CARE 25)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.domain.incident import IncidentReport
from trim.usecases.intake.duplicates import ProbablyReported, possible_duplicates
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.intake.report_options import ReportOptions, report_options
from trim.usecases.planning.one_person import OnePerson, plan_for_one
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.base import submitted_action
from trim.web.forms.planning import OnePersonForm
from trim.web.forms.report import ANOTHER
from trim.web.i18n import language
from trim.web.pages.incidents.people import find_person
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/one-person", methods=["GET", "POST"])
@allowed(Can.PLAN)
def one_person() -> ResponseReturnValue:
    """Who, when, what and the response: incident, plan and case at once."""
    with context.backend().reading() as uow:
        options = report_options(uow, context.signed_in_actor())
    form = _form(options, now=context.now(), zone=context.organisation().zone)
    find_person(form)
    _show_similar_again(options, form)
    if submitted_action() == "plan" and form.is_accepted():
        try:
            return _send(options, form)
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        except ProbablyReported as known:
            form.show_similar(known.similar)
    return render_template("incidents/one_person.html", form=form)


def _form(options: ReportOptions, *, now: datetime, zone: ZoneInfo) -> OnePersonForm:
    own = options.own_unit_id if options.own_unit_id in options.plans_in else None
    form = OnePersonForm(now=now, zone=zone, data={"source": "self", "unit_id": own})
    form.offer(options)
    form.offer_people(options)
    form.offer_responses(options.choices["responses"])
    form.unit_id.choices = [one for one in form.unit_id.choices if one.value in options.plans_in]
    return form


def _show_similar_again(options: ReportOptions, form: OnePersonForm) -> None:
    """What was shown as probably the same is shown again, so that the answer to it can be read."""
    if request.method == "POST" and form.occurred_on.data and form.is_confirmed:
        with context.backend().reading() as uow:
            form.show_similar(possible_duplicates(uow, context.signed_in_actor(), _report(options, form)))


def _send(options: ReportOptions, form: OnePersonForm) -> ResponseReturnValue:
    actor, now = context.signed_in_actor(), context.now()
    known = form.same_as.data
    if known and known != ANOTHER:
        with context.backend().writing() as uow:
            name_exposed(uow, actor, now=now, incident_ref=known, named=form.named())
        flash(_("Added to the list of that incident. Choose a response there."))
        return redirect(url_for("incidents.plan", ref=known))
    with context.backend().writing() as uow:
        made = plan_for_one(
            uow,
            actor,
            now=now,
            report=_report(options, form),
            person=form.named(),
            response=form.response.data or "",
            look_again_on=form.look_again.data,
            ask_about_similar=not form.is_confirmed,
        )
    return _after(made)


def _after(made: OnePerson) -> ResponseReturnValue:
    if made.joins:
        flash(_("This person has support already. Decide whether one interview covers both."))
        return redirect(url_for("incidents.join", ref=made.incident_ref, exposure_id=made.exposure_id))
    if made.case_ref:
        flash(_("The case is open. The next step is to make the offer."))
        return redirect(url_for("cases.show", ref=made.case_ref))
    flash(_("Recorded. You will be reminded on the day you chose."))
    return redirect(url_for("incidents.show", ref=made.incident_ref))


def _report(options: ReportOptions, form: OnePersonForm) -> IncidentReport:
    """The incident behind it. One person is no grave matter for the organisation: the least severity of the pack."""
    occurred_on, occurred_time = form.local()
    return IncidentReport(
        programme=options.programme,
        unit_id=form.unit_id.data or "",
        kind=form.kind.data or "",
        source=form.source.data or "",
        severity=options.choices["severities"][0].value,
        occurred_on=occurred_on,
        occurred_time=occurred_time,
        evidence_hold=bool(form.evidence_hold.data),
    )

"""Naming one more person who was there: found in the directory, or new to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.intake.read_incident import heading_of
from trim.usecases.intake.report_options import report_options
from trim.usecases.intake.search_people import search_people
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.base import submitted_action
from trim.web.forms.people import PersonFields
from trim.web.forms.planning import NamePersonForm
from trim.web.i18n import language
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/<ref>/people", methods=["GET", "POST"])
@allowed(Can.PLAN)
def name_person(ref: str) -> ResponseReturnValue:
    """Find somebody, then say how they were exposed. A search is posted: names stay out of addresses."""
    actor, now, form = context.signed_in_actor(), context.now(), NamePersonForm()
    with context.backend().reading() as uow:
        heading = heading_of(uow, actor, ref=ref)
        form.offer_people(report_options(uow, actor))
    find_person(form)
    if submitted_action() == "add" and form.is_accepted():
        try:
            with context.backend().writing() as uow:
                name_exposed(uow, actor, now=now, incident_ref=ref, named=form.named())
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Added to the list."))
            return redirect(url_for("incidents.show", ref=ref))
    return render_template("incidents/name_person.html", form=form, incident=heading)


def find_person(form: PersonFields) -> None:
    """Search for what was typed and offer who was found, whichever button was pressed."""
    if request.method != "POST":
        return
    if not form.who.data:
        # A search for nothing says what is missing, instead of showing the same page once more.
        if submitted_action() == "find":
            form.who.validate(form)
        return
    if not form.is_searched:
        form.person.data = None
    with context.backend().writing() as uow:
        found = search_people(uow, context.signed_in_actor(), now=context.now(), typed=form.who.data)
    form.show_found(found)

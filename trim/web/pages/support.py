"""Ways to support without an incident: asking for oneself, a one-way concern, noting that somebody asked (CARE 13)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotFound
from trim.usecases.requests.ask import ask_for_support, programmes_to_ask
from trim.usecases.requests.concern import programmes_of_concern, send_concern
from trim.usecases.requests.record import programmes_to_record_in, record_request, units_to_record_in
from trim.usecases.requests.units import open_units
from trim.web import context
from trim.web.access import allowed, signed_in
from trim.web.forms.support import AskForm, ConcernForm, RecordForm
from trim.web.i18n import language

bp = Blueprint("support", __name__, url_prefix="/support")


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """What somebody can do for themselves or for a colleague."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        ask, concern = programmes_to_ask(uow), programmes_of_concern(uow)
        record = programmes_to_record_in(uow, actor)
    return render_template(
        "support/index.html", ask=ask if actor.person_id else {}, concern=concern, record=record, known=actor.person_id
    )


@bp.route("/ask", methods=["GET", "POST"])
@signed_in
def ask() -> ResponseReturnValue:
    """Ask for support for oneself."""
    actor, form = context.signed_in_actor(), AskForm()
    with context.backend().reading() as uow:
        programmes = programmes_to_ask(uow)
    if not programmes:
        raise NotFound
    form.offer_programmes(programmes)
    if actor.person_id is not None and form.is_accepted():
        with context.backend().writing() as uow:
            ask_for_support(
                uow, actor, now=context.now(), programme=str(form.programme.data), note=form.note.data or ""
            )
        return redirect(url_for("support.asked"))
    return render_template("support/ask.html", form=form, known=actor.person_id is not None)


@bp.get("/asked")
@signed_in
def asked() -> ResponseReturnValue:
    """What comes next for whoever asked; the same page for everybody."""
    return render_template("support/asked.html", lines=context.organisation().crisis_lines)


@bp.route("/concern", methods=["GET", "POST"])
@signed_in
def concern() -> ResponseReturnValue:
    """Send a contact request for a colleague."""
    actor, form = context.signed_in_actor(), ConcernForm()
    with context.backend().reading() as uow:
        programmes, units = programmes_of_concern(uow), open_units(uow)
    if not programmes:
        raise NotFound
    form.offer_programmes(programmes)
    form.offer_units(units)
    form.offer_roles()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                send_concern(
                    uow,
                    actor,
                    now=context.now(),
                    programme=str(form.programme.data),
                    who=form.who.data,
                    unit_id=form.unit.data,
                    as_whom=str(form.as_whom.data),
                    note=form.note.data or "",
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            return redirect(url_for("support.received"))
    return render_template("support/concern.html", form=form)


@bp.get("/received")
@signed_in
def received() -> ResponseReturnValue:
    """All that a sender ever hears: received. The page is the same for everybody and knows nothing (CARE 13)."""
    return render_template("support/received.html", lines=context.organisation().crisis_lines)


@bp.route("/record", methods=["GET", "POST"])
@allowed(Can.RECORD_REQUEST)
def record() -> ResponseReturnValue:
    """Note that somebody asked."""
    actor, now, zone = context.signed_in_actor(), context.now(), context.organisation().zone
    form = RecordForm(now=now, zone=zone)
    with context.backend().reading() as uow:
        programmes, units = programmes_to_record_in(uow, actor), units_to_record_in(uow, actor)
    if not programmes:
        raise NotFound
    form.offer_programmes(programmes)
    form.offer_units(units)
    if not form.is_submitted():
        form.asked_on.process_data(now.astimezone(zone).date())
    if form.is_accepted():
        day = form.asked_on.data
        assert isinstance(day, date)
        try:
            with context.backend().writing() as uow:
                made = record_request(
                    uow,
                    actor,
                    now=now,
                    programme=str(form.programme.data),
                    who=form.who.data,
                    unit_id=form.unit.data,
                    asked_on=day,
                    note=form.note.data or "",
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Noted. The coordinators of the unit have been told."))
            return redirect(url_for("cases.show", ref=made.case_ref) if made.case_ref else url_for("start.index"))
    return render_template("support/record.html", form=form)

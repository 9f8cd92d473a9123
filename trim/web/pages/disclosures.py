"""The register of disclosures: what courts and the like ask for, who decides, what was given (CARE 18)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.disclosure import read_register, register
from trim.web import context
from trim.web.access import allowed
from trim.web.forms import disclosure as forms
from trim.web.i18n import language
from trim.web.paging import key_text, read_key

bp = Blueprint("disclosures", __name__)


@bp.get("/disclosures")
@allowed(Can.OVERSEE_CASES)
def index() -> ResponseReturnValue:
    """The register, the newest first."""
    with context.backend().writing() as uow:
        page = read_register.list_disclosures(
            uow, context.signed_in_actor(), now=context.now(), after=read_key(request.args.get("after"))
        )
    return _listed("disclosures/index.html", "disclosures.index", page)


@bp.get("/trail/disclosures")
@allowed(Can.SEE_TRAIL)
def for_auditors() -> ResponseReturnValue:
    """That there are disclosures, and what was decided; nothing of whom and what."""
    with context.backend().writing() as uow:
        page = read_register.register_for_auditors(
            uow, context.signed_in_actor(), now=context.now(), after=read_key(request.args.get("after"))
        )
    return _listed("disclosures/for_auditors.html", "disclosures.for_auditors", page)


@bp.route("/disclosures/new/<kind>/<ref>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def new(kind: str, ref: str) -> ResponseReturnValue:
    """Somebody asks about a case or an incident."""
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        about = read_register.about_what(uow, actor, now=now, kind=kind, ref=ref)
    form = forms.NewDisclosureForm(now=now, zone=context.organisation().zone)
    if form.is_accepted() and form.asked_on.data is not None:
        try:
            with context.backend().writing() as uow:
                made = register.record_disclosure(
                    uow,
                    actor,
                    now=now,
                    kind=kind,
                    ref=ref,
                    asked_by=form.asked_by.data,
                    who=form.who.data,
                    ground=form.ground.data,
                    ground_words=form.ground_words.data or "",
                    asked_on=form.asked_on.data,
                    due_on=form.due_on.data,
                )
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Recorded. A programme lead decides."))
            return redirect(url_for("disclosures.show", ref=made.ref))
    return render_template("disclosures/new.html", form=form, about=about)


@bp.get("/disclosures/<ref>")
@allowed(Can.OVERSEE_CASES)
def show(ref: str) -> ResponseReturnValue:
    """One entry."""
    return render_template("disclosures/show.html", one=_read(ref))


@bp.route("/disclosures/<ref>/decision", methods=["GET", "POST"])
@allowed(Can.DECIDE_DISCLOSURE)
def decide(ref: str) -> ResponseReturnValue:
    """A lead who did not record it decides."""
    one = _read(ref)
    form = forms.DecideForm(data={"version": one.version}, now=context.now(), zone=context.organisation().zone)
    return _step(
        form,
        register.decide_disclosure,
        one,
        "disclosures/decide.html",
        lambda: {
            "version": form.version.data,
            "decision": form.decision.data,
            "reason": form.reason.data,
            "given": form.given.data or [],
            "given_words": form.given_words.data or "",
            "told": form.told.data,
            "told_on": form.told_on.data,
        },
    )


@bp.route("/disclosures/<ref>/told", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def told(ref: str) -> ResponseReturnValue:
    """The person was told, or why not."""
    one = _read(ref)
    form = forms.ToldForm(data={"version": one.version}, now=context.now(), zone=context.organisation().zone)
    return _step(
        form,
        register.record_told,
        one,
        "disclosures/told.html",
        lambda: {"version": form.version.data, "told": form.told.data, "told_on": form.told_on.data},
    )


@bp.route("/disclosures/<ref>/hold", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def hold(ref: str) -> ResponseReturnValue:
    """A legal hold because of this entry: a press of its own, and it sets nothing else (CARE 17)."""
    one, form = _read(ref), forms.HoldForm()
    return _step(
        form,
        read_register.hold_for_disclosure,
        one,
        "disclosures/hold.html",
        lambda: {"reason": form.reason.data},
    )


def _read(ref: str) -> read_register.DisclosurePage:
    with context.backend().writing() as uow:
        return read_register.read_disclosure(uow, context.signed_in_actor(), now=context.now(), ref=ref)


def _step(form: Any, verb: Any, one: read_register.DisclosurePage, template: str, values: Any) -> ResponseReturnValue:
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                verb(uow, context.signed_in_actor(), now=context.now(), ref=one.row.ref, **values())
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Recorded."))
            return redirect(url_for("disclosures.show", ref=one.row.ref))
    return render_template(template, form=form, one=one)


def _listed(template: str, endpoint: str, page: read_register.DisclosureList) -> str:
    following = key_text(page.after)
    return render_template(
        template,
        page=page,
        next_href=url_for(endpoint, after=following) if following else None,
        start_href=url_for(endpoint) if request.args.get("after") else None,
    )

"""Evidence hold, clearance for groups, and who may read an incident: each on a page of its own, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.incident_access import may_open
from trim.usecases.intake import protection
from trim.usecases.intake.incident_file import Heading
from trim.usecases.intake.read_incident import heading_of, readers_of
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.fields import choice
from trim.web.forms.protection import ReadersForm, ReasonForm
from trim.web.i18n import language
from trim.web.pages.incidents.room import bp


@bp.route("/incidents/<ref>/hold", methods=["GET", "POST"])
@allowed(Can.PLAN)
def hold(ref: str) -> ResponseReturnValue:
    """Set the evidence hold, or lift it."""
    heading = _heading(ref)
    wanted = _wanted(not heading.evidence_hold)
    form = _form(ReasonForm, heading, protection.HOLD_REASONS[wanted], wanted)
    done = _change(form, protection.change_evidence_hold, ref, {"hold": wanted})
    return done or render_template("incidents/hold.html", form=form, incident=heading, wanted=wanted)


@bp.route("/incidents/<ref>/clearance", methods=["GET", "POST"])
@allowed(Can.PLAN)
def clearance(ref: str) -> ResponseReturnValue:
    """Record that the investigation allows briefings and groups, or no longer does."""
    heading = _heading(ref)
    wanted = _wanted(not heading.groups_cleared)
    form = _form(ReasonForm, heading, protection.CLEARANCE_REASONS[wanted], wanted)
    done = _change(form, protection.change_group_clearance, ref, {"cleared": wanted})
    return done or render_template("incidents/clearance.html", form=form, incident=heading, wanted=wanted)


@bp.route("/incidents/<ref>/readers", methods=["GET", "POST"])
@allowed(Can.PLAN)
def readers(ref: str) -> ResponseReturnValue:
    """Restrict the incident to named readers, or change who they are."""
    actor, heading = context.signed_in_actor(), _heading(ref)
    with context.backend().reading() as uow:
        possible, named = readers_of(uow, actor, now=context.now(), ref=ref)
    form = _form(ReadersForm, heading, protection.RESTRICTION_REASONS[True])
    form.readers.choices = [choice(account_id, name) for account_id, name in possible]
    if request.method == "GET":
        form.readers.data = list(named) or [actor.account_id]
    done = _change(form, protection.change_readers, ref, {"restricted": True, "readers": form.readers.data or []})
    return done or render_template("incidents/readers.html", form=form, incident=heading)


@bp.route("/incidents/<ref>/open", methods=["GET", "POST"])
@allowed(Can.PLAN)
def unrestrict(ref: str) -> ResponseReturnValue:
    """Let every coordinator of the unit see a restricted incident again."""
    heading = _heading(ref)
    form = _form(ReasonForm, heading, protection.RESTRICTION_REASONS[False])
    done = _change(form, protection.change_readers, ref, {"restricted": False})
    return done or render_template("incidents/unrestrict.html", form=form, incident=heading)


Form = TypeVar("Form", bound=ReasonForm)


def _heading(ref: str) -> Heading:
    with context.backend().reading() as uow:
        return heading_of(uow, context.signed_in_actor(), ref=ref)


def _wanted(opposite: bool) -> bool:
    """Which way the change goes: as the page said, and at first to the opposite of what holds."""
    return request.form.get("to") == "yes" if request.method == "POST" else opposite


def _form(kind: type[Form], heading: Heading, reasons: tuple[str, ...], wanted: bool = True) -> Form:
    form = kind(data={"version": heading.version, "to": "yes" if wanted else "no"})
    form.offer_reasons(reasons)
    return form


def _change(
    form: ReasonForm, change: Callable[..., Any], ref: str, values: Mapping[str, Any]
) -> ResponseReturnValue | None:
    """Do the change when the form was sent and can be taken; None while it is to be shown."""
    if not form.is_accepted():
        return None
    actor, now = context.signed_in_actor(), context.now()
    try:
        with context.backend().writing() as uow:
            incident = change(
                uow,
                actor,
                now=now,
                incident_ref=ref,
                version=form.version.data,
                reason=form.reason.data,
                **values,
            )
            opens = may_open(uow, actor, incident)
    except InvalidInput as invalid:
        form.add_problems(invalid.problems, language())
        return None
    flash(_("Changed. The trail holds who did it and why."))
    return redirect(url_for("incidents.show", ref=ref) if opens else url_for("incidents.index"))

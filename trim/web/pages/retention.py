"""How long things are kept, what will be erased and what was, and legal holds, which stop it (CARE 17)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.domain.retention import HOLD_GROUNDS
from trim.usecases.retention import legal_hold, set_periods
from trim.usecases.retention.list_coming import list_coming
from trim.usecases.retention.list_tombstones import list_tombstones
from trim.web import context, retention_words
from trim.web.access import allowed
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import choice
from trim.web.forms.retention import HoldForm, PeriodForm
from trim.web.i18n import language
from trim.web.paging import key_text, read_key

bp = Blueprint("retention", __name__, url_prefix="/retention")


@bp.get("")
@allowed(Can.SEE_RETENTION)
def index() -> ResponseReturnValue:
    """How long each kind of record is kept; no case stands in it."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        periods = set_periods.look_at_periods(uow, actor)
    return render_template(
        "retention/index.html", periods=periods, oversees=actor.can(Can.OVERSEE_CASES), words=retention_words
    )


@bp.route("/periods/<name>", methods=["GET", "POST"])
@allowed(Can.SET_RETENTION)
def change(name: str) -> ResponseReturnValue:
    """Change one period."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        periods = set_periods.look_at_periods(uow, actor)
    holds = periods.period_of(name)
    form = PeriodForm(data={"period": holds, "shown": holds})
    form.period.choices = [choice(one, retention_words.period_words(one)) for one in set_periods.offered(name, holds)]
    form.reason.choices = [choice(one, retention_words.reason_words(one)) for one in set_periods.REASONS]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                set_periods.change_period(
                    uow,
                    actor,
                    now=context.now(),
                    name=name,
                    period=form.period.data,
                    shown=form.shown.data,
                    reason=form.reason.data,
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Changed. All coordinators are told, and the trail holds who did it and why."))
            return redirect(url_for("retention.index"))
    return render_template(
        "retention/change.html", form=form, name=name, holds=holds, periods=periods, words=retention_words
    )


@bp.get("/soon/<kind>")
@allowed(Can.OVERSEE_CASES)
def soon(kind: str) -> ResponseReturnValue:
    """What was announced to be erased, and what postpones it."""
    with context.backend().writing() as uow:
        page = list_coming(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            kind=kind,
            after=read_key(request.args.get("after")),
        )
    following = key_text(page.after)
    return render_template(
        "retention/soon.html",
        page=page,
        kind=kind,
        words=retention_words,
        next_href=url_for("retention.soon", kind=kind, after=following) if following else None,
        start_href=url_for("retention.soon", kind=kind) if request.args.get("after") else None,
    )


@bp.get("/erased")
@allowed(Can.OVERSEE_CASES)
def erased() -> ResponseReturnValue:
    """That something existed, when it was erased, under which rule."""
    with context.backend().writing() as uow:
        page = list_tombstones(
            uow, context.signed_in_actor(), now=context.now(), before=read_key(request.args.get("before"))
        )
    following = key_text(page.before)
    return render_template(
        "retention/erased.html",
        page=page,
        words=retention_words,
        next_href=url_for("retention.erased", before=following) if following else None,
        start_href=url_for("retention.erased") if request.args.get("before") else None,
    )


@bp.route("/<any(case, incident):kind>/<ref>/hold", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def hold(kind: str, ref: str) -> ResponseReturnValue:
    """The legal holds of a case or an incident, and a form for one more."""
    actor, now, form = context.signed_in_actor(), context.now(), HoldForm()
    form.ground.choices = [choice(one, retention_words.ground_words(one)) for one in HOLD_GROUNDS]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                legal_hold.set_legal_hold(
                    uow, actor, now=now, kind=kind, ref=ref, ground=form.ground.data, reason=form.reason.data
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("It is kept until the hold is lifted. Support goes on as before."))
            return redirect(url_for("retention.hold", kind=kind, ref=ref))
    with context.backend().writing() as uow:
        holds = legal_hold.legal_holds(uow, actor, now=now, kind=kind, ref=ref)
    return render_template(
        "retention/hold.html", form=form, lift=BaseForm(), kind=kind, ref=ref, holds=holds, words=retention_words
    )


@bp.post("/<any(case, incident):kind>/<ref>/hold/<hold_id>/lift")
@allowed(Can.OVERSEE_CASES)
def lift(kind: str, ref: str, hold_id: str) -> ResponseReturnValue:
    """Lift a legal hold: the record may be erased again when its time is over."""
    with context.backend().writing() as uow:
        legal_hold.lift_legal_hold(
            uow, context.signed_in_actor(), now=context.now(), kind=kind, ref=ref, hold_id=hold_id
        )
    flash(_("The hold is lifted. What was announced and is past its day is erased in one of the next nights."))
    return redirect(url_for("retention.hold", kind=kind, ref=ref))

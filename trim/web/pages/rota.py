"""The duty rota: practitioners see whom to call, coordinators and leads keep it (CARE 2)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.people import rota
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.accounts import TurnForm
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import choice
from trim.web.i18n import language
from trim.web.programme import programme_links, programme_of

bp = Blueprint("rota", __name__, url_prefix="/duty")


@bp.get("")
@allowed(Can.SEE_ROTA)
def index() -> ResponseReturnValue:
    """Who is on duty now, who follows, and whom to call when nobody is."""
    programme = programme_of(Can.SEE_ROTA)
    return render_template(
        "rota/index.html",
        rota=_load(programme),
        form=BaseForm(),
        programme=programme,
        links=programme_links(Can.SEE_ROTA, programme),
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Can.KEEP_ROTA)
def add() -> ResponseReturnValue:
    """Put somebody on duty."""
    form = TurnForm(now=context.now(), zone=context.organisation().zone)
    programme = programme_of(Can.KEEP_ROTA)
    candidates = _load(programme).candidates
    form.account.choices = [choice(one[0], one[1]) for one in candidates]
    if not form.is_submitted():
        me = context.signed_in_actor().account_id
        form.account.data = me
        form.phone.data = next((phone for account, _name, phone in candidates if account == me), "")
    if form.is_accepted():
        assert form.from_at.data
        assert form.until_at.data
        try:
            with context.backend().writing() as uow:
                rota.add_turn(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    programme=programme,
                    account_id=form.account.data,
                    phone=form.phone.data,
                    from_at=form.from_at.data,
                    until_at=form.until_at.data,
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("The turn is on the rota."))
            return redirect(url_for("rota.index", programme=programme))
    return render_template("rota/add.html", form=form, programme=programme)


@bp.post("/<turn_id>/remove")
@allowed(Can.KEEP_ROTA)
def remove(turn_id: str) -> ResponseReturnValue:
    """Take a turn off the rota, and stay with its programme."""
    programme = programme_of(Can.KEEP_ROTA)
    with context.backend().writing() as uow:
        rota.remove_turn(uow, context.signed_in_actor(), now=context.now(), turn_id=turn_id)
    flash(_("The turn is off the rota."))
    return redirect(url_for("rota.index", programme=programme))


def _load(programme: str) -> rota.Rota:
    with context.backend().reading() as uow:
        return rota.look_at_rota(uow, context.signed_in_actor(), now=context.now(), programme=programme)

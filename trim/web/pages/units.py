"""Units of the organisation: a tree that roles and incidents hang on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.people.unit_tree import unit_tree
from trim.usecases.people.units import add_unit
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.accounts import UnitForm
from trim.web.forms.fields import choice
from trim.web.i18n import language

bp = Blueprint("units", __name__, url_prefix="/units")


@bp.route("", methods=["GET", "POST"])
@allowed(Can.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """All units, and a form for one more."""
    with context.backend().reading() as uow:
        units = unit_tree(uow)
    form = UnitForm()
    form.parent.choices = [choice(one.id, one.indented) for one in units]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                add_unit(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    name=form.name.data,
                    parent_id=form.parent.data or None,
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("The unit is there."))
            return redirect(url_for("units.index"))
    return render_template("units/index.html", units=units, form=form)

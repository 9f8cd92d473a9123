"""Taking up an invitation: looking at the link uses nothing up, sending the password does (CARE 15)."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from trim.usecases.people.invitations import LinkGone, look_at, take_up
from trim.web import context
from trim.web.access import public
from trim.web.sign_in.forms import ChoosePasswordForm
from trim.web.sign_in.passwords import normal, problem_of

bp = Blueprint("invitation", __name__)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """A form for the first password; whoever is signed in as somebody else must leave first."""
    try:
        with context.backend().reading() as uow:
            invited = look_at(uow, now=context.now(), token=token)
    except LinkGone:
        return render_template("invitation/gone.html"), 404
    form = ChoosePasswordForm()
    if context.actor() is None and form.is_accepted():
        password = normal(form.password.data)
        problem = problem_of(password, invited.email, invited.name)
        if problem:
            form.add_problem("password", problem)
        else:
            # Hashed before the transaction: it takes long on purpose, and nobody else should wait for it.
            password_hash = current_app.extensions["trim-hash"](password)
            with context.backend().writing() as uow:
                take_up(uow, now=context.now(), token=token, password_hash=password_hash)
            session["ended"] = "password_chosen"
            return redirect(url_for("security.login"))
    return render_template("invitation/welcome.html", form=form, invited=invited, token=token)

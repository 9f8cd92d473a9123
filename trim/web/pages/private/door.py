"""The door: looking at a link uses nothing up, because mail scanners open links; the code opens it (CARE 15)."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from trim.usecases.ledger.give_link import MOST_FAILURES
from trim.usecases.ledger.open_link import Answer, LinkGone, ask_for_new, give_code, leave, look_at
from trim.web import context
from trim.web.access import public
from trim.web.forms.ledger import LinkCodeForm
from trim.web.i18n import clock
from trim.web.pages.private.room import bp, drop, keep, session_number
from trim.web.sign_in.attempts import source


@bp.route("/<token>", methods=["GET", "POST"])
@public
def enter(token: str) -> ResponseReturnValue:
    """The form for the code; the right one opens a short session."""
    form = LinkCodeForm()
    try:
        if form.is_accepted():
            with context.backend().writing() as uow:
                answer = give_code(uow, now=context.now(), token=token, code=form.code.data, source=source())
            if answer.session:
                return keep(make_response(redirect(url_for("private.ledger"))), answer.session)
            form.add_problem("code", _refusal(answer))
        with context.backend().reading() as uow:
            door = look_at(uow, now=context.now(), token=token)
    except LinkGone:
        return render_template("private/gone.html"), 404
    return render_template("private/door.html", form=form, door=door, token=token, attempts=MOST_FAILURES)


@bp.post("/<token>/new")
@public
def ask(token: str) -> ResponseReturnValue:
    """Ask for a new link, where this one is locked or too old."""
    try:
        with context.backend().writing() as uow:
            ask_for_new(uow, now=context.now(), token=token)
    except LinkGone:
        return render_template("private/gone.html"), 404
    return redirect(url_for("private.enter", token=token))


@bp.post("/leave")
@public
def go() -> ResponseReturnValue:
    """Close the private pages at once; the page that follows says nothing of what they were."""
    number = session_number()
    if number:
        with context.backend().writing() as uow:
            leave(uow, now=context.now(), session=number)
    return drop(make_response(redirect(url_for("private.closed"))))


@bp.get("/closed")
@public
def closed() -> ResponseReturnValue:
    """After leaving, or when the session has ended."""
    return render_template("private/closed.html")


def _refusal(answer: Answer) -> str:
    if answer.wait_until is not None:
        return _("There were too many attempts. Wait until %(time)s, then try again.", time=clock(answer.wait_until))
    return ngettext(
        "This is not the code. You can try once more.",
        "This is not the code. You can try %(num)s more times.",
        answer.left,
    )

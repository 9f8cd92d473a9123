"""Releases of statistics as the programme asks for them: what waits, what is being made, what came of it.

No figure is shown here, and none is reckoned: a worker makes the release, and whoever reads figures finds it there.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.statistics.shown.narrative import period_words
from trim.usecases.statistics import ask_release
from trim.usecases.statistics.causes import CAUSES
from trim.web import context, release_words
from trim.web.access import allowed
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import choice
from trim.web.forms.releases import AskForm, CorrectForm
from trim.web.i18n import language

bp = Blueprint("releases", __name__, url_prefix="/releases")


@bp.get("")
@allowed(Can.ASK_RELEASE)
def index() -> ResponseReturnValue:
    """What was asked for, and how far it is."""
    return _page()


@bp.route("/ask", methods=["GET", "POST"])
@allowed(Can.ASK_RELEASE)
def ask() -> ResponseReturnValue:
    """Ask for a release of a period that is over."""
    actor, now, form = context.signed_in_actor(), context.now(), AskForm()
    with context.backend().reading() as uow:
        may_ask = ask_release.may_ask(uow, actor)
        periods = ask_release.periods_to_ask(uow, now=now)
    form.period.choices = [choice(f"{one.first}:{one.last}", _period(one.first, one.last)) for one in periods]
    if form.is_accepted():
        first, _colon, last = str(form.period.data).partition(":")
        try:
            with context.backend().writing() as uow:
                ask_release.ask_for_release(uow, actor, now=now, first=first, last=last)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Asked for. You are told when it is published, or why it is not."))
            return redirect(url_for("releases.index"))
    return render_template("releases/ask.html", form=form, may_ask=may_ask, any=bool(periods))


@bp.route("/correct", methods=["GET", "POST"])
@allowed(Can.ASK_RELEASE)
def correct() -> ResponseReturnValue:
    """Ask for a new release in the place of one, because something came late."""
    actor, now, form = context.signed_in_actor(), context.now(), CorrectForm()
    with context.backend().reading() as uow:
        may_ask = ask_release.may_ask(uow, actor)
        found = ask_release.releases_to_correct(uow)
    form.release.choices = [
        choice(
            str(one.number),
            _("%(number)s: %(period)s", number=one.number, period=_period(one.period_from, one.period_to)),
        )
        for one in found
    ]
    form.cause.choices = [choice(code, words.of(language())) for code, words in CAUSES.items()]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                number, cause = int(form.release.data), form.cause.data
                ask_release.ask_for_correction(uow, actor, now=now, number=number, cause=cause)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Asked for. You are told when it is published, or why it is not."))
            return redirect(url_for("releases.index"))
    return render_template("releases/correct.html", form=form, may_ask=may_ask, any=bool(found))


@bp.post("/<request_id>/take-back")
@allowed(Can.ASK_RELEASE)
def take_back(request_id: str) -> ResponseReturnValue:
    """Take back what no worker has begun."""
    form = BaseForm()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                ask_release.take_back(uow, context.signed_in_actor(), now=context.now(), request_id=request_id)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Taken back. Nothing is published."))
            return redirect(url_for("releases.index"))
    return _page(form)


def _page(form: BaseForm | None = None) -> ResponseReturnValue:
    with context.backend().reading() as uow:
        found = ask_release.look_at_requests(uow, context.signed_in_actor(), now=context.now())
    return render_template("releases/index.html", found=found, form=form, period=_period, words=release_words)


def _period(first: str, last: str) -> str:
    return period_words(first, last).of(language())

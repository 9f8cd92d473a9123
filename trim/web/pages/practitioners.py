"""Practitioners and their training, for those who allocate: only who is in date is asked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotFound
from trim.usecases.oversight.history import Of
from trim.usecases.people.training import Practitioner, practitioners, train
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.accounts import TrainingForm
from trim.web.i18n import language
from trim.web.pages.histories import show_history
from trim.web.programme import programme_links, programme_of

bp = Blueprint("practitioners", __name__, url_prefix="/practitioners")

#: Suggested where nothing is recorded yet.
USUAL_LOAD = 6


@bp.get("")
@allowed(Can.KEEP_ROTA)
def index() -> ResponseReturnValue:
    """Who supports people here, and until when their training is valid."""
    programme = programme_of(Can.KEEP_ROTA)
    return render_template(
        "practitioners/index.html",
        practitioners=_load(programme),
        programme=programme,
        links=programme_links(Can.KEEP_ROTA, programme),
    )


@bp.get("/<account_id>/history")
@allowed(Can.OVERSEE_CASES)
def history(account_id: str) -> ResponseReturnValue:
    """What a practitioner did in the cases and incidents of the reader, the newest first."""
    return show_history(Of("practitioner", account_id))


@bp.route("/<account_id>/training", methods=["GET", "POST"])
@allowed(Can.KEEP_ROTA)
def training(account_id: str) -> ResponseReturnValue:
    """Record a course or a refresher."""
    programme = programme_of(Can.KEEP_ROTA)
    one = next((one for one in _load(programme) if one.account_id == account_id), None)
    if one is None:
        raise NotFound
    form = TrainingForm(now=context.now(), zone=context.organisation().zone)
    if not form.is_submitted():
        form.max_open_cases.process_data(one.max_open_cases or USUAL_LOAD)
    if form.is_accepted():
        assert form.trained_on.data
        assert form.valid_until.data
        assert form.max_open_cases.data
        try:
            with context.backend().writing() as uow:
                train(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    programme=programme,
                    account_id=account_id,
                    trained_on=form.trained_on.data,
                    valid_until=form.valid_until.data,
                    max_open_cases=form.max_open_cases.data,
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("The training is recorded."))
            return redirect(url_for("practitioners.index", programme=programme))
    return render_template("practitioners/training.html", form=form, one=one, programme=programme)


def _load(programme: str) -> tuple[Practitioner, ...]:
    with context.backend().reading() as uow:
        return practitioners(uow, context.signed_in_actor(), now=context.now(), programme=programme)

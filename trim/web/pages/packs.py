"""The rules that cases run on: versions in force, versions that wait for a second person (CARE 12)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.oversight import pack_versions
from trim.web import context, pack_words
from trim.web.access import allowed
from trim.web.forms.base import BaseForm
from trim.web.forms.packs import DecisionForm
from trim.web.i18n import language

bp = Blueprint("packs", __name__, url_prefix="/packs")


@bp.get("")
@allowed(Can.SEE_PACKS)
def index() -> ResponseReturnValue:
    """What is in force, what waits, what was decided."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        versions = pack_versions.list_versions(uow, actor)
    return render_template(
        "packs/index.html", versions=versions, oversees=actor.can(Can.OVERSEE_CASES), words=pack_words
    )


@bp.get("/<proposal_id>")
@allowed(Can.SEE_PACKS)
def show(proposal_id: str) -> ResponseReturnValue:
    """What one proposal changes of the version that is in force now."""
    return _page(proposal_id)


@bp.post("/<proposal_id>/confirm")
@allowed(Can.CONFIRM_PACKS)
def confirm(proposal_id: str) -> ResponseReturnValue:
    """Bring it into force; all coordinators are told."""
    form = DecisionForm()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                pack_versions.confirm_pack(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    proposal_id=proposal_id,
                    shown=form.shown.data or "",
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Confirmed. New cases begin on it, cases under way keep their rules. All coordinators are told."))
            return redirect(url_for("packs.index"))
    return _page(proposal_id, form)


@bp.post("/<proposal_id>/turn-down")
@allowed(Can.CONFIRM_PACKS)
def turn_down(proposal_id: str) -> ResponseReturnValue:
    """Leave everything as it is; all coordinators are told."""
    form = BaseForm()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                pack_versions.turn_down_pack(uow, context.signed_in_actor(), now=context.now(), proposal_id=proposal_id)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("Turned down. Nothing has changed."))
            return redirect(url_for("packs.index"))
    return _page(proposal_id, form)


def _page(proposal_id: str, form: BaseForm | None = None) -> ResponseReturnValue:
    with context.backend().reading() as uow:
        change = pack_versions.look_at_proposal(uow, context.signed_in_actor(), proposal_id=proposal_id)
    return render_template("packs/show.html", change=change, form=form, words=pack_words)

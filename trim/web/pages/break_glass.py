"""Break-glass: open one case outside one's units for hours, and end it (CARE 10, 15)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotFound
from trim.usecases.break_glass.end_opening import end_delay, end_opening
from trim.usecases.break_glass.open_case import open_case
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.break_glass import BreakGlassForm, delay_words, ground_words
from trim.web.i18n import language
from trim.web.refused import note_refusal

bp = Blueprint("break_glass", __name__)


@bp.route("/break-glass", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def begin() -> ResponseReturnValue:
    """What will happen, which case, why; then the case."""
    form = BreakGlassForm(now=context.now(), zone=context.organisation().zone)
    form.offer()
    if form.is_accepted():
        try:
            opened = _open(form)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            if opened:
                return redirect(url_for("cases.show", ref=form.ref.data))
            # One wrong letter at night must not cost what was written. The same words whether there is no such case
            # or this reader may not see it; the try was counted, and the refusal is in the trail like any other.
            note_refusal(NotFound())
            form.add_problem("ref", _("No case of this reference opens to you. Check each letter"))
            return render_template("break_glass/begin.html", form=form), 404
    return render_template("break_glass/begin.html", form=form)


def _open(form: BreakGlassForm) -> bool:
    with context.backend().writing() as uow:
        return open_case(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            ref=form.ref.data,
            ground=form.ground.data,
            reason=form.reason.data,
            delay=form.delay(),
        )


@bp.post("/cases/<ref>/break-glass/<opening_id>/end")
@allowed(Can.OVERSEE_CASES)
def end(ref: str, opening_id: str) -> ResponseReturnValue:
    """End sight before its time."""
    with context.backend().writing() as uow:
        end_opening(uow, context.signed_in_actor(), now=context.now(), ref=ref, opening_id=opening_id)
    flash(_("Break-glass has ended for %(ref)s.", ref=ref))
    return redirect(url_for("oversight.board"))


@bp.post("/cases/<ref>/break-glass/<opening_id>/tell")
@allowed(Can.OVERSEE_CASES)
def tell(ref: str, opening_id: str) -> ResponseReturnValue:
    """Let the person be told from now on."""
    with context.backend().writing() as uow:
        end_delay(uow, context.signed_in_actor(), now=context.now(), ref=ref, opening_id=opening_id)
    flash(_("From now on the person sees it in their ledger."))
    return redirect(url_for("cases.show", ref=ref))


@bp.app_template_global()
def opening_ground(code: str) -> str:
    """Why a case was opened, in words."""
    return ground_words(code)


@bp.app_template_global()
def opening_delay(code: str) -> str:
    """Why the person is told later, in words."""
    return delay_words(code)

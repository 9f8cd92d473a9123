"""The blueprint of the room, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.errors import InvalidInput
from trim.web import context
from trim.web import disclosure_words as words
from trim.web.i18n import language

bp = Blueprint("access_requests", __name__)


@bp.record_once
def say(state: BlueprintSetupState) -> None:
    """The words of code words, for the templates of requests and of the register, macros included."""
    state.app.jinja_env.globals["disclosure_words"] = words


def step(
    form: Any, verb: Callable[..., Any], ref: str, values: Callable[[], dict[str, Any]], *, title: str, **shown: Any
) -> ResponseReturnValue:
    """One step of a request: its form, the use case when it was sent, and back to the request."""
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                verb(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    ref=ref,
                    version=form.version.data,
                    **values(),
                )
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Recorded."))
            return redirect(url_for("access_requests.show", ref=ref))
    return render_template("access_requests/step.html", form=form, ref=ref, title=title, **shown)

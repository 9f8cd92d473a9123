"""The trail for auditors: who did what, without content; reading it is itself in the trail."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.oversight.check_trail import last_check
from trim.usecases.oversight.read_trail import KINDS, TrailFilter, read_trail
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.auditor import TrailForm
from trim.web.forms.fields import choice
from trim.web.pages.auditor.room import bp


@bp.get("/trail")
@allowed(Can.SEE_TRAIL)
def trail() -> ResponseReturnValue:
    """A page of the trail, the newest first."""
    form = TrailForm(request.args)
    form.kind.choices = [choice("", _("Everything")), *(choice(kind, _kind_name(kind)) for kind in KINDS)]
    is_good = form.validate()
    wanted = TrailFilter(who=form.who.data or None)
    if is_good:
        wanted = TrailFilter(form.kind.data or None, form.what.data or None, form.day.data, wanted.who)
    with context.backend().writing() as uow:
        page = read_trail(
            uow, context.signed_in_actor(), now=context.now(), wanted=wanted, before=request.args.get("before")
        )
        check = last_check(uow)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before" and value}
    return render_template(
        "auditor/trail.html",
        page=page,
        check=check,
        now=context.now(),
        form=form,
        next_href=url_for("auditor.trail", **asked, before=page.before) if page.before else None,
        start_href=url_for("auditor.trail", **asked) if request.args.get("before") else None,
    )


def _kind_name(kind: str) -> str:
    return {
        "case": _("Cases"),
        "incident": _("Incidents"),
        "account": _("Accounts"),
        "organisation": _("The organisation"),
    }[kind]

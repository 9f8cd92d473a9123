"""The list of access requests, and recording a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotAllowedNow
from trim.usecases.disclosure.read_request import list_requests
from trim.usecases.disclosure.record_request import TOO_CLOSE, record_request
from trim.usecases.intake.search_people import search_people
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.base import submitted_action
from trim.web.forms.disclosure import NewRequestForm
from trim.web.forms.fields import choice
from trim.web.i18n import language
from trim.web.pages.access_requests.room import bp
from trim.web.paging import key_text, read_key
from trim.web.refused import note_refusal


@bp.get("/access-requests")
@allowed(Can.OVERSEE_CASES)
def index() -> ResponseReturnValue:
    """Requests that wait, the next due first; or those that ended."""
    ended = request.args.get("show") == "ended"
    with context.backend().writing() as uow:
        page = list_requests(
            uow, context.signed_in_actor(), now=context.now(), ended=ended, after=read_key(request.args.get("after"))
        )
    following = key_text(page.after)
    shown: dict[str, Any] = {"show": "ended"} if ended else {}
    return render_template(
        "access_requests/index.html",
        page=page,
        ended=ended,
        today=context.now().astimezone(context.organisation().zone).date(),
        next_href=url_for("access_requests.index", after=following, **shown) if following else None,
        start_href=url_for("access_requests.index", **shown) if request.args.get("after") else None,
    )


@bp.route("/access-requests/new", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def new() -> ResponseReturnValue:
    """Find the person, then say who asked, how and when. A search is posted: names stay out of addresses."""
    form = NewRequestForm(now=context.now(), zone=context.organisation().zone)
    form.language.choices = [choice("en", "English"), choice("fr", "Français")]
    form.person.choices = []
    _find(form)
    if submitted_action() == "record" and form.is_accepted() and form.received_on.data is not None:
        try:
            with context.backend().writing() as uow:
                made = record_request(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    person_id=form.person.data,
                    asked_by=form.asked_by.data,
                    channel=form.channel.data,
                    received_on=form.received_on.data,
                    language=form.language.data,
                    remark=form.remark.data or "",
                )
        except InvalidInput as invalid:
            if TOO_CLOSE in invalid.problems.values():
                # Asking about one person after the other would tell whom something is hidden about: it leaves a line.
                note_refusal(NotAllowedNow([TOO_CLOSE]))
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Recorded. Check first who asks."))
            return redirect(url_for("access_requests.show", ref=made.ref))
    return render_template("access_requests/new.html", form=form)


def _find(form: NewRequestForm) -> None:
    if request.method != "POST":
        return
    if not form.who.data:
        # A search for nothing says what is missing, instead of showing the same page once more.
        if submitted_action() == "find":
            form.who.validate(form)
        return
    if form.found_for.data != form.who.data:
        form.person.data = None
    with context.backend().writing() as uow:
        found = search_people(uow, context.signed_in_actor(), now=context.now(), typed=form.who.data)
    form.show_found(found)
    if not found:
        form.add_problem("who", _("Nobody in the directory has this name or number."))

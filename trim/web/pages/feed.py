"""A practitioner's private calendar: its address is made and taken back here, and calendars fetch it."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trim.delivery import calendar
from trim.domain.access import Can
from trim.domain.errors import NotFound
from trim.usecases.calendar.own_feed import end_feed, make_feed, own_feed
from trim.usecases.calendar.read_feed import FeedGone, TooManyGuesses, read_feed
from trim.usecases.people.sign_in_guard import SOURCE_PAUSE
from trim.web import context
from trim.web.access import allowed, public
from trim.web.forms.base import BaseForm
from trim.web.sign_in.attempts import source

bp = Blueprint("feed", __name__)


@bp.get("/account/calendar")
@allowed(Can.WORK_OWN_CASES)
def settings() -> ResponseReturnValue:
    """Whether there is an address, and what it is good for."""
    with context.backend().reading() as uow:
        feed = own_feed(uow, context.signed_in_actor())
    return render_template("account/calendar.html", feed=feed, form=BaseForm())


@bp.post("/account/calendar/new")
@allowed(Can.WORK_OWN_CASES)
def make() -> ResponseReturnValue:
    """Make an address and show it, this once."""
    with context.backend().writing() as uow:
        token = make_feed(uow, context.signed_in_actor(), now=context.now())
    url = f"{context.web_context().settings.base_url}{url_for('feed.read', token=token)}"
    return render_template("account/calendar_made.html", url=url)


@bp.post("/account/calendar/end")
@allowed(Can.WORK_OWN_CASES)
def end() -> ResponseReturnValue:
    """Take the address back."""
    with context.backend().writing() as uow:
        end_feed(uow, context.signed_in_actor(), now=context.now())
    flash(_("The address shows nothing any more."))
    return redirect(url_for("feed.settings"))


@bp.get("/calendar/<token>.ics")
@public
def read(token: str) -> ResponseReturnValue:
    """What a calendar client fetches, signed in by nothing but the address."""
    settings = context.web_context().settings
    try:
        feed = read_feed(context.backend(), now=context.now(), token=token, source=source(), base_url=settings.base_url)
    except NotFound:
        return _plain("There is no calendar at this address.", 404)
    except FeedGone:
        return _plain("This calendar address was taken back.", 410)
    except TooManyGuesses:
        answer = _plain("Too many addresses were tried. Wait a quarter of an hour.", 429)
        answer.headers["Retry-After"] = str(int(SOURCE_PAUSE.total_seconds()))
        return answer
    answer = make_response(calendar.feed(feed.entries, language=feed.language))
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="trim.ics"'
    # No cache that others share may keep it; a client asks whether anything is new.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _plain(text: str, status: int) -> Response:
    answer = make_response(text, status)
    answer.content_type = "text/plain; charset=utf-8"
    return answer

"""The person's own ledger, and stopping: what they reach behind their link, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, StaleVersion
from trim.usecases.ledger import stop as stopping
from trim.usecases.ledger.open_link import SessionOver, own_case
from trim.usecases.ledger.read_ledger import ledger_of
from trim.usecases.unit_of_work import UnitOfWork
from trim.web import context
from trim.web.access import public
from trim.web.i18n import language
from trim.web.ledger_words import said, who_words
from trim.web.pages.private.room import bp, drop, keep, session_number

View = Callable[[], ResponseReturnValue]


def behind_the_link(view: View) -> View:
    """Keep a session alive that is there, and show the closed door to whoever has none."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        number = session_number()
        try:
            return keep(make_response(view()), number)
        except SessionOver:
            return drop(make_response(redirect(url_for("private.closed"))))

    return guarded


def _person(uow: UnitOfWork) -> Actor:
    actor, _case = own_case(uow, now=context.now(), session=session_number(), locale=language())
    return actor


@bp.get("")
@public
@behind_the_link
def ledger() -> ResponseReturnValue:
    """Who opened or changed the record, by day and by who."""
    before = _instant(request.args.get("before"))
    with context.backend().writing() as uow:
        page = ledger_of(uow, _person(uow), now=context.now(), before=before)
    following = url_for("private.ledger", before=_microseconds(page.before)) if page.before else None
    return render_template(
        "private/ledger.html",
        page=page,
        lines=context.organisation().crisis_lines,
        next_href=following,
        start_href=url_for("private.ledger") if before else None,
        said=said,
        who_words=who_words,
    )


@bp.route("/stop", methods=["GET", "POST"])
@public
@behind_the_link
def stop() -> ResponseReturnValue:
    """Asked once more, then support stops."""
    if request.method == "POST":
        try:
            with context.backend().writing() as uow:
                stopping.stop(
                    uow, _person(uow), now=context.now(), version=request.form.get("version", default=0, type=int)
                )
        except StaleVersion:
            flash(_("Something changed on your record a moment ago. Look at this page again, then decide."))
        except NotAllowedNow:
            return redirect(url_for("private.ledger"))
        else:
            flash(_("Your support has stopped. Nobody contacts you about it any more."))
            return redirect(url_for("private.ledger"))
    try:
        with context.backend().writing() as uow:
            page = stopping.stop_page(uow, _person(uow), now=context.now())
    except NotAllowedNow:
        return redirect(url_for("private.ledger"))
    return render_template("private/stop.html", page=page, lines=context.organisation().crisis_lines)


@bp.post("/return")
@public
@behind_the_link
def come_back() -> ResponseReturnValue:
    """Ask to take the support up again."""
    try:
        with context.backend().writing() as uow:
            stopping.ask_to_return(uow, _person(uow), now=context.now())
    except NotAllowedNow:
        return redirect(url_for("private.ledger"))
    flash(_("The coordinators know that you would like to come back, and will contact you."))
    return redirect(url_for("private.ledger"))


def _microseconds(at: datetime) -> int:
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


def _instant(text: str | None) -> datetime | None:
    """The instant of an address; None for the first page, and for what somebody made up."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 17:
        return None
    seconds, microseconds = divmod(int(text), 1_000_000)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=microseconds)

"""How people are told: their hours and days, their leave, and the notices that reached nobody."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.domain.telling import EVERY_DAY
from trim.usecases.delivery import how_told, leave, undelivered
from trim.web import context
from trim.web.access import allowed, signed_in
from trim.web.forms.fields import choice
from trim.web.forms.telling import HowToldForm, LeaveForm
from trim.web.i18n import LANGUAGES, SESSION_KEY, language
from trim.web.notices import undelivered_rows
from trim.web.paging import key_text, read_key

bp = Blueprint("telling", __name__)


@bp.route("/account/telling", methods=["GET", "POST"])
@signed_in
def wishes() -> ResponseReturnValue:
    """When and how one is told."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        page = how_told.look_at_wishes(uow, actor)
    form = HowToldForm(
        data={
            "digest_at": page.digest_at,
            "quiet_from": page.quiet_from,
            "quiet_until": page.quiet_until,
            "days": [str(day) for day in sorted(page.days)],
            "locale": page.locale,
            "phone": page.phone,
        }
    )
    names = get_day_names("wide", "stand-alone", locale=language())
    form.days.choices = [choice(str(day), names[day - 1].capitalize()) for day in sorted(EVERY_DAY)]
    form.locale.choices = [choice(code, name) for code, name in LANGUAGES.items()]
    if form.is_accepted():
        try:
            _set_wishes(form)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            # What was switched to in passing gives way to what was chosen.
            session.pop(SESSION_KEY, None)
            flash(_("Saved."))
            return redirect(url_for("telling.wishes"))
    return render_template("telling/wishes.html", form=form)


def _set_wishes(form: HowToldForm) -> None:
    assert form.digest_at.data is not None
    assert form.quiet_from.data is not None
    assert form.quiet_until.data is not None
    with context.backend().writing() as uow:
        how_told.set_wishes(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            digest_at=form.digest_at.data,
            quiet_from=form.quiet_from.data,
            quiet_until=form.quiet_until.data,
            days=[int(day) for day in form.days.data or ()],
            locale=form.locale.data,
            phone=form.phone.data or None,
        )


@bp.route("/account/leave", methods=["GET", "POST"])
@signed_in
def own_leave() -> ResponseReturnValue:
    """Note one's own leave."""
    return _leave(context.signed_in_actor().account_id, "telling.own_leave", "telling.take_back_own", {})


@bp.post("/account/leave/<leave_id>/take-back")
@signed_in
def take_back_own(leave_id: str) -> ResponseReturnValue:
    """Take one's own leave back."""
    return _take_back(context.signed_in_actor().account_id, leave_id, "telling.own_leave", {})


@bp.route("/practitioners/<account_id>/leave", methods=["GET", "POST"])
@allowed(Can.NOTE_LEAVE)
def leave_of(account_id: str) -> ResponseReturnValue:
    """Note a practitioner's leave."""
    return _leave(account_id, "telling.leave_of", "telling.take_back_of", {"account_id": account_id})


@bp.post("/practitioners/<account_id>/leave/<leave_id>/take-back")
@allowed(Can.NOTE_LEAVE)
def take_back_of(account_id: str, leave_id: str) -> ResponseReturnValue:
    """Take a practitioner's leave back."""
    return _take_back(account_id, leave_id, "telling.leave_of", {"account_id": account_id})


@bp.get("/notices/undelivered")
@allowed(Can.SEE_UNDELIVERED)
def not_delivered() -> ResponseReturnValue:
    """Notices that reached nobody, the newest first."""
    after = read_key(request.args.get("after"))
    with context.backend().writing() as uow:
        page = undelivered.list_undelivered(uow, context.signed_in_actor(), now=context.now(), after=after)
    following = key_text(page.next_key)
    return render_template(
        "telling/undelivered.html",
        rows=undelivered_rows(page.rows),
        next_href=url_for("telling.not_delivered", after=following) if following else None,
        start_href=url_for("telling.not_delivered") if after else None,
    )


@bp.post("/notices/<notice_id>/seen")
@allowed(Can.SEE_UNDELIVERED)
def take_note(notice_id: str) -> ResponseReturnValue:
    """Take a notice off the page."""
    with context.backend().writing() as uow:
        undelivered.take_note(uow, context.signed_in_actor(), now=context.now(), notice_id=notice_id)
    flash(_("Noted."))
    return redirect(url_for("telling.not_delivered"))


def _leave(account_id: str, here: str, take_back: str, where: dict[str, Any]) -> ResponseReturnValue:
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        page = leave.look_at_leave(uow, actor, now=context.now(), account_id=account_id)
    form = LeaveForm(now=context.now(), zone=context.organisation().zone)
    if form.is_accepted():
        try:
            on_duty = _note_leave(form, account_id)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("The leave is noted."))
            if on_duty:
                flash(_("There is a turn of duty in these days: put somebody else on it."), "warn")
            return redirect(url_for(here, **where))
    return render_template(
        "telling/leave.html",
        form=form,
        page=page,
        is_own=account_id == actor.account_id,
        here=here,
        take_back=take_back,
        where=where,
    )


def _note_leave(form: LeaveForm, account_id: str) -> bool:
    assert form.from_on.data
    assert form.until_on.data
    with context.backend().writing() as uow:
        return leave.note_leave(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            account_id=account_id,
            from_on=form.from_on.data,
            until_on=form.until_on.data,
        )


def _take_back(account_id: str, leave_id: str, here: str, where: dict[str, Any]) -> ResponseReturnValue:
    with context.backend().writing() as uow:
        leave.take_back_leave(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            account_id=account_id,
            leave_id=leave_id,
        )
    flash(_("The leave is taken back."))
    return redirect(url_for(here, **where))

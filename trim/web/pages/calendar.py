"""Where and when the organisation works, for administrators: shown first what moves, then done."""

from __future__ import annotations

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.domain.working_days import countries, read_days
from trim.usecases.oversight.set_calendar import OwnCalendar, own_calendar, preview_calendar, set_calendar
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.calendar import CalendarForm
from trim.web.forms.fields import choice
from trim.web.i18n import language

bp = Blueprint("calendar", __name__, url_prefix="/organisation/calendar")


@bp.route("", methods=["GET", "POST"])
@allowed(Can.SET_CALENDAR)
def settings() -> ResponseReturnValue:
    """The form; sent once it shows what would move, sent with what was shown it does it."""
    actor = context.signed_in_actor()
    with context.backend().reading() as uow:
        now_set = own_calendar(uow, actor)
    form = CalendarForm(
        data={
            "zone": now_set.zone_name,
            "country": now_set.country,
            "region": now_set.region,
            "closing_days": "\n".join(day.isoformat() for day in now_set.closing_days),
        }
    )
    form.country.choices = _country_choices()
    preview = None
    if form.is_accepted():
        try:
            wanted = OwnCalendar(
                form.zone.data, form.country.data or "", form.region.data, read_days(form.closing_days.data)
            )
            if form.seen.data:
                with context.backend().writing(alone=True) as uow:
                    set_calendar(uow, actor, now=context.now(), wanted=wanted, seen=form.seen.data)
                flash(_("Changed. All coordinators are told, and each case whose deadlines moved says so."))
                return redirect(url_for("calendar.settings"))
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
            if "seen" not in problem.problems:
                return render_template("calendar/settings.html", form=form)
        try:
            with context.backend().reading() as uow:
                preview = preview_calendar(uow, actor, now=context.now(), wanted=wanted)
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
    if preview is None:
        return render_template("calendar/settings.html", form=form)
    if not preview.changes:
        flash(_("Nothing differs from what is set, so nothing was changed."))
        return redirect(url_for("calendar.settings"))
    form.seen.data = preview.seen
    named = {one.value: one.label for one in form.country.choices}
    country = named[preview.calendar.country] if preview.calendar.country else ""
    return render_template("calendar/preview.html", form=form, preview=preview, country=country)


def _country_choices() -> list[SelectChoice]:
    """The countries whose holidays are known, by name in the reader's language."""
    names = Locale.parse(str(get_locale() or "en")).territories
    found = sorted((str(names.get(code, code)), code) for code in countries())
    return [choice("", _("No country: no public holidays")), *(choice(code, name) for name, code in found)]

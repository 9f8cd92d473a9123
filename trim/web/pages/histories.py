"""Histories for supervisors: of a day here; of a case, an incident and a practitioner beside their own pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.documents.pdf import PrintingUnavailable
from trim.documents.table import csv_bytes
from trim.domain.access import Can
from trim.domain.errors import NotFound
from trim.domain.references import normalised
from trim.domain.trail_kinds import Kind
from trim.usecases.oversight.check_trail import last_check
from trim.usecases.oversight.history import (
    MOST,
    History,
    HistoryFilter,
    Of,
    export_history,
    find_history,
    read_history,
)
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.dates import FIRST_YEAR, LAST_YEAR
from trim.web.forms.fields import choice
from trim.web.forms.history import DayForm, ReferenceForm, ShownForm, SpanForm
from trim.web.i18n import instant, language
from trim.web.letters import history_html
from trim.web.made_up import NUL
from trim.web.printing import printed
from trim.web.role_names import role_name
from trim.web.trail_words import detail_words, kind_words, line_words, who_words

bp = Blueprint("histories", __name__, url_prefix="/history")

#: Kinds of entries that stand in the chains of cases and incidents.
OFFERED = (Kind.CHANGE, Kind.READ, Kind.LIST, Kind.DOCUMENT, Kind.EXPORT, Kind.ERASURE, Kind.BREAK_GLASS)
#: Where each history lies, and the name of its argument.
PLACES = {
    "case": ("cases.history", "ref"),
    "incident": ("incidents.history", "ref"),
    "practitioner": ("practitioners.history", "account_id"),
    "day": ("histories.day", ""),
}


@bp.get("")
@allowed(Can.OVERSEE_CASES)
def day() -> ResponseReturnValue:
    """What happened on a day in the cases and incidents of the reader."""
    return show_history(Of("day"))


@bp.get("/find")
@allowed(Can.OVERSEE_CASES)
def find() -> ResponseReturnValue:
    """From a reference to the history that it belongs to."""
    form = ReferenceForm(request.args)
    if "ref" in request.args and form.validate():
        with context.backend().writing() as uow:
            found = find_history(uow, context.signed_in_actor(), now=context.now(), ref=normalised(form.ref.data or ""))
        if found is not None:
            return redirect(address(found))
        form.add_problem("ref", _("There is no history with this reference, or it is not for you. Check each letter"))
    return render_template("history/find.html", form=form)


@bp.post("/export")
@allowed(Can.OVERSEE_CASES)
def export() -> ResponseReturnValue:
    """A history as a file. The line in the trail is committed before anything of it is sent."""
    given = request.form
    of, made_as = Of(given.get("of", ""), given.get("name", "")), given.get("format", "")
    if of.kind not in PLACES or any(NUL in one for one in given.values()):
        raise NotFound
    wanted = HistoryFilter(
        _kind(given.get("kind")), given.get("who") or None, _day(given.get("from_on")), _day(given.get("to_on"))
    )
    with context.backend().writing() as uow:
        found = export_history(uow, context.signed_in_actor(), now=context.now(), of=of, wanted=wanted, made_as=made_as)
    # The name of the file ends up in folders and histories of downloads: it says nothing about anybody.
    name = f"history-{context.now():%Y%m%d-%H%M}"
    if made_as == "csv":
        return _file(csv_bytes(_heads(), _cells(found), language()), "text/csv; charset=utf-8", f"{name}.csv")
    try:
        cells = _cells(found, instant)  # a paper is read by people
        return printed(history_html(found, wanted, _heads(), cells, context.now()), name)
    except PrintingUnavailable as missing:
        return make_response(render_template("history/no_printing.html", back=address(of), missing=missing), 503)


def show_history(of: Of) -> ResponseReturnValue:
    """A page of a history, the newest first, with what it was narrowed to."""
    form = _form(of)
    wanted = _wanted(form) if form.validate() else HistoryFilter()
    if of.kind == "day" and wanted.from_on is None:
        today = context.now().astimezone(context.organisation().zone).date()
        wanted = HistoryFilter(wanted.kind, wanted.who, today, today)
        if not form.errors:
            form.day.process_data(today)
    before = request.args.get("before")
    with context.backend().writing() as uow:
        found = read_history(uow, context.signed_in_actor(), now=context.now(), of=of, wanted=wanted, before=before)
        check = last_check(uow)
    if "who" in form:
        form.who.choices = [choice("", _("Everybody")), *(choice(*one) for one in found.staff)]
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before" and value}
    return render_template(
        "history/show.html",
        found=found,
        of=of,
        wanted=wanted,
        form=form,
        lines=[(line, line_words(line), detail_words(line), who_words(line)) for line in found.lines],
        check=check,
        now=context.now(),
        most=MOST,
        here=address(of),
        next_href=address(of, **asked, before=found.before) if found.before else None,
        start_href=address(of, **asked) if before else None,
    )


def address(of: Of, **asked: Any) -> str:
    """Where a history lies."""
    endpoint, name = PLACES[of.kind]
    values: dict[str, Any] = {**({name: of.name} if name else {}), **asked}
    return url_for(endpoint, **values)


def _form(of: Of) -> Any:
    made = DayForm if of.kind == "day" else SpanForm
    form = made(request.args)
    form.kind.choices = [choice("", _("Everything")), *(choice(one.value, kind_words(one)) for one in OFFERED)]
    if of.kind == "practitioner":
        del form.who
    else:
        # Who can be chosen is known only once the history is read; somebody without an entry finds nothing.
        asked = form.who.data or ""
        form.who.choices = [choice("", ""), *([choice(asked, asked)] if asked else [])]
    return form


def _wanted(form: ShownForm) -> HistoryFilter:
    who = form.who.data if "who" in form else None
    if isinstance(form, DayForm):
        return HistoryFilter(_kind(form.kind.data), who or None, form.day.data, form.day.data)
    assert isinstance(form, SpanForm)
    return HistoryFilter(_kind(form.kind.data), who or None, form.from_on.data, form.to_on.data)


def _kind(text: str | None) -> Kind | None:
    return next((one for one in OFFERED if one.value == text), None)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _heads() -> list[str]:
    return [_("When"), _("What"), _("Details"), _("Kind"), _("Who"), _("Role"), _("Reference")]


def _sortable(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def _cells(found: History, when: Callable[[datetime, ZoneInfo], str] = _sortable) -> list[list[str]]:
    zone = context.organisation().zone
    return [
        [
            when(line.at, zone),
            line_words(line),
            detail_words(line),
            kind_words(line.kind),
            who_words(line),
            role_name(line.role) if line.role else "",
            line.subject[1] if line.subject is not None else "",
        ]
        for line in found.lines
    ]


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

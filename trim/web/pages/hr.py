"""Statistics for HR: fixed releases, never anything live (law 10); for auditors the attacks on them."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.documents.pdf import PrintingUnavailable
from trim.domain.access import Can
from trim.domain.errors import NotFound
from trim.statistics.model import TOTAL, UNIT, Table, Words
from trim.statistics.periods import Period
from trim.statistics.shown.charts import bars, comparable, trend
from trim.statistics.shown.compared import compare
from trim.statistics.shown.files import rule_lines
from trim.statistics.shown.laid_out import chooses_unit, lay_out, rates
from trim.statistics.shown.narrative import narrative, period_words, short_period
from trim.statistics.shown.reading import reading_lines
from trim.usecases.statistics.causes import CAUSES
from trim.usecases.statistics.read_releases import (
    Listed,
    Published,
    export_release,
    list_releases,
    read_attack,
    read_releases,
    standing_releases,
)
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.fields import choice
from trim.web.forms.statistics import CompareForm, UnitForm
from trim.web.i18n import instant, language
from trim.web.printing import printed
from trim.web.statistics_files import FORMATS, face_of, file_of, printed_html

bp = Blueprint("hr", __name__, url_prefix="/statistics")

#: The one word for a figure that is not shown, everywhere.
HIDDEN = Words("hidden", "masqué")


@bp.get("")
@allowed(Can.SEE_STATISTICS)
def statistics() -> ResponseReturnValue:
    """Which releases there are; before the first one, why there is nothing."""
    with context.backend().writing() as uow:
        found = list_releases(uow, context.signed_in_actor(), now=context.now())
    return render_template("hr/statistics.html", found=found, period=_period, form=_compare_form(found))


@bp.get("/<int:number>")
@allowed(Can.SEE_STATISTICS)
def release(number: int) -> ResponseReturnValue:
    """One release: what it says in words, its tables, the files to take away."""
    one, standing = _read(number, "release")
    before = _before(one, standing)
    return render_template(
        "hr/release.html",
        one=one,
        when=_period(one.listed),
        before=before,
        cause=CAUSES.get(one.listed.cause or ""),
        sentences=narrative(one.release, before.release if before else None, totals=False),
        rules=rule_lines(one.release, language()),
        hidden=HIDDEN,
    )


@bp.get("/<int:number>/tables/<name>")
@allowed(Can.SEE_STATISTICS)
def table(number: int, name: str) -> ResponseReturnValue:
    """One table with its chart, its definition and how its total went over the releases."""
    one, standing = _read(number, "table")
    shown = _table(one, name)
    form, unit = UnitForm(request.args), None
    if chooses_unit(shown):
        units = shown.dimension(UNIT)
        assert units is not None
        form.unit.choices = [choice(value, units.labels[value].of(language())) for value in units.with_total()]
        unit = form.unit.data if form.unit.data in units.with_total() else TOTAL
        form.unit.data = unit
    over = comparable([other.release for other in standing], one.release, shown)
    return render_template(
        "hr/table.html",
        one=one,
        table=shown,
        when=_period(one.listed),
        layout=lay_out(shown, unit),
        bars=bars(shown, unit or TOTAL),
        rates=rates(one.release, shown),
        trend=trend(over, name),
        form=form if unit is not None else None,
        hidden=HIDDEN,
    )


@bp.get("/<int:number>/definitions")
@allowed(Can.SEE_STATISTICS)
def dictionary(number: int) -> ResponseReturnValue:
    """What each figure counts, of what, and what is left out."""
    one, _standing = _read(number, "definitions")
    return render_template(
        "hr/dictionary.html",
        one=one,
        when=_period(one.listed),
        reading=reading_lines(one.release, language()),
        rules=rule_lines(one.release, language()),
    )


@bp.get("/compare")
@allowed(Can.SEE_STATISTICS)
def comparison() -> ResponseReturnValue:
    """Two releases beside each other, before and after a programme began."""
    with context.backend().writing() as uow:
        listed = list_releases(uow, context.signed_in_actor(), now=context.now())
    form = _compare_form(listed)
    if not request.args or not form.validate():
        return render_template("hr/compare.html", form=form, pair=None)
    chosen = {form.before.data, form.after.data}
    # Whichever was chosen first: what comes earlier stands to the left, so that more of something reads as more.
    in_order = sorted((one.first, one.number) for one in listed if str(one.number) in chosen)
    numbers = [number for _first, number in in_order]
    form.before.data, form.after.data = map(str, numbers)
    with context.backend().writing() as uow:
        pair = read_releases(uow, context.signed_in_actor(), now=context.now(), numbers=numbers, page="compare")
    found = compare(pair[0].release, pair[1].release)
    return render_template(
        "hr/compare.html",
        form=form,
        pair=pair,
        compared=found,
        totals=[(one.title, one.total, False) for one in found],
        detailed=[
            (one, [(line.label, line, line is one.total) for line in one.lines]) for one in found if one.is_detailed
        ],
        periods=_heads(pair),
        alike=pair[0].release.period.kind == pair[1].release.period.kind,
        hidden=HIDDEN,
    )


@bp.post("/<int:number>/export")
@allowed(Can.SEE_STATISTICS)
def export(number: int) -> ResponseReturnValue:
    """A release as a file. The line in the trail is committed before anything of it is sent."""
    made_as = request.form.get("format", "")
    if made_as not in FORMATS:
        raise NotFound
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        one = export_release(uow, actor, now=now, number=number, made_as=made_as)
    face = face_of(one, at=now, by=actor.name, say=instant)
    name = f"statistics-{number}-{language()}"
    if made_as == "pdf":
        try:
            return printed(printed_html(one, face, language()), name)
        except PrintingUnavailable as missing:
            back = {"back": url_for(".release", number=number), "back_text": _("Back to the release")}
            return make_response(render_template("history/no_printing.html", missing=missing, **back), 503)
    kind, ending = FORMATS[made_as]
    name = f"{name}-definitions" if made_as == "dictionary" else name
    return Response(
        file_of(one, face, made_as, language(), now),
        mimetype=None,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )


@bp.get("/attacks")
@allowed(Can.SEE_TRAIL)
def attacks() -> ResponseReturnValue:
    """For auditors: every release, with the way to the attack on it."""
    with context.backend().writing() as uow:
        found = list_releases(uow, context.signed_in_actor(), now=context.now())
    return render_template("hr/attacks.html", found=found, period=_period)


@bp.get("/<int:number>/attack")
@allowed(Can.SEE_TRAIL)
def attack(number: int) -> ResponseReturnValue:
    """For auditors: what the attack on a release found before it was published."""
    with context.backend().writing() as uow:
        listed, report, words = read_attack(uow, context.signed_in_actor(), now=context.now(), number=number)
    return render_template(
        "hr/attack.html", listed=listed, when=_period(listed), report=report, of=words, most=MOST_LINES
    )


#: So many cells of a report stand on the page; the file of the release's attack holds all.
MOST_LINES = 200


def _read(number: int, page: str) -> tuple[Published, list[Published]]:
    with context.backend().writing() as uow:
        [one] = read_releases(uow, context.signed_in_actor(), now=context.now(), numbers=[number], page=page)
        return one, standing_releases(uow)


def _table(one: Published, name: str) -> Table:
    for found in one.release.tables:
        if found.name == name:
            return found
    raise NotFound


def _before(one: Published, standing: list[Published]) -> Published | None:
    """The newest earlier release of the same length, to say what rose since."""
    kind = one.release.period.kind
    earlier = [
        other for other in standing if other.release.period.kind == kind and other.listed.last < one.listed.first
    ]
    return earlier[-1] if earlier else None


def _compare_form(found: list[Listed]) -> CompareForm:
    form = CompareForm(request.args)
    choices = [
        choice(str(one.number), _("%(number)s: %(period)s", number=one.number, period=_period(one).of(language())))
        for one in found
    ]
    form.before.choices = form.after.choices = choices
    if not request.args:
        form.before.data, form.after.data = _newest_two(found)
    return form


def _newest_two(found: list[Listed]) -> tuple[str | None, str | None]:
    """The newest two releases of one length, the earlier first: what people compare most."""
    standing = sorted((one for one in found if one.stands), key=lambda one: (one.last, one.first), reverse=True)
    for after in standing:
        for before in standing:
            if before.last < after.first and _kind(before) == _kind(after):
                return str(before.number), str(after.number)
    return None, None


def _heads(pair: list[Published]) -> list[str]:
    """What tells the two apart: their periods; for a release and its correction, of one period, their numbers."""
    found = [short_period(one.listed.first, one.listed.last).of(language()) for one in pair]
    return found if found[0] != found[1] else [_("Release %(number)s", number=one.listed.number) for one in pair]


def _kind(listed: Listed) -> str:
    return Period(listed.first, listed.last).kind


def _period(listed: Listed) -> Words:
    return period_words(listed.first, listed.last)

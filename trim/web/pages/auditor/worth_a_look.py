"""Patterns of access that are worth a look, each explained where it is shown; none is an accusation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from trim.domain.access import Can
from trim.domain.watch import Pattern, Watch
from trim.usecases.oversight.watch_trail import count_patterns, read_pattern
from trim.web import context
from trim.web.access import allowed
from trim.web.i18n import hour
from trim.web.pages.auditor.days import asked_span, first_page, other_page
from trim.web.pages.auditor.room import bp


@dataclass(frozen=True, slots=True)
class Explained:
    """A pattern in words: what was counted, and what it often is when nothing is wrong."""

    name: str
    counted: str
    often: str
    #: The heading of the column with the figure; None where each row is one case.
    figure: str | None


@bp.get("/trail/worth-a-look")
@allowed(Can.SEE_TRAIL)
def worth_a_look() -> ResponseReturnValue:
    """Every pattern with its number of rows in the days looked at."""
    form, span = asked_span()
    with context.backend().writing() as uow:
        counts = count_patterns(uow, context.signed_in_actor(), now=context.now(), span=span)
    return render_template(
        "auditor/worth_a_look.html",
        counts=[(one, explained(one.pattern, context.organisation().watch)) for one in counts],
        form=form,
        span=span,
        asked={name: value for name, value in request.args.items() if value},
    )


@bp.get("/trail/worth-a-look/<pattern>")
@allowed(Can.SEE_TRAIL)
def pattern(pattern: str) -> ResponseReturnValue:
    """The rows of one pattern, the newest day first."""
    if pattern not in set(Pattern):
        raise NotFound
    form, span = asked_span()
    wanted = Pattern(pattern)
    with context.backend().writing() as uow:
        page = read_pattern(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            pattern=wanted,
            span=span,
            after=request.args.get("after"),
        )
    return render_template(
        "auditor/pattern.html",
        page=page,
        explained=explained(wanted, context.organisation().watch),
        pattern=wanted,
        form=form,
        span=span,
        next_href=other_page("auditor.pattern", page.after, pattern=pattern),
        start_href=first_page("auditor.pattern", pattern=pattern),
    )


def explained(pattern: Pattern, watch: Watch) -> Explained:
    """The words of a pattern, with the figures that hold here."""
    return {
        Pattern.MANY_CASES: Explained(
            _("Many cases in one day"),
            _("At least %(number)s different cases opened by one account in one day.", number=watch.many_cases),
            _("Often: a handover, a coordinator back from leave, a review of all open cases."),
            _("Cases"),
        ),
        Pattern.AT_NIGHT: Explained(
            _("At night"),
            _(
                "Different cases opened between %(from_hour)s and %(until_hour)s by the organisation’s clock; "
                "at least %(number)s in one night.",
                number=watch.at_night,
                from_hour=hour(watch.night_from),
                until_hour=hour(watch.night_until),
            ),
            _("Often: a night on duty, a shift, an urgent call."),
            _("Cases"),
        ),
        Pattern.OUTSIDE_UNITS: Explained(
            _("Outside the own units"),
            _("A case opened by somebody who held no role over its unit at that time and does not support the person."),
            _("Often: break-glass in an emergency, or a role that ended on the same day."),
            None,
        ),
        Pattern.AFTER_SUPPORT: Explained(
            _("After handing over"),
            _(
                "A case opened by somebody who supported the person before: since then somebody else has taken over, "
                "or the case has ended."
            ),
            _("Often: an answer to the person who took over, or a last look after the end."),
            None,
        ),
        Pattern.MANY_REFUSALS: Explained(
            _("Many refusals"),
            _("At least %(number)s pages refused to one account in one day.", number=watch.many_refusals),
            _("Often: an old link, a role that has ended."),
            _("Refusals"),
        ),
        Pattern.MANY_SEARCHES: Explained(
            _("Many searches for people"),
            _("At least %(number)s searches in the directory by one account in one day.", number=watch.many_searches),
            _("Often: a large incident with many people to name."),
            _("Searches"),
        ),
    }[pattern]

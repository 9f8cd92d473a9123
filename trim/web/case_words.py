"""What the pages about cases say of clocks, obstacles and levels: words of ours, where the pack has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from trim.domain.calendar import CLOCKS_MOVED
from trim.usecases.allocation.eligible import Candidate
from trim.usecases.cases.case_file import CameBy, DueStep, Event, Moved, PossibleAction
from trim.web import i18n
from trim.web.frame import current_frame


def said(value: Any) -> str:
    """One value that somebody filled in, as the page shows it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return i18n.instant(value)
    if isinstance(value, date):
        return i18n.short_day(value)
    if isinstance(value, tuple):
        return ", ".join(i18n.of_text(one) for one in value)
    return i18n.of_text(value)


def anchor_words(step: DueStep) -> str:
    """From which happening a clock runs (CARE 22)."""
    when = i18n.instant(step.anchor_at)
    words = {
        "incident.occurred_at": _("Counted from the incident on %(when)s.", when=when),
        "incident.became_known_at": _("Counted from when the incident became known, %(when)s.", when=when),
        "exposure.became_known_at": _(
            "Counted from when it became known that this person was there, %(when)s.", when=when
        ),
        "case.opened_at": _("Counted from the opening of the case, %(when)s.", when=when),
        "case.requested_at": _("Counted from the request, %(when)s.", when=when),
        "case.became_known_at": _("Counted from when the programme heard of it, %(when)s.", when=when),
        "agreed_step.planned_for": _("Agreed for %(day)s.", day=i18n.short_day(step.anchor_at)),
        "case.accepted_at": _("Counted from when the person accepted, %(when)s.", when=when),
        "case.reopened_at": _("Counted from the reopening, %(when)s.", when=when),
        "previous_interview.at": _("Counted from the interview before, %(when)s.", when=when),
        "offer.made_at": _("Counted from when the offer was made, %(when)s.", when=when),
        "referral.sent_at": _("Counted from when the referral was sent, %(when)s.", when=when),
        "escalation.raised_at": _("Counted from when it was raised, %(when)s.", when=when),
        "exposure.decided_at": _("Counted from the planning meeting that decided it, %(when)s.", when=when),
        "undertaking.opened_at": _("Counted from when it was set up, %(when)s.", when=when),
        "undertaking.planned_for": _("Counted from the day planned for it, %(when)s.", when=when),
        "undertaking.agreed_at": _("Counted from when it was agreed, %(when)s.", when=when),
        "now": _("Counted from what was done before, %(when)s.", when=when),
        "pause.look_again_at": _("Counted from the day chosen for it, %(when)s.", when=when),
        "repetition.planned_at": _("Counted from its place in the series, %(when)s.", when=when),
        "repetition.done_at": _("Counted from the one before, done on %(when)s.", when=when),
    }
    return words.get(step.anchor, _("Counted from %(when)s.", when=when))


def moved_words(one: Moved) -> str:
    """That a clock stood still or began anew, and why (CARE 23)."""
    day, why = i18n.instant(one.at), said(one.why) if one.why is not None else _("no reason is noted")
    if one.how == "reset":
        return _("The clock began anew on %(day)s: %(why)s.", day=day, why=why)
    if one.how == "paused" and one.until_at is not None:
        return _(
            "Paused since %(day)s: %(why)s. To be looked at again on %(until)s.",
            day=day,
            why=why,
            until=i18n.short_day(one.until_at.astimezone(current_frame().zone).date()),
        )
    if one.how == "paused":
        return _("Paused since %(day)s: %(why)s.", day=day, why=why)
    return _("Stood still from %(day)s to %(until)s: %(why)s.", day=day, until=i18n.instant(one.until_at), why=why)


def repetition_words(step: DueStep) -> str:
    """Which time it is; empty for a step that does not come back."""
    return _("Number %(number)s of a series.", number=step.number) if step.number else ""


def assumption_words(step: DueStep) -> str:
    """What had to be assumed for a clock; empty when nothing was."""
    return _("Nobody noted the time of the incident: noon is assumed.") if step.time_assumed else ""


def event_title(event: Event) -> str:
    """What happened, in the pack's words where it has any."""
    if event.code == "opened":
        return _("Case opened")
    if event.code == CLOCKS_MOVED:
        return _("Deadlines moved: the organisation’s time zone, country or closing days changed")
    if event.code == "raised":
        return _("Brought to the coordinator: %(rule)s", rule=i18n.of_text(event.title))
    return i18n.of_text(event.title)


def level_words(level: str) -> str:
    """How urgent an escalation is."""
    return {"now": _("Now"), "today": _("Today")}.get(level, _("Ordinary"))


def level_kind(level: str) -> str:
    """The kind of tag for a level."""
    return {"now": "urgent", "today": "warn"}.get(level, "calm")


def obstacle_words(obstacle: str) -> str:
    """Why somebody cannot be asked; what is private to them reads "not available" (CARE 10)."""
    return {
        "not_trained": _("Not trained yet"),
        "training_expired": _("Training out of date"),
        "full": _("Has as many cases as agreed"),
        "on_leave": _("On leave"),
        "line_manager": _("The person's line manager"),
        "direct_report": _("Reports to the person"),
        "supports_already": _("Supports the person already"),
    }.get(obstacle, _("Not available"))


def obstacles_words(candidate: Candidate) -> str:
    """All obstacles of one candidate."""
    return ", ".join(dict.fromkeys(obstacle_words(one) for one in candidate.obstacles))


def load_words(candidate: Candidate) -> str:
    """How much somebody carries already, and whether they will be asked about line management."""
    load = _("%(count)s of %(most)s cases", count=candidate.open_cases, most=candidate.max_open_cases)
    if candidate.ask_line_manager:
        return load + ". " + _("Will be asked first whether they lead this person.")
    return load


def score_words(interview: Any) -> str:
    """A score in one line: the total, the band, the change with its denominator (CARE 6)."""
    score, change = interview.score, interview.change
    if not score.maximum:
        tags = [i18n.of_text(one) for row in interview.told if isinstance(row.value, tuple) for one in row.value]
        return ", ".join(tags) or _("Recorded, without a score")
    words = _("%(total)s out of %(most)s", total=score.total, most=score.maximum)
    if not score.complete:
        words += ", " + _(
            "incomplete: %(answered)s of %(all)s answered", answered=score.answered, all=len(score.contributions)
        )
    if interview.band is not None:
        words += ", " + i18n.of_text(interview.band.label)
    if change is None:
        return words + "."
    return words + ". " + change_words(change)


def change_words(change: Any) -> str:
    """A change in one line; the denominator is always said."""
    if change.difference is None:
        return _("Cannot be compared with the one before: no item was answered both times.")
    over = _("over %(compared)s of %(possible)s items", compared=change.compared, possible=change.possible)
    if change.difference > 0:
        return _("%(points)s higher than before, %(over)s.", points=change.difference, over=over)
    if change.difference < 0:
        return _("%(points)s lower than before, %(over)s.", points=-change.difference, over=over)
    return _("The same as before, %(over)s.", over=over)


def next_first(actions: Sequence[PossibleAction]) -> list[PossibleAction]:
    """The actions with the first that does what is due before all others, which keep the pack's order."""
    first = next((one for one in actions if one.is_due), None)
    return list(actions) if first is None else [first, *(one for one in actions if one is not first)]


def came_words(one: CameBy) -> str:
    """How a case came where no incident opened it; of a concern never who sent it (CARE 13)."""
    return {
        "person": _("The person asked for support themselves."),
        "noted": _("The person asked somebody of the programme."),
        "colleague": _("A colleague was concerned. Say only that support is offered, never that somebody asked."),
        "manager": _("Their management was concerned. Say only that support is offered, never that somebody asked."),
        "written_together": _("From another programme, with the person’s agreement. What they wish you to know:"),
    }.get(one.of, _("Support was asked for."))

"""How a release that was asked for goes, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from trim.domain.releasing import Refusal, Stage
from trim.statistics.shown.narrative import period_words
from trim.usecases.statistics.ask_release import Asked
from trim.usecases.statistics.causes import CAUSES
from trim.web.i18n import language


def state_words(one: Asked) -> tuple[str, str]:
    """How a request stands, and the kind of its tag."""
    if one.stalled:
        return _("Interrupted"), "warn"
    return {
        "asked": (_("Queued"), "calm"),
        "making": (_("Being made"), "calm"),
        "published": (_("It is published"), "good"),
        "refused": (_("Not published"), "warn"),
        "taken_back": (_("Taken back"), "plain"),
    }[one.state]


def stage_words(one: Asked) -> str:
    """What is done to it at this moment."""
    said = {
        Stage.COUNTING: _("Records are counted."),
        Stage.HIDING: _("Small figures are hidden."),
        Stage.ATTACKING: _("A program tries to work out every hidden figure."),
    }
    return said[Stage(one.stage)] if one.stage else ""


def turn_words(one: Asked) -> str:
    """That it was laid out more than once; empty the first time."""
    if one.turn < 2:
        return ""
    return _(
        "Some could still be worked out, so the tables were made coarser. This is try %(number)s.", number=one.turn
    )


def refusal_words(one: Asked) -> tuple[str, str]:
    """Why nothing was published, and what can be done about it."""
    because = Refusal(one.refused_because or Refusal.FAILED)
    longer = _("Ask for a longer period, or let whoever runs Trim take a table out of the declaration.")
    tables = ", ".join(one.refused_about.get(language(), ()))
    said: dict[Refusal, tuple[str, str]] = {
        Refusal.PERIOD_OPEN: (_("The period is not over."), _("Ask again once its last day has passed.")),
        Refusal.PUBLISHED_ALREADY: (_("This period was published meanwhile."), ""),
        Refusal.WITHIN_PUBLISHED: (
            _("Too little happened in it alone, and the longer period around it is published already."),
            "",
        ),
        Refusal.NOTHING_TO_CORRECT: (_("Nothing was recorded late for this period."), _("The release stands.")),
        Refusal.CORRECTED_ALREADY: (_("A later release corrects it already."), ""),
        Refusal.TOO_SMALL: (_("Too little happened for tables that protect people."), _wait(one)),
        Refusal.CONFLICT: (_("Tables cannot be published together, whatever is hidden."), longer),
        Refusal.NOT_ROUNDED: (
            _("The figures cannot be rounded so that they still add up."),
            _("Whoever runs Trim can take a table out of the declaration, or turn rounding off."),
        ),
        Refusal.EXPOSED: (_("A hidden figure could be worked out, however coarse the tables were."), longer),
        Refusal.TIME_LIMIT: (
            _("It could not be proven in the time allowed that no hidden figure can be worked out."),
            longer,
        ),
        Refusal.MOVED: (
            _("Records of this period changed each time the figures were worked out."),
            _("Ask again at a quieter hour."),
        ),
        Refusal.RULES: (
            _("The tables or rules of this organisation cannot be used."),
            _("Whoever runs Trim sees why: trim statistics tables"),
        ),
        Refusal.EARLIER: (
            _("An earlier release cannot be read, or contradicts these figures."),
            _("Tell whoever runs Trim."),
        ),
        Refusal.FAILED: (_("The program failed several times."), _("Tell whoever runs Trim, then ask again.")),
    }
    cause, cure = said[because]
    if tables:
        cause = cause + " " + _("Tables: %(names)s.", names=tables)
    return cause, cure


def cause_words(cause: str | None) -> str:
    """Why a release is corrected."""
    return CAUSES[cause].of(language()) if cause is not None and cause in CAUSES else ""


def _wait(one: Asked) -> str:
    longer = one.refused_about.get("wait_for", ())
    if len(longer) != 2:
        return ""
    return _("Ask for %(period)s when it is over.", period=period_words(*longer).of(language()))

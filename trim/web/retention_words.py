"""How long things are kept, in words: rules, periods, reasons, grounds, and what postpones an erasure."""

from __future__ import annotations

from flask_babel import gettext as _

from trim.engine.durations import Duration, InvalidDuration
from trim.web.duration_words import duration_words


def rule_words(name: str) -> str:
    """What a rule is about; a rule that the organisation added bears the name it was given."""
    return {
        "declined": _("Cases where support was declined"),
        "withdrawn": _("Cases where support was stopped by the person"),
        "died": _("Cases of people who died"),
        "not_reached": _("Cases where the person could not be reached"),
        "supported": _("All other cases"),
        "incident": _("Incidents of which no case is left"),
        "beside_cases": _("Group sessions, checks, pairs and mediations that have ended"),
        "access_request": _("Access requests"),
        "warning": _("Coordinators are told before erasure"),
    }.get(name, name)


def period_words(period: str | None) -> str:
    """A period of the rules in words; what is no simple one is shown as it is written."""
    if period in (None, "never"):
        return _("Until somebody decides")
    try:
        return duration_words(Duration.parse(str(period)))
    except InvalidDuration:
        return str(period)


def reason_words(code: str) -> str:
    """Why a period was changed."""
    return {
        "policy_decided": _("The organisation decided so"),
        "law_or_contract": _("Law or contract asks for it"),
        "set_right": _("It was set by mistake"),
    }.get(code, code)


def ground_words(ground: str) -> str:
    """Who asks that something be kept."""
    return {
        "court": _("A court"),
        "coroner": _("A coroner"),
        "standards": _("Professional standards"),
        "lawyer": _("A lawyer"),
        "inquiry": _("An inquiry"),
        "other": _("Somebody else"),
    }.get(ground, ground)


def kept_words(word: str) -> str:
    """What postpones an announced erasure."""
    return {
        "legal_hold": _("Legal hold"),
        "escalation": _("An escalation is open"),
        "referral": _("A referral is open"),
        "access_request": _("The person asks for what is held on them"),
        "disclosure": _("A request of a court or the like is open"),
        "activity": _("Something was done since"),
    }.get(word, word)


def kind_words(kind: str) -> str:
    """What existed."""
    return {
        "case": _("Case"),
        "incident": _("Incident"),
        "request": _("Access request"),
        "undertaking": _("Group or check"),
    }.get(kind, kind)

"""Jobs, workers and alarms in words."""

from __future__ import annotations

from flask_babel import gettext as _


def alarm_words(word: str) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    return {
        "no_worker": (
            _("No worker is running. Nothing is sent and nobody is reminded."),
            _("Start it on the server: trim worker"),
        ),
        "late": (_("Something has waited for more than a quarter of an hour."), _("See whether a worker is running.")),
        "failing": (_("A job fails."), _("The log of the worker says more.")),
        "set_aside": (
            _("Something was tried several times and set aside."),
            _("Once its cause is mended, let it be tried again."),
        ),
        "without_answer": (
            _("A question in the programme has nobody left to ask."),
            _("Give somebody the role of a coordinator or programme lead for that unit."),
        ),
        "undelivered": (
            _("Some notices reached nobody."),
            _("Their list stands under Notices, with the reason of each."),
        ),
    }[word]


def job_words(name: str) -> str:
    """Which work it is."""
    return {
        "sweep": _("Reminders and escalations"),
        "deliver": _("Mails and calls"),
        "invite": _("Invitations to appointments"),
        "releases": _("Releases of figures begun"),
        "checkpoint": _("Seal of the trail"),
        "retention": _("Erasure of what was kept long enough"),
        "stale_drafts": _("Drafts that were not submitted"),
        "facts": _("Facts of the statistics mixed and put away"),
        "tidy": _("Old runs and notices erased"),
    }.get(name, name)


def waiting_words(what: str) -> str:
    """What of a kind waits."""
    return {
        "step": _("Steps"),
        "escalation": _("Escalations"),
        "notice": _("Notices that reached nobody"),
        "mail": _("Notices"),
    }.get(what, what)


def state_words(state: str) -> tuple[str, str]:
    """How a worker is, and the kind of its tag."""
    return {
        "working": (_("Working"), "good"),
        "stopped": (_("Stopped"), "plain"),
        "silent": (_("No sign of life"), "urgent"),
    }[state]

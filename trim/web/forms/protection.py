"""Forms of what protects an incident: hold, clearance, readers; each with a reason out of a list (CARE 13, 14, 17)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import CheckboxesField, HiddenField, RadioField, VersionField, choice


def reason_words(code: str) -> str:
    """A reason code in words; the same for the form and for what the page tells afterwards."""
    return {
        "investigation_opened": _("An investigation was opened"),
        "investigation_expected": _("An investigation is to be expected"),
        "investigation_closed": _("The investigation is closed"),
        "no_longer_concerned": _("The investigation does not concern these people any more"),
        "set_right": _("It was set by mistake"),
        "cleared_by_investigation": _("The investigation agreed"),
        "withdrawn_by_investigation": _("The investigation took its agreement back"),
        "person_known_to_all": _("Everybody would know whom it is about"),
        "colleague_concerned": _("It concerns a coordinator or somebody close to the programme"),
        "cover_or_leave": _("Somebody is away or takes over"),
        "no_longer_needed": _("The reason for it has gone"),
    }.get(code, code)


class VersionForm(BaseForm):
    """A button that changes something: nothing but the version it was shown with."""

    version = VersionField()


class ReasonForm(BaseForm):
    """One change and why it is made; the reasons are those that fit the change.

    `to` says which way it goes: a page that somebody else overtook must not do the opposite of what it showed.
    """

    to = HiddenField()
    reason = RadioField(_l("Why?"), thing=_l("why"))
    version = VersionField()

    def offer_reasons(self, codes: Iterable[str]) -> None:
        """Hand in the reasons."""
        self.reason.choices = [choice(code, reason_words(code)) for code in codes]


class ReadersForm(ReasonForm):
    """Who may read a restricted incident."""

    readers = CheckboxesField(
        _l("Who may read it?"),
        thing=_l("who may read it"),
        hint=_l(
            "Coordinators and leads of this unit who were not there. If you leave yourself out, you lose sight of it."
        ),
    )

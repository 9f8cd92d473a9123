"""The forms by which support is asked for: for oneself, for a colleague, or noted for somebody who asked."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import DateField, LongTextField, RadioField, SelectField, TextField, choice
from trim.web.forms.programmes import OfProgramme

MOST_LETTERS = 500


class _Support(OfProgramme):
    programme = RadioField(_l("Which support?"), thing=_l("which support"))


class AskForm(_Support):
    """For oneself: nothing has to be written."""

    note = LongTextField(
        _l("Anything you would like us to know"),
        thing=_l("what you would like us to know"),
        hint=_l("How and when to reach you, for instance. You need not say what it is about."),
        max_length=MOST_LETTERS,
        required=False,
    )


class _ForSomebody(_Support):
    """Shared: who it is about."""

    who = TextField(_l("Name or staff number"), thing=_l("the name or staff number"), max_length=120)
    unit = SelectField(_l("Where they work"), thing=_l("where they work"))

    def offer_units(self, units: Sequence[tuple[str, str]]) -> None:
        """Hand in the units as (id, name)."""
        self.unit.choices = [choice(unit_id, name) for unit_id, name in units]


class ConcernForm(_ForSomebody):
    """A contact request for a colleague: it goes one way (CARE 13)."""

    as_whom = RadioField(_l("You ask as"), thing=_l("whether you ask as a colleague or as their manager"))
    note = LongTextField(
        _l("What have you noticed?"),
        thing=_l("what you have noticed"),
        hint=_l("In a few words, or nothing. Only what you saw yourself; no guesses about health."),
        max_length=MOST_LETTERS,
        required=False,
    )

    def offer_roles(self) -> None:
        """As what somebody may ask."""
        self.as_whom.choices = [choice("colleague", _l("A colleague")), choice("manager", _l("Their manager"))]


class RecordForm(_ForSomebody):
    """Somebody asked a practitioner or a coordinator."""

    asked_on = DateField(
        _l("On which day did they ask?"), thing=_l("the day on which they asked"), validators=[NotInFuture()]
    )
    note = LongTextField(
        _l("How and when to reach them"),
        thing=_l("how to reach them"),
        hint=_l("In their words. Not what it is about."),
        max_length=MOST_LETTERS,
        required=False,
    )

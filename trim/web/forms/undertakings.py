"""The form that sets up a group session, a check, a pair or a mediation."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from trim.usecases.undertakings.open_one import MOST_WORDS
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import SelectField, TextField, choice


class OpenForm(BaseForm):
    """What it is about, and for which unit; for an incident the unit is the incident's."""

    about = TextField(
        _l("What is it about?"),
        thing=_l("what it is about"),
        hint=_l("A few words for your list. No names, nothing about how anybody is."),
        max_length=MOST_WORDS,
    )
    unit_id = SelectField(_l("For which unit?"), thing=_l("the unit"))

    def offer(self, units: Iterable[tuple[str, str]], *, of_incident: bool) -> None:
        """Hand in the units; of an incident nobody is asked."""
        if of_incident:
            del self.unit_id
            return
        self.unit_id.choices = [choice(unit_id, name) for unit_id, name in units]

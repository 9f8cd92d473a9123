"""Forms of the histories: what to show, and which reference to look up; sent by GET, so without a token."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.dates import DateField
from trim.web.forms.fields import SelectField, TextField, refuse


class ShownForm(BaseForm):
    """Which entries of a history to show."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    kind = SelectField(_l("What"), thing=_l("what to show"), required=False)
    who = SelectField(_l("Who"), thing=_l("who"), required=False)


class SpanForm(ShownForm):
    """Entries between two days, both included."""

    from_on = DateField(_l("First day"), thing=_l("the first day"), required=False)
    to_on = DateField(_l("Last day"), thing=_l("the last day"), required=False)

    def validate_to_on(self, field: Any) -> None:
        """The last day does not come before the first."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            refuse(_l("The last day must not be before the first day"))


class DayForm(ShownForm):
    """Entries of one day."""

    day = DateField(_l("Day"), thing=_l("the day"), required=False)


class ReferenceForm(BaseForm):
    """A reference to look up."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    ref = TextField(
        _l("Reference"),
        thing=_l("a reference"),
        hint=_l("Of a case, an incident, an escalation or a referral, such as C-7K3M2PA"),
        max_length=20,
    )

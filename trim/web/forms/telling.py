"""The forms of how somebody is told, and of leave: they declare; choices are handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.dates import DateField, NotBefore, NotInPast, TimeField
from trim.web.forms.fields import CheckboxesField, PhoneField, RadioField


class HowToldForm(BaseForm):
    """Hour, quiet hours, days, language, telephone."""

    digest_at = TimeField(
        _l("One mail a day, at"),
        thing=_l("the hour"),
        hint=_l("It holds whatever waits. What is pressing comes earlier."),
    )
    quiet_from = TimeField(_l("Quiet hours begin at"), thing=_l("the beginning of quiet hours"))
    quiet_until = TimeField(
        _l("Quiet hours end at"),
        thing=_l("the end of quiet hours"),
        hint=_l("The same time twice means no quiet hours."),
    )
    days = CheckboxesField(_l("On these days"), thing=_l("the days"))
    locale = RadioField(_l("Language of pages and mails"), thing=_l("the language"), inline=True)
    phone = PhoneField(
        _l("Telephone"),
        thing=_l("your telephone number"),
        hint=_l("For urgent matters, and offered when you go on duty."),
        required=False,
    )


class LeaveForm(BaseForm):
    """The days on which somebody is away."""

    from_on = DateField(_l("First day away"), thing=_l("the first day"), quick=False)
    until_on = DateField(
        _l("Last day away"),
        thing=_l("the last day"),
        quick=False,
        validators=[NotInPast(), NotBefore("from_on", _l("the first day"))],
    )

"""The form of the organisation's calendar: zone, country, region, closing days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import HiddenField, LongTextField, SelectField, TextField


class CalendarForm(BaseForm):
    """Where and when the organisation works; `seen` is what the preview showed, empty before there was one."""

    zone = TextField(
        _l("Time zone"),
        thing=_l("the time zone"),
        hint=_l("As Europe/London, Europe/Paris or America/Toronto. Deadlines in days keep the hour on its clock."),
        max_length=60,
    )
    country = SelectField(
        _l("Country"),
        hint=_l("For public holidays. They matter only where the rules count in working days."),
        required=False,
    )
    region = TextField(
        _l("Region"),
        hint=_l("Only where it has holidays of its own, as QC, 6AE or SCT."),
        required=False,
        max_length=30,
    )
    closing_days = LongTextField(
        _l("Your own closing days"),
        hint=_l("One a line, as 2026-12-24. You may add words behind it; they are not kept."),
        required=False,
        max_length=8000,
        rows=6,
    )
    seen = HiddenField()

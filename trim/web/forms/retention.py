"""Forms of how long things are kept: one period, one legal hold."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import HiddenField, LongTextField, RadioField


class PeriodForm(BaseForm):
    """How long one kind of record is kept; `shown` is the period that the page showed."""

    period = RadioField(_l("How long?"), thing=_l("how long"))
    reason = RadioField(_l("Why?"), thing=_l("why"))
    shown = HiddenField()


class HoldForm(BaseForm):
    """A legal hold: who asks that nothing be erased, and why."""

    ground = RadioField(_l("Who asks for it?"), thing=_l("who asks for it"))
    reason = LongTextField(
        _l("Why, in a few words"),
        thing=_l("why it is kept"),
        hint=_l("Sealed with the record. The trail holds who asks for it, not these words."),
        max_length=2000,
    )

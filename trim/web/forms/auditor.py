"""Which part of the trail the auditor looks at; sent by GET, so without a token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.fields import HiddenField

from trim.web.forms.base import BaseForm
from trim.web.forms.dates import DateField
from trim.web.forms.fields import SelectField, TextField


class _Looking(BaseForm):
    """Nothing is changed by it."""

    class Meta:
        """So it needs no token."""

        csrf = False


class TrailForm(_Looking):
    """Which entries of the whole trail to show. `who` is the id of an account, out of a link."""

    kind = SelectField(_l("About"), thing=_l("what it is about"), required=False)
    what = TextField(_l("What happened"), hint=_l("A code word, such as case.read"), max_length=64, required=False)
    day = DateField(_l("Day"), thing=_l("the day"), required=False)
    who = HiddenField()


class SpanForm(_Looking):
    """Some days up to one: `last`, today when it is empty."""

    last = DateField(_l("Up to and with"), thing=_l("the last day"), required=False)
    days = SelectField(_l("How long"), thing=_l("how long"), required=False)

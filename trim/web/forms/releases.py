"""Forms to ask for a release of statistics, and for the correction of one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import RadioField, SelectField


class AskForm(BaseForm):
    """Which period is to be published."""

    period = SelectField(_l("Period"), thing=_l("the period"))


class CorrectForm(BaseForm):
    """Which release is to be replaced, and why."""

    release = SelectField(_l("Release"), thing=_l("the release"))
    cause = RadioField(_l("Why?"), thing=_l("why"))

"""Forms of HR's pages: which two releases to compare, which unit to show; sent by GET, so without a token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import SelectField, refuse


class CompareForm(BaseForm):
    """Two releases to put beside each other."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    before = SelectField(_l("Before"), thing=_l("the earlier release"))
    after = SelectField(_l("After"), thing=_l("the later release"))

    def validate_after(self, field: SelectField) -> None:
        """A release beside itself shows nothing."""
        if field.data and field.data == self.before.data:
            refuse(_l("Choose two different releases"))


class UnitForm(BaseForm):
    """Which unit a table shows."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    unit = SelectField(_l("Unit"), thing=_l("the unit"))

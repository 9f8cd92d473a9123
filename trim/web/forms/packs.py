"""The form of a second person's decision on a pack."""

from __future__ import annotations

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import HiddenField


class DecisionForm(BaseForm):
    """`shown` is the id of the version that the page compared the proposal with."""

    shown = HiddenField()

"""Forms about who may not see a case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.usecases.cases.exclude import MAX_REASON
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import LongTextField, SelectField, YesNoField


class LineForm(BaseForm):
    """Whether the reader leads the person or is led by them."""

    in_line = YesNoField(
        _l("Are you this person’s line manager, or do they lead you?"),
        thing=_l("whether there is a line between you"),
        hint=_l("With yes, the case is kept from you and another coordinator goes on with it. That is all."),
    )


class LineBesideForm(BaseForm):
    """Whether there is a line between the reader and anybody in a check, a pair or a mediation."""

    in_line = YesNoField(
        _l("Do you lead anybody of them, or does anybody of them lead you?"),
        thing=_l("whether there is a line between you"),
        hint=_l("With yes, this is kept from you and somebody else goes on with it. That is all."),
    )


class ExclusionForm(BaseForm):
    """Whom the person does not want near their case; the view hands in the choices."""

    account = SelectField(_l("Who should not see this case?"), thing=_l("the name"))
    reason = LongTextField(
        _l("Why, if the person wants it written down"),
        thing=_l("the reason"),
        hint=_l("Nobody has to say. It is kept with the case and shown to nobody in lists."),
        max_length=MAX_REASON,
        rows=3,
        required=False,
    )

"""The form of break-glass: which case, why, and whether the person may be told now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from trim.domain.references import ALPHABET, LENGTH, normalised
from trim.usecases.break_glass.open_case import DELAYS, GROUNDS, MAX_REASON, Delay
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInPast
from trim.web.forms.fields import DateField, LongTextField, RadioField, TextField, choice, refuse

_REFERENCE = re.compile(f"C-[{ALPHABET}]{{{LENGTH}}}")
NOW = "now"


def ground_words(code: str) -> str:
    """Why a case is opened, in words; the same for the form and for what the page of the case tells."""
    return {
        "risk_to_life": _("Somebody’s life may be in danger"),
        "safeguarding": _("A child or an adult who needs protection may be at risk"),
        "person_asks": _("The person asks for help, and their own people cannot be reached"),
        "nobody_reachable": _("Something cannot wait, and nobody of the unit can be reached"),
    }.get(code, code)


def delay_words(code: str) -> str:
    """Why the person is told later, in words."""
    return {
        "puts_in_danger": _("it could put somebody in danger"),
        "warns_somebody": _("it could warn somebody who does harm"),
    }.get(code, code)


class BreakGlassForm(BaseForm):
    """One case, a ground out of a list, the reason in words; telling the person later has its own reason and end."""

    ref = TextField(
        _l("Reference of the case"),
        thing=_l("the reference"),
        hint=_l("It begins with C, such as C-7K3M2PA. Ask whoever called you for it."),
        max_length=20,
    )
    ground = RadioField(_l("Why do you have to open it?"), thing=_l("why"))
    reason = LongTextField(
        _l("What happened, in a few words?"),
        thing=_l("what happened"),
        hint=_l("Sealed with the case: those who oversee it can read it."),
        max_length=MAX_REASON,
        rows=3,
    )
    tell = RadioField(_l("May the person be told now?"), thing=_l("whether the person may be told now"))
    delay_reason = LongTextField(
        _l("If not now: what makes you think so?"),
        thing=_l("what makes you think so"),
        max_length=MAX_REASON,
        rows=3,
        required=False,
    )
    told_after = DateField(
        _l("If not now: from which day may they be told?"),
        thing=_l("the day from which they may be told"),
        hint=_l("At most 28 days ahead. A coordinator of the case can end the wait before."),
        required=False,
        quick=False,
        validators=[NotInPast()],
    )

    def offer(self) -> None:
        """The choices."""
        self.ground.choices = [choice(code, ground_words(code)) for code in GROUNDS]
        self.tell.choices = [
            choice(NOW, _("Yes"), _("It stands in their own ledger from now on.")),
            *(choice(code, _("No: %(why)s", why=delay_words(code))) for code in DELAYS),
        ]

    def validate_ref(self, field: TextField) -> None:
        """A slip of the pen is said at once: it tells nothing of which cases there are."""
        typed = field.data or ""
        field.data = normalised(typed if "-" in typed else f"C-{typed}")
        if not _REFERENCE.fullmatch(field.data):
            refuse(_("A reference of a case is a C, a line and seven letters or digits, such as C-7K3M2PA."))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """All fields, and what belongs to telling later where it is chosen."""
        fits = bool(super().validate(extra_validators))
        if self.tell.data not in DELAYS:
            return fits
        for field in (self.delay_reason, self.told_after):
            if not field.data and not field.errors:
                field.errors = [field.missing()]
                fits = False
        return fits

    def delay(self) -> Delay | None:
        """Why the person is told later, and from the beginning of which day on they are told."""
        if self.tell.data not in DELAYS:
            return None
        assert self.zone is not None
        assert self.told_after.data
        begins = datetime.combine(self.told_after.data, time(), self.zone).astimezone(UTC)
        return Delay(self.tell.data, self.delay_reason.data, begins)

"""Numbers to call, as the macro `call_now` draws them."""

from __future__ import annotations

from flask_babel import gettext as _

from trim.usecases.cases.call_now import Numbers
from trim.web.i18n import short_instant


def numbers_to_call(numbers: Numbers) -> list[dict[str, str]]:
    """The numbers as the macro `call_now` draws them: who is on duty, then the crisis lines."""
    on_duty = [
        {
            "label": _("On duty: %(name)s", name=one.name),
            "number": one.phone,
            "when": _("Until %(time)s", time=short_instant(one.until_at)),
        }
        for one in numbers.on_duty
    ]
    lines = [{"label": one.label, "number": one.phone, "when": one.hours} for one in numbers.crisis_lines]
    return [*on_duty, *lines]

"""The fields that our forms are made of; dates and times lie in `dates`, and are offered from here too.

Each is declared with a label, what it asks for (`thing`) and, where it helps, a hint:

    place = TextField(_l("Place"), thing=_l("the place of the incident"), max_length=120)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import fields as plain
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from trim.web.forms import wording
from trim.web.forms.dates import DateField, InstantField, TimeField
from trim.web.forms.worded import Worded

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "EmailField",
    "HiddenField",
    "InstantField",
    "LongTextField",
    "NumberField",
    "PasswordField",
    "PhoneField",
    "RadioField",
    "SelectField",
    "TextField",
    "TimeField",
    "VersionField",
    "YesNoField",
    "choice",
]

# Everything below a space except tab and line ends: PostgreSQL refuses NUL, and none of the others is typed by people.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PHONE = re.compile(r"^\+?[0-9(][0-9 ().\-/]{2,28}[0-9]$|^[0-9]{2,3}$")


def choice(value: str, label: Any, hint: Any = "") -> SelectChoice:
    """One choice of a radio, select or checkbox field, with an optional hint under it."""
    return SelectChoice(value=value, label=label, render_kw={"hint": hint} if hint else {})


class TextField(Worded, plain.StringField):
    """One line of text, trimmed; `max_length` in characters."""

    def __init__(self, label: Any, *, max_length: int = 200, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text without blanks at its ends; a single line has no line ends inside."""
        if valuelist:
            self.data = self.cleaned(str(valuelist[0]))

    def cleaned(self, text: str) -> str:
        """The text as it is kept."""
        return " ".join(text.split())

    def pre_validate(self, form: Any) -> None:
        """Refuse what is missing, too long or unreadable."""
        super().pre_validate(form)
        if _CONTROL.search(self.data):
            raise StopValidation(wording.unreadable(self.thing))
        if len(self.data) > self.max_length:
            raise StopValidation(wording.too_long(self.thing, self.max_length))


class LongTextField(TextField):
    """Several lines of text with a count of the characters left; line ends are kept as `\\n`."""

    kind = "textarea"

    def __init__(self, label: Any, *, max_length: int = 1000, rows: int = 4, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(label, max_length=max_length, **kwargs)

    def cleaned(self, text: str) -> str:
        """The text as it is kept: browsers send CR LF, which would count twice against the limit."""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class EmailField(TextField):
    """An e-mail address; its domain is not looked up, because sign-in must work while a name server is down."""

    input_type = "email"

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be an address, and keep the normal form of what can."""
        super().pre_validate(form)
        try:
            self.data = validate_email(self.data, check_deliverability=False).normalized
        except EmailNotValidError as problem:
            raise StopValidation(wording.not_an_address(self.thing)) from problem


class PhoneField(TextField):
    """A telephone number as people write it; short numbers such as 112 are numbers too."""

    input_type = "tel"

    def pre_validate(self, form: Any) -> None:
        """Refuse what nobody could dial."""
        super().pre_validate(form)
        if not _PHONE.match(self.data):
            raise StopValidation(wording.not_a_phone_number(self.thing))


class PasswordField(Worded, plain.PasswordField):
    """A password: neither trimmed nor ever sent back to the page."""

    kind = "password"


class NumberField(Worded, plain.StringField):
    """A whole number from `least` to `most`, both included; `data` is an int, or None."""

    inputmode = "numeric"

    def __init__(self, label: Any, *, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        self.least, self.most = least, most
        self.typed = ""
        super().__init__(label, **kwargs)

    def process_data(self, value: int | None) -> None:
        """Show the number that the form was opened with."""
        self.data, self.typed = value, "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed for showing it again, and read it when it is a number."""
        if not valuelist:
            return
        self.typed = str(valuelist[0]).strip()[:20]
        compact = re.sub(r"\s", "", self.typed)
        if compact and not re.fullmatch(r"[+-]?[0-9]{1,12}", compact):
            self.data = None
            raise ValueError(wording.not_a_number(self.thing))
        self.data = int(compact) if compact else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a missing number and one outside the bounds."""
        super().pre_validate(form)
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(wording.out_of_range(self.thing, self.least, self.most))

    def _value(self) -> str:
        return self.typed


class _Chosen(Worded):
    """Shared by fields with a list of choices, each made by `choice()`."""

    kind = "radios"
    data: Any

    def missing(self) -> str:
        """The message when nothing was chosen."""
        return wording.choose(self.thing) if self.thing_text else wording.answer(self.label_text)

    def offered(self) -> set[str]:
        """The values on offer."""
        return {str(one.value) for one in self.iter_choices()}  # type: ignore[attr-defined]


class RadioField(_Chosen, plain.RadioField):
    """One of few choices, all in sight. `data` is the chosen value, or None."""

    def __init__(
        self, label: Any, *, choices: Iterable[SelectChoice] = (), inline: bool = False, **kwargs: Any
    ) -> None:
        self.inline = inline
        super().__init__(label, choices=list(choices), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse nothing chosen, and what was not on offer."""
        Worded.pre_validate(self, form)
        if str(self.data) not in self.offered():
            raise StopValidation(self.missing())


class YesNoField(RadioField):
    """A question answered by yes or no. `data` is True, False, or None for unanswered."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("inline", True)
        super().__init__(label, coerce=_yes_or_no, choices=(), **kwargs)

    def iter_choices(self) -> list[Any]:
        """Yes and no in the reader's language."""
        self.choices = [choice("yes", _("Yes")), choice("no", _("No"))]
        return list(super().iter_choices())

    def pre_validate(self, form: Any) -> None:
        """Refuse an unanswered question."""
        Worded.pre_validate(self, form)


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"yes", "no"}:
        return bool(value == "yes")
    raise ValueError


class SelectField(_Chosen, plain.SelectField):
    """One of many choices, in a list that opens. The first entry is empty, so that nothing is chosen by accident."""

    kind = "select"

    def __init__(self, label: Any, *, choices: Iterable[SelectChoice] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=list(choices), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse nothing chosen, and what was not on offer."""
        Worded.pre_validate(self, form)
        if str(self.data) not in self.offered():
            raise StopValidation(self.missing())


class CheckboxesField(_Chosen, plain.SelectMultipleField):
    """Any number of choices. `data` is a list of values in the order of the choices."""

    kind = "checkboxes"

    def __init__(self, label: Any, *, choices: Iterable[SelectChoice] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=list(choices), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse nothing chosen where something must be, and what was not on offer."""
        Worded.pre_validate(self, form)
        chosen = {str(value) for value in self.data}
        if not chosen <= self.offered():
            raise StopValidation(self.missing())
        self.data = [one.value for one in self.iter_choices() if str(one.value) in chosen]


class CheckboxField(Worded, plain.BooleanField):
    """One box. When `required`, it must be ticked, and `thing` completes the sentence (`Tick to say that ...`)."""

    kind = "checkbox"

    def __init__(self, label: Any, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(label, required=required, **kwargs)

    def missing(self) -> str:
        """The message when a box that must be ticked is not."""
        if self.thing_text:
            return _("Tick the box to say that %(thing)s", thing=self.thing)
        return _("Tick “%(label)s”", label=self.label_text)

    def is_empty(self) -> bool:
        """A box that is not ticked says nothing."""
        return not self.data


class HiddenField(plain.HiddenField):
    """A value that travels with the form; never trust it more than anything else that was sent."""

    kind = "hidden"


class VersionField(plain.HiddenField):
    """The version of the record that the form was shown with. What is no number counts as stale, never as an error."""

    kind = "hidden"
    UNREADABLE = -1

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the version; a missing or unreadable one is older than any."""
        text = str(valuelist[0]) if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else self.UNREADABLE


def refuse(message: str) -> None:
    """Raise from an inline `validate_...` of a form: the message appears at the field."""
    raise ValidationError(message)

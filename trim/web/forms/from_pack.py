"""Forms out of a pack: one field of ours for each field that an action shows, in the reader's language.

page = action_page(uow, actor, now=now, kind="case", ref=ref, action="close")
form = pack_form(page.fields, now=now, zone=zone, version=page.version)
if form.is_accepted():
    perform(..., version=form.version.data, values=form.values())
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from trim.domain.errors import Reason
from trim.engine.definition import Field
from trim.engine.forms import MOST_NUMBER
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import (
    CheckboxesField,
    DateField,
    InstantField,
    LongTextField,
    NumberField,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    VersionField,
    YesNoField,
    choice,
)
from trim.web.i18n import of_text

#: Above this many choices a list that opens takes less scrolling than buttons one under the other.
MOST_RADIOS = 9

#: Names of fields that tell what has happened already, so that a day to come is a slip of the finger.
PAST = frozenset({"held_at", "happened_at", "spoke_at"})

#: Names that every form of ours sends itself; a pack's field of that name travels under another.
_TAKEN = frozenset({"version", "csrf_token", "do"})

#: Classes of fields whose choices are the people who take part.
TAKE_PART = frozenset({"party", "parties"})

PREFIX = "pack_"


class PackForm(BaseForm):
    """A form with the fields of a pack. A pack may call a field what it likes: it never hides a method of the form."""

    version = VersionField()
    pack_fields: tuple[str, ...] = ()

    def field(self, name: str) -> Any:
        """The field of that name in the pack. Raises KeyError."""
        return self._fields[PREFIX + name]

    def shown(self) -> list[Any]:
        """The pack's fields in its order, for the page to draw."""
        return [self.field(name) for name in self.pack_fields]

    def values(self) -> dict[str, Any]:
        """What was filled in, by the pack's names, as `perform` wants it; blank is None, "" or []."""
        return {name: self.field(name).data for name in self.pack_fields}

    def add_problem(self, name: str, message: str) -> None:
        """Put a message at the pack's field of that name, else at another field, else at the form."""
        super().add_problem(PREFIX + name if name in self.pack_fields else name, message)

    def add_problems(self, problems: Mapping[str, Reason], locale: str) -> None:
        """Put the problems of an `InvalidInput` at their fields."""
        for name, reason in problems.items():
            self.add_problem(name, reason.of(locale))


Form = TypeVar("Form", bound=PackForm)


def pack_form(
    fields: Sequence[Field],
    *,
    now: datetime,
    zone: ZoneInfo,
    version: int | None,
    practitioners: Iterable[SelectChoice] = (),
    parties: Iterable[SelectChoice] = (),
    data: Mapping[str, Any] | None = None,
) -> PackForm:
    """The form of an action's `fields`, filled from the request, else from `data` by the pack's names."""
    given = {PREFIX + name: value for name, value in (data or {}).items()}
    return form_class(fields, base=PackForm, practitioners=practitioners, parties=parties)(
        now=now, zone=zone, data={**given, "version": version}
    )


def form_class(
    fields: Sequence[Field],
    *,
    base: type[Form],
    practitioners: Iterable[SelectChoice] = (),
    parties: Iterable[SelectChoice] = (),
) -> type[Form]:
    """A form class with the pack's `fields` after those of `base`; its texts are in the language of this request."""
    people, there = list(practitioners), list(parties)
    members: dict[str, Any] = {
        PREFIX + field.name: _BUILDERS[field.field_class](
            field, there if field.field_class in TAKE_PART else people, _common(field)
        )
        for field in fields
    }
    return type("ActionForm", (base,), {**members, "pack_fields": tuple(field.name for field in fields)})


def _common(field: Field) -> dict[str, Any]:
    return {
        "label": of_text(field.label),
        "hint": of_text(field.hint) if field.hint else "",
        "required": field.required,
        "name": PREFIX + field.name if field.name in _TAKEN else field.name,
    }


def _choices(field: Field) -> list[SelectChoice]:
    return [choice(one.value, of_text(one.label), of_text(one.hint) if one.hint else "") for one in field.choices]


def _short_text(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return TextField(max_length=field.max_length or 200, **common)


def _long_text(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return LongTextField(max_length=field.max_length or 1000, **common)


def _choice(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    offered = _choices(field)
    # Somebody who has chosen by mistake must be able to take it back, and a radio button cannot be let go of.
    if not field.required and len(offered) <= MOST_RADIOS:
        offered = [*offered, choice("", _("Leave this open"))]
    kind = RadioField if len(offered) <= MOST_RADIOS + 1 else SelectField
    return kind(choices=offered, **common)


def _date(_field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    # What has happened is an instant; a day that a pack asks for lies ahead, and buttons for today and yesterday would
    # mislead.
    return DateField(quick=False, **common)


def _instant(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    if field.name in PAST:
        return InstantField(validators=[NotInFuture()], **common)
    return InstantField(ahead=True, **common)


def _yes_no(_field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return YesNoField(**common)


def _tags(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return CheckboxesField(choices=_choices(field), **common)


def _practitioner(_field: Field, people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return RadioField(choices=people, **common)


def _level(field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return RadioField(choices=_choices(field), **common)


def _phone(_field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return PhoneField(max_length=40, **common)


def _number(_field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return NumberField(most=MOST_NUMBER, **common)


def _somebody(_field: Field, _people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return TextField(max_length=120, **common)


def _parties(_field: Field, people: list[SelectChoice], common: dict[str, Any]) -> Any:
    return CheckboxesField(choices=people, **common)


_BUILDERS: Mapping[str, Callable[[Field, list[SelectChoice], dict[str, Any]], Any]] = {
    "short_text": _short_text,
    "long_text": _long_text,
    "choice": _choice,
    "date": _date,
    "instant": _instant,
    "yes_no": _yes_no,
    "tags": _tags,
    "practitioner": _practitioner,
    "level": _level,
    "phone": _phone,
    "number": _number,
    "somebody": _somebody,
    "party": _practitioner,
    "parties": _parties,
}

"""The forms of accounts, units, the rota and training: they declare; choices are handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotBefore, NotInFuture, NotInPast
from trim.web.forms.fields import (
    DateField,
    EmailField,
    InstantField,
    NumberField,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
)
from trim.web.forms.programmes import OfProgramme


class _InProgramme(OfProgramme):
    programme = RadioField(_l("For which programme"), thing=_l("the programme"))


class AccountForm(_InProgramme):
    """A new account; its owner sets the password through a link."""

    name = TextField(_l("Full name"), thing=_l("the full name"), max_length=120)
    email = EmailField(_l("E-mail address"), thing=_l("the e-mail address"), hint=_l("They sign in with it."))
    staff_number = TextField(
        _l("Staff number"),
        thing=_l("the staff number"),
        hint=_l(
            "Ties the account to the directory, so that nobody supports their own manager or reads their own case."
        ),
        max_length=64,
        required=False,
    )
    phone = PhoneField(
        _l("Telephone"), thing=_l("the telephone number"), hint=_l("Needed for the duty rota."), required=False
    )
    locale = RadioField(_l("Language"), thing=_l("the language"), inline=True)
    role = SelectField(_l("Role"), thing=_l("the role"))
    unit = SelectField(_l("For which unit, and all below it"), thing=_l("the unit"))


class RoleForm(_InProgramme):
    """One more role of an account, for good or until a day."""

    role = SelectField(_l("Role"), thing=_l("the role"))
    unit = SelectField(_l("For which unit, and all below it"), thing=_l("the unit"))
    until = DateField(
        _l("Last day, for somebody who stands in for a time"),
        thing=_l("the last day"),
        hint=_l("The role ends by itself at the end of that day."),
        required=False,
        quick=False,
        validators=[NotInPast()],
    )


class TieForm(BaseForm):
    """Whose account it is, in the directory."""

    staff_number = TextField(
        _l("Staff number or full name in the directory"), thing=_l("the staff number or the full name"), max_length=200
    )


class UnitForm(BaseForm):
    """A new unit below another."""

    name = TextField(_l("Name of the unit"), thing=_l("the name of the unit"), max_length=120)
    parent = SelectField(_l("Part of"), thing=_l("the unit above"))


class TurnForm(BaseForm):
    """A turn on the duty rota."""

    account = SelectField(_l("Who"), thing=_l("who is on duty"))
    phone = PhoneField(
        _l("Telephone"), thing=_l("the telephone number"), hint=_l("The number that will be answered, day and night.")
    )
    from_at = InstantField(_l("From"), thing=_l("the start"), ahead=True)
    until_at = InstantField(
        _l("Until"), thing=_l("the end"), ahead=True, validators=[NotBefore("from_at", _l("the start"))]
    )


class TrainingForm(BaseForm):
    """A course or refresher of a practitioner."""

    trained_on = DateField(_l("Day of the course"), thing=_l("the day of the course"), validators=[NotInFuture()])
    valid_until = DateField(_l("Valid until"), thing=_l("until when it is valid"), quick=False)
    max_open_cases = NumberField(
        _l("Most open cases at a time"), thing=_l("the number of open cases"), least=1, most=50
    )


class SettingsForm(BaseForm):
    """What one sets for oneself."""

    locale = RadioField(_l("Language of pages and mails"), thing=_l("the language"), inline=True)
    phone = PhoneField(
        _l("Telephone"), thing=_l("your telephone number"), hint=_l("Offered when you go on duty."), required=False
    )

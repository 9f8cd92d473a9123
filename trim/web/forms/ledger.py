"""Forms around the private link: giving it out, and the code behind it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from trim.web.forms.base import BaseForm
from trim.web.forms.fields import CheckboxField, EmailField, RadioField, TextField, choice


class ChosenAddressField(EmailField):
    """An address that is asked for with the link by mail alone, and then must be there."""

    def pre_validate(self, form: Any) -> None:
        """Look at it only where it is asked for."""
        if form.channel.data != "mail":
            raise StopValidation
        super().pre_validate(form)


class LinkForm(BaseForm):
    """How the person wants their link."""

    channel = RadioField(
        _l("How does the person want the link?"),
        thing=_l("how the person wants the link"),
        choices=[
            choice("mail", _l("By e-mail, to an address they choose")),
            choice("paper", _l("By hand: on paper, or copied into a message of their own")),
        ],
    )
    address = ChosenAddressField(
        _l("Which address did they choose?"),
        thing=_l("the address"),
        hint=_l(
            "A private one. Nothing goes to a work address by default: an employer may be able to open work mail, and "
            "sees that it came."
        ),
        max_length=200,
    )
    work_address = CheckboxField(
        _l("The person wants it at this work address and knows that their employer may be able to open it")
    )


class LinkCodeForm(BaseForm):
    """The code that was given apart from the link."""

    code = TextField(
        _l("Your code"),
        thing=_l("your code"),
        hint=_l("Eight digits. You got them apart from the link, spoken or on paper."),
        max_length=40,
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

"""What all our fields share: a `thing` to speak of, required or not, and a limit of length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.validators import StopValidation

from trim.web.forms import wording


class Worded:
    """Mixed into a WTForms field before its own class.

    `thing` is what is asked for, with its article (see `wording`); `hint` is shown under the label; a field that is
    not `required` is marked as optional and skips its validators when nothing was typed. `kind` names the way the
    `field()` macro draws it.
    """

    kind = "input"
    thing_text: Any = None
    required: bool = True

    def __init__(
        self,
        label: Any,
        *,
        thing: Any = None,
        hint: Any = "",
        required: bool = True,
        validators: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        self.thing_text = thing
        self.required = required
        super().__init__(label, validators=list(validators), description=hint, **kwargs)  # type: ignore[call-arg]

    @property
    def thing(self) -> str:
        """What the field asks for, in the reader's language."""
        return str(self.thing_text) if self.thing_text else wording.quoted(self.label_text)

    @property
    def label_text(self) -> str:
        """The label in the reader's language."""
        return str(self.label.text)  # type: ignore[attr-defined]

    def missing(self) -> str:
        """The message when nothing was given."""
        return wording.enter(self.thing) if self.thing_text else wording.answer(self.label_text)

    def is_empty(self) -> bool:
        """Whether nothing was given; zero and False are answers."""
        data = self.data  # type: ignore[attr-defined]
        return data is None or data == "" or data == []

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it with the form
        """Stop with the message, or silently, when there is nothing to look at."""
        if self.process_errors:  # type: ignore[attr-defined]
            raise StopValidation
        if self.is_empty():
            raise StopValidation(self.missing() if self.required else None)

"""Which programme a form is about, asked only where there are several (CARE 11)."""

from __future__ import annotations

from collections.abc import Mapping

from trim.engine.wording import Text
from trim.web.forms.base import BaseForm
from trim.web.forms.fields import RadioField, choice
from trim.web.i18n import of_text


class OfProgramme(BaseForm):
    """Shared by forms with a field `programme`, each with its own words for it."""

    programme: RadioField

    def offer_programmes(self, programmes: Mapping[str, Text]) -> None:
        """Hand in the programmes with their titles; a single one is not asked about."""
        self.programme.choices = [choice(name, of_text(title)) for name, title in programmes.items()]
        if not self.asks_programme:
            self.programme.data = next(iter(programmes), "")

    @property
    def asks_programme(self) -> bool:
        """Whether there is a choice at all."""
        return len(self.programme.choices) > 1

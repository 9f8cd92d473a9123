"""Fields that name somebody: rows of a report, and one person found in the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.fields.choices import SelectChoice

from trim.domain.incident import ExposedPerson
from trim.engine.definition import Choice
from trim.usecases.intake.report_options import ReportOptions
from trim.usecases.intake.search_people import PersonFound
from trim.web.forms.fields import HiddenField, RadioField, SelectField, TextField, choice
from trim.web.i18n import of_text

#: The choice that means somebody whom the directory does not know yet.
NEW = "new"


def pack_choices(choices: Iterable[Choice], *, hints: bool = True) -> list[SelectChoice]:
    """A group of the pack's words as choices, in the reader's language."""
    return [choice(one.value, of_text(one.label), of_text(one.hint) if hints and one.hint else "") for one in choices]


def unit_choices(options: ReportOptions) -> list[SelectChoice]:
    """The units that are open."""
    return [choice(unit_id, name) for unit_id, name in options.units]


def found_choices(found: Sequence[PersonFound], new: str) -> list[SelectChoice]:
    """Who was found, told apart by unit and staff number, and last somebody new; `new` is the label of that."""
    return [*(choice(one.id, one.name, _about(one)) for one in found), choice(NEW, new)]


def _about(person: PersonFound) -> str:
    return " · ".join(part for part in (person.unit, person.staff_number) if part)


class PersonRow(Form):
    """One row of a report; a row without a name is a row that nobody filled in."""

    who = TextField(_l("Name or staff number"), thing=_l("the name or staff number"), max_length=120)
    #: For which name the choice was offered: whoever types another name has not chosen yet.
    asked_for = HiddenField()
    person = RadioField(_l("Whom do you mean?"), thing=_l("whom you mean"), required=False)
    exposure = SelectField(_l("How were they exposed?"), thing=_l("how they were exposed"))
    staff_group = SelectField(_l("Works here as"), thing=_l("what they work here as"))
    unit_id = SelectField(_l("Own unit, if another one"), thing=_l("the unit"), required=False)

    def offer(self, options: ReportOptions) -> None:
        """Hand in what there is to choose from."""
        self.exposure.choices = pack_choices(options.choices["exposures"])
        self.staff_group.choices = pack_choices(options.choices["staff_groups"])
        self.unit_id.choices = unit_choices(options)
        if not self.staff_group.data and self.staff_group.choices:
            self.staff_group.data = self.staff_group.choices[0].value

    def ask_which(self, found: Sequence[PersonFound]) -> None:
        """Offer those who bear the name, and somebody else of that name."""
        self.asked_for.data = self.who.data
        self.person.choices = found_choices(found, _("Somebody else of this name"))
        self.person.required = True

    @property
    def was_asked(self) -> bool:
        """Whether the choice was offered for the very name that stands here now."""
        return bool(self.who.data) and self.asked_for.data == self.who.data

    def drop_old_choice(self) -> None:
        """Forget whom was chosen for another name than the one that stands here now."""
        if not self.was_asked:
            self.person.data = None

    @property
    def is_blank(self) -> bool:
        """Whether nobody is named here."""
        return not self.who.data

    @property
    def has_more(self) -> bool:
        """Whether what most rows do not need was filled in here."""
        groups = self.staff_group.choices
        return bool(self.unit_id.data) or (bool(groups) and self.staff_group.data != groups[0].value)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """A row with a name needs the rest; one without a name is left alone, unless an exposure was chosen in it."""
        if not self.is_blank:
            return bool(super().validate(extra_validators))
        if self.exposure.data:
            self.who.errors = [self.who.missing()]
        return not self.exposure.data

    def named(self) -> ExposedPerson:
        """Who is named: chosen from those found, by staff number where there is a digit, else by name."""
        typed = str(self.who.data)
        chosen = self.person.data if self.person.choices else None
        number = typed if any(sign.isdigit() for sign in typed) else ""
        return ExposedPerson(
            exposure=self.exposure.data or "",
            person_id=chosen if chosen and chosen != NEW else None,
            name=typed,
            staff_number="" if chosen == NEW else number,
            staff_group=self.staff_group.data or "employee",
            unit_id=self.unit_id.data or None,
            is_new=chosen == NEW,
        )


class PersonFields:
    """Mixed into a form about one person: what was typed, who was found, and what a new person needs.

    `found_for` says for which words the choices were found: other words are searched for anew.
    """

    who: Any = TextField(
        _l("Name or staff number"),
        thing=_l("a name or a staff number"),
        hint=_l("The beginning of a name is enough."),
        max_length=120,
    )
    found_for: Any = HiddenField()
    person: Any = RadioField(_l("Whom do you mean?"), thing=_l("whom you mean"))
    exposure: Any = RadioField(_l("How were they exposed?"), thing=_l("how they were exposed"))
    staff_group: Any = SelectField(_l("Works here as"), thing=_l("what they work here as"), required=False)
    own_unit: Any = SelectField(_l("Their unit"), thing=_l("their unit"), required=False)

    def offer_people(self, options: ReportOptions) -> None:
        """Hand in what there is to choose from, before anybody was found."""
        self.exposure.choices = pack_choices(options.choices["exposures"])
        self.staff_group.choices = pack_choices(options.choices["staff_groups"])
        self.own_unit.choices = unit_choices(options)
        self.person.choices = []
        if not self.staff_group.data and self.staff_group.choices:
            self.staff_group.data = self.staff_group.choices[0].value

    @property
    def is_searched(self) -> bool:
        """Whether the choices that were shown belong to what stands in the box now."""
        return bool(self.who.data) and self.found_for.data == self.who.data

    def show_found(self, found: Sequence[PersonFound]) -> None:
        """Offer who was found for what was typed, and somebody new under that name."""
        self.found_for.data = self.who.data
        self.person.choices = found_choices(found, _("Somebody new: %(name)s", name=self.who.data))
        if not found and not self.person.data:
            self.person.data = NEW

    def named(self) -> ExposedPerson:
        """Who was chosen."""
        is_new = self.person.data == NEW
        return ExposedPerson(
            exposure=self.exposure.data or "",
            person_id=None if is_new else self.person.data,
            name=str(self.who.data) if is_new else "",
            staff_group=self.staff_group.data or "employee",
            unit_id=self.own_unit.data or None,
            is_new=is_new,
        )

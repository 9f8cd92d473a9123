"""Forms of access requests and of the register of disclosures."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from trim.domain import disclosure as codes
from trim.usecases.intake.search_people import PersonFound
from trim.web import disclosure_words as words
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    LongTextField,
    RadioField,
    SelectField,
    TextField,
    VersionField,
    YesNoField,
    choice,
)

MOST = 2000


class Chooses(BaseForm):
    """A form whose choices are code words; `CODES` names them and their words by field."""

    CODES: dict[str, tuple[tuple[str, ...], Any]] = {}  # noqa: RUF012 - a table of the class, never changed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (known, say) in self.CODES.items():
            self[name].choices = [choice(code, say(code)) for code in known]


class NewRequestForm(Chooses):
    """Who asks for everything held on them, how and when."""

    CODES = {"channel": (codes.CHANNELS, words.channel_words)}  # noqa: RUF012
    who = TextField(
        _l("Name or staff number"),
        thing=_l("a name or a staff number"),
        hint=_l("The beginning of a name is enough."),
        max_length=120,
    )
    found_for = HiddenField()
    person = RadioField(_l("Whom do you mean?"), thing=_l("whom you mean"))
    asked_by = TextField(
        _l("Who asked?"),
        thing=_l("who asked"),
        hint=_l("“The person”, or the name of whoever speaks for them."),
    )
    channel = RadioField(_l("How did it come in?"), thing=_l("how it came in"))
    received_on = DateField(
        _l("When did it come in?"),
        thing=_l("the day it came in"),
        hint=_l("The month to answer runs from this day."),
        validators=[NotInFuture()],
    )
    language = RadioField(_l("Language of the package"), thing=_l("the language"), inline=True)
    remark = LongTextField(_l("Remark"), thing=_l("the remark"), max_length=MOST, rows=3, required=False)

    def show_found(self, found: tuple[PersonFound, ...]) -> None:
        """Offer who was found for what was typed."""
        self.found_for.data = self.who.data
        self.person.choices = [
            choice(one.id, one.name, " · ".join(part for part in (one.unit, one.staff_number) if part)) for one in found
        ]


class IdentityForm(Chooses):
    """How the identity was checked."""

    CODES = {"how": (codes.IDENTITY_CHECKS, words.identity_words)}  # noqa: RUF012
    how = RadioField(_l("How did you check who asks?"), thing=_l("how you checked"))
    remark = LongTextField(
        _l("Remark"), thing=_l("the remark"), hint=_l("Keep no copy of a document."), max_length=MOST, required=False
    )
    version = VersionField()


class ReviewerForm(BaseForm):
    """Who reads everything before it goes out; the view hands in who may."""

    reviewer = RadioField(_l("Who reviews it?"), thing=_l("who reviews it"))
    version = VersionField()


class ExtensionForm(Chooses):
    """Two further months."""

    CODES = {"code": (codes.EXTENSIONS, words.extension_words)}  # noqa: RUF012
    code = RadioField(_l("Why is more time needed?"), thing=_l("why more time is needed"))
    reason = LongTextField(_l("What was the person told?"), thing=_l("what the person was told"), max_length=MOST)
    version = VersionField()


class EndForm(Chooses):
    """Refused, or taken back."""

    CODES = {"code": ((codes.WITHDRAWN, *codes.REFUSALS), words.ended_words)}  # noqa: RUF012
    code = RadioField(_l("Why does it end?"), thing=_l("why it ends"))
    reason = LongTextField(_l("In words"), thing=_l("the reason"), max_length=MOST)
    version = VersionField()


class HandOverForm(Chooses):
    """How and when the package was handed over."""

    CODES = {"how": (codes.HANDOVERS, words.handover_words)}  # noqa: RUF012
    how = RadioField(_l("How did you hand it over?"), thing=_l("how you handed it over"))
    on = DateField(_l("When?"), thing=_l("the day"), validators=[NotInFuture()])
    version = VersionField()


class LeadsForm(BaseForm):
    """Whether the reader leads the person who asks, or is led by them (CARE 10)."""

    leads = YesNoField(_l("Do you lead this person, or do they lead you?"), thing=_l("yes or no"))


class ItemForm(BaseForm):
    """What happens with one item of a package."""

    decision = RadioField(_l("What goes into the package?"), thing=_l("what goes into the package"))
    passages = LongTextField(
        _l("Which passages stay out?"),
        thing=_l("the passages"),
        hint=_l("Copy each passage exactly, one on each line."),
        max_length=10_000,
        rows=4,
        required=False,
    )
    reason = SelectField(_l("Why does it stay out?"), thing=_l("the reason"), required=False)
    digest = HiddenField()
    version = VersionField()

    def wanted(self) -> list[str]:
        """The passages, one on each line."""
        return [line.strip() for line in (self.passages.data or "").splitlines() if line.strip()]


class NewDisclosureForm(Chooses):
    """Somebody else asks for something."""

    CODES = {  # noqa: RUF012
        "asked_by": (codes.ASKING, words.asking_words),
        "ground": (codes.GROUNDS, words.ground_words),
    }
    asked_by = RadioField(_l("Who asks?"), thing=_l("who asks"))
    who = TextField(_l("Name of the office and of the person who asks"), thing=_l("who asks, by name"))
    ground = RadioField(_l("On which legal ground?"), thing=_l("the legal ground"))
    ground_words = LongTextField(
        _l("The ground in words"),
        thing=_l("the ground"),
        hint=_l("File number, section of the law, what is asked for."),
        max_length=MOST,
        required=False,
    )
    asked_on = DateField(_l("When did they ask?"), thing=_l("the day they asked"), validators=[NotInFuture()])
    due_on = DateField(_l("By when do they want an answer?"), thing=_l("the day"), required=False, quick=False)


class ToldForm(Chooses):
    """Whether the person was told."""

    CODES = {"told": (codes.TOLD, words.told_words)}  # noqa: RUF012
    told = RadioField(_l("Was the person told?"), thing=_l("whether the person was told"))
    told_on = DateField(_l("When?"), thing=_l("the day"), required=False, validators=[NotInFuture()])
    version = VersionField()


class DecideForm(Chooses):
    """The second person's decision."""

    CODES = {  # noqa: RUF012
        "decision": (codes.DECISIONS, words.decision_words),
        "given": (codes.RECORD_KINDS, words.kind_words),
        "told": (codes.TOLD, words.told_words),
    }
    decision = RadioField(_l("What do you decide?"), thing=_l("what you decide"))
    reason = LongTextField(_l("Why?"), thing=_l("the reason"), max_length=MOST)
    given = CheckboxesField(_l("What is given?"), thing=_l("what is given"), required=False)
    given_words = LongTextField(
        _l("In words: exactly what"), thing=_l("what is given"), max_length=MOST, required=False
    )
    told = RadioField(_l("Was the person told?"), thing=_l("whether the person was told"))
    told_on = DateField(_l("When was the person told?"), thing=_l("the day"), required=False)
    version = VersionField()


class HoldForm(BaseForm):
    """A legal hold that is set because of an entry, by a press of its own."""

    reason = LongTextField(_l("Why must nothing be erased?"), thing=_l("why nothing may be erased"), max_length=MOST)

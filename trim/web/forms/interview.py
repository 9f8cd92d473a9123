"""The form of an interview, out of an instrument: each item with its anchors in words, then the pack's own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from trim.engine.definition import NOT_ASKED, PREFERRED_NOT_TO_ANSWER, SPECIAL_ANSWERS, Anchor, Field, Instrument, Item
from trim.engine.scoring import tags_of
from trim.usecases.assessment.carried import Carried
from trim.web.forms.fields import (
    CheckboxesField,
    LongTextField,
    RadioField,
    TextField,
    VersionField,
    choice,
)
from trim.web.forms.from_pack import PackForm, form_class
from trim.web.i18n import of_text

ANSWER, DISCLOSED = "answer_", "disclosed_"

#: The choice that leaves an item carried over as it was.
AS_BEFORE = "as_before"

#: Boxes that say nothing of the interview itself.
_NOT_KEPT = frozenset({"csrf_token", "version", "draft_version", "do", "level", "reason", "hold_read"})


class AnswerField(RadioField):
    """One item. `data` is its points as text, or one of the two ways of having no answer."""

    def missing(self) -> str:
        """The message names the theme: the summary lists many of these."""
        return _("%(theme)s: choose an answer", theme=self.label_text)

    @property
    def out_of_range(self) -> str:
        """What a draft kept although no answer is called so; '' for an answer, and for nothing."""
        return str(self.data) if self.data and str(self.data) not in self.offered() else ""


class TagsField(CheckboxesField):
    """An item that takes several tags. Nothing ticked means not asked; a kept answer comes as one text with blanks."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ticked boxes, or the one text of a draft or of an earlier version."""
        words = [word for one in valuelist for word in str(one).split()]
        tags = [word for word in words if word not in SPECIAL_ANSWERS]
        # Whoever named something has answered, whatever else is ticked.
        self.data = tags or [word for word in words if word == PREFERRED_NOT_TO_ANSWER]


class WordsField(TextField):
    """An item answered in words; that it was not asked is an empty box."""

    def cleaned(self, text: str) -> str:
        """The text as it is kept."""
        return "" if text in SPECIAL_ANSWERS else super().cleaned(text)


class LongWordsField(LongTextField):
    """The same with several lines."""

    def cleaned(self, text: str) -> str:
        """The text as it is kept."""
        return "" if text in SPECIAL_ANSWERS else super().cleaned(text)


class InterviewForm(PackForm):
    """Answers, what was newly disclosed, and the fields of the pack. Stopped early, no item needs an answer."""

    draft_version = VersionField()
    items: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    def answer(self, item: str) -> Any:
        """The field of an item. Raises KeyError."""
        return self._fields[ANSWER + item]

    def disclosure(self, item: str) -> Any:
        """The field that corrects an item carried over. Raises KeyError."""
        return self._fields[DISCLOSED + item]

    def answers(self) -> dict[str, Any]:
        """What was answered, by item; an item without an answer is left out."""
        return {item: self.answer(item).data for item in self.items if self.answer(item).data}

    def disclosed(self) -> dict[str, Any]:
        """New answers to items carried over."""
        given = {item: self.disclosure(item).data for item in self.carried}
        return {item: answer for item, answer in given.items() if answer and answer != AS_BEFORE}

    def add_problem(self, name: str, message: str) -> None:
        """Put a message at the item of that name, else at the pack's field."""
        if name in self.items:
            message = f"{self.answer(name).label_text}: {message}"
            super().add_problem(ANSWER + name, message)
        elif name in self.carried:
            super().add_problem(DISCLOSED + name, message)
        else:
            super().add_problem(name, message)


def interview_form(
    instrument: Instrument,
    fields: Sequence[Field],
    carried: Iterable[Carried],
    *,
    now: datetime,
    zone: ZoneInfo,
    shown: MultiDict[str, str] | None,
    stopped_early: bool = False,
    base: type[InterviewForm] = InterviewForm,
) -> InterviewForm:
    """The form, filled from the request where one was sent, else with what is `shown` (see `boxes_of`)."""
    outside = tuple(carried)
    members: dict[str, Any] = {
        ANSWER + item.name: _answer(item, needed=not stopped_early) for item in instrument.items()
    }
    members |= {DISCLOSED + one.item.name: _disclosure(one) for one in outside}
    with_items = type(
        "ItemsForm",
        (base,),
        {
            **members,
            "items": tuple(item.name for item in instrument.items()),
            "carried": tuple(one.item.name for one in outside),
        },
    )
    made: type[InterviewForm] = form_class(fields, base=with_items)
    return made(now=now, zone=zone) if shown is None else made(shown, now=now, zone=zone)


def boxes_of(
    *,
    version: int,
    draft_version: int = 0,
    answers: Mapping[str, str],
    disclosed: Mapping[str, str],
    typed: Mapping[str, Sequence[str]],
) -> MultiDict[str, str]:
    """What was kept, as the boxes of the form that it came from: shown as it was typed, right or wrong."""
    boxes: MultiDict[str, str] = MultiDict({"version": str(version), "draft_version": str(draft_version)})
    for name, values in typed.items():
        boxes.setlist(name, list(values))
    boxes.update({ANSWER + item: answer for item, answer in answers.items()})
    boxes.update({DISCLOSED + item: answer for item, answer in disclosed.items()})
    return boxes


def sent_boxes(sent: MultiDict[str, str]) -> dict[str, Any]:
    """What was sent, as `save_draft` wants it: answers and disclosures by item, every other box as it was typed."""
    return {
        "answers": {
            name.removeprefix(ANSWER): " ".join(sent.getlist(name)) for name in sent if name.startswith(ANSWER)
        },
        "disclosed": {
            name.removeprefix(DISCLOSED): sent[name]
            for name in sent
            if name.startswith(DISCLOSED) and sent[name] != AS_BEFORE
        },
        "typed": {
            name: sent.getlist(name)
            for name in sent
            if name not in _NOT_KEPT and not name.startswith((ANSWER, DISCLOSED))
        },
    }


def special_words(answer: str) -> str:
    """The words of the two ways of having no answer; '' for any other."""
    return {NOT_ASKED: _("Not asked"), PREFERRED_NOT_TO_ANSWER: _("Preferred not to answer")}.get(answer, "")


def answer_words(item: Item, answer: str) -> str:
    """A stored answer in words: its anchor, why there is none, or itself."""
    if item.kind == "tags" and answer not in SPECIAL_ANSWERS:
        labels = {one.value: one.label for one in item.choices}
        return ", ".join(of_text(labels[value]) for value in tags_of(item, answer)) or special_words(NOT_ASKED)
    anchors = {str(anchor.value): anchor.label for anchor in item.anchors}
    if answer in anchors:
        return of_text(anchors[answer])
    return special_words(answer) or {"yes": _("Yes"), "no": _("No")}.get(answer, answer)


def _answer(item: Item, *, needed: bool) -> Any:
    if item.kind in ("scale", "yes_no"):
        hint = of_text(item.hint) if item.hint else ""
        return AnswerField(
            of_text(item.label), hint=hint, required=needed and item.scored, choices=[*_own(item), *_special()]
        )
    asked = of_text(item.text) + (f" {of_text(item.hint)}" if item.hint else "")
    if item.kind == "tags":
        offered = [choice(one.value, of_text(one.label), of_text(one.hint) if one.hint else "") for one in item.choices]
        offered.append(choice(PREFERRED_NOT_TO_ANSWER, special_words(PREFERRED_NOT_TO_ANSWER)))
        return TagsField(of_text(item.label), hint=asked, required=False, choices=offered)
    kind = LongWordsField if item.kind == "long_text" else WordsField
    return kind(of_text(item.label), hint=asked, required=False, max_length=500 if item.kind == "long_text" else 200)


def _own(item: Item) -> list[SelectChoice]:
    if item.kind == "yes_no":
        return [choice("yes", _("Yes")), choice("no", _("No"))]
    return [choice(str(one.value), _point(item, one), of_text(one.hint) if one.hint else "") for one in item.anchors]


def _point(item: Item, anchor: Anchor) -> str:
    """The words of an anchor, with its points where they count."""
    return f"{anchor.value} – {of_text(anchor.label)}" if item.scored else of_text(anchor.label)


def _special() -> list[SelectChoice]:
    return [choice(answer, special_words(answer)) for answer in (NOT_ASKED, PREFERRED_NOT_TO_ANSWER)]


class DisclosureField(RadioField):
    """An item carried over: it stays as it was unless something else is chosen."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """A form that says nothing of it, such as one saved half-way, leaves it as it was."""
        super().process(formdata, *args, **kwargs)
        self.data = self.data or AS_BEFORE


def _disclosure(one: Carried) -> Any:
    stays = _("Stays as it was: %(answer)s", answer=answer_words(one.item, one.answer))
    others = [given for given in _own(one.item) if str(given.value) != one.answer]
    return DisclosureField(of_text(one.item.label), choices=[choice(AS_BEFORE, stays), *others])

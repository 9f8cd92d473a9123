"""The form of the planning meeting: the pack's own fields, and a response for each person on one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from trim.domain.errors import Reason
from trim.usecases.planning.hold_meeting import GROUPS, LOOK_AGAIN_PAST, NOTHING_YET, Response
from trim.usecases.planning.meeting_page import PlanningPage, ToDecide
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInPast
from trim.web.forms.fields import DateField, RadioField, VersionField, YesNoField, choice
from trim.web.forms.from_pack import PREFIX, PackForm, form_class
from trim.web.forms.people import PersonFields, pack_choices
from trim.web.forms.report import IncidentForm, hold_field
from trim.web.i18n import of_text

RESPONSE, LOOK_AGAIN = "response-", "look_again-"


class PlanForm(PackForm):
    """Who met and when, then `response-<id>` and `look_again-<id>` for each person."""

    people: tuple[ToDecide, ...] = ()

    def response_of(self, person: ToDecide) -> Any:
        """The field with the responses for one person."""
        return self._fields[RESPONSE + person.exposure_id]

    def look_again_of(self, person: ToDecide) -> Any:
        """The field with the day on which "nothing yet" is looked at again."""
        return self._fields[LOOK_AGAIN + person.exposure_id]

    def responses(self) -> dict[str, Response]:
        """What was chosen, by exposure id; who is looked at again and left as they are is not in it."""
        chosen = {}
        for person in self.people:
            word = self.response_of(person).data
            if word:
                chosen[person.exposure_id] = Response(word, self.look_again_of(person).data)
        return chosen

    def add_problems(self, problems: Mapping[str, Reason], locale: str) -> None:
        """Put problems at their fields; one about a day says for whom, because the summary lists those of all."""
        for name, reason in problems.items():
            told = reason.of(locale)
            if reason.code == LOOK_AGAIN_PAST.code:
                person = next(one for one in self.people if one.exposure_id == name.removeprefix(LOOK_AGAIN))
                told = _("Choose a day to come on which to look again at %(name)s.", name=person.name)
            self.add_problem(name, told)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """All fields; and a day where somebody has "nothing yet", told with everything else that is missing."""
        fits = bool(super().validate(extra_validators))
        for person in self.people:
            day = self.look_again_of(person)
            if self.response_of(person).data == NOTHING_YET and day.data is None and not day.errors:
                day.errors = [day.missing()]
                fits = False
        return fits


def plan_form(page: PlanningPage, *, now: datetime, zone: ZoneInfo) -> PlanForm:
    """The form for the people who wait for a decision; the meeting is offered as held now."""
    # Made first, because fields stand in the order in which they are made: when and who met comes before the people.
    base = form_class(page.fields, base=PlanForm)
    members: dict[str, Any] = {"people": page.people}
    for person in page.people:
        members[RESPONSE + person.exposure_id] = RadioField(
            person.name,
            thing=_("a response for %(name)s", name=person.name),
            hint=of_text(person.exposure),
            choices=pack_choices(page.responses, hints=False),
            required=person.look_again_on is None,
        )
        members[LOOK_AGAIN + person.exposure_id] = DateField(
            _("Look again on"),
            thing=_("the day to look again at %(name)s", name=person.name),
            required=False,
            quick=False,
            validators=[NotInPast()],
        )
    made: Any = type("PlanForm", (base,), members)
    form: PlanForm = made(now=now, zone=zone, data={"version": page.version, PREFIX + "held_at": now})
    return form


class OnePersonForm(PersonFields, IncidentForm):
    """Everything about one person on one screen (CARE 25)."""

    evidence_hold = hold_field()
    response = RadioField(_l("What do they need?"), thing=_l("a response"))
    look_again = DateField(
        _l("Look again on"), thing=_l("the day to look again"), required=False, quick=False, validators=[NotInPast()]
    )

    def offer_responses(self, page_choices: Any) -> None:
        """The responses that make sense for one person alone."""
        self.response.choices = pack_choices([one for one in page_choices if one.value not in GROUPS])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """All fields, and a day where it is "nothing yet"."""
        fits = bool(super().validate(extra_validators))
        if self.response.data == NOTHING_YET and self.look_again.data is None and not self.look_again.errors:
            self.look_again.errors = [self.look_again.missing()]
            fits = False
        return fits


class NamePersonForm(PersonFields, BaseForm):
    """One more person who was there."""


class JoinForm(BaseForm):
    """One interview for both incidents, or a case of its own: the person's wish."""

    choice = RadioField(_l("What does the person prefer?"), thing=_l("what the person prefers"))
    version = VersionField()

    def offer(self) -> None:
        """The two ways."""
        self.choice.choices = [
            choice(
                "join",
                _("One interview for both"),
                _("The same practitioner, and nothing has to be told twice."),
            ),
            choice(
                "separate", _("A separate case for this incident"), _("With its own offer and its own practitioner.")
            ),
        ]


class LineForm(BaseForm):
    """Whether the reader leads the person or is led by them, asked before anything is shown (CARE 10)."""

    in_line = YesNoField(
        _l("Are you this person’s line manager, or do they lead you?"), thing=_l("whether there is a line between you")
    )

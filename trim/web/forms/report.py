"""The form by which an incident is reported, and what of it the short path for one person shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField

from trim.domain.errors import Reason
from trim.domain.incident import MAX_DESCRIPTION, MAX_PLACE, ExposedPerson, IncidentReport
from trim.usecases.intake.duplicates import Similar
from trim.usecases.intake.report_options import ReportOptions
from trim.usecases.intake.search_people import PersonFound
from trim.usecases.people.find_or_add import ELSEWHERE, SEVERAL
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import (
    CheckboxField,
    HiddenField,
    InstantField,
    LongTextField,
    RadioField,
    SelectField,
    TextField,
    YesNoField,
    choice,
)
from trim.web.forms.people import PersonRow, pack_choices, unit_choices
from trim.web.i18n import clock, of_text, short_day

#: What a name that could mean two people is refused with.
AMBIGUOUS = frozenset({SEVERAL.code, ELSEWHERE.code})
ROWS = 5
MOST_ROWS = 60
#: The choice that means: it is not one of those that were shown.
ANOTHER = "another"


def hold_field() -> YesNoField:
    """The question about an investigation; a field of its own in each form, which puts it where it belongs."""
    return YesNoField(
        _l("Is an investigation running, or expected?"),
        thing=_l("whether an investigation is running"),
        hint=_l("If you do not know, answer no. Coordinators can change it."),
    )


class IncidentForm(BaseForm):
    """When, where and what: asked by every way in."""

    occurred_on = InstantField(
        _l("When did it happen?"),
        thing=_l("the day of the incident"),
        hint=_l("Leave the time empty if nobody knows it. Clocks then count from noon of that day."),
        time_required=False,
        validators=[NotInFuture()],
    )
    unit_id = SelectField(_l("Which unit was it?"), thing=_l("the unit"))
    kind = SelectField(_l("What kind of incident?"), thing=_l("the kind of incident"))
    source = RadioField(_l("Why is it reported?"), thing=_l("why it is reported"))
    #: For which facts it was said that they may have been reported already: other facts are looked at anew.
    shown_for = HiddenField()
    same_as = RadioField(_l("Is it one of these?"), thing=_l("whether it is one of these"), required=False)

    def offer(self, options: ReportOptions) -> None:
        """Hand in what there is to choose from."""
        self.unit_id.choices = unit_choices(options)
        self.kind.choices = pack_choices(options.choices["incident_kinds"])
        self.source.choices = pack_choices(options.choices["sources"])
        self.same_as.choices = []

    def facts(self) -> str:
        """The facts by which two reports look alike."""
        at = self.occurred_on.data.isoformat() if self.occurred_on.data else ""
        return "|".join((at, self.unit_id.data or "", self.kind.data or ""))

    @property
    def is_confirmed(self) -> bool:
        """Whether the reporter has seen that these very facts may be known already."""
        return bool(self.shown_for.data) and self.shown_for.data == self.facts()

    def show_similar(self, similar: Similar) -> None:
        """Say that it is probably known, and to a coordinator which one it may be (CARE 13)."""
        self.shown_for.data = self.facts()
        self.same_as.required = bool(similar.known)
        if similar.known:
            self.same_as.choices = [
                *(choice(one.ref, _similar_label(one), of_text(one.state)) for one in similar.known),
                choice(ANOTHER, _("No, it is another incident")),
            ]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """All fields; an answer to a question that was not asked is none."""
        if not self.same_as.choices:
            self.same_as.data = None
        return bool(super().validate(extra_validators))

    def local(self) -> tuple[date, time | None]:
        """Day and time on the organisation's clock; no time where nobody knows it."""
        zone = self.zone
        assert zone is not None
        happened = self.occurred_on.data
        assert happened is not None
        local = happened.astimezone(zone)
        return local.date(), local.time() if self.occurred_on.time_known else None


def _similar_label(one: Any) -> str:
    when = f"{short_day(one.occurred_at)}, {clock(one.occurred_at)}" if one.time_known else short_day(one.occurred_at)
    return _("%(ref)s: %(when)s, people: %(count)s", ref=one.ref, when=when, count=one.people)


class ReportForm(IncidentForm):
    """The whole report, with a row for each person who was there."""

    place = TextField(
        _l("Where was it?"),
        thing=_l("the place"),
        hint=_l("A street, a station, a ward."),
        max_length=MAX_PLACE,
        required=False,
    )
    severity = RadioField(_l("How grave is it for the organisation?"), thing=_l("how grave it is"))
    description = LongTextField(
        _l("What happened, in short"),
        thing=_l("what happened"),
        hint=_l("Facts only. No names, and no account of what anybody saw, said or felt."),
        max_length=MAX_DESCRIPTION,
        required=False,
    )
    evidence_hold = hold_field()
    bearers: list[tuple[PersonFound, ...]] = []  # noqa: RUF012 - replaced, never changed

    people = FieldList(FormField(PersonRow), min_entries=ROWS, max_entries=MOST_ROWS)
    restricted = CheckboxField(
        _l("Restrict this incident to the programme leads and to me"),
        hint=_l("For when everybody knows whom it is about. You can name other readers afterwards."),
    )

    def offer(self, options: ReportOptions) -> None:
        """Hand in what there is to choose from; only who oversees can restrict."""
        super().offer(options)
        self.severity.choices = pack_choices(options.choices["severities"])
        for row in self.rows():
            row.offer(options)
        if not options.oversees:
            del self.restricted

    def rows(self) -> list[PersonRow]:
        """The rows as forms of their own."""
        return [entry.form for entry in self.people.entries]

    def filled(self) -> list[PersonRow]:
        """The rows in which somebody is named."""
        return [row for row in self.rows() if not row.is_blank]

    def add_rows(self, options: ReportOptions) -> None:
        """More rows below those that are there; nothing that was typed is touched."""
        for _number in range(min(ROWS, MOST_ROWS - len(self.people.entries))):
            self.people.append_entry()
            self.rows()[-1].offer(options)

    def know_bearers(self, bearers: Sequence[tuple[PersonFound, ...]]) -> None:
        """Who bears each name, by filled row. It is offered where the name turns out not to say whom it means, and
        again where it was offered before."""
        self.bearers = list(bearers)
        for row in self.rows():
            row.drop_old_choice()
        for row, found in zip(self.filled(), self.bearers, strict=True):
            if row.was_asked:
                row.ask_which(found)

    def named(self) -> tuple[ExposedPerson, ...]:
        """Everybody named, in the order of the rows."""
        return tuple(row.named() for row in self.filled())

    def report(self, options: ReportOptions) -> IncidentReport:
        """What was filled in, for the use case."""
        occurred_on, occurred_time = self.local()
        return IncidentReport(
            programme=options.programme,
            unit_id=self.unit_id.data,
            kind=self.kind.data,
            source=self.source.data,
            severity=self.severity.data,
            occurred_on=occurred_on,
            occurred_time=occurred_time,
            place=self.place.data or "",
            description=self.description.data or "",
            evidence_hold=bool(self.evidence_hold.data),
            restricted=bool(self.restricted.data) if "restricted" in self else False,
            exposed=self.named(),
        )

    def add_problems(self, problems: Mapping[str, Reason], locale: str) -> None:
        """Put `exposed-N-field` at that field of the Nth filled row, all else where it belongs."""
        for name, reason in problems.items():
            group, _sign, rest = name.partition("-")
            number, _sign, field = rest.partition("-")
            if group != "exposed" or not number.isdigit():
                self.add_problem(name, reason.of(locale))
                continue
            row, found = self.filled()[int(number)], self.bearers[int(number)]
            if reason.code in AMBIGUOUS:
                row.ask_which(found)
            at = row.exposure if field == "exposure" else row.person if row.person.choices else row.who
            at.errors = [*at.errors, reason.of(locale)]


def report_form(options: ReportOptions, *, now: Any, zone: ZoneInfo) -> ReportForm:
    """The form with its choices; on a first visit the reporter's own unit is chosen."""
    form = ReportForm(now=now, zone=zone, data={"unit_id": options.own_unit_id})
    form.offer(options)
    return form

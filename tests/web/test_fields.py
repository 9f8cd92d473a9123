"""Fields take what people type, and say at the field what they cannot take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from trim.domain.errors import Reason
from trim.web.forms import fields
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotBefore, NotInFuture, NotInPast, read_time
from trim.web.forms.fields import choice

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _request(gallery_app: Flask) -> Iterator[None]:
    with gallery_app.test_request_context(method="POST"), force_locale("en"):
        yield


def sent(field: Any, data: dict[str, Any], **kwargs: Any) -> Any:
    """The field after a form with this one field was sent with `data` and validated."""
    form_class = type("OneField", (BaseForm,), {"one": field})
    form = form_class(formdata=MultiDict(data), now=kwargs.pop("now", NOW), zone=LONDON, meta={"csrf": False}, **kwargs)
    form.validate()
    return form.one


def opened(field: Any, value: Any) -> Any:
    """The field of a form that was opened with this value."""
    form_class = type("OneField", (BaseForm,), {"one": field})
    return form_class(formdata=None, data={"one": value}, zone=LONDON, meta={"csrf": False}).one


def boxes(day: object = "", month: object = "", year: object = "", **more: object) -> dict[str, str]:
    """What the boxes of a date send."""
    parts = {"day": day, "month": month, "year": year, **more}
    return {f"one-{name}": str(value) for name, value in parts.items()}


class TestText:
    def test_blanks_at_the_ends_and_in_the_middle_are_tidied(self) -> None:
        assert sent(fields.TextField("Place"), {"one": "  North \t station "}).data == "North station"

    def test_nothing_is_answered_by_the_thing(self) -> None:
        assert sent(fields.TextField("Place", thing="the place"), {"one": "  "}).errors == ["Enter the place"]

    def test_without_a_thing_the_label_is_quoted(self) -> None:
        assert sent(fields.TextField("Place"), {}).errors == ["Answer “Place”"]

    def test_an_optional_field_takes_nothing(self) -> None:
        field = sent(fields.TextField("Place", required=False), {"one": ""})
        assert field.errors == []
        assert field.data == ""

    def test_too_long_says_how_long(self) -> None:
        field = sent(fields.TextField("Place", thing="the place", max_length=5), {"one": "abcdef"})
        assert field.errors == ["The place must be 5 characters or fewer"]

    def test_line_ends_of_browsers_count_once(self) -> None:
        field = sent(fields.LongTextField("Note", max_length=3), {"one": "a\r\nb"})
        assert field.data == "a\nb"
        assert field.errors == []

    def test_control_characters_are_refused_because_databases_refuse_them(self) -> None:
        field = sent(fields.LongTextField("Note", thing="the note"), {"one": "a\x00b"})
        assert field.errors == ["The note has characters that cannot be kept: type it again"]

    def test_an_address_is_normalised(self) -> None:
        assert sent(fields.EmailField("E-mail"), {"one": " Sam@Example.ORG "}).data == "Sam@example.org"

    @pytest.mark.parametrize("typed", ["sam", "sam@", "@example.org", "sam@@example.org", "a b@example.org"])
    def test_no_address(self, typed: str) -> None:
        field = sent(fields.EmailField("E-mail", thing="your e-mail address"), {"one": typed})
        assert field.errors == ["Your e-mail address must look like name@example.org"]

    @pytest.mark.parametrize("typed", ["112", "+44 20 7946 0123", "(020) 7946-0123", "06.12.34.56.78"])
    def test_numbers_as_people_write_them(self, typed: str) -> None:
        field = sent(fields.PhoneField("Phone"), {"one": typed})
        assert field.errors == []

    @pytest.mark.parametrize("typed", ["call me", "1", "+", "12-"])
    def test_nobody_could_dial_that(self, typed: str) -> None:
        assert sent(fields.PhoneField("Phone", thing="the number"), {"one": typed}).errors


class TestNumber:
    @pytest.mark.parametrize(("typed", "read"), [("0", 0), (" 12 ", 12), ("1 000", 1000), ("+3", 3)])
    def test_whole_numbers(self, typed: str, read: int) -> None:
        assert sent(fields.NumberField("People"), {"one": typed}).data == read

    def test_letters_stay_in_the_box(self) -> None:
        field = sent(fields.NumberField("People", thing="the number of people"), {"one": "lots"})
        assert field.errors == ["The number of people must be a whole number"]
        assert field._value() == "lots"

    @pytest.mark.parametrize("typed", ["0", "501", "-4", "9" * 12])
    def test_out_of_range(self, typed: str) -> None:
        field = sent(fields.NumberField("People", thing="the number", least=1, most=500), {"one": typed})
        assert field.errors == ["The number must be from 1 to 500"]

    def test_it_shows_what_it_was_opened_with(self) -> None:
        assert opened(fields.NumberField("People"), 0)._value() == "0"


class TestChoices:
    OPTIONS = (choice("a", "Alpha"), choice("b", "Beta", "The second"))

    def test_one_of_those_on_offer(self) -> None:
        assert sent(fields.RadioField("Kind", choices=self.OPTIONS), {"one": "b"}).data == "b"

    @pytest.mark.parametrize("data", [{}, {"one": ""}, {"one": "c"}])
    @pytest.mark.parametrize("kind", [fields.RadioField, fields.SelectField])
    def test_nothing_or_something_else(self, kind: Any, data: dict[str, str]) -> None:
        assert sent(kind("Kind", thing="the kind", choices=self.OPTIONS), data).errors == ["Choose the kind"]

    def test_choices_can_be_handed_in_later(self) -> None:
        form_class = type("OneField", (BaseForm,), {"one": fields.SelectField("Kind")})
        form = form_class(formdata=MultiDict({"one": "a"}), meta={"csrf": False})
        form.one.choices = list(self.OPTIONS)
        assert form.validate()

    def test_an_optional_choice_may_be_left(self) -> None:
        field = sent(fields.SelectField("Kind", choices=self.OPTIONS, required=False), {"one": ""})
        assert field.errors == []

    def test_several_come_in_the_order_of_the_choices(self) -> None:
        field = sent(fields.CheckboxesField("Kinds", choices=self.OPTIONS), {"one": ["b", "a", "b"]})
        assert field.data == ["a", "b"]

    def test_several_where_one_is_not_on_offer(self) -> None:
        field = sent(fields.CheckboxesField("Kinds", thing="the kinds", choices=self.OPTIONS), {"one": ["a", "z"]})
        assert field.errors == ["Choose the kinds"]

    @pytest.mark.parametrize(("typed", "read"), [("yes", True), ("no", False)])
    def test_yes_and_no(self, typed: str, read: bool) -> None:
        field = sent(fields.YesNoField("Running?"), {"one": typed})
        assert field.data is read
        assert field.errors == []

    @pytest.mark.parametrize("data", [{}, {"one": "perhaps"}])
    def test_neither_yes_nor_no(self, data: dict[str, str]) -> None:
        assert sent(fields.YesNoField("Running?", thing="whether it is running"), data).errors

    def test_a_box_that_must_be_ticked(self) -> None:
        box = fields.CheckboxField("Told", thing="confidentiality was explained", required=True)
        assert sent(box, {}).errors == ["Tick the box to say that confidentiality was explained"]
        assert sent(box, {"one": "y"}).data is True

    def test_a_box_that_may_stay_empty(self) -> None:
        field = sent(fields.CheckboxField("Told"), {})
        assert field.data is False
        assert field.errors == []


class TestDate:
    @pytest.mark.parametrize(
        "data",
        [
            boxes(27, 3, 2026),
            boxes("27", "03", "2026"),
            boxes(27, "March", 2026),
            boxes(27, "mar.", 2026),
            boxes(27, "mars", 2026),
            {"one": "2026-03-27"},
            boxes("2026-03-27"),
        ],
    )
    def test_days_as_people_type_them(self, data: dict[str, str]) -> None:
        assert sent(fields.DateField("Date"), data).data == date(2026, 3, 27)

    def test_accents_may_be_left_out(self) -> None:
        assert sent(fields.DateField("Date"), boxes(1, "fevrier", 2026)).data == date(2026, 2, 1)

    @pytest.mark.parametrize(
        ("data", "message", "target"),
        [
            ({}, "Enter the date", "one-day"),
            (boxes(27, "", 2026), "The date must include a month", "one-month"),
            (boxes(27), "The date must include a month and a year", "one-month"),
            (boxes("x", 3, 2026), "The date must be a date, such as 27 3 2026", "one-day"),
            (boxes(1, 13, 2026), "The date must be a date, such as 27 3 2026", "one-month"),
            (boxes(30, 2, 2026), "The date must exist: February 2026 has 28 days", "one-day"),
            (boxes(29, 2, 2100), "The date must exist: February 2100 has 28 days", "one-day"),
            (boxes(0, 2, 2026), "The date must exist: February 2026 has 28 days", "one-day"),
            (boxes(1, 2, 26), "The date must have a year of four digits, such as 2026", "one-year"),
            (boxes(1, 2, 20266), "The date must have a year of four digits, such as 2026", "one-year"),
        ],
    )
    def test_what_is_no_day_says_what_to_mend(self, data: dict[str, str], message: str, target: str) -> None:
        field = sent(fields.DateField("Date", thing="the date"), data)
        assert field.errors == [message]
        assert field.error_id == target

    def test_what_was_typed_is_shown_again(self) -> None:
        assert sent(fields.DateField("Date"), boxes("31", "2", "2026")).typed["day"] == "31"

    def test_29_february_of_a_leap_year(self) -> None:
        assert sent(fields.DateField("Date"), boxes(29, 2, 2028)).data == date(2028, 2, 29)

    def test_today_is_not_in_the_future_on_the_organisations_clock(self) -> None:
        late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 of the 2nd in London
        field = sent(fields.DateField("Date", validators=[NotInFuture()]), boxes(2, 7, 2026), now=late)
        assert field.errors == []

    def test_tomorrow_is(self) -> None:
        field = sent(fields.DateField("Date", thing="the date", validators=[NotInFuture()]), boxes(22, 11, 2026))
        assert field.errors == ["The date must not be in the future"]

    def test_yesterday_is_past(self) -> None:
        field = sent(fields.DateField("Date", thing="the date", validators=[NotInPast()]), boxes(20, 11, 2026))
        assert field.errors == ["The date must not be in the past"]

    def test_not_before_something_else(self) -> None:
        rule = NotBefore(date(2026, 11, 1), "the incident")
        field = sent(fields.DateField("Date", thing="the date", validators=[rule]), boxes(31, 10, 2026))
        assert field.errors == ["The date must not be before the incident"]

    @given(st.dictionaries(st.sampled_from(["one", "one-day", "one-month", "one-year"]), st.text()))
    def test_nothing_typed_can_make_a_page_fail(self, data: dict[str, str]) -> None:
        field = sent(fields.DateField("Date"), data)
        assert (field.data is None) == bool(field.errors)

    @given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
    def test_every_day_comes_back_as_it_was_shown(self, day: date) -> None:
        shown = opened(fields.DateField("Date"), day)
        assert sent(fields.DateField("Date"), boxes(**shown.typed)).data == day


class TestTime:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("21:30", time(21, 30)), ("9:05", time(9, 5)), ("21.30", time(21, 30)), ("21h30", time(21, 30)),
            ("21 h 30", time(21, 30)), ("21h", time(21)), ("2130", time(21, 30)), ("930", time(9, 30)),
            ("9:30 pm", time(21, 30)), ("12am", time(0)), ("12 PM", time(12)), ("21:30:15", time(21, 30)), ("", None),
        ],
    )  # fmt: skip
    def test_times_as_people_type_them(self, typed: str, read: time | None) -> None:
        assert read_time(typed) == read

    @pytest.mark.parametrize("typed", ["9", "25:00", "21:60", "13 pm", "half past nine", "12345", "::"])
    def test_what_is_no_time(self, typed: str) -> None:
        field = sent(fields.TimeField("Time", thing="the time"), {"one": typed})
        assert field.errors == ["The time must be a time of day, such as 21:30"]
        assert field.typed == typed

    def test_it_shows_what_it_was_opened_with(self) -> None:
        assert opened(fields.TimeField("Time"), time(7, 5)).typed == "07:05"


class TestInstant:
    def test_the_organisations_clock_becomes_utc(self) -> None:
        field = sent(fields.InstantField("When"), boxes(1, 7, 2026, time="09:15"))
        assert field.data == datetime(2026, 7, 1, 8, 15, tzinfo=UTC)

    def test_a_time_that_summer_time_left_out(self) -> None:
        field = sent(fields.InstantField("When"), boxes(29, 3, 2026, time="01:30"))
        assert field.errors == [
            "The clocks went forward that night and 01:30 did not happen: enter another time",
        ]
        assert field.error_id == "one-time"

    def test_a_time_that_happened_twice_is_asked_about(self) -> None:
        field = sent(fields.InstantField("When"), boxes(25, 10, 2026, time="1:30"))
        assert field.happened_twice
        assert field.errors == [
            "The clocks went back that night and 01:30 happened twice: choose which one you mean",
        ]

    @pytest.mark.parametrize(("fold", "hour"), [("first", 0), ("second", 1)])
    def test_and_taken_with_the_answer(self, fold: str, hour: int) -> None:
        field = sent(fields.InstantField("When"), boxes(25, 10, 2026, time="01:30", fold=fold))
        assert field.data == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)

    def test_an_hour_that_happened_twice_is_shown_as_the_one_it_was(self) -> None:
        shown = opened(fields.InstantField("When"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
        assert shown.happened_twice
        assert shown.typed["fold"] == "second"

    def test_a_day_without_its_time(self) -> None:
        field = sent(fields.InstantField("When", thing="the date and time"), boxes(1, 7, 2026))
        assert field.errors == ["The date and time must include a time, such as 21:30"]

    def test_a_day_alone_where_that_is_enough(self) -> None:
        field = sent(fields.InstantField("When", time_required=False), boxes(1, 7, 2026))
        assert field.data == datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
        assert not field.time_known

    def test_a_time_without_its_day(self) -> None:
        field = sent(fields.InstantField("When", thing="the date and time"), boxes(time="21:30"))
        assert field.errors == ["The date and time must include a day, a month and a year"]

    def test_an_iso_text_under_the_plain_name(self) -> None:
        field = sent(fields.InstantField("When"), {"one": "2026-07-01T09:15"})
        assert field.data == datetime(2026, 7, 1, 8, 15, tzinfo=UTC)

    def test_a_form_without_a_zone_is_a_defect(self) -> None:
        form_class = type("OneField", (BaseForm,), {"one": fields.InstantField("When")})
        with pytest.raises(LookupError, match="zone"):
            form_class(formdata=MultiDict(boxes(1, 7, 2026, time="09:15")), meta={"csrf": False})

    def test_the_present_minute_is_not_in_the_future(self) -> None:
        rule = fields.InstantField("When", validators=[NotInFuture()])
        assert sent(rule, boxes(21, 11, 2026, time="14:30")).errors == []
        assert sent(rule, boxes(21, 11, 2026, time="14:31")).errors

    @given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)))
    def test_every_instant_comes_back_as_it_was_shown(self, naive: datetime) -> None:
        at = naive.replace(tzinfo=UTC)
        shown = opened(fields.InstantField("When"), at)
        assert sent(fields.InstantField("When"), boxes(**shown.typed)).data == at

    @given(
        st.dictionaries(st.sampled_from(["one", "one-day", "one-month", "one-year", "one-time", "one-fold"]), st.text())
    )
    def test_nothing_typed_can_make_a_page_fail(self, data: dict[str, str]) -> None:
        field = sent(fields.InstantField("When"), data)
        assert (field.data is None) == bool(field.errors)


class TestForm:
    @pytest.mark.parametrize(("typed", "read"), [("7", 7), ("", -1), ("x", -1), ("-2", -1), ("9" * 20, -1)])
    def test_a_version_that_is_no_number_is_stale_not_an_error(self, typed: str, read: int) -> None:
        field = sent(fields.VersionField(), {"one": typed})
        assert field.data == read
        assert field.errors == []

    def test_problems_found_later_appear_at_their_field(self) -> None:
        form_class = type("OneField", (BaseForm,), {"place": fields.TextField("Place")})
        form = form_class(formdata=MultiDict({"place": "here"}), meta={"csrf": False})
        assert form.is_accepted()
        form.add_problems(
            {"place": Reason("x", "No such place", "Inconnu"), "other": Reason("y", "Sorry", "Non")}, "en"
        )
        assert [(link.message, link.target) for link in form.error_links()] == [
            ("Sorry", ""),
            ("No such place", "place"),
        ]

    def test_what_was_typed_is_kept_for_a_stale_page_without_passwords(self) -> None:
        form_class = type(
            "Several",
            (BaseForm,),
            {
                "place": fields.TextField("Place"),
                "secret": fields.PasswordField("Password"),
                "kind": fields.RadioField("Kind", choices=[choice("a", "Alpha")]),
                "on": fields.DateField("Date"),
                "told": fields.CheckboxField("Told"),
                "version": fields.VersionField(),
            },
        )
        data = {"place": "here", "secret": "xyz", "kind": "a", "on": "2026-03-27", "told": "y", "version": "3"}
        form = form_class(formdata=MultiDict(data), meta={"csrf": False})
        assert form.typed() == [("Place", "here"), ("Kind", "Alpha"), ("Date", "27 3 2026"), ("Told", "✓")]
        assert g.submitted_form is form

    def test_messages_speak_french(self) -> None:
        with force_locale("fr"):
            field = sent(fields.DateField("Date", thing="la date de l’incident"), boxes(30, 2, 2026))
            assert field.errors == ["La date de l’incident doit exister\u00a0: février 2026 compte 28 jours"]

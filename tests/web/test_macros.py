"""The macros: every field is labelled, says its error, and leads there; lists, windows and scores read well."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from hypothesis import given, settings
from hypothesis import strategies as st
from wtforms import fields as plain
from wtforms.validators import Optional

from tests.page_checks import text_of
from tests.page_client import Page, PageClient
from tests.web.gallery import PROBLEMS
from trim.web.forms.rendering import UnknownField, field_kind

#: The labels of the gallery's form, filled in as somebody would who was there.
FILLED = {
    "When did it happen?": datetime(2026, 11, 20, 3, 15),
    "Place": "Bridge over the canal",
    "Unit": "North station",
    "What kind of incident was it?": "Sudden death",
    "Is an investigation running?": "No",
    "How were they exposed?": ["Directly", "As a witness"],
    "What happened, in short": "Two people in the water.",
    "Time of the meeting": "9:00",
    "How many people were there?": 6,
    "E-mail address": "robin@example.org",
    "Password": "correct horse",
    "I have explained confidentiality": True,
}


@pytest.mark.parametrize("path", ["/form", "/one", "/worklist", "/case", "/panels"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_the_gallery_keeps_the_rules(gallery: PageClient, path: str, language: str) -> None:
    page = gallery.in_language(language).get(path)
    assert page.language == language


def test_an_empty_form_says_at_each_field_what_is_missing(gallery: PageClient) -> None:
    page = gallery.get("/form").form().submit("Report")
    assert len(page.errors()) == len(FILLED)
    assert page.errors()[:2] == ["Enter the date and time of the incident", "Enter the place of the incident"]
    for link in page.find_all(".govuk-error-summary__list a"):
        target = page.find(link.get("href", ""))
        assert target is not None
        assert target.tag in {"input", "select", "textarea"}, f"{text_of(link)} leads to no box"
    assert page.error_at("place") == "Enter the place of the incident"


def test_a_form_filled_in_by_its_labels_is_accepted(gallery: PageClient) -> None:
    form = gallery.get("/form").form()
    for label, value in FILLED.items():
        form.fill(label, value)
    assert form.submit("Report").h1 == "Sam Okafor"


def test_a_form_with_one_slip_keeps_everything_else(gallery: PageClient) -> None:
    form = gallery.get("/form").form()
    for label, value in FILLED.items():
        form.fill(label, value)
    page = form.fill("How many people were there?", "many").submit("Report")
    assert page.errors() == ["The number of people must be a whole number"]
    again = page.form()
    assert again.value("How many people were there?") == "many"
    assert again.value("Place") == "Bridge over the canal"
    assert again.value("What happened, in short") == "Two people in the water."
    assert again.values("How were they exposed?") == ["Directly", "As a witness"]
    assert again.values("What kind of incident was it?") == ["Sudden death"]
    assert again.value("Password") in {None, ""}, "a password is never sent back"


def test_an_hour_that_happened_twice_is_asked_about_once(gallery: PageClient) -> None:
    page = gallery.get("/form").form().fill("When did it happen?", datetime(2026, 10, 25, 2, 30)).submit("Report")
    assert page.errors()[0].startswith("The clocks went back that night")
    assert page.find("#occurred_at-fold") is not None
    question = "02:30 happened twice that night. Which one do you mean?"
    page = page.form().fill(question, "The first, before the clocks went back").submit("Report")
    assert "The clocks" not in " ".join(page.errors())


def test_a_page_that_asks_one_thing_has_its_question_as_heading(gallery: PageClient) -> None:
    page = gallery.get("/one")
    assert page.h1 == "What kind of incident was it?"
    assert page.find("legend h1") is not None


def test_a_malformed_time_is_shown_as_text_so_that_it_is_not_lost(gallery: PageClient) -> None:
    page = gallery.get("/form").form().fill("Time of the meeting", "half past nine").submit("Report")
    box = page.find("#meeting_at")
    assert box is not None
    assert (box.get("type"), box.get("value")) == ("text", "half past nine")


def test_optional_fields_say_so_and_required_ones_do_not(gallery: PageClient) -> None:
    labels = gallery.get("/form").texts("main label, main legend")
    assert "Telephone number (optional)" in labels
    assert "Place" in labels


def test_the_limit_of_a_long_text_is_said_in_the_pages_language(gallery: PageClient) -> None:
    english = gallery.get("/form").find("#description-info")
    french = gallery.in_language("fr").get("/form").find("#description-info")
    assert english is not None
    assert text_of(english) == "You can write up to 300 characters"
    assert french is not None
    assert text_of(french) == "Vous pouvez écrire jusqu’à 300 caractères"


def test_a_worklist_is_a_table_whose_cells_know_their_heading(gallery: PageClient) -> None:
    page = gallery.get("/worklist")
    first = page.find("tbody tr")
    assert first is not None
    assert [cell.get("data-label") for cell in first.iter("td")] == ["What", "Due", "State"]
    assert page.texts("tbody tr:first-child td") == ["First interview", "Thu 19 November, 15:30", "Overdue"]
    assert "Nobody is waiting for an answer." in page.text


def test_a_change_is_said_first_and_with_its_denominator(gallery: PageClient) -> None:
    panel = gallery.get("/case").find(".trim-change")
    assert panel is not None
    words = text_of(panel)
    assert "4 points lower than before" in words
    assert "From 8 to 4 out of 8" in words
    assert "Counted over 4 of the 5 items that can change: only those answered both times." in words


def test_a_score_shows_what_was_carried_over_and_what_was_not_answered(gallery: PageClient) -> None:
    rows = {row.split(" 2 ")[0]: row for row in gallery.get("/case").texts("table.trim-scores tbody tr")[:7]}
    assert any("Carried over" in row for row in rows.values())
    assert any("Preferred not to answer" in row and "Not compared" in row for row in rows.values())


def test_a_call_panel_has_numbers_that_can_be_tapped(gallery: PageClient) -> None:
    page = gallery.get("/panels")
    assert [link.get("href") for link in page.find_all(".trim-call a")] == [
        "tel:+442079460123", "tel:112", "tel:112",
    ]  # fmt: skip


_NAMES = [
    "occurred_at-day", "occurred_at-month", "occurred_at-year", "occurred_at-time", "occurred_at-fold", "occurred_at",
    "place", "unit", "kind", "hold", "exposed", "description", "reported_on", "reported_on-day", "meeting_at",
    "people", "email", "phone", "password", "explained", "version", "do",
]  # fmt: skip


@settings(max_examples=80)
@given(data=st.dictionaries(st.sampled_from(_NAMES), st.lists(st.text(max_size=60), max_size=3)))
def test_nothing_that_is_sent_makes_a_form_fail(gallery_app: Flask, data: dict[str, list[str]]) -> None:
    token = PageClient(client := gallery_app.test_client()).get("/form").form()._values["csrf_token"]
    with client.post("/form", data={**data, "csrf_token": token}) as answer:
        assert answer.status_code in {200, 302}


class Foreign(FlaskForm):
    """Fields of WTForms itself, as libraries for sign-in bring them."""

    name = plain.StringField("Name", render_kw={"autocomplete": "username", "autofocus": True})
    mail = plain.EmailField("Mail")
    words = plain.PasswordField("Words", render_kw={"autocomplete": "new-password"})
    note = plain.TextAreaField("Note", validators=[Optional()])
    stay = plain.BooleanField("Stay")
    kind = plain.SelectField("Kind", choices=["a", "b"])
    one = plain.RadioField("One", choices=["a", "b"])
    many = plain.SelectMultipleField("Many", choices=["a", "b"])
    file = plain.FileField("File")
    go = plain.SubmitField("Go")


def test_fields_of_other_libraries_are_drawn_too(gallery_app: Flask) -> None:
    source = """{% extends "layout.html" %}{% from "macros/field.html" import field %}{% set title = "X" %}
    {% block content %}<form method="post" action="/x">
    {% for one in form %}{{ field(one) }}{% endfor %}</form>{% endblock %}"""
    with gallery_app.test_request_context():
        answer = gallery_app.make_response(render_template_string(source, form=Foreign()))
        answer = gallery_app.process_response(answer)
    answer.request = type("Request", (), {"path": "/x"})
    page = Page(PageClient(gallery_app.test_client()), answer, "/x")
    assert "Note (optional)" in page.texts("label")
    name = page.find("#name")
    assert name is not None
    assert name.get("autocomplete") == "username"
    assert page.html.count('autocomplete="new-password"') == 1


def test_a_group_of_fields_is_refused_with_its_name(gallery_app: Flask) -> None:
    class Group(FlaskForm):
        all = plain.FieldList(plain.StringField("Name"))

    with gallery_app.test_request_context(), pytest.raises(UnknownField, match="all is a group"):
        field_kind(Group(meta={"csrf": False}).all)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", list(PROBLEMS))
def test_every_problem_has_a_page_that_keeps_the_rules(gallery: PageClient, name: str, language: str) -> None:
    status, _make = PROBLEMS[name]
    gallery.in_language(language).get(f"/problem/{name}", status=status)

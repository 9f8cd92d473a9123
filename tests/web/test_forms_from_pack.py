"""Forms out of a pack: every field class, whatever a pack calls its fields, problems at their places."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.support.organisation import trim_pack
from tests.web.gallery import make_gallery
from trim.domain.errors import Reason
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Choice, Field
from trim.engine.wording import Text
from trim.web.forms.fields import choice
from trim.web.forms.from_pack import PackForm, pack_form

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
PARTIES = (choice("q1", "Sam"), choice("q2", "Kim"))


def words(text: str) -> Text:
    return Text(text, f"{text} (fr)")


def field(name: str, field_class: str, *, required: bool = True, **more: Any) -> Field:
    choices = tuple(Choice(value, words(value)) for value in more.pop("values", ("a", "b")))
    return Field(name, words(name), field_class, required=required, choices=choices, **more)


#: One of each class; some have names that a form or a request of ours uses itself.
FIELDS = (
    field("data", "short_text"),
    field("version", "long_text", required=False),
    field("errors", "choice"),
    field("zone", "date"),
    field("spoke_at", "instant"),
    field("validate", "yes_no"),
    field("now", "tags"),
    field("practitioner", "practitioner"),
    field("level", "level"),
    field("phone", "phone"),
    field("goal", "number"),
    field("leader", "somebody"),
    field("first", "party"),
    field("both", "parties"),
)
FILLED = {
    "data": " Pat ",
    "pack_version": "one\r\ntwo",
    "version": "7",
    "errors": "a",
    "zone": "2026-03-01",
    "spoke_at": "2026-03-02T08:00",
    "validate": "no",
    "now": ["a", "b"],
    "practitioner": "p1",
    "level": "b",
    "phone": "112",
    "goal": "7",
    "leader": "Sam",
    "first": "q1",
    "both": ["q1", "q2"],
}


@pytest.fixture(scope="module")
def app() -> Flask:
    made = make_gallery()
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def sent(app: Flask, data: dict[str, Any], fields: tuple[Field, ...] = FIELDS, **more: Any) -> tuple[bool, PackForm]:
    with app.test_request_context("/", method="POST", data=data, headers={"Accept-Language": "en"}):
        people = [choice("p1", "Pat")]
        form = pack_form(fields, now=NOW, zone=LONDON, version=3, practitioners=people, parties=PARTIES, **more)
        return form.is_accepted(), form


def test_every_field_class_of_the_vocabulary_has_its_field(app: Flask) -> None:
    assert {one.field_class for one in FIELDS} == VOCABULARY.field_classes
    accepted, form = sent(app, FILLED)
    assert accepted, form.errors
    assert form.version.data == 7
    assert form.values() == {
        "data": "Pat",
        "version": "one\ntwo",
        "errors": "a",
        "zone": date(2026, 3, 1),
        "spoke_at": datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        "validate": False,
        "now": ["a", "b"],
        "practitioner": "p1",
        "level": "b",
        "phone": "112",
        "goal": 7,
        "leader": "Sam",
        "first": "q1",
        "both": ["q1", "q2"],
    }


def test_no_button_for_today_beside_a_day_that_lies_ahead(app: Flask) -> None:
    """What has happened is an instant; a day that a pack asks for is one to look again, to meet, to be done by."""
    _, form = sent(app, FILLED)
    assert not form.field("zone").quick


def test_what_is_missing_is_said_at_each_field_in_the_readers_language(app: Flask) -> None:
    accepted, form = sent(app, {"version": "7"})
    assert not accepted
    links = {link.target: link.message for link in form.error_links()}
    assert len(links) == len(FIELDS) - 1
    assert links["data"] == "Answer “data”"
    assert links["zone-day"] == "Answer “zone”"
    assert not form.field("version").errors


def test_a_missing_version_is_stale_and_never_taken_for_the_present_one(app: Flask) -> None:
    _, form = sent(app, {"data": "x"})
    assert form.version.data == -1


def test_problems_of_a_use_case_stand_at_their_fields(app: Flask) -> None:
    _, form = sent(app, FILLED)
    form.add_problems(
        {"errors": Reason("x", "Not this one.", "Pas celle-ci."), "elsewhere": Reason("y", "No.", "")}, "en"
    )
    assert form.field("errors").errors == ["Not this one."]
    assert form.form_errors == ["No."]


def test_what_has_happened_cannot_lie_in_the_future(app: Flask) -> None:
    accepted, form = sent(app, {**FILLED, "spoke_at": "2026-03-02T10:00"})
    assert not accepted
    assert form.field("spoke_at").errors == ["“spoke_at” must not be in the future"]


def test_a_choice_that_may_stay_open_can_be_taken_back(app: Flask) -> None:
    accepted, form = sent(app, {"version": "1", "how": ""}, (field("how", "choice", required=False),))
    assert accepted
    assert [str(one.value) for one in form.field("how").iter_choices()] == ["a", "b", ""]


def test_many_choices_become_a_list_that_opens(app: Flask) -> None:
    _, form = sent(app, {"version": "1"}, (field("how", "choice", values=tuple("abcdefghijkl")),))
    assert form.field("how").kind == "select"


def test_a_form_opened_with_values_shows_them(app: Flask) -> None:
    with app.test_request_context("/"):
        form = pack_form(FIELDS, now=NOW, zone=LONDON, version=3, data={"spoke_at": NOW, "errors": "b"})
        assert form.field("spoke_at").typed["time"] == "09:00"
        assert form.field("errors").data == "b"
        assert form.version.data == 3


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_form_of_the_shipped_pack_can_be_drawn(app: Flask, language: str) -> None:
    drawn = 0
    for lifecycle in trim_pack().lifecycles.values():
        for action in lifecycle.actions.values():
            with app.test_request_context("/", headers={"Accept-Language": language}):
                form = pack_form(action.form, now=NOW, zone=LONDON, version=1)
                assert [one.label.text for one in form.shown()] == [one.label.of(language) for one in action.form]
                drawn += len(form.shown())
    assert drawn > 30

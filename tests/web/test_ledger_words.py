"""The lines of a person's own ledger: what reads alike is one line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from trim.engine.wording import Text
from trim.usecases.ledger.read_ledger import Happened, Who
from trim.web.ledger_words import said


def at(minute: int) -> datetime:
    return datetime(2026, 11, 21, 12, minute, tzinfo=UTC)


def who(kind: str, *happened: Happened) -> Who:
    return Who(kind, "Pat", "practitioner", happened)


@pytest.mark.care(15)
def test_forms_that_read_alike_are_one_line_and_none_is_lost(gallery_app: Flask) -> None:
    forms = [
        Happened("case.read", f"form.{name}", None, at(minute), at(minute + 1), 2)
        for name, minute in (("log_contact", 20), ("close", 11), ("withdraw", 14))
    ]
    with gallery_app.test_request_context():
        lines = said(who("named", *forms, Happened("case.read", "case", None, at(5), at(5), 1)))
    assert [words for words, _times in lines] == ["Opened a form of your record", "Read your record"]
    assert lines[0][1].startswith("6 times, ")
    assert "13:11" in lines[0][1]
    assert "13:21" in lines[0][1]
    assert lines[1][1] == "13:05"


@pytest.mark.care(15)
@pytest.mark.parametrize(("kind", "words"), [("person", "Stopped the support"), ("named", "The person wished to stop")])
def test_stopping_is_told_to_the_person_as_their_own_step(gallery_app: Flask, kind: str, words: str) -> None:
    label = Text("The person wished to stop", "La personne a souhaité arrêter")
    with gallery_app.test_request_context():
        assert [one for one, _times in said(who(kind, Happened("case.withdraw", "", label, at(1), at(1), 1)))] == [
            words
        ]

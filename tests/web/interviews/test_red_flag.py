"""A red flag from every page of an interview: one press, nothing to fill in, nothing that was typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.talks import FIRST
from tests.web.interviews.desk import ANCHORS, Desk
from trim.store.tables import Notice

pytestmark = pytest.mark.care(1)


def urgent_notices(desk: Desk) -> list[str]:
    with desk.talks.organisation.backend.reading() as uow:
        return [one.kind for one in uow.session.scalars(select(Notice)) if one.urgent]


@pytest.mark.parametrize("place", ["begin", "result", "correct", "wrong-person"])
@pytest.mark.parametrize(("button", "level"), [("Red flag: Now", "now"), ("Red flag: Today", "today")])
def test_one_press_from_every_page(desk: Desk, place: str, button: str, level: str) -> None:
    if place == "begin":
        page = desk.pat.get(desk.address())
    else:
        held = desk.talks.talks().made["assessment"]
        page = desk.pat.get(desk.result(held, "" if place == "result" else place))
    page = page.press(button)
    assert page.h1 in ("Call now", "Call today")
    assert [(one.rule, one.level) for one in desk.talks.escalations()] == [("red_flag", level)]
    assert urgent_notices(desk)


def test_out_of_the_questions_it_keeps_what_was_typed(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {"Earlier events": ANCHORS["Earlier events"]}).fill("Short note", "Said: no more.")
    page = form.submit("Red flag: Now")
    assert page.h1 == "Call now"
    assert [(one.rule, one.level) for one in desk.talks.escalations()] == [("red_flag", "now")]
    page = desk.questions()
    assert page.form("/questions").value("Short note") == "Said: no more."
    assert "Call now: nobody is on duty" in page.texts(".trim-call__title")
    assert "999" in page.text


@pytest.mark.care(2)
def test_the_numbers_of_the_coordinator_on_duty_are_there(desk: Desk) -> None:
    from datetime import timedelta

    from tests.support.organisation import SETUP
    from trim.usecases.people.accounts import put_on_duty

    made = desk.talks.organisation
    with made.backend.writing() as uow:
        put_on_duty(
            uow,
            SETUP,
            now=made.now,
            programme="trim",
            account_id=made.accounts["Carol"].id,
            phone="+44 1632 960042",
            from_at=made.now,
            until_at=made.now + timedelta(hours=12),
        )
    page = desk.begins()
    assert page.find("a[href='tel:+441632960042']") is not None
    assert page.texts(".trim-call__title") == ["Numbers"]
    page = page.form("/questions").submit("Red flag: Now")
    page = desk.questions()
    assert page.texts(".trim-call__title") == ["Call now", "Numbers"]


def test_a_stale_draft_holds_up_no_alert(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {})
    desk.talks.saves({"support": "2"}, 1)
    page = form.submit("Red flag: Now")
    assert page.h1 == "Call now"
    assert desk.talks.rules() == ["red_flag"]
    kept = desk.talks.page().draft
    assert kept is not None
    assert kept.answers == {"support": "2"}


def test_a_draft_that_is_gone_holds_up_no_alert(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {})
    desk.talks.talks()
    assert form.submit("Red flag: Now").h1 == "Call now"
    assert desk.talks.rules() == ["red_flag"]


def test_a_failure_while_saving_holds_up_no_alert(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    form = desk.fills(desk.begins(), {})

    def fails(*_args: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr("trim.web.pages.interviews.draft.save_draft", fails)
    assert form.submit("Red flag: Now").h1 == "Call now"
    assert desk.talks.rules() == ["red_flag"]


def test_whoever_has_no_business_there_raises_nothing(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {})
    answer = desk.as_("Quinn").client.post(desk.address("draft"), data={**form._values.to_dict(), "level": "now"})
    assert answer.status_code in (400, 404)
    assert desk.talks.escalations() == []


def test_on_a_closed_case_there_is_no_button_and_the_numbers_stay(desk: Desk) -> None:
    held = desk.talks.talks().made["assessment"]
    desk.talks.does("Pat", "close", desk.talks.ref, outcome="left")
    page = desk.pat.get(desk.result(held))
    assert page.find(".trim-flagbar") is None
    assert "999" in page.text
    desk.pat.get(desk.address("questions", FIRST), status=409)


def test_after_the_session_ended_the_page_says_that_nothing_was_sent(desk: Desk) -> None:
    form = desk.fills(desk.begins(), {}).fill("Short note", "Said: no more.")
    desk.talks.organisation.later(hours=2)
    page = form.submit("Red flag: Now", status=401)
    assert "The alert was not sent" in page.texts(".trim-notice__title")
    assert "Said: no more." in page.text
    assert page.link("Numbers to call").endswith("/help-now")
    assert desk.talks.escalations() == []

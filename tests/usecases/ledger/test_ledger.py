"""The person's own ledger: who opened or changed their record, by day and by who; and stopping by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation
from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.disclosure.test_register import decide, record
from trim.domain.access import Actor, Role, person_of_case
from trim.domain.errors import NotAllowedNow, NotFound, StaleVersion
from trim.domain.incident import ExposedPerson
from trim.store.tables import ActionRecord, BreakGlass, Notice, SupportCase
from trim.usecases.cases.read_case import read_case
from trim.usecases.disclosure import read_register, register
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.ledger import read_ledger
from trim.usecases.ledger.read_ledger import Ledger, ledger_of
from trim.usecases.ledger.stop import ask_to_return, stop, stop_page
from trim.usecases.oversight.board import board
from trim.usecases.oversight.lists import list_cases, list_escalations
from trim.usecases.oversight.today import today
from trim.usecases.perform import perform
from trim.usecases.planning.meeting_page import show_meeting_sheet
from trim.usecases.retention.legal_hold import set_legal_hold


def case_row(made: Organisation, ref: str) -> SupportCase:
    with made.backend.reading() as uow:
        return uow.session.scalars(select(SupportCase).where(SupportCase.ref == ref)).one()


def person(made: Organisation, ref: str) -> Actor:
    return person_of_case(case_row(made, ref).id)


def ledger(made: Organisation, ref: str, **more: object) -> Ledger:
    actor = person(made, ref)
    with made.backend.writing() as uow:
        return ledger_of(uow, actor, now=made.now, **more)


def reads(made: Organisation, who: str, ref: str) -> None:
    actor = made.actor(who)
    with made.backend.writing() as uow:
        read_case(uow, actor, now=made.now, ref=ref)


def told(page: Ledger) -> list[tuple[date, str, str | None, str | None]]:
    """Day, kind, name and role of every group of lines."""
    return [(day.on, who.kind, who.name, who.role) for day in page.days for who in day.who]


def did(page: Ledger, name: str) -> list[tuple[str, str, int]]:
    """What somebody did: word, page and how often, over all days."""
    return [
        (one.what, one.page, one.times)
        for day in page.days
        for who in day.who
        if who.name == name
        for one in who.happened
    ]


@pytest.mark.care(15)
def test_by_day_and_by_who_with_role_and_never_content(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    monday = made.now.date()
    made.later(days=3)
    for _look in range(3):
        made.later(minutes=5)
        reads(made, "Pat", ref)
    reads(made, "Carol", ref)
    story.interviews(ref, notes="He hears the engine.", plan="Call Zebedee.")
    page = ledger(made, ref)
    later = monday + timedelta(days=3)
    assert told(page) == [
        (later, "named", "Pat", "practitioner"),
        (later, "named", "Carol", "coordinator"),
        (monday, "named", "Pat", "practitioner"),
        (monday, "named", "Carol", "coordinator"),
    ]
    assert ("case.read", "case", 3) in did(page, "Pat")
    assert ("case.record_first_assessment", "", 1) in did(page, "Pat")
    assert ("case.read", "case", 1) in did(page, "Carol")
    assert "engine" not in repr(page)
    assert "Zebedee" not in repr(page)
    assert "Robin" not in repr(page), "whose record it is they know; who looks over a shoulder need not"
    assert (page.supported_by, page.is_open, page.can_stop) == ("Pat", True, True)


@pytest.mark.care(15)
def test_reading_it_is_a_line_of_its_own(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    ledger(made, ref)
    made.later(hours=1)
    first = ledger(made, ref).days[0].who[0]
    assert (first.kind, first.name, [one.what for one in first.happened]) == ("person", None, ["ledger.read"])
    with made.backend.reading() as uow:
        line = lines(uow.session, f"case:{case_row(made, ref).id}")[-1]
    assert (line["actor"], line["role"], line["what"]) == ("person", "person", "ledger.read")


@pytest.mark.care(10)
def test_nobody_else_has_it_and_the_person_has_nothing_else(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    other = story.plans(
        story.reports(exposed=(ExposedPerson(exposure="direct", person_id=made.people["Sam Birch"].id),))
    )
    assert other is not None
    for name in ("Pat", "Carol", "Lee", "Adam", "Ada", "Hana"):
        actor = made.actor(name)
        with made.backend.writing() as uow, pytest.raises(NotFound):
            ledger_of(uow, actor, now=made.now)
    actor = person(made, ref)
    with made.backend.writing() as uow, pytest.raises(NotFound):
        perform(uow, actor, now=made.now, kind="case", ref=other, action="record_decline", version=None, values={})
    for action, values in (
        ("log_contact", {"channel": "phone", "result": "no_answer"}),
        ("close", {"outcome": "left"}),
    ):
        with made.backend.writing() as uow, pytest.raises(NotAllowedNow):
            perform(uow, actor, now=made.now, kind="case", ref=ref, action=action, version=None, values=values)
    with made.backend.writing() as uow:
        page = read_case(uow, actor, now=made.now, ref=ref)
    assert (page.timeline, page.contacts, page.interviews, page.kept_away) == ((), (), (), ()), "not a word of content"


@pytest.mark.care(15)
def test_a_list_that_showed_the_name_is_there_too(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="A question.")
    made.add_account("Sue", Role.COORDINATOR, unit="South")
    made.later(days=1)
    for name in ("Carol", "Sue"):
        with made.backend.writing() as uow:
            list_cases(uow, made.actor(name), now=made.now)
            list_escalations(uow, made.actor(name), now=made.now)
            board(uow, made.actor(name), now=made.now)
    made.later(minutes=1)
    with made.backend.writing() as uow:
        today(uow, made.actor("Pat"), now=made.now)
    page = ledger(made, ref)
    assert told(page)[:2] == [
        (made.now.date(), "named", "Pat", "practitioner"),
        (made.now.date(), "named", "Carol", "coordinator"),
    ]
    assert did(page, "Carol")[0] == ("list.read", "", 3)
    assert did(page, "Pat")[0] == ("list.read", "", 1)
    assert did(page, "Sue") == []


@pytest.mark.care(9)
@pytest.mark.care(15)
def test_reading_the_event_that_names_the_person_is_there_too(story: Story) -> None:
    made = story.organisation
    incident = story.reports()
    ref = story.plans(incident)
    assert ref is not None
    made.later(days=1)
    with made.backend.writing() as uow:
        shown = read_incident(uow, made.actor("Carol"), now=made.now, ref=incident)
        show_meeting_sheet(uow, made.actor("Carol"), now=made.now, incident_ref=incident)
    assert shown.people[0].name == "Robin Ashe"
    assert {one[:2] for one in did(ledger(made, ref), "Carol")[:2]} == {
        ("incident.read", "incident"),
        ("incident.sheet_made", "sheet"),
    }


@pytest.mark.care(10)
def test_a_list_that_asked_first_instead_of_showing_the_name_is_not(story: Story) -> None:
    made = story.organisation
    kim = made.add_person("Kim Vega", line_manager_known=False)
    ref = story.plans(story.reports(exposed=(ExposedPerson(exposure="direct", person_id=kim.id),)))
    assert ref is not None
    made.later(days=1)
    with made.backend.writing() as uow:
        assert [one.name for one in list_cases(uow, made.actor("Carol"), now=made.now).listed.rows] == [None]
    assert "list.read" not in repr(ledger(made, ref))


@pytest.mark.care(15)
def test_an_auditor_is_named_by_role_alone_and_the_system_as_such(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    chain = f"case:{case_row(made, ref).id}"
    made.later(days=1)
    with made.backend.writing() as uow:
        uow.record(made.actor("Ada"), made.now, "case.read", chain=chain, subject=chain, role="auditor")
        uow.record(SETUP, made.now, "case.erasure_announced", chain=chain, subject=chain)
    assert {one[1:] for one in told(ledger(made, ref))[:2]} == {("role", None, "auditor"), ("system", None, None)}


def test_paged_by_instant_without_losing_a_line(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    made = story.organisation
    ref = story.supported_case()
    for _look in range(4):
        reads(made, "Pat", ref)
        reads(made, "Pat", ref)
        made.later(hours=1)
    with made.backend.reading() as uow:
        whole = len(lines(uow.session, f"case:{case_row(made, ref).id}"))
    monkeypatch.setattr(read_ledger, "PAGE", 7)
    seen, before, pages = 0, None, 0
    first = made.now
    while pages < 20:
        page = ledger(made, ref, before=before or first)
        seen += sum(one.times for day in page.days for who in day.who for one in who.happened)
        pages, before = pages + 1, page.before
        if before is None:
            break
    assert (seen, pages > 1) == (whole, True)


def test_as_many_questions_for_a_long_ledger_as_for_a_short_one(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    counts = []
    for looks in (1, 60):
        for _look in range(looks):
            reads(made, "Pat", ref)
        with counted(made.backend) as sent:
            ledger(made, ref)
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.care(15)
def test_break_glass_is_shown_except_while_a_delay_runs(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    case, lee, pat = case_row(made, ref), made.actor("Lee"), made.actor("Pat")
    chain = f"case:{case.id}"
    made.later(days=1)
    opened_at = made.now
    with made.backend.writing() as uow:
        uow.session.add(
            BreakGlass(
                id="b" * 32,
                case_id=case.id,
                account_id=lee.account_id,
                role="coordinator",
                ground="danger",
                opened_at=opened_at,
                until_at=opened_at + timedelta(hours=4),
                delay_ground="safeguarding",
                told_after=opened_at + timedelta(days=10),
                sealed=b"",
            )
        )
        uow.record(lee, opened_at, "break_glass.opened", chain=chain, subject=chain, role="coordinator")
    made.later(hours=1)
    with made.backend.writing() as uow:
        uow.record(lee, made.now, "case.read", chain=chain, subject=chain, role="coordinator", codes={"page": "case"})
        uow.record(pat, made.now, "case.read", chain=chain, subject=chain, role="practitioner", codes={"page": "case"})
    made.later(hours=4)
    with made.backend.writing() as uow:
        uow.record(pat, made.now, "break_glass.ended", chain=chain, subject=chain, role="practitioner")
        uow.record(lee, made.now, "case.read", chain=chain, subject=chain, role="programme_lead")
    page = ledger(made, ref)
    assert did(page, "Lee") == [("case.read", "", 1)], "what came after its sight had ended is shown"
    assert did(page, "Pat")[0] == ("case.read", "case", 1)
    assert "break_glass" not in repr(page)
    made.later(days=10)
    page = ledger(made, ref)
    assert ("break_glass.opened", "", 1) in did(page, "Lee")
    assert ("case.read", "case", 1) in did(page, "Lee")
    assert ("break_glass.ended", "", 1) in did(page, "Pat")


@pytest.mark.care(18)
def test_a_request_that_the_person_was_not_told_of_is_not_given_away(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    made.later(days=1)
    asked = record(made, ref)
    with made.backend.writing() as uow:
        set_legal_hold(uow, made.actor("Carol"), now=made.now, kind="case", ref=ref, ground="court", reason="Order.")
        read_register.read_disclosure(uow, made.actor("Carol"), now=made.now, ref=asked)
    decide(made, asked, told="law_forbids")
    hidden = repr(ledger(made, ref))
    for word in ("disclosure", "legal_hold"):
        assert word not in hidden
    with made.backend.writing() as uow:
        register.record_told(
            uow, made.actor("Lee"), now=made.now, ref=asked, version=2, told="told", told_on=made.now.date()
        )
    shown = repr(ledger(made, ref))
    for word in ("disclosure.recorded", "disclosure.decided", "disclosure.read", "case.legal_hold_set"):
        assert word in shown, word
    assert "Wexcombe" not in shown


@pytest.mark.care(26)
def test_stopping_ends_contact_and_clocks_and_tells_two_kinds_of_people(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    actor = person(made, ref)
    with made.backend.writing() as uow:
        page = stop_page(uow, actor, now=made.now)
    assert (page.ref, page.danger, page.supported_by) == (ref, False, True)
    with made.backend.writing() as uow, pytest.raises(StaleVersion):
        stop(uow, actor, now=made.now, version=page.version - 1)
    with made.backend.writing() as uow:
        stop(uow, actor, now=made.now, version=page.version)
    case = case_row(made, ref)
    assert (case.state, case.outcome, case.closed_at) == ("withdrawn", "withdrawn", made.now)
    with made.backend.reading() as uow:
        record = uow.session.scalars(select(ActionRecord).order_by(ActionRecord.version.desc())).first()
        notices = list(uow.session.scalars(select(Notice).where(Notice.kind == "person_stopped")))
        open_steps = [one for one in lines(uow.session, f"case:{case.id}") if one["what"] == "case.withdraw"]
    assert record is not None
    assert (record.actor_id, record.actor_role, record.action) == ("person", "person", "withdraw")
    assert open_steps[-1]["role"] == "person"
    names = {account.id: name for name, account in made.accounts.items()}
    assert sorted(names[one.recipient_id] for one in notices) == ["Carol", "Lee", "Pat"]
    page_after = ledger(made, ref)
    assert (page_after.is_open, page_after.can_stop) == (False, False)
    with made.backend.writing() as uow, pytest.raises(NotAllowedNow):
        stop(uow, actor, now=made.now, version=None)


@pytest.mark.care(26)
def test_an_offer_can_be_declined_in_the_same_way(story: Story) -> None:
    made = story.organisation
    ref = story.opens_case()
    actor = person(made, ref)
    with made.backend.writing() as uow:
        stop(uow, actor, now=made.now, version=None)
    assert story.state(ref) == "declined"


@pytest.mark.care(26)
@pytest.mark.care(3)
@pytest.mark.parametrize("danger", ["red_flag", "override", "ordinary"])
def test_a_danger_goes_on_and_is_said(story: Story, danger: str) -> None:
    made = story.organisation
    ref = story.supported_case()
    if danger == "red_flag":
        story.does("Pat", "raise_red_flag", ref, level="now")
    elif danger == "ordinary":
        story.does("Pat", "raise_escalation", ref, reason="A question.")
    else:
        referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
        story.does("Pat", "override", referral, kind="referral", grounds="safeguarding", explanation="Danger.")
    actor = person(made, ref)
    with made.backend.writing() as uow:
        page = stop_page(uow, actor, now=made.now)
    assert page.danger is (danger != "ordinary")


@pytest.mark.care(26)
def test_whoever_stopped_can_ask_to_come_back_and_the_coordinators_open_it(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    actor = person(made, ref)
    with made.backend.writing() as uow, pytest.raises(NotAllowedNow):
        ask_to_return(uow, actor, now=made.now)
    with made.backend.writing() as uow:
        stop(uow, actor, now=made.now, version=None)
    for _twice in range(2):
        with made.backend.writing() as uow:
            ask_to_return(uow, actor, now=made.now)
    with made.backend.reading() as uow:
        notices = list(uow.session.scalars(select(Notice).where(Notice.kind == "person_returns")))
    names = {account.id: name for name, account in made.accounts.items()}
    assert sorted(names[one.recipient_id] for one in notices) == ["Carol", "Lee"]
    story.does("Carol", "undo_decline", ref)
    assert story.state(ref) == "to_allocate"

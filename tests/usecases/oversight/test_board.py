"""The board and the lists behind it: what waits, in order, counted, paged, without what conflicts hide."""

from __future__ import annotations

import pytest

from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import case_of, uses
from trim.domain.access import Role
from trim.domain.errors import NotFound
from trim.usecases.oversight import lists
from trim.usecases.oversight.board import board
from trim.usecases.oversight.lists import list_cases, list_due, list_escalations, list_overdue
from trim.usecases.oversight.today import today


def people(story: Story, count: int) -> list[str]:
    return [case_of(story, f"Person {number}") for number in range(count)]


def test_each_list_has_its_count_its_first_rows_and_the_packs_order(story: Story) -> None:
    made = story.organisation
    refs = people(story, 7)
    story.does("Carol", "make_offer", refs[0], channel="phone")
    story.is_accepted(refs[1])
    found = uses(story, "Carol", board)
    assert [(one.name, one.count, len(one.rows)) for one in found.sections] == [
        ("offer", 5, 5),
        ("offer_answer", 1, 1),
        ("allocation", 1, 1),
    ]
    assert found.sections[2].rows[0].name == "Person 1"
    assert (found.overdue, found.escalations) == ((), ())
    made.later(days=10)
    found = uses(story, "Carol", board)
    assert [(row.name, row.what.en) for row in found.overdue] == [("Person 1", "First interview")]


def test_the_most_urgent_clock_comes_first(story: Story) -> None:
    ref = story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="Unsure.")
    story.does("Pat", "raise_red_flag", ref, level="today")
    story.does("Pat", "raise_red_flag", ref, level="now")
    found = uses(story, "Carol", list_escalations)
    assert [row.level for row in found.rows] == ["now", "today", "ordinary"]
    story.does("Carol", "take", found.rows[0].to_ref, kind="escalation")
    assert [row.taken_by for row in uses(story, "Carol", list_escalations).rows] == ["Carol", None, None]
    story.does("Carol", "decide", found.rows[0].to_ref, kind="escalation", decision="no_change", reason="Spoke.")
    assert len(uses(story, "Carol", list_escalations).rows) == 2
    assert [row.level for row in uses(story, "Carol", list_escalations, decided=True).rows] == ["now"]
    assert uses(story, "Carol", board).escalation_count == 2


@pytest.mark.care(2)
def test_a_red_flag_stands_before_what_has_been_overdue_for_days(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = story.supported_case()
    for _ in range(3):
        story.does("Pat", "raise_escalation", ref, reason="Unsure.")
    story.organisation.later(days=9)
    for level in ("today", "now"):
        story.does("Pat", "raise_red_flag", ref, level=level)
    in_order = ["now", "today", "ordinary", "ordinary", "ordinary"]
    assert [row.level for row in uses(story, "Carol", board).escalations] == in_order
    monkeypatch.setattr("trim.usecases.oversight.lists.PAGE", 1)
    shown, key = [], None
    for _ in in_order:
        page = uses(story, "Carol", list_escalations, after=key)
        shown += [row.level for row in page.rows]
        key = page.after
    assert (shown, key) == (in_order, None)


def test_lists_are_paged_by_key_and_show_everything_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 3)
    refs = people(story, 8)
    for one_page in (
        lambda after: uses(story, "Carol", list_cases, after=after).listed,
        lambda after: uses(story, "Carol", list_due, kind="case", name="offer", after=after)[1],
    ):
        seen, after, pages = [], None, 0
        while pages == 0 or after is not None:
            listed = one_page(after)
            assert len(listed.rows) <= 3
            seen += [row.ref for row in listed.rows]
            after, pages = listed.after, pages + 1
        assert (sorted(seen), pages) == (sorted(refs), 3)


def test_cases_are_filtered_by_state(story: Story) -> None:
    refs = people(story, 3)
    story.does("Carol", "record_decline", refs[0])
    story.does("Carol", "make_offer", refs[1], channel="phone")
    for state, shown in (
        ("open", {refs[1], refs[2]}),
        ("ended", {refs[0]}),
        ("offered", {refs[1]}),
        ("no such state", {refs[1], refs[2]}),
    ):
        assert {row.ref for row in uses(story, "Carol", list_cases, state=state).listed.rows} == shown


def test_a_step_that_no_pack_has_is_not_found(story: Story) -> None:
    with pytest.raises(NotFound):
        uses(story, "Carol", list_due, kind="case", name="dance")


@pytest.mark.care(10)
def test_whose_line_manager_is_unknown_stands_there_without_name_or_unit(story: Story) -> None:
    story.organisation.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    (row,) = uses(story, "Carol", list_cases).listed.rows
    assert (row.ref, row.name, row.ask, row.unit) == (ref, None, True, "")
    (section,) = uses(story, "Carol", board).sections
    assert (section.rows[0].name, section.rows[0].ask) == (None, True)


def test_other_units_are_not_in_the_list(story: Story) -> None:
    made = story.organisation
    made.add_account("Sol", Role.COORDINATOR, unit="South")
    case_of(story, "Robin Ashe")
    assert uses(story, "Sol", list_cases).listed.rows == ()
    assert uses(story, "Sol", board).sections == ()
    assert uses(story, "Hana", list_cases).listed.rows == ()


def test_a_list_with_names_leaves_one_line_in_the_readers_own_chain(story: Story) -> None:
    made = story.organisation
    uses(story, "Carol", board)
    people(story, 2)
    uses(story, "Carol", board)
    uses(story, "Carol", list_overdue)
    with made.backend.reading() as uow:
        mine = [one for one in lines(uow.session, f"account:{made.accounts['Carol'].id}") if one["what"] == "list.read"]
    assert [(one["subject"], one["codes"]) for one in mine] == [("list:board", {"rows": 2})]


def test_more_rows_cost_no_more_queries(story: Story) -> None:
    made = story.organisation
    refs = people(story, 2)
    case_of(story, "Late person")
    pages = {
        "board": lambda: uses(story, "Carol", board),
        "cases": lambda: uses(story, "Carol", list_cases),
        "escalations": lambda: uses(story, "Carol", list_escalations),
        "today": lambda: uses(story, "Pat", today),
    }
    for ref in refs:
        story.is_allocated(story.is_accepted(ref))
        story.does("Pat", "raise_escalation", ref, reason="Unsure.")
    sent = {}
    for name, page in pages.items():
        with counted(made.backend) as statements:
            page()
        sent[name] = len(statements)
    for number in range(2, 6):
        ref = story.is_allocated(story.is_accepted(case_of(story, f"Person {number}")))
        story.does("Pat", "raise_escalation", ref, reason="Unsure.")
        case_of(story, f"Late person {number}")
    for name, page in pages.items():
        with counted(made.backend) as statements:
            page()
        assert len(statements) <= sent[name], name
        assert len(statements) < 30, name

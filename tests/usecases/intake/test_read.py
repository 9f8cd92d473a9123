"""Reading incidents: the list, the page of one, the directory, and what each leaves in the trail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from tests.support.queries import counted
from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.planning.people import crew, meets, named_later
from trim.domain.access import Role
from trim.domain.errors import Forbidden, NotFound
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.store.tables import Exclusion, SupportCase
from trim.usecases.intake.incident_file import IncidentFile
from trim.usecases.intake.list_incidents import IncidentPage, list_incidents
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.intake.search_people import bearers_of_names, search_people
from trim.usecases.planning.meeting_page import show_meeting_sheet, show_planning


def opened(story: Story, ref: str, who: str = "Carol") -> IncidentFile:
    made = story.organisation
    with made.backend.writing() as uow:
        return read_incident(uow, made.actor(who), now=made.now, ref=ref)


def listed(story: Story, who: str = "Carol", **more: object) -> IncidentPage:
    made = story.organisation
    with made.backend.reading() as uow:
        return list_incidents(uow, made.actor(who), **more)


def refs(page: IncidentPage) -> list[str]:
    return [row.ref for row in page.rows]


def test_the_page_holds_the_facts_the_people_and_what_may_be_done(story):
    ref = story.reports(place="Ring road", evidence_hold=True)
    page = opened(story, ref)
    assert (page.unit, page.place, page.description) == ("North", "Ring road", "A fatal collision on the ring road.")
    assert (page.reported_by, page.evidence_hold, page.undecided) == ("Rita", True, 1)
    robin = page.people[0]
    assert (robin.name, robin.unit, robin.exposure.en, robin.response, robin.case_ref) == (
        "Robin Ashe",
        "North",
        "Was in it",
        None,
        None,
    )
    assert [(one.label.en, one.done_at) for one in page.clocks] == [("Planning meeting", None)]
    assert [(one.name, one.plans, bool(one.refused)) for one in page.actions] == [
        ("hold_planning_meeting", True, False),
        ("note_site", False, False),
        ("close_incident", False, True),
    ]
    assert [(one.what, one.by) for one in page.happenings] == [("incident.reported", "Rita")]


def test_after_the_meeting_it_tells_the_response_and_the_case(story):
    made = story.organisation
    ref = story.reports()
    made.later(hours=2)
    case = story.plans(ref)
    page = opened(story, ref)
    assert (page.people[0].response.en, page.people[0].case_ref, page.undecided) == ("Individual support", case, 0)
    assert [(one.held_at, one.recorded_by) for one in page.meetings] == [(made.now, "Carol")]
    assert page.clocks[0].done_at == made.now
    # Nobody is left to decide about, so no second meeting is offered.
    assert [one.name for one in page.actions] == ["note_site", "close_incident"]
    assert [one.what for one in page.happenings] == ["incident.hold_planning_meeting", "incident.reported"]


def test_reading_leaves_its_line_and_listing_needs_none(story):
    ref = story.reports()
    opened(story, ref)
    listed(story)
    with story.organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", ref)
        found = lines(uow.session, f"incident:{incident.id}")
    assert [(line["what"], line.get("codes", {}).get("page")) for line in found] == [
        ("incident.reported", None),
        ("incident.read", "incident"),
    ]


@pytest.mark.care(10)
def test_a_case_kept_from_the_reader_is_not_named(story):
    made = story.organisation
    ref = story.reports()
    case = story.plans(ref)
    with made.backend.writing() as uow:
        row = uow.session.scalars(select(SupportCase).where(SupportCase.ref == case)).one()
        uow.session.add(
            Exclusion(id=uow.new_id(), case_id=row.id, account_id=made.accounts["Carol"].id, made_at=made.now)
        )
        uow.record(made.actor("Lee"), made.now, "case.excluded", chain=f"case:{row.id}", subject=f"case:{row.id}")
    assert opened(story, ref).people[0].case_ref is None
    assert opened(story, ref, "Lee").people[0].case_ref == case


@pytest.mark.care(13)
@pytest.mark.parametrize("who", ["Rita", "Pat", "Hana", "Adam", "Ada"])
def test_nobody_else_opens_or_lists_incidents(story, who):
    ref = story.reports()
    with pytest.raises(NotFound):
        opened(story, ref, who)
    assert listed(story, who).rows == ()


def test_the_list_shows_what_is_next_and_pages_by_key(story):
    made = story.organisation
    made.add_account("Sue", Role.COORDINATOR, unit="South")
    everything = []
    for day in range(1, 8):
        everything.append(story.reports(occurred_on=date(2026, 2, day), exposed=()))
    assert refs(listed(story)) == everything[::-1]
    first = listed(story, limit=3)
    second = listed(story, limit=3, after=first.after)
    third = listed(story, limit=3, after=second.after)
    assert refs(first) + refs(second) + refs(third) == everything[::-1]
    assert third.after is None
    row = first.rows[0]
    assert (row.people.exposed, row.next_step.label.en, row.next_step.due_at) == (
        0,
        "Planning meeting",
        made.now + timedelta(hours=24),
    )
    assert refs(listed(story, "Sue")) == []


def test_the_list_can_be_narrowed_to_a_state(story):
    waiting, planned = story.reports(), story.reports(kind="assault")
    story.plans(planned)
    assert set(refs(listed(story))) == {waiting, planned}
    assert refs(listed(story, show="planned")) == [planned]
    assert listed(story, show="closed").rows == ()
    # An unknown word shows what is open, so that an old address still leads somewhere.
    assert set(refs(listed(story, show="lost"))) == {waiting, planned}
    assert sorted(listed(story).states) == ["closed", "planned", "reported"]


@pytest.mark.care(10)
@pytest.mark.care(13)
def test_the_list_hides_what_the_page_would(story):
    shown = story.reports()
    own = story.reports(kind="assault", exposed=(ExposedPerson(exposure="direct", name="Carol Elm"),))
    secret = story.reports("Lee", restricted=True, kind="suicide")
    assert refs(listed(story)) == [shown]
    assert set(refs(listed(story, "Lee"))) == {shown, own, secret}


def test_a_longer_list_takes_no_more_queries(story):
    def queries() -> int:
        made = story.organisation
        with made.backend.reading() as uow:
            actor = made.actor("Carol")
            seen: list[str] = []
            event.listen(uow.session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
            list_incidents(uow, actor)
            return len(seen)

    story.plans(story.reports())
    few = queries()
    for number in range(6):
        ref = story.reports(
            occurred_on=date(2026, 2, 1 + number), exposed=(ExposedPerson(exposure="direct", name=f"Person {number}"),)
        )
        if number % 2:
            story.plans(ref)
    assert queries() == few


def test_more_people_take_no_more_queries(story):
    """The page of an incident, the page of the meeting and the sheet: as many queries for twenty people as for two."""
    made = story.organisation

    def queries(people: int, kind: str) -> list[int]:
        names = [f"Person {kind} {number}" for number in range(people)]
        ref = story.reports(kind=kind, exposed=crew(story, *names))
        meets(
            story,
            ref,
            {name: "individual_assessment" if number % 2 else "briefing" for number, name in enumerate(names)},
        )
        for number in range(people):
            named_later(story, ref, f"Late {kind} {number}")
        actor, asked = made.actor("Carol"), []
        for read in (
            lambda uow: read_incident(uow, actor, now=made.now, ref=ref),
            lambda uow: show_planning(uow, actor, now=made.now, incident_ref=ref),
            lambda uow: show_meeting_sheet(uow, actor, now=made.now, incident_ref=ref),
        ):
            with counted(made.backend) as sent, made.backend.writing() as uow:
                read(uow)
            asked.append(len(sent))
        return asked

    queries(1, "weapon")
    assert queries(2, "drowning") == queries(8, "assault")


# The directory


def test_a_part_of_a_name_is_enough_and_leaves_a_line_without_it(story):
    made = story.organisation
    made.add_person("Robin Oakes", staff_number="R-7")
    with made.backend.writing() as uow:
        found = search_people(uow, made.actor("Carol"), now=made.now, typed="robin")
    assert [(one.name, one.unit, one.staff_number) for one in found] == [
        ("Robin Ashe", "North", None),
        ("Robin Oakes", "North", "R-7"),
    ]
    with made.backend.reading() as uow:
        chain = lines(uow.session, f"account:{made.accounts['Carol'].id}")
    (line,) = [one for one in chain if one["what"] == "people.searched"]
    assert line["codes"] == {"found": 2}
    assert "robin" not in str(line).lower()


@pytest.mark.parametrize("who", ["Rita", "Pat", "Adam"])
def test_only_coordinators_search_the_directory(story, who):
    made = story.organisation
    with pytest.raises(Forbidden), made.backend.writing() as uow:
        search_people(uow, made.actor(who), now=made.now, typed="robin")


def test_a_refused_row_is_shown_who_bears_that_very_name(story):
    made = story.organisation
    twin = made.add_person("Robin Ashe", unit="South")
    rows = [ExposedPerson(exposure="direct", name=name) for name in ("robin ashe", "Robin", "", "Sam Birch")]
    with made.backend.reading() as uow:
        found = bearers_of_names(uow, rows)
    assert {one.unit for one in found[0]} == {"North", "South"}
    assert twin.id in {one.id for one in found[0]}
    assert [len(some) for some in found] == [2, 0, 0, 1]

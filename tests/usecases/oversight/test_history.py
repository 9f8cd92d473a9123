"""Histories out of the trail: what a supervisor sees, what conflict rules keep back, that reading is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import case_of, reads, uses
from trim.domain.access import Role, person_of_case, system_actor
from trim.domain.errors import Forbidden, NotFound
from trim.domain.trail_kinds import Kind
from trim.store import cases
from trim.usecases.cases.exclude import exclude
from trim.usecases.intake.protection import change_readers
from trim.usecases.ledger import open_link
from trim.usecases.oversight.history import (
    PAGE,
    History,
    HistoryFilter,
    Of,
    export_history,
    find_history,
    read_history,
)
from trim.usecases.oversight.history_lines import STRANGERS
from trim.usecases.people import sign_in_guard

ALL = HistoryFilter()


def told(story: Story, who: str, of: Of, wanted: HistoryFilter = ALL, **more: Any) -> History:
    found: History = uses(story, who, read_history, of=of, wanted=wanted, **more)
    return found


def today(story: Story, **more: Any) -> HistoryFilter:
    made = story.organisation
    day = made.now.date()
    return HistoryFilter(from_on=day, to_on=day, **more)


def own_line(story: Story, who: str, number: int = -1) -> dict[str, Any]:
    with story.organisation.backend.reading() as uow:
        return lines(uow.session, f"account:{story.organisation.accounts[who].id}")[number]


def practitioner(story: Story, name: str) -> Of:
    return Of("practitioner", story.organisation.accounts[name].id)


def test_a_case_tells_who_did_what_in_the_packs_own_words(story: Story) -> None:
    ref = story.supported_case()
    story.organisation.later(hours=1)
    reads(story, "Pat", ref)
    found = told(story, "Carol", Of("case", ref))
    read, accepted, asked = found.lines[:3]
    assert found.title == "Robin Ashe"
    assert (read.what, read.page, read.by, read.role) == ("case.read", "case", "Pat", "practitioner")
    assert accepted.told is not None
    assert accepted.told.en == "Support taken on"
    assert accepted.to_state is not None
    assert accepted.to_state.en == "First interview to come"
    assert asked.about == "Pat"
    assert found.lines[-1].what == "case.opened"
    assert ("case", ref) in {line.subject for line in found.lines}


def test_reading_a_history_is_in_the_history(story: Story) -> None:
    ref = story.supported_case()
    told(story, "Carol", Of("case", ref))
    newest = told(story, "Carol", Of("case", ref)).lines[0]
    assert (newest.what, newest.page, newest.by) == ("case.read", "history", "Carol")


def test_an_incident_has_a_history_of_its_own(story: Story) -> None:
    ref = story.reports()
    story.plans(ref)
    found = told(story, "Carol", Of("incident", ref))
    assert found.lines[-1].what == "incident.reported"
    assert "Planning meeting recorded" in {line.told.en for line in found.lines if line.told}
    assert told(story, "Carol", Of("incident", ref)).lines[0].page == "history"


def test_filters_narrow_by_kind_person_and_day(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    first_day = made.now.date()
    made.later(days=2)
    reads(story, "Pat", ref)
    reads(story, "Carol", ref)
    of = Of("case", ref)
    assert {line.kind for line in told(story, "Carol", of, HistoryFilter(kind=Kind.READ)).lines} == {Kind.READ}
    changes = told(story, "Carol", of, HistoryFilter(kind=Kind.CHANGE)).lines
    assert {line.kind for line in changes} == {Kind.CHANGE}
    assert {line.told.en for line in changes if line.told} >= {"Offer made", "Support taken on"}
    assert "case.opened" in {line.what for line in changes}
    pats = told(story, "Carol", of, HistoryFilter(who=made.accounts["Pat"].id, from_on=made.now.date())).lines
    assert [(line.what, line.by) for line in pats] == [("case.read", "Pat")]
    early = told(story, "Carol", of, HistoryFilter(to_on=first_day)).lines
    assert {line.at.date() for line in early} == {first_day}
    assert {name for _, name in told(story, "Carol", of).staff} >= {"Carol", "Pat"}


def test_pages_follow_each_other_without_a_gap_or_a_double(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    for _ in range(PAGE + 5):
        made.later(seconds=1)
        reads(story, "Pat", ref)
    made.later(seconds=1)
    wanted = HistoryFilter(who=made.accounts["Pat"].id)
    first = told(story, "Carol", Of("case", ref), wanted)
    assert len(first.lines) == PAGE
    second = told(story, "Carol", Of("case", ref), wanted, before=first.before)
    assert second.before is None
    instants = [line.at for line in (*first.lines, *second.lines)]
    assert len(instants) == PAGE + 6, "the readings, and the acceptance"
    assert instants == sorted(instants, reverse=True)
    assert told(story, "Carol", Of("case", ref), wanted, before="nonsense|x|y").lines[0] == first.lines[0]


def test_a_practitioner_and_a_day_are_told_and_name_their_cases_in_one_entry(story: Story) -> None:
    first = story.supported_case()
    second = story.is_allocated(story.is_accepted(case_of(story, "Sam Birch")))
    reads(story, "Pat", first)
    found = told(story, "Carol", practitioner(story, "Pat"))
    assert found.title == "Pat"
    assert {line.by for line in found.lines} == {"Pat"}
    assert {line.subject for line in found.lines} >= {("case", first), ("case", second)}
    entry = own_line(story, "Carol")
    assert (entry["what"], entry["codes"]["history"]) == ("history.read", "practitioner")
    assert len(entry["also"]) == 2
    assert entry["role"] == "coordinator"

    day = told(story, "Carol", Of("day"), today(story))
    assert {line.by for line in day.lines} >= {"Carol", "Pat"}
    assert {name for _, name in day.staff} >= {"Carol", "Pat"}
    assert own_line(story, "Carol")["subject"] == "history:day"
    # The ledger of a case finds the readings that named it.
    assert "history.read" in {line.what for line in told(story, "Carol", Of("case", first)).lines}


@pytest.mark.care(10)
def test_a_case_kept_from_the_supervisor_is_in_no_history_of_theirs(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    seen = {line.subject for line in told(story, "Carol", practitioner(story, "Pat")).lines}
    assert ("case", ref) in seen
    uses(story, "Lee", exclude, ref=ref, account_id=made.accounts["Carol"].id)
    for of, wanted in ((practitioner(story, "Pat"), ALL), (Of("day"), today(story))):
        found = told(story, "Carol", of, wanted)
        assert ("case", ref) not in {line.subject for line in found.lines}
        assert not [one for one in own_line(story, "Carol").get("also", ()) if one.startswith("case:")]
    with pytest.raises(NotFound):
        told(story, "Carol", Of("case", ref))
    assert ("case", ref) in {line.subject for line in told(story, "Lee", Of("day"), today(story)).lines}


@pytest.mark.care(10)
def test_a_restricted_incident_and_its_cases_are_told_to_its_readers_alone(story: Story) -> None:
    made = story.organisation
    incident = story.reports()
    ref = story.plans(incident)
    made.add_account("Cora", Role.COORDINATOR)
    before = {line.subject for line in told(story, "Cora", Of("day"), today(story)).lines}
    assert {("incident", incident), ("case", ref)} <= before
    uses(
        story,
        "Carol",
        change_readers,
        incident_ref=incident,
        version=2,
        restricted=True,
        readers=[made.accounts["Carol"].id],
        reason="person_known_to_all",
    )
    after = {line.subject for line in told(story, "Cora", Of("day"), today(story)).lines}
    assert not {("incident", incident), ("case", ref)} & after
    with pytest.raises(NotFound):
        told(story, "Cora", Of("incident", incident))


@pytest.mark.care(10)
def test_until_the_question_is_answered_a_line_says_no_more_than_that_there_is_a_case(story: Story) -> None:
    story.organisation.add_person("Kim Vega", line_manager_known=False)
    ref = case_of(story, "Kim Vega")
    found = [line for line in told(story, "Carol", Of("day"), today(story)).lines if line.subject == ("case", ref)]
    assert found
    assert {(line.ask, line.by, line.told, line.what, line.about) for line in found} == {(True, None, None, "", None)}


@pytest.mark.care(11)
def test_units_bound_what_is_told(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    made.add_account("Sue", Role.COORDINATOR, unit="South")
    assert told(story, "Sue", Of("day"), today(story)).lines == ()
    assert told(story, "Sue", practitioner(story, "Pat")).lines == ()
    made.add_account("Norman", Role.PRACTITIONER, unit="North")
    for name in ("Norman", "Hana"):
        with pytest.raises(NotFound):
            told(story, "Sue", practitioner(story, name))
    assert uses(story, "Sue", find_history, ref=ref) is None


@pytest.mark.parametrize("who", ["Pat", "Rita", "Hana", "Adam", "Ada"])
@pytest.mark.care(11)
def test_nobody_but_supervisors_reads_or_exports_histories(story: Story, who: str) -> None:
    ref = story.supported_case()
    for of in (Of("case", ref), Of("day"), practitioner(story, "Pat")):
        with pytest.raises(Forbidden):
            told(story, who, of)
        with pytest.raises(Forbidden):
            uses(story, who, export_history, of=of, wanted=ALL, made_as="csv")
    with pytest.raises(Forbidden):
        uses(story, who, find_history, ref=ref)


def test_a_reference_leads_to_its_history_and_each_search_is_written_down(story: Story) -> None:
    incident = story.reports()
    ref = story.is_allocated(story.is_accepted(str(story.plans(incident))))
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    escalation = story.does("Pat", "raise_escalation", ref, reason="Unsure.").made["escalation"]
    assert uses(story, "Carol", find_history, ref=incident) == Of("incident", incident)
    for one in (ref, referral, escalation):
        assert uses(story, "Carol", find_history, ref=one) == Of("case", ref)
    for one in ("C-0000000", "X-1", "", "C"):
        assert uses(story, "Carol", find_history, ref=one) is None
    assert own_line(story, "Carol")["codes"] == {"found": False, "kind": "case"}
    assert ref not in str(own_line(story, "Carol", -5))


def test_an_export_is_in_the_trail_of_what_it_holds(story: Story) -> None:
    ref = story.supported_case()
    found = uses(story, "Carol", export_history, of=Of("case", ref), wanted=ALL, made_as="csv")
    assert found.lines
    newest = told(story, "Carol", Of("case", ref)).lines[0]
    assert (newest.what, newest.kind) == ("history.exported", Kind.EXPORT)
    uses(story, "Carol", export_history, of=practitioner(story, "Pat"), wanted=ALL, made_as="pdf")
    entry = own_line(story, "Carol")
    assert entry["codes"]["format"] == "pdf"
    assert entry["also"]
    with pytest.raises(NotFound):
        uses(story, "Carol", export_history, of=Of("case", ref), wanted=ALL, made_as="exe")


def test_who_knocks_without_an_account_is_a_stranger_and_no_job() -> None:
    assert {open_link.STRANGER.account_id, sign_in_guard.STRANGER.account_id} == STRANGERS


def test_what_the_person_did_by_the_private_link_is_theirs(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    with made.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref)
        for actor in (person_of_case(case.id), system_actor("nightly"), open_link.STRANGER):
            uow.record(actor, made.now, "ledger.read", chain=f"case:{case.id}", subject=f"case:{case.id}")
    found = told(story, "Carol", Of("case", ref)).lines[:3]
    assert [(line.by, line.otherwise) for line in found] == [(None, "stranger"), (None, "system"), (None, "person")]

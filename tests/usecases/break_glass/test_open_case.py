"""Break-glass: one case outside one's units, for a stated reason and four hours, told to those whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.break_glass.outside import chain_of, openings, opens, with_cora
from tests.usecases.cases.test_conflicts import leads
from trim.domain.access import Role
from trim.domain.errors import ConflictUnknown, Forbidden, InvalidInput, NotAllowedNow, NotFound
from trim.domain.incident import ExposedPerson
from trim.store import cases, notices
from trim.store.tables import Assessment, Incident, Notice, Person, SignInGuard
from trim.usecases.assessment.correct import EFFECT
from trim.usecases.assessment.show_assessment import show_assessment
from trim.usecases.assessment.submitted import actions_doing, submitted
from trim.usecases.break_glass.end_opening import end_opening
from trim.usecases.break_glass.open_case import open_case
from trim.usecases.cases.action_page import action_page
from trim.usecases.cases.declare import declare_line, line_question
from trim.usecases.cases.exclude import exclusion_page
from trim.usecases.cases.raise_flag import raise_flag
from trim.usecases.cases.read_case import read_case
from trim.usecases.ledger.give_link import link_page
from trim.usecases.oversight.board import board
from trim.usecases.oversight.history import HistoryFilter, Of, read_history
from trim.usecases.oversight.lists import list_cases, list_escalations
from trim.usecases.perform import find


def reads(story: Story, ref: str, who: str = "Cora"):
    made = story.organisation
    with made.backend.writing() as uow:
        return read_case(uow, made.actor(who), now=made.now, ref=ref)


@pytest.mark.care(10)
def test_a_case_of_another_unit_opens_for_four_hours_and_then_is_as_if_it_were_not(story: Story):
    made, ref = with_cora(story), story.supported_case()
    with pytest.raises(NotFound):
        reads(story, ref)
    assert opens(story, ref)
    file = reads(story, ref)
    assert (file.standing, file.person, file.reads_content) == ("break_glass", "Robin Ashe", True)
    assert [one.reason for one in file.openings] == ["She rang our desk and nobody of North answers."]
    made.later(hours=3, minutes=59)
    reads(story, ref)
    made.later(minutes=1)
    with pytest.raises(NotFound):
        reads(story, ref)


@pytest.mark.care(10)
def test_whoever_opened_it_reads_and_raises_an_alarm_and_no_more(story: Story):
    made, ref = with_cora(story), story.supported_case()
    made.later(hours=72)
    story.interviews(ref, points=2)
    opens(story, ref)
    file = reads(story, ref)
    assert file.actions == ()
    assert file.red_flag_action == "raise_red_flag"
    with pytest.raises(NotAllowedNow) as refused:
        story.does("Cora", "log_contact", ref, channel="phone", result="no_answer", happened_at=made.now)
    assert refused.value.codes == ["break_glass_reads"]
    cora = made.actor("Cora")
    with made.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref)
        [one] = cases.assessments(uow.session, case.id)
        page = show_assessment(uow, cora, now=made.now, case_ref=ref, assessment_id=one.id)
        assert not page.can_correct
        assert not page.can_withdraw
        assert action_page(uow, cora, now=made.now, kind="case", ref=ref, action="raise_red_flag").fields
    for closed in (
        lambda uow: action_page(uow, cora, now=made.now, kind="case", ref=ref, action="hand_over"),
        lambda uow: submitted(uow, cora, ref, one.id, lock=True),
        lambda uow: exclusion_page(uow, cora, now=made.now, ref=ref),
        lambda uow: read_history(uow, cora, now=made.now, of=Of("case", ref), wanted=HistoryFilter()),
        lambda uow: link_page(uow, cora, now=made.now, ref=ref),
        lambda uow: find(uow, cora, "case", ref, lock=False),
        lambda uow: show_assessment(uow, cora, now=made.now, case_ref=ref, assessment_id=one.id, page="correct"),
    ):
        with made.backend.writing() as uow, pytest.raises(NotFound):
            closed(uow)
    with made.backend.writing() as uow:
        flag = raise_flag(uow, cora, now=made.now, ref=ref, level="now")
    story.does("Cora", "take", flag, kind="escalation")
    story.does("Cora", "record_spoke_to", flag, kind="escalation", spoke_to="Pat", spoke_at=made.now)
    with pytest.raises(NotAllowedNow):
        story.does("Cora", "decide", flag, kind="escalation", decision="no_change", reason="All is well.")
    story.does("Cora", "pass_on", flag, kind="escalation")
    assert story.state(flag, "escalation") == "open"


def test_no_offer_to_correct_comes_from_the_pack_either(story: Story):
    made, ref = with_cora(story), story.supported_case()
    made.later(hours=72)
    story.interviews(ref, points=2)
    opens(story, ref)
    with made.backend.reading() as uow:
        one = uow.session.scalars(select(Assessment)).one()
        seen = submitted(uow, made.actor("Cora"), ref, one.id, lock=False, glass=True)
        own = submitted(uow, made.actor("Pat"), ref, one.id, lock=False)
        assert actions_doing(seen.found, EFFECT, {}) == []
        assert actions_doing(own.found, EFFECT, {})


def test_it_stands_in_no_list_but_in_the_line_of_the_board(story: Story):
    made, ref = with_cora(story), story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="Please look.")
    opens(story, ref)
    cora = made.actor("Cora")
    with made.backend.writing() as uow:
        assert list_cases(uow, cora, now=made.now).listed.rows == ()
        assert list_escalations(uow, cora, now=made.now).rows == ()
        found = board(uow, cora, now=made.now)
        assert not found.sections
        assert not found.escalations
        assert [(one.ref, one.until_at) for one in found.opened] == [(ref, made.now + timedelta(hours=4))]
        assert board(uow, made.actor("Carol"), now=made.now).opened == ()


@pytest.mark.care(14)
def test_the_trail_names_ground_and_end_and_the_coordinators_are_told_at_once(story: Story):
    made, ref = with_cora(story), story.supported_case()
    opens(story, ref)
    reads(story, ref)
    with made.backend.reading() as uow:
        opened, read = lines(uow.session, chain_of(made, ref))[-2:]
        told = {
            name: [
                one for one in notices.newest(uow.session, made.accounts[name].id) if one.kind == "break_glass_opened"
            ]
            for name in ("Carol", "Lee", "Cora", "Pat", "Adam")
        }
    assert (opened["what"], opened["role"], opened["codes"]["ground"]) == (
        "break_glass.opened",
        "coordinator",
        "risk_to_life",
    )
    assert opened["codes"]["until"] == (made.now + timedelta(hours=4)).isoformat()
    assert "rang" not in str(opened)
    assert set(opened["digests"]) == {"reason"}
    assert read["what"] == "case.read"
    assert [(name, len(rows)) for name, rows in told.items()] == [
        ("Carol", 1),
        ("Lee", 1),
        ("Cora", 0),
        ("Pat", 0),
        ("Adam", 0),
    ]
    assert told["Carol"][0].urgent
    assert told["Carol"][0].subject_ref == ref


def test_where_a_unit_has_nobody_those_of_the_programme_are_told(story: Story):
    made = with_cora(story)
    made.add_account("Leah", Role.PROGRAMME_LEAD, unit="South")
    ref = story.supported_case()
    with made.backend.writing() as uow:
        for name in ("Carol", "Lee"):
            row = uow.session.get(type(made.accounts[name]), made.accounts[name].id)
            row.active = False
            uow.record(made.actor("Lee"), made.now, "account.deactivated", chain="organisation", subject="test")
    opens(story, ref)
    with made.backend.reading() as uow:
        told = uow.session.scalars(select(Notice.recipient_id).where(Notice.kind == "break_glass_opened"))
        assert list(told) == [made.accounts["Leah"].id]


def exposed_too(story: Story) -> str:
    made = story.organisation
    people = ("Robin Ashe", "Cora Fenn")
    exposed = tuple(ExposedPerson(exposure="witness", person_id=made.people[name].id) for name in people)
    story.plans(story.reports(exposed=exposed))
    with made.backend.reading() as uow:
        index = uow.vault.blind_index("person", made.people["Robin Ashe"].id)
        case = cases.open_of_person(uow.session, index, "trim", ["closed"])
        assert case is not None
        return case.ref


def own_case(story: Story) -> str:
    made = story.organisation
    exposed = (ExposedPerson(exposure="direct", person_id=made.people["Cora Fenn"].id),)
    ref = story.plans(story.reports(exposed=exposed))
    assert ref is not None
    return ref


def led_by_cora(story: Story) -> str:
    leads(story, "Cora Fenn", "Robin Ashe")
    return story.supported_case()


def leads_cora(story: Story) -> str:
    leads(story, "Robin Ashe", "Cora Fenn")
    return story.supported_case()


def restricted(story: Story) -> str:
    ref = story.supported_case()
    made = story.organisation
    with made.backend.writing() as uow:
        uow.session.scalars(select(Incident)).one().restricted = True
        uow.record(made.actor("Lee"), made.now, "incident.readers", chain="organisation", subject="test")
    return ref


def kept_away(story: Story) -> str:
    from trim.store.tables import Exclusion

    ref, made = story.supported_case(), story.organisation
    with made.backend.writing() as uow:
        case = cases.load(uow.session, "case", ref)
        row = Exclusion(id=uow.new_id(), case_id=case.id, account_id=made.accounts["Cora"].id, made_at=made.now)
        uow.session.add(row)
        uow.record(made.actor("Lee"), made.now, "case.exclusion_recorded", chain=f"case:{case.id}", subject="test")
    return ref


@pytest.mark.care(10)
@pytest.mark.parametrize("conflict", [own_case, led_by_cora, leads_cora, exposed_too, kept_away, restricted])
def test_a_conflict_keeps_it_shut_and_answers_like_a_wrong_reference(story: Story, conflict):
    made = with_cora(story)
    ref = conflict(story)
    assert not opens(story, ref)
    assert not opens(story, "C-NOTONE")
    assert openings(made) == []
    with made.backend.reading() as uow:
        guard = uow.session.get(SignInGuard, uow.vault.blind_index("break-glass", made.accounts["Cora"].id))
        assert guard is not None
        assert guard.failures == 2


@pytest.mark.care(10)
def test_a_conflict_that_comes_later_shuts_it_at_once(story: Story):
    with_cora(story)
    ref = story.supported_case()
    opens(story, ref)
    reads(story, ref)
    leads(story, "Cora Fenn", "Robin Ashe")
    with pytest.raises(NotFound):
        reads(story, ref)


@pytest.mark.care(10)
def test_an_unknown_line_manager_is_asked_before_anything_shows_and_yes_ends_it(story: Story):
    made = with_cora(story)
    with made.backend.writing() as uow:
        uow.session.scalars(select(Person).where(Person.name == "Robin Ashe")).one().line_manager_known = False
        uow.record(made.actor("Lee"), made.now, "person.changed", chain="organisation", subject="test")
    ref = story.plans(story.reports())
    assert ref is not None
    assert opens(story, ref)
    with pytest.raises(ConflictUnknown):
        reads(story, ref)
    with made.backend.writing() as uow:
        question = line_question(uow, made.actor("Cora"), now=made.now, ref=ref)
        assert question is not None
        assert question.person == "Robin Ashe"
    with made.backend.writing() as uow:
        declare_line(uow, made.actor("Cora"), now=made.now, ref=ref, is_clear=False)
    with pytest.raises(NotFound):
        reads(story, ref)
    [row] = openings(made)
    assert row.ended_at == made.now
    assert made.actor("Cora").opened_case_ids == frozenset()


def test_wrong_tries_are_counted_and_then_nothing_is_tried_for_an_hour(story: Story):
    made = with_cora(story)
    ref = story.supported_case()
    for _one in range(5):
        assert not opens(story, "C-NOTONE")
    with pytest.raises(NotAllowedNow) as refused:
        opens(story, ref)
    assert refused.value.codes == ["tries_used_up"]
    assert not any(openings(made))
    opens(story, ref, who="Lee")
    made.later(hours=1, minutes=1)
    assert opens(story, ref)


def four_cases(story: Story) -> list[str]:
    """Cases of four people."""
    refs = []
    for number in range(4):
        person = story.organisation.add_person(f"Person {number}")
        found = story.plans(story.reports(exposed=(ExposedPerson(exposure="direct", person_id=person.id),)))
        assert found is not None
        refs.append(found)
    return refs


def test_three_at_a_time_and_one_that_is_ended_makes_room(story: Story):
    made, refs = with_cora(story), four_cases(story)
    for ref in refs[:3]:
        assert opens(story, ref)
    with pytest.raises(NotAllowedNow) as refused:
        opens(story, refs[3])
    assert refused.value.codes == ["too_many_open"]
    with made.backend.writing() as uow:
        end_opening(uow, made.actor("Cora"), now=made.now, ref=refs[0], opening_id=openings(made)[0].id)
    assert opens(story, refs[3])


@pytest.mark.care(10)
def test_with_three_open_a_case_that_a_conflict_keeps_away_still_answers_like_a_wrong_reference(story: Story):
    with_cora(story)
    for ref in four_cases(story)[:3]:
        assert opens(story, ref)
    assert not opens(story, exposed_too(story))
    assert not opens(story, "C-222222")


def test_two_presses_at_one_moment_open_one_case_once_and_never_a_fourth(story: Story):
    """Who acts was read before the first of them was committed."""
    made, refs = with_cora(story), four_cases(story)
    stale = made.actor("Cora")

    def presses(ref: str) -> None:
        with made.backend.writing() as uow:
            open_case(uow, stale, now=made.now, ref=ref, ground="risk_to_life", reason="She rang our desk.")

    for ref in (refs[0], *refs[:3]):
        presses(ref)
    assert len(openings(made)) == 3
    with pytest.raises(NotAllowedNow) as refused:
        presses(refs[3])
    assert refused.value.codes == ["too_many_open"]


def test_whoever_sees_the_case_already_opens_nothing(story: Story):
    made = with_cora(story)
    ref = story.supported_case()
    assert opens(story, ref, who="Carol")
    assert opens(story, ref)
    made.later(hours=1)
    assert opens(story, ref)
    assert len(openings(made)) == 1


@pytest.mark.parametrize("who", ["Pat", "Quinn", "Rita", "Hana", "Adam", "Ada"])
def test_nobody_else_may(story: Story, who: str):
    ref = story.supported_case()
    with pytest.raises(Forbidden):
        opens(story, ref, who=who)


@pytest.mark.care(11)
def test_a_role_that_ends_takes_the_opened_case_along(story: Story):
    from trim.usecases.people.accounts import end_role

    made, ref = with_cora(story), story.supported_case()
    opens(story, ref)
    from trim.store import accounts

    with made.backend.writing() as uow:
        [grant] = accounts.grants_not_ended(uow.session, made.accounts["Cora"].id, made.now)
        end_role(uow, made.actor("Adam"), now=made.now, grant_id=grant.id)
    with pytest.raises(NotFound):
        reads(story, ref)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ground": "curious"}, "ground"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_ground_and_reason_are_asked(story: Story, values, field):
    made, ref = with_cora(story), story.supported_case()
    with pytest.raises(InvalidInput) as invalid:
        opens(story, ref, **values)
    assert set(invalid.value.problems) == {field}
    assert openings(made) == []

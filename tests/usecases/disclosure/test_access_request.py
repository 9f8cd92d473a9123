"""A person asks for everything held on them: recorded, reviewed by a named reviewer, locked, handed over (CARE 18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation
from tests.support.rows import digests
from tests.support.story import Story
from tests.support.trail import broken_chains, lines
from tests.usecases.disclosure.desk import Desk
from tests.usecases.disclosure.test_register import decide, record
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, KeyDestroyed, NotAllowedNow, NotFound, StaleVersion
from trim.store import erasure
from trim.store.tables import AccessRequest, Notice, SupportCase
from trim.usecases.break_glass.open_case import DELAYS, GROUNDS, Delay, open_case
from trim.usecases.cases.raise_flag import raise_flag
from trim.usecases.disclosure import package, read_request, register, review, see_to_request
from trim.usecases.disclosure.forget import forget_requests
from trim.usecases.disclosure.read_register import hold_for_disclosure
from trim.usecases.people.accounts import give_role
from trim.usecases.retention.erase import erase
from trim.usecases.retention.erase_due import SYSTEM, erase_due
from trim.usecases.retention.sweep_keys import sweep_keys

pytestmark = pytest.mark.care(18)
SAID = "Her brother Zebedee Quill called the house twice."


@pytest.fixture
def case_ref(organisation: Organisation, story: Story) -> str:
    """A case of Robin Ashe with an interview whose notes name somebody else."""
    ref = story.supported_case()
    organisation.later(days=3)
    story.interviews(ref, points=1, notes=SAID, plan="Walk in the evening.")
    return ref


def request(organisation: Organisation, ref: str) -> AccessRequest:
    with organisation.backend.reading() as uow:
        return uow.session.scalars(select(AccessRequest).where(AccessRequest.ref == ref)).one()


def words_of(organisation: Organisation, ref: str) -> list[str]:
    row = request(organisation, ref)
    with organisation.backend.reading() as uow:
        return [line["what"] for line in lines(uow.session, f"request:{row.id}")]


def test_from_request_to_hand_over(organisation: Organisation, desk: Desk, case_ref: str) -> None:
    ref = desk.checked()
    desk.marks("Lee", ref, "Zebedee", review.CUT, leave_out=["brother Zebedee Quill"], reason="other_person")
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    made = desk.makes("Lee", ref)
    text = str(made.as_data())
    assert "Her […] called the house twice." in text
    assert "Zebedee" not in text
    for held in ("Robin Ashe", "Walk in the evening.", case_ref, "Pat", "Readings and changes"):
        assert held in text, held
    assert "ring road" not in text, "what happened to everybody is not this person's alone"
    assert request(organisation, ref).package is not None
    desk.hands_over("Lee", ref)
    row = request(organisation, ref)
    assert (row.state, row.handed_how, row.package) == ("handed_over", "in_person", None)
    words = [one for one in words_of(organisation, ref) if one != "access_request.read"]
    assert words[:3] == [
        "access_request.recorded",
        "access_request.identity_checked",
        "access_request.reviewer_named",
    ]
    assert words[-3:] == ["access_request.reviewed", "access_request.package_made", "access_request.handed_over"]
    with organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        case = uow.session.scalars(select(SupportCase)).one()
        told = [line for line in lines(uow.session, f"case:{case.id}") if line["what"] == "case.read"]
        everything = str(lines(uow.session))
    assert {line["codes"]["page"] for line in told} >= {"access_review", "access_package"}
    assert "Zebedee" not in everything
    assert "Passport" not in everything
    assert "Robin" not in everything


def test_nothing_is_gathered_before_the_identity_is_checked(organisation: Organisation, desk: Desk) -> None:
    ref = desk.records()
    desk.names(ref, "Lee")
    for verb in (review.finish_review, package.gather_package):
        with pytest.raises(NotAllowedNow):
            desk.does("Lee", verb, ref)
    with pytest.raises(NotAllowedNow) as problem:
        desk.reads("Lee", ref)
    assert problem.value.codes == ["identity_not_checked"]
    with pytest.raises(InvalidInput):
        desk.does("Carol", see_to_request.check_identity, ref, how="by_feeling")


@pytest.mark.care(10)
def test_only_the_named_reviewer_reads_it(organisation: Organisation, desk: Desk, case_ref: str) -> None:
    ref = desk.checked(reviewer="Lee")
    before = digests(organisation.backend)
    for name in ("Carol", "Pat", "Quinn", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound):
            desk.reads(name, ref)
        with pytest.raises(NotFound):
            desk.does(name, review.finish_review, ref)
        with pytest.raises(NotFound):
            desk.does(name, package.gather_package, ref)
    assert digests(organisation.backend) == before
    # Carol sees who asks and by when, and nothing of what is held.
    with organisation.backend.writing() as uow:
        page = read_request.read_request(uow, organisation.actor("Carol"), now=organisation.now, ref=ref)
    assert page.person == "Robin Ashe"
    assert "Zebedee" not in str(page)


@pytest.mark.care(10)
def test_who_is_close_to_the_person_neither_records_nor_reviews(organisation: Organisation, desk: Desk) -> None:
    person = organisation.add_person("Lena Moss", line_manager_id=organisation.people["Carol Elm"].id)
    with pytest.raises(InvalidInput) as problem:
        desk.records("Carol", person="Lena Moss")
    assert problem.value.problems["person"].code == "too_close"
    ref = desk.records("Lee", person="Lena Moss")
    with pytest.raises(NotFound):
        desk.does("Carol", see_to_request.check_identity, ref, how="known_in_person")
    with pytest.raises(InvalidInput):
        desk.names(ref, "Carol", who="Lee")
    for name in ("Pat", "Hana", "Adam", "Ada"):
        with pytest.raises(InvalidInput):
            desk.names(ref, name, who="Lee")
    with organisation.backend.writing() as uow:
        listed = read_request.list_requests(uow, organisation.actor("Carol"), now=organisation.now)
    assert listed.rows == ()
    assert person.id


@pytest.mark.care(11)
def test_a_coordinator_of_another_programme_in_the_same_unit_sees_none(organisation: Organisation, desk: Desk) -> None:
    other = organisation.add_account("Oda", Role.REPORTER, unit="North")
    with organisation.backend.writing() as uow:
        unit = organisation.units["North"].id
        for role in (Role.COORDINATOR, Role.PROGRAMME_LEAD):
            give_role(uow, SETUP, now=organisation.now, account_id=other.id, role=role, programme="other", unit_id=unit)
    ref = desk.records()
    with pytest.raises(NotFound):
        desk.does("Oda", see_to_request.check_identity, ref, how="known_in_person")
    with organisation.backend.writing() as uow:
        listed = read_request.list_requests(uow, organisation.actor("Oda"), now=organisation.now)
    assert listed.rows == ()


@pytest.mark.care(10)
def test_an_unknown_line_manager_is_asked_about(organisation: Organisation, desk: Desk) -> None:
    organisation.add_person("Noor Ash", line_manager_known=False)
    ref = desk.records(person="Noor Ash")
    with pytest.raises(NotAllowedNow):
        desk.does("Carol", see_to_request.check_identity, ref, how="known_in_person")
    with organisation.backend.writing() as uow:
        page = read_request.read_request(uow, organisation.actor("Carol"), now=organisation.now, ref=ref)
    assert page.ask
    assert page.asked_by == ""
    for name in ("Carol", "Lee"):
        with organisation.backend.writing() as uow:
            see_to_request.declare(uow, organisation.actor(name), now=organisation.now, ref=ref, leads=False)
    desk.does("Carol", see_to_request.check_identity, ref, how="known_in_person")
    desk.names(ref, "Lee")
    desk.reads("Lee", ref)
    with organisation.backend.writing() as uow:
        see_to_request.declare(uow, organisation.actor("Lee"), now=organisation.now, ref=ref, leads=True)
    assert request(organisation, ref).reviewer_id is None
    with pytest.raises(NotFound):
        desk.reads("Lee", ref)


def test_a_change_after_the_reading_must_be_read_again(
    organisation: Organisation, desk: Desk, story: Story, case_ref: str
) -> None:
    ref = desk.checked()
    desk.keeps_the_rest("Lee", ref)
    story.does("Pat", "raise_escalation", case_ref, reason="Something new about Ottilie.")
    with pytest.raises(NotAllowedNow) as problem:
        desk.does("Lee", review.finish_review, ref)
    assert problem.value.codes == ["not_all_read"]
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    story.does("Pat", "log_contact", case_ref, happened_at=organisation.now, channel="phone", result="no_answer")
    with pytest.raises(NotAllowedNow):
        desk.makes("Lee", ref)


@pytest.mark.care(18)
def test_what_came_in_after_a_part_was_opened_is_not_taken_for_read(desk: Desk, story: Story, case_ref: str) -> None:
    ref = desk.checked()
    part = next(one for one in desk.reads("Lee", ref).sections if one.section.key == f"case-{case_ref}")
    story.does("Pat", "raise_escalation", case_ref, reason="Her brother Zebulon rang me at home.")
    with pytest.raises(NotAllowedNow) as refused:
        desk.does("Lee", review.keep_section, ref, section=part.section.key, digest=part.digest)
    assert refused.value.codes == ["item_changed"]
    assert all(one.mark is None for one in desk.reads("Lee", ref).sections[0].items)


def test_slips_of_a_review_are_refused(desk: Desk, case_ref: str) -> None:
    ref = desk.checked()
    one = desk.item("Lee", ref, "Zebedee")
    known = {"key": one.item.key, "digest": one.digest}
    for wrong, field in (
        ({"decision": review.CUT, "leave_out": ["Zebedee Quark"], "reason": "other_person"}, "passages"),
        ({"decision": review.CUT, "leave_out": [], "reason": "other_person"}, "passages"),
        ({"decision": review.CUT, "leave_out": ["Zebedee"], "reason": "because"}, "reason"),
        ({"decision": "perhaps"}, "decision"),
    ):
        with pytest.raises(InvalidInput) as problem:
            desk.does("Lee", review.mark_item, ref, **known, **wrong)
        assert list(problem.value.problems) == [field]
    with pytest.raises(NotAllowedNow):
        desk.does("Lee", review.mark_item, ref, key=one.item.key, digest="0" * 64, decision=review.KEEP)
    with pytest.raises(StaleVersion):
        desk.does("Lee", review.mark_item, ref, version=1, **known, decision=review.KEEP)
    desk.marks("Lee", ref, "Zebedee", review.LEAVE_OUT, reason="told_in_confidence")
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    made = desk.makes("Lee", ref)
    [gone] = [item for part in made.sections for item in part.items if item.whole]
    assert gone.lines == ()
    assert gone.left_out == ("told_in_confidence",)


def test_a_new_reviewer_begins_anew_and_an_old_package_is_gone(
    organisation: Organisation, desk: Desk, case_ref: str
) -> None:
    ref = desk.checked("Lee")
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    desk.makes("Lee", ref)
    desk.names(ref, "Carol")
    row = request(organisation, ref)
    assert (row.state, row.package, row.marks) == ("checked", None, None)
    with pytest.raises(NotFound):
        desk.does("Lee", package.gather_package, ref)
    assert all(one.mark is None for part in desk.reads("Carol", ref).sections for one in part.items)


def test_the_deadline_is_a_month_and_can_be_extended_once_within_it(organisation: Organisation, desk: Desk) -> None:
    ref = desk.records(received_on=date(2026, 1, 31))
    assert request(organisation, ref).due_on == date(2026, 2, 28)
    more = {"code": "complex", "reason": "Three cases in ten years."}
    with pytest.raises(NotAllowedNow) as problem:
        desk.does("Carol", see_to_request.extend_deadline, ref, **more)
    assert problem.value.codes == ["too_late"]
    ref = desk.records()
    desk.does("Carol", see_to_request.extend_deadline, ref, **more)
    assert request(organisation, ref).due_on == date(2026, 6, 2)
    with pytest.raises(NotAllowedNow):
        desk.does("Carol", see_to_request.extend_deadline, ref, **more)
    with pytest.raises(InvalidInput):
        desk.records(received_on=organisation.now.date() + timedelta(days=2))


def test_a_refusal_and_a_withdrawal_end_it(organisation: Organisation, desk: Desk) -> None:
    for code, state in (("identity_not_shown", "refused"), ("withdrawn", "withdrawn")):
        ref = desk.checked()
        with pytest.raises(InvalidInput):
            desk.does("Carol", see_to_request.end_request, ref, code=code, reason=" ")
        desk.does("Carol", see_to_request.end_request, ref, code=code, reason="They said so.")
        assert request(organisation, ref).state == state
        with pytest.raises(NotAllowedNow):
            desk.names(ref, "Lee")
        with pytest.raises(NotFound):
            desk.reads("Lee", ref)


def test_the_reviewer_is_told_and_the_others_when_it_is_answered(
    organisation: Organisation, desk: Desk, case_ref: str
) -> None:
    ref = desk.checked()
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    desk.makes("Lee", ref)
    desk.hands_over("Lee", ref)
    names = {account.id: name for name, account in organisation.accounts.items()}
    with organisation.backend.reading() as uow:
        told = uow.session.scalars(select(Notice).where(Notice.subject_ref == ref))
        assert {(one.kind, names[one.recipient_id]) for one in told} == {
            ("review_asked", "Lee"),
            ("request_answered", "Carol"),
        }


def test_an_ended_request_is_erased_after_its_time(organisation: Organisation, desk: Desk) -> None:
    ref = desk.checked()
    row = request(organisation, ref)
    organisation.later(days=2_000)
    assert forget_requests(organisation.backend, now=organisation.now) == 0
    desk.does("Carol", see_to_request.end_request, ref, code="withdrawn", reason="They said so.")
    organisation.later(days=3 * 365)
    assert forget_requests(organisation.backend, now=organisation.now) == 0
    organisation.later(days=2)
    assert forget_requests(organisation.backend, now=organisation.now) == 1
    with organisation.backend.reading() as uow:
        assert uow.session.get(AccessRequest, row.id) is None
        assert broken_chains(uow.session) == []
    with pytest.raises(KeyDestroyed):
        organisation.backend.vault.unseal(f"request:{row.id}", "access_request", row.id, row.sealed)


@pytest.mark.care(15)
def test_a_look_that_may_not_be_told_yet_is_kept_back_as_in_the_ledger(
    organisation: Organisation, desk: Desk, case_ref: str
) -> None:
    """The package must not be a way round a safeguarding delay."""
    organisation.add_account("Sue", Role.COORDINATOR, unit="South")
    with organisation.backend.writing() as uow:
        open_case(
            uow,
            organisation.actor("Sue"),
            now=organisation.now,
            ref=case_ref,
            ground=next(iter(GROUNDS)),
            reason="Nobody else can be reached.",
            delay=Delay(next(iter(DELAYS)), "A risk at home.", organisation.now + timedelta(days=5)),
        )
    with organisation.backend.writing() as uow:
        # What she did meanwhile would tell of the look as well.
        raise_flag(uow, organisation.actor("Sue"), now=organisation.now, ref=case_ref, level="today")
    ref = desk.checked()
    assert "Sue" not in str(desk.reads("Lee", ref))
    organisation.later(days=400)
    assert "Sue" in str(desk.reads("Lee", ref))


@pytest.mark.care(17)
def test_an_open_request_holds_erasure_and_a_replayed_one_takes_the_package_along(
    organisation: Organisation, desk: Desk, story: Story
) -> None:
    case_ref = story.opens_case()
    story.does("Carol", "make_offer", case_ref, channel="phone")
    story.does("Carol", "record_decline", case_ref)
    ref = desk.checked()
    organisation.later(days=200)
    assert erase_due(organisation.backend, now=organisation.now).warned == 0
    desk.keeps_the_rest("Lee", ref)
    desk.does("Lee", review.finish_review, ref)
    desk.makes("Lee", ref)
    # What a restore of an older backup does: the list of erasures knows the case, whatever is open.
    with organisation.backend.writing() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        erase(uow, SYSTEM, now=organisation.now, subject=case, rule="declined", replayed=True)
    row = request(organisation, ref)
    assert (row.state, row.package, row.made_at) == ("checked", None, None)
    with pytest.raises(NotAllowedNow):
        desk.does("Lee", package.gather_package, ref)


def test_a_disclosure_the_person_may_not_know_of_stays_out_until_they_are_told(
    organisation: Organisation, desk: Desk, case_ref: str
) -> None:
    entry = record(organisation, case_ref)
    decide(organisation, entry, told="law_forbids")
    with organisation.backend.writing() as uow:
        hold_for_disclosure(uow, organisation.actor("Carol"), now=organisation.now, ref=entry, reason="For Umbridge.")
    ref = desk.checked()
    held = str(desk.reads("Lee", ref))
    for word in ("Wexcombe", "Zebedee's", "Umbridge", entry):
        assert word not in held, word
    with organisation.backend.writing() as uow:
        register.record_told(
            uow,
            organisation.actor("Carol"),
            now=organisation.now,
            ref=entry,
            version=2,
            told="told",
            told_on=organisation.now.date(),
        )
    held = str(desk.reads("Lee", ref))
    for word in ("Wexcombe", "Zebedee's", "Umbridge", entry):
        assert word in held, word


def test_the_key_of_a_request_is_no_orphan(organisation: Organisation, desk: Desk) -> None:
    ref = desk.records()
    owner = f"request:{request(organisation, ref).id}"
    with organisation.backend.reading() as uow:
        assert erasure.existing(uow.session, [owner, "request:" + "0" * 32]) == {owner}
    assert sweep_keys(organisation.backend, SYSTEM, now=datetime.now(UTC) + timedelta(days=3)).swept == 0
    assert owner in organisation.backend.vault.owners()

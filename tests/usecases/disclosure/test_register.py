"""The register of disclosures: who asks, a second person decides, what was given, was the person told (CARE 17, 18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from tests.support.trail import broken_chains, lines
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput, KeyDestroyed, NotAllowedNow, NotFound, StaleVersion
from trim.store.tables import Disclosure, Incident, LegalHold, Notice, SupportCase
from trim.usecases.cases.exclude import exclude
from trim.usecases.disclosure import read_register, register
from trim.usecases.people.accounts import give_role
from trim.usecases.retention.erase import finish_erasures
from trim.usecases.retention.erase_due import SYSTEM, erase_due

pytestmark = pytest.mark.care(18)
WHO = "Crown Court at Wexcombe"
WHY = "The order names the interviews of March."
GIVEN = "Two pages about Zebedee's evening."


def record(organisation: Organisation, ref: str, by: str = "Carol", kind: str = "case", **more: Any) -> str:
    values: dict[str, Any] = {
        "asked_by": "court",
        "who": WHO,
        "ground": "court_order",
        "ground_words": "Order 12 of the year",
        "asked_on": organisation.now.date(),
        "due_on": organisation.now.date() + timedelta(days=14),
    }
    with organisation.backend.writing() as uow:
        return register.record_disclosure(
            uow, organisation.actor(by), now=organisation.now, kind=kind, ref=ref, **{**values, **more}
        ).ref


def decide(organisation: Organisation, ref: str, who: str = "Lee", version: int = 1, **more: Any) -> None:
    values: dict[str, Any] = {
        "decision": "given_in_part",
        "reason": WHY,
        "given": ["interviews", "dates"],
        "given_words": GIVEN,
        "told": "told_later",
    }
    with organisation.backend.writing() as uow:
        register.decide_disclosure(
            uow, organisation.actor(who), now=organisation.now, ref=ref, version=version, **{**values, **more}
        )


def entry(organisation: Organisation, ref: str) -> Disclosure:
    with organisation.backend.reading() as uow:
        return uow.session.scalars(select(Disclosure).where(Disclosure.ref == ref)).one()


def test_a_second_person_decides_and_everything_is_kept(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    ref = record(organisation, case_ref)
    decide(organisation, ref)
    with organisation.backend.writing() as uow:
        register.record_told(
            uow,
            organisation.actor("Carol"),
            now=organisation.now,
            ref=ref,
            version=2,
            told="told",
            told_on=organisation.now.date(),
        )
    with organisation.backend.writing() as uow:
        page = read_register.read_disclosure(uow, organisation.actor("Lee"), now=organisation.now, ref=ref)
    assert (page.who, page.reason, page.given_words) == (WHO, WHY, GIVEN)
    assert (page.row.decision, page.row.given, page.row.told) == ("given_in_part", ("dates", "interviews"), "told")
    assert (page.row.recorded_by, page.row.decided_by, page.row.about) == ("Carol", "Lee", case_ref)
    with organisation.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        written = lines(uow.session, f"case:{case.id}")
        assert broken_chains(uow.session) == []
        told = list(uow.session.scalars(select(Notice).where(Notice.subject_ref == ref)))
    assert [one["what"] for one in written if one["what"].startswith("disclosure.")] == [
        "disclosure.recorded",
        "disclosure.decided",
        "disclosure.person_told",
        "disclosure.read",
    ]
    for word in ("Wexcombe", "March", "Zebedee"):
        assert word not in str(written)
    assert [one.recipient_id for one in told] == [organisation.accounts["Lee"].id]


def test_nobody_decides_what_they_recorded_and_no_coordinator_decides(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    own = record(organisation, case_ref, "Lee")
    with pytest.raises(NotAllowedNow) as problem:
        decide(organisation, own, "Lee")
    assert problem.value.codes == ["second_person"]
    for name in ("Carol", "Pat", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound):
            decide(organisation, own, name)
    assert entry(organisation, own).decision is None


def test_slips_are_refused(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    today = organisation.now.date()
    for wrong, field in (
        ({"asked_by": "neighbour"}, "asked_by"),
        ({"who": " "}, "who"),
        ({"ground": "curiosity"}, "ground"),
        ({"asked_on": today + timedelta(days=1), "due_on": None}, "asked_on"),
        ({"due_on": today - timedelta(days=1)}, "due_on"),
    ):
        with pytest.raises(InvalidInput) as problem:
            record(organisation, case_ref, **wrong)
        assert list(problem.value.problems) == [field]
    ref = record(organisation, case_ref)
    for wrong, field in (
        ({"decision": "maybe"}, "decision"),
        ({"reason": ""}, "reason"),
        ({"given": []}, "given"),
        ({"given_words": ""}, "given_words"),
        ({"told": "told"}, "told_on"),
        ({"told": "never"}, "told"),
    ):
        with pytest.raises(InvalidInput) as problem:
            decide(organisation, ref, **wrong)
        assert list(problem.value.problems) == [field]
    with pytest.raises(StaleVersion):
        decide(organisation, ref, version=7)
    decide(organisation, ref, decision="refused", given=[], given_words="", told="law_forbids")
    assert entry(organisation, ref).given == []
    with pytest.raises(NotAllowedNow):
        decide(organisation, ref, version=2)


@pytest.mark.care(10)
def test_conflicts_and_roles_keep_people_away(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    ref = record(organisation, case_ref, "Lee")
    with organisation.backend.writing() as uow:
        exclude(
            uow,
            organisation.actor("Lee"),
            now=organisation.now,
            ref=case_ref,
            account_id=organisation.accounts["Carol"].id,
        )
    for name in ("Carol", "Pat", "Quinn", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound), organisation.backend.writing() as uow:
            read_register.read_disclosure(uow, organisation.actor(name), now=organisation.now, ref=ref)
        with pytest.raises(NotFound):
            record(organisation, case_ref, name)
    with organisation.backend.writing() as uow:
        assert read_register.list_disclosures(uow, organisation.actor("Carol"), now=organisation.now).rows == ()
        [seen] = read_register.list_disclosures(uow, organisation.actor("Lee"), now=organisation.now).rows
    assert seen.ref == ref
    for name in ("Pat", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(Forbidden), organisation.backend.writing() as uow:
            read_register.list_disclosures(uow, organisation.actor(name), now=organisation.now)


def test_the_auditor_sees_that_there_are_disclosures_without_content(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    ref = record(organisation, case_ref)
    decide(organisation, ref)
    with organisation.backend.writing() as uow:
        [row] = read_register.register_for_auditors(uow, organisation.actor("Ada"), now=organisation.now).rows
    assert (row.ref, row.asked_by, row.decision, row.about) == (ref, "court", "given_in_part", None)
    for word in (case_ref, "Wexcombe", "Zebedee", "Robin"):
        assert word not in str(row)
    for name in ("Carol", "Lee", "Pat", "Hana", "Adam"):
        with pytest.raises(Forbidden), organisation.backend.writing() as uow:
            read_register.register_for_auditors(uow, organisation.actor(name), now=organisation.now)


@pytest.mark.care(17)
def test_an_entry_sets_no_hold_and_each_is_set_alone(organisation: Organisation, story: Story) -> None:
    case_ref = story.opens_case()
    ref = record(organisation, case_ref, asked_by="coroner")

    def holds() -> tuple[int, int]:
        with organisation.backend.reading() as uow:
            legal = list(uow.session.scalars(select(LegalHold)))
            return len(legal), sum(one.evidence_hold for one in uow.session.scalars(select(Incident)))

    assert holds() == (0, 0)
    with organisation.backend.writing() as uow:
        read_register.hold_for_disclosure(
            uow, organisation.actor("Carol"), now=organisation.now, ref=ref, reason="The inquest."
        )
    assert holds() == (1, 0)
    with organisation.backend.reading() as uow:
        assert uow.session.scalars(select(LegalHold)).one().ground == "coroner"


@pytest.mark.care(17)
def test_an_open_question_postpones_erasure_and_an_erased_case_leaves_code_words(
    organisation: Organisation, story: Story
) -> None:
    case_ref = story.opens_case()
    story.does("Carol", "make_offer", case_ref, channel="phone")
    story.does("Carol", "record_decline", case_ref)
    ref = record(organisation, case_ref)
    with organisation.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
    organisation.later(days=200)
    assert erase_due(organisation.backend, now=organisation.now).warned == 0
    decide(organisation, ref)
    sealed = entry(organisation, ref).sealed
    assert sealed is not None
    assert erase_due(organisation.backend, now=organisation.now).warned == 1
    organisation.later(days=31)
    assert erase_due(organisation.backend, now=organisation.now).erased == 1
    finish_erasures(organisation.backend, SYSTEM, now=organisation.now)
    row = entry(organisation, ref)
    assert (row.case_id, row.sealed) == (None, None)
    assert (row.asked_by, row.decision, row.given, row.told) == (
        "court", "given_in_part", ["dates", "interviews"], "told_later",
    )  # fmt: skip
    with pytest.raises(KeyDestroyed):
        organisation.backend.vault.unseal(f"case:{case.id}", "disclosure", row.id, sealed)
    with organisation.backend.writing() as uow:
        page = read_register.read_disclosure(uow, organisation.actor("Lee"), now=organisation.now, ref=ref)
        [seen] = read_register.list_disclosures(uow, organisation.actor("Carol"), now=organisation.now).rows
    assert (page.who, page.given_words, page.row.about) == ("", "", None)
    assert seen.erased
    with pytest.raises(NotAllowedNow):
        decide(organisation, ref, version=2)


@pytest.mark.care(11)
def test_a_role_in_another_programme_over_the_same_unit_decides_nothing(
    organisation: Organisation, story: Story
) -> None:
    ref = record(organisation, story.opens_case(), by="Lee")
    with organisation.backend.writing() as uow:
        give_role(
            uow,
            SETUP,
            now=organisation.now,
            account_id=organisation.accounts["Carol"].id,
            role=Role.PROGRAMME_LEAD,
            programme="other",
            unit_id=organisation.units["North"].id,
        )
    with pytest.raises(NotFound):
        decide(organisation, ref, who="Carol")
    with organisation.backend.writing() as uow:
        page = read_register.read_disclosure(uow, organisation.actor("Carol"), now=organisation.now, ref=ref)
    assert not page.may_decide


def test_an_incident_can_be_asked_about_too(organisation: Organisation, story: Story) -> None:
    ref = record(organisation, story.reports(), kind="incident", asked_by="standards", ground="statutory_duty")
    decide(organisation, ref, decision="refused", given=[], told="investigation")
    with organisation.backend.writing() as uow:
        page = read_register.read_disclosure(uow, organisation.actor("Carol"), now=organisation.now, ref=ref)
    assert (page.kind, page.person, page.row.decision) == ("incident", None, "refused")

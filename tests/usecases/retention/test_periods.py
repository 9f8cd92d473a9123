"""Who sets how long things are kept, who is told, and what the list of announced erasures says (CARE 12, 17)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.trail import lines
from trim.audit import trail
from trim.domain.access import Role
from trim.domain.course import STOPPED
from trim.domain.errors import Forbidden, InvalidInput, NotFound
from trim.domain.retention import DEFAULTS, Retention
from trim.store import erasure
from trim.store.tables import Notice, SupportCase
from trim.usecases.retention.erase_due import erase_due
from trim.usecases.retention.legal_hold import lift_legal_hold, set_legal_hold
from trim.usecases.retention.list_coming import list_coming
from trim.usecases.retention.set_periods import change_period, look_at_periods


def change(made: Organisation, who: str = "Lee", **more: str) -> None:
    values = {"name": "supported", "period": "P7Y", "shown": "P6Y", "reason": "policy_decided", **more}
    with made.backend.writing() as uow:
        change_period(uow, made.actor(who), now=made.now, **values)


def periods(made: Organisation, who: str):
    with made.backend.reading() as uow:
        return look_at_periods(uow, made.actor(who))


def coming(made: Organisation, who: str = "Carol", kind: str = "case"):
    with made.backend.writing() as uow:
        return list_coming(uow, made.actor(who), now=made.now, kind=kind)


def declined(made: Organisation) -> str:
    story = Story(made)
    ref = story.opens_case()
    story.does("Carol", "make_offer", ref, channel="phone")
    story.does("Carol", "record_decline", ref)
    return ref


@pytest.mark.care(12)
def test_a_lead_changes_a_period_in_sight_of_everybody_who_oversees(organisation):
    change(organisation)
    assert periods(organisation, "Carol").period_of("supported") == "P7Y"
    with organisation.backend.reading() as uow:
        line = lines(uow.session, trail.ORGANISATION)[-1]
        told = set(uow.session.scalars(select(Notice.recipient_id).where(Notice.kind == "retention_changed")))
    assert line["what"] == "retention.changed"
    assert line["codes"] == {"rule": "supported", "period": "P7Y", "before": "P6Y", "reason": "policy_decided"}
    assert told == {organisation.accounts["Carol"].id}
    change(organisation, period="never", shown="P7Y")
    assert periods(organisation, "Ada").period_of("supported") == "never"


@pytest.mark.care(12)
def test_nobody_else_changes_one_and_a_lead_of_one_unit_does_not_either(organisation):
    organisation.add_account("Nora", Role.PROGRAMME_LEAD, unit="North")
    for name in ("Carol", "Pat", "Rita", "Hana", "Adam", "Ada", "Nora"):
        with pytest.raises(Forbidden):
            change(organisation, name)
    assert {name: periods(organisation, name).may_change for name in ("Lee", "Nora", "Carol", "Adam", "Ada")} == {
        "Lee": True,
        "Nora": False,
        "Carol": False,
        "Adam": False,
        "Ada": False,
    }
    for name in ("Hana", "Pat", "Rita"):
        with pytest.raises(Forbidden):
            periods(organisation, name)


def test_what_a_page_does_not_offer_is_refused_and_so_is_what_was_overtaken(organisation):
    for wrong in ({"period": "P1D"}, {"period": "soon"}, {"reason": "because"}, {"shown": "P2Y"}):
        with pytest.raises(InvalidInput):
            change(organisation, **wrong)
    with pytest.raises(InvalidInput):
        change(organisation, name="warning", period="P1D", shown="P30D")
    with pytest.raises(NotFound):
        change(organisation, name="nothing_like_it")
    change(organisation, name="warning", period="P60D", shown="P30D")
    assert periods(organisation, "Carol").warn_before == "P60D"


@pytest.mark.care(17)
def test_the_list_says_what_will_go_and_what_postpones_it(organisation):
    ref = declined(organisation)
    assert coming(organisation).rows == ()
    organisation.later(days=70)
    erase_due(organisation.backend, now=organisation.now)
    [row] = coming(organisation).rows
    assert (row.ref, row.unit, row.rule, row.kept_by, row.moved_to) == (ref, "North", "declined", (), None)
    with organisation.backend.writing() as uow:
        carol = organisation.actor("Carol")
        hold = set_legal_hold(uow, carol, now=organisation.now, kind="case", ref=ref, ground="court", reason="Asked.")
    assert coming(organisation).rows[0].kept_by == ("legal_hold",)
    organisation.later(days=60)
    assert erase_due(organisation.backend, now=organisation.now).erased == 0
    assert coming(organisation).rows[0].kept_by == ("legal_hold",)
    with organisation.backend.writing() as uow:
        lift_legal_hold(uow, organisation.actor("Lee"), now=organisation.now, kind="case", ref=ref, hold_id=hold)
    assert erase_due(organisation.backend, now=organisation.now).erased == 1
    assert coming(organisation).rows == ()


def test_activity_moves_the_day_and_an_announcement_that_came_to_nothing_goes_from_the_list(organisation):
    ref = declined(organisation)
    organisation.later(days=70)
    erase_due(organisation.backend, now=organisation.now)
    Story(organisation).does("Carol", "undo_decline", ref)
    assert coming(organisation).rows[0].kept_by == ("activity",)
    organisation.later(days=40)
    assert coming(organisation).rows == ()


@pytest.mark.care(10)
def test_the_list_is_for_who_oversees_and_keeps_conflicts_out(organisation):
    ref = declined(organisation)
    organisation.add_account("Cora", Role.COORDINATOR, unit="South")
    organisation.add_account("Robin", Role.COORDINATOR, unit="North", person="Robin Ashe")
    organisation.later(days=70)
    erase_due(organisation.backend, now=organisation.now)
    assert [row.ref for row in coming(organisation, "Lee").rows] == [ref]
    assert coming(organisation, "Cora").rows == ()
    assert coming(organisation, "Robin").rows == ()
    for name in ("Pat", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(Forbidden):
            coming(organisation, name)
    with pytest.raises(NotFound):
        coming(organisation, kind="account")
    assert coming(organisation, kind="incident").rows == ()


def test_every_ground_that_keeps_a_case_from_erasure_has_its_word(organisation):
    story = Story(organisation)
    ref = story.supported_case()
    story.does("Pat", "raise_escalation", ref, reason="To talk about it.")
    story.does("Pat", "propose_referral", ref, provider="gp", reason="To sleep better.")
    with organisation.backend.writing() as uow:
        lee = organisation.actor("Lee")
        set_legal_hold(uow, lee, now=organisation.now, kind="case", ref=ref, ground="lawyer", reason="Asked.")
    with organisation.backend.reading() as uow:
        case_id = uow.session.scalars(select(SupportCase.id)).one()
        kept = erasure.kept_by(uow.session, "case", [case_id])
        assert erasure.held(uow.session, "case", [case_id]) == {case_id}
    assert kept == {case_id: {"legal_hold", "escalation", "referral"}}


@pytest.mark.care(26)
def test_wherever_contact_was_stopped_less_is_kept_for_less_long():
    """The checker lets a pack stop contact into these states alone, so the short periods find every such case."""
    found = {state: Retention().rule_for("case", state, None) for state in STOPPED}
    assert {state: rule.name for state, rule in found.items() if rule is not None} == {one: one for one in STOPPED}
    assert {state for rule in DEFAULTS for state in rule.states} == STOPPED

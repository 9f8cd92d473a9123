"""Referral to professional care: proposed, agreed by the person or overridden on the pack's grounds, sent, followed."""

from __future__ import annotations

from trim.engine.escalations import raised_by
from trim.store.tables import Referral
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES, Act
from trim.usecases.counting import count
from trim.usecases.escalation.open_escalation import open_escalation


def propose_referral(act: Act) -> None:
    """Open a referral: the person agrees or not, as its own step."""
    case, uow = act.the_case(), act.uow
    row_id = uow.new_id()
    lifecycle = act.pack.lifecycles["referral"]
    referral = Referral(
        id=row_id,
        ref=uow.new_ref(PREFIXES["referral"]),
        case_id=case.id,
        unit_id=case.unit_id,
        pack_version_id=case.pack_version_id,
        state=lifecycle.initial,
        proposed_at=act.now,
        proposed_by=act.actor.account_id,
        sealed=act.seal("referral", row_id, act.values),
    )
    uow.session.add(referral)
    uow.session.flush()
    clocks.start(
        uow,
        pack=act.pack,
        lifecycle="referral",
        subject=referral,
        names=lifecycle.starts,
        anchors={"now": act.now},
        variables={},
        case_id=case.id,
        now=act.now,
    )
    act.made["referral"] = referral.ref
    # So that the trail alone says when each referral began.
    act.codes.setdefault("referrals", []).append(referral.id)
    count(uow, "referral_proposed", case=case, now=act.now)


def record_agreement(act: Act) -> None:
    """Note what the person said; the words stand in the record."""
    _count_state(act)


def override_agreement(act: Act) -> None:
    """Act without agreement on one of the pack's grounds: help goes first, the coordinator confirms after (CARE 3)."""
    for rule in raised_by(act.pack, variables={}, action=act.name):
        open_escalation(act, rule, content=dict(act.values))
    act.codes["grounds"] = act.values.get("grounds")
    _count_state(act)


def send_referral(act: Act) -> None:
    """Note when it went to the provider; the clock of its answer runs from it."""
    act.subject.sent_at = act.now
    act.anchors["referral.sent_at"] = act.now
    _count_state(act)


def record_attendance(act: Act) -> None:
    """Note whether the person went; asked of the person, not of the provider (CARE 28)."""
    _count_state(act)


def finish_referral(act: Act) -> None:
    """End the referral."""
    act.subject.ended_at = act.now
    _count_state(act)


def _count_state(act: Act) -> None:
    if act.decision.to_state != act.decision.from_state:
        state = act.decision.to_state
        count(act.uow, "referral_state", case=act.the_case(), now=act.now, category=state, slot=state)

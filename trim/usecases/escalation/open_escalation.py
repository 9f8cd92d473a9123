"""Put a question to the programme, with a clock; up the programme, never to line management (CARE 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trim.domain.access import Role
from trim.engine.definition import EscalationRule
from trim.engine.escalations import answer_by
from trim.store import cases
from trim.store.tables import Escalation
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES, Act
from trim.usecases.counting import count
from trim.usecases.telling import duty_for, supervisors_of, tell

URGENT_LEVELS = frozenset({"now", "today"})


def open_escalation(act: Act, rule: EscalationRule, *, level: str = "", content: Mapping[str, Any]) -> Escalation:
    """Open an escalation on the act's case and tell who must answer.

    `level` is one of the rule's levels, empty for an ordinary one. With nobody on duty every coordinator and lead of
    the unit is told at once, and `act.made["nobody_on_duty"]` is set so that the page says so (CARE 2).
    """
    case, uow = act.the_case(), act.uow
    row_id = uow.new_id()
    escalation = Escalation(
        id=row_id,
        ref=uow.new_ref(PREFIXES["escalation"]),
        case_id=case.id,
        unit_id=case.unit_id,
        pack_version_id=case.pack_version_id,
        state=act.pack.lifecycles["escalation"].initial,
        rule=rule.name,
        level=level or "ordinary",
        to_role=rule.to,
        raised_at=act.now,
        raised_by=act.actor.account_id,
        answer_by=answer_by(rule, level or None, act.now, uow.organisation.zone),
        sealed=act.seal("escalation", row_id, content),
    )
    uow.session.add(escalation)
    uow.session.flush()
    clocks.start(
        uow,
        pack=act.pack,
        lifecycle="escalation",
        subject=escalation,
        names=act.pack.lifecycles["escalation"].starts,
        anchors={"escalation.raised_at": act.now, "now": act.now},
        variables={},
        case_id=case.id,
        now=act.now,
    )
    urgent = level in URGENT_LEVELS
    recipients = _recipients(act, rule, urgent=urgent)
    tell(
        uow,
        recipients,
        # Whoever is woken must read at the first glance what it is; both words say nothing of anybody.
        kind="red_flag" if urgent else "escalation",
        subject_kind="escalation",
        subject_ref=escalation.ref,
        cause=row_id,
        now=act.now,
        actor=act.actor,
        urgent=urgent,
    )
    if act.made.get("nobody_on_duty"):
        _alarm(act, escalation, recipients)
    count(uow, "escalation_raised", case=case, now=act.now, category=rule.name, slot=rule.name)
    act.made["escalation"] = escalation.ref
    # The row id, not the rule: "high score" in the trail would tell an auditor what was answered (CARE 14).
    act.codes.setdefault("escalations", []).append(escalation.id)
    return escalation


def _recipients(act: Act, rule: EscalationRule, *, urgent: bool) -> list[Any]:
    case, uow = act.the_case(), act.uow
    if rule.to == "programme_lead":
        leads = supervisors_of(uow, case, act.now, (Role.PROGRAMME_LEAD,))
        return leads or supervisors_of(uow, case, act.now)
    everybody = supervisors_of(uow, case, act.now)
    if not urgent and rule.to != "duty_coordinator":
        coordinators = supervisors_of(uow, case, act.now, (Role.COORDINATOR,))
        return coordinators or everybody
    duty = duty_for(uow, case, act.now)
    if not duty:
        act.made["nobody_on_duty"] = "yes"
        act.codes["nobody_on_duty"] = True
    return [*duty, *everybody]


def _alarm(act: Act, escalation: Escalation, everybody: list[Any]) -> None:
    """Nobody on duty for something urgent is an alarm of its own, besides the question itself (CARE 2)."""
    tell(
        act.uow,
        everybody,
        kind="nobody_on_duty",
        subject_kind="escalation",
        subject_ref=escalation.ref,
        cause=escalation.id,
        now=act.now,
        actor=act.actor,
        urgent=True,
    )


def is_open(act: Act, rule: str) -> bool:
    """Whether an escalation of that rule waits for an answer on this case already."""
    final = {s.name for s in act.pack.lifecycles["escalation"].states.values() if s.kind == "final"}
    return any(
        one.rule == rule and one.state not in final for one in cases.escalations(act.uow.session, act.the_case().id)
    )

"""Escalation: red flags, questions by hand, and the coordinator's decision."""

from __future__ import annotations

from trim.domain.access import Role
from trim.engine import machine
from trim.engine.escalations import raised_by
from trim.store.tables import Escalation
from trim.usecases.acting.act import Act
from trim.usecases.acting.standing import standing
from trim.usecases.acting.variables import case_variables
from trim.usecases.counting import count
from trim.usecases.escalation.open_escalation import open_escalation
from trim.usecases.telling import account_named, supervisors_of, tell, tell_of_act


def raise_red_flag(act: Act) -> None:
    """Alert the programme at once, whatever the score and however little was filled in (CARE 1)."""
    level = str(act.values.get("level") or "now")
    for rule in raised_by(act.pack, variables={}, action=act.name):
        open_escalation(act, rule, level=level, content=dict(act.values))
    act.codes["level"] = level


def raise_escalation(act: Act) -> None:
    """Ask the programme to look at a case, by hand."""
    for rule in raised_by(act.pack, variables={}, action=act.name):
        open_escalation(act, rule, content=dict(act.values))


def take_escalation(act: Act) -> None:
    """Say that somebody has taken it, so that two do not answer and none believes the other did."""
    act.subject.taken_by = act.actor.account_id


def record_spoke_to(act: Act) -> None:
    """Note whom the practitioner spoke to; the words stand in the record."""
    act.codes["spoke"] = True


def pass_on_escalation(act: Act) -> None:
    """Pass it up the programme with a new clock of the same length (CARE 4)."""
    escalation: Escalation = act.subject
    rule = act.pack.escalations.get(escalation.rule)
    within = rule.within(escalation.level) if rule else None
    escalation.to_role = Role.PROGRAMME_LEAD.value
    escalation.taken_by = None
    if within is not None:
        escalation.answer_by = within.after(act.now, act.uow.organisation.zone)
    tell(
        act.uow,
        supervisors_of(act.uow, act.the_case(), act.now, (Role.PROGRAMME_LEAD,)),
        kind="escalation_passed_on",
        subject_kind="escalation",
        subject_ref=escalation.ref,
        cause=act.record_id,
        now=act.now,
        actor=act.actor,
        urgent=escalation.level != "ordinary",
    )


def decide_escalation(act: Act) -> None:
    """Decide, with a reason. A decision proposes and arranges; it refers, closes and bars nobody by itself (CARE 7)."""
    escalation: Escalation = act.subject
    decision = str(act.values["decision"])
    escalation.decided_at = act.now
    act.codes["decision"] = decision
    case = act.the_case()
    count(act.uow, "escalation_decided", case=case, now=act.now, category=decision, slot=escalation.rule)
    if decision == "another_follow_up":
        _arrange(act)
    if decision == "refer":
        act.made["next"] = "propose_referral"
    if decision == "close":
        act.made["next"] = "close"
    if case.practitioner_id:
        tell_of_act(act, account_named(act.uow, case.practitioner_id), "escalation_decided")


def _arrange(act: Act) -> None:
    """Arrange the follow-up that was decided, where the case stands at a point from which one can be arranged."""
    case = act.the_case()
    possible = machine.possible(
        act.pack,
        lifecycle="case",
        state=case.state,
        roles=standing(act.uow, act.actor, case).roles,
        variables=case_variables(act.uow, act.actor, case, act.incident, act.pack, act.now),
    )
    if any(one.action.name == "arrange_follow_up" and not one.refused for one in possible):
        act.then(
            kind="case", ref=case.ref, action="arrange_follow_up", version=None, values={"reason": act.values["reason"]}
        )

"""Which rules of a pack call for the programme to look at a case; a score only proposes, a person decides."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from trim.engine.conditions import ConditionFailed, conditions_of
from trim.engine.definition import EscalationRule, Pack

_LOG = logging.getLogger(__name__)


def raised_by(
    pack: Pack, *, variables: Mapping[str, Any], step: str | None = None, action: str | None = None
) -> list[EscalationRule]:
    """Give the rules raised by completing a step or doing an action, in the pack's order.

    A rule whose condition cannot be reckoned is raised: a needless look by a coordinator does less harm than a
    silent one. The failure is logged without any value of the case.
    """
    conditions = conditions_of(pack)
    raised = []
    for rule in pack.escalations.values():
        if (step is None or step not in rule.at) and (action is None or action != rule.by_action):
            continue
        try:
            holds = rule.when is None or conditions[rule.when].holds(variables)
        except ConditionFailed as error:
            _LOG.error("escalation rule %s of pack %s raised because it failed: %s", rule.name, pack.name, error)
            holds = True
        if holds:
            raised.append(rule)
    return raised


def answer_by(rule: EscalationRule, level: str | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Give the instant by which somebody must have answered; a rule without a clock asks for it at once."""
    within = rule.within(level)
    return within.after(now, zone) if within else now

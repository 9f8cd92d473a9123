"""Read an escalation: why it reached the programme, its clock, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor
from trim.engine.definition import Choice
from trim.engine.wording import Text
from trim.usecases.acting.rule_words import rule_words
from trim.usecases.cases.beside import Beside, beside
from trim.usecases.cases.case_file import Interview
from trim.usecases.cases.gathered import gather
from trim.usecases.escalation.came_of import CameOf, came_of
from trim.usecases.perform import find
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EscalationFile(Beside):
    """Why it reached the programme, and its clock."""

    rule: Text
    rule_hint: Text | None
    level: str
    level_words: Choice | None
    to_role: str
    raised_at: datetime
    #: None when a rule of the pack raised it by itself.
    raised_by: str | None
    answer_by: datetime
    taken_by: str | None
    #: The interview that a rule about scores looked at.
    interview: Interview | None
    #: Which clock, which notices before, delivered or not.
    came_of: CameOf


def read_escalation(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> EscalationFile:
    """An escalation, with a line in the trail. Raises NotFound, ConflictUnknown."""
    found = find(uow, actor, "escalation", ref, lock=False, glass=True)
    one, pack = found.subject, found.pack
    gathered = gather(uow, found)
    rule = pack.escalations.get(one.rule)
    content = uow.vault.unseal(f"case:{one.case_id}", "escalation", one.id, one.sealed)
    before = [held for held in gathered.interviews if held.recorded_at <= one.raised_at]
    return EscalationFile(
        **beside(uow, actor, found, gathered, now, content, rule.by_action if rule else None),
        rule=rule_words(found.pack, one.rule),
        rule_hint=rule.hint if rule else None,
        level=one.level,
        level_words=pack.choice("red_flag_levels", one.level),
        to_role=one.to_role,
        raised_at=one.raised_at,
        # Whoever submitted the interview did not raise it: a rule did, and nobody is to blame for it.
        raised_by=gathered.name(one.raised_by) if rule is not None and rule.by_action is not None else None,
        answer_by=one.answer_by,
        taken_by=gathered.name(one.taken_by),
        came_of=came_of(uow, one, gathered, pack, now),
        interview=before[-1] if before and rule is not None and rule.at else None,
    )

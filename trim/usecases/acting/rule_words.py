"""What the rule of an escalation is called: in the pack's words, or in ours where a step's own clock raised it."""

from __future__ import annotations

from typing import Final

from trim.engine.definition import Pack
from trim.engine.wording import Text

#: What stands in place of a pack's rule: the step's own rule raised it.
OVERDUE: Final = "overdue"
OVERDUE_WORDS: Final = Text("Past its latest day", "Délai dépassé")


def rule_words(pack: Pack, name: str) -> Text:
    """The label of a rule; its name where the pack has it no more."""
    rule = pack.escalations.get(name)
    if rule is not None:
        return rule.label
    return OVERDUE_WORDS if name == OVERDUE else Text(name, name)

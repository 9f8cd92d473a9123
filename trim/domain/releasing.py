"""How a release of statistics that somebody asked for goes: its states, what is done to it, why it is refused.

Code words alone: pages say them in words, the trail and the rows hold them as they are.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """What is done to a release that is being made."""

    COUNTING = "counting"  # facts are moved on and counted
    HIDING = "hiding"  # tables are laid out and suppressed, measure by measure
    ATTACKING = "attacking"  # the adversary tries to work out every hidden figure


class Refusal(StrEnum):
    """Why nothing was published."""

    PERIOD_OPEN = "period_open"  # it is not over
    PUBLISHED_ALREADY = "published_already"  # somebody published it meanwhile
    WITHIN_PUBLISHED = "within_published"  # too little happened, and the longer period is published already
    NOTHING_TO_CORRECT = "nothing_to_correct"  # nothing came late
    CORRECTED_ALREADY = "corrected_already"  # a later release corrects it
    TOO_SMALL = "too_small"  # too little happened, and the longer period is not over
    CONFLICT = "conflict"  # tables cannot be published together
    NOT_ROUNDED = "not_rounded"  # no multiples of the base add up
    EXPOSED = "exposed"  # the adversary worked something out, however coarse the tables were
    TIME_LIMIT = "time_limit"  # it could not be proven in time that nothing can be worked out
    MOVED = "moved"  # records of the period changed each time it was reckoned
    RULES = "rules"  # the organisation's tables or rules cannot be used
    EARLIER = "earlier"  # an earlier release cannot be read, or contradicts the new one
    FAILED = "failed"  # the program failed several times


#: States of a request that a worker has still to finish.
UNFINISHED: Final = ("asked", "making")
#: How often a worker begins one, with those that died, failed, or found that records had moved, before it is refused.
MOST_TRIES: Final = 5

"""How long content is kept: rules by kind of record, final state and outcome, as the organisation sets them.

Nothing here is law. Programmes differ: some keep records of support for six or seven years, some keep nothing. Six
years is the time within which a claim on contract can be brought in England and Wales (Limitation Act 1980, section
5); declined and withdrawn support is short (CARE 26), and after a death nothing is erased until somebody decides so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A rule fits a record of its kind in one of its final states and outcomes; empty means any.

    `keep` is an ISO 8601 duration counted from the last thing done on the record; None keeps it until it is changed.
    """

    name: str
    kind: str
    keep: str | None
    states: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()

    def fits(self, kind: str, state: str, outcome: str | None) -> bool:
        """Whether it says how long such a record is kept."""
        if kind != self.kind or (self.states and state not in self.states):
            return False
        return not self.outcomes or outcome in self.outcomes


#: The first rule that fits counts. The last two catch what packs of other programmes call their final states.
DEFAULTS = (
    RetentionRule("declined", "case", "P3M", states=frozenset({"declined"})),
    RetentionRule("withdrawn", "case", "P6M", states=frozenset({"withdrawn"})),
    RetentionRule("died", "case", None, outcomes=frozenset({"died"})),
    RetentionRule("not_reached", "case", "P1Y", outcomes=frozenset({"could_not_be_reached"})),
    RetentionRule("supported", "case", "P6Y"),
    RetentionRule("incident", "incident", "P6Y"),
    # Who came to a session says nothing that is needed for long; figures are kept apart.
    RetentionRule("beside_cases", "undertaking", "P1Y"),
    # A complaint about the answer may come late; the package itself is gone with its hand-over.
    RetentionRule("access_request", "request", "P3Y"),
)
#: How long before erasure the coordinators are told.
WARN_BEFORE = "P30D"
#: Why something may be held.
HOLD_GROUNDS = ("court", "coroner", "standards", "lawyer", "inquiry", "other")


@dataclass(frozen=True, slots=True)
class Retention:
    """The organisation's rules and how long before erasure it is warned."""

    rules: tuple[RetentionRule, ...] = DEFAULTS
    warn_before: str = WARN_BEFORE

    def rule_for(self, kind: str, state: str, outcome: str | None) -> RetentionRule | None:
        """The rule that fits a record in a final state."""
        return next((rule for rule in self.rules if rule.fits(kind, state, outcome)), None)


def from_settings(settings: Mapping[str, Any]) -> Retention:
    """The rules out of the organisation's settings.

    `retention` maps names of the rules above to durations or null; `retention_rules` holds further rules, which are
    asked first: objects of name, kind, keep, states, outcomes.
    """
    periods: Mapping[str, str | None] = settings.get("retention", {})
    further: Sequence[Mapping[str, Any]] = settings.get("retention_rules", [])
    own = tuple(
        RetentionRule(
            name=str(one["name"]),
            kind=str(one["kind"]),
            keep=one["keep"],
            states=frozenset(one.get("states", ())),
            outcomes=frozenset(one.get("outcomes", ())),
        )
        for one in further
    )
    shipped = tuple(replace(rule, keep=periods.get(rule.name, rule.keep)) for rule in DEFAULTS)
    return Retention(own + shipped, str(settings.get("retention_warning", WARN_BEFORE)))

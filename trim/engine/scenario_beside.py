"""The course of a group session, a check, a pair or a mediation, as far as clocks and conditions read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

DERIVED: Final = frozenset(
    {
        "people",
        "leaders",
        "meetings",
        "separate_meetings",
        "written_down",
        "all_agreed",
        "goals",
        "goals_measured",
        "has_mentor",
        "has_mentee",
    }
)
"""Variables that follow from what was done: a scenario names people and holds meetings, it never gives these."""


@dataclass(slots=True)
class Together:
    """What was recorded so far; the use cases keep the same in rows of the database."""

    opened_at: datetime
    leaders: int = 0
    parts: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    written: bool = False
    yes: int = 0
    goals: int = 0
    measured: int = 0
    agreed_at: datetime | None = None
    planned_for: datetime | None = None

    def record(self, effect: str, values: Mapping[str, Any], at: datetime) -> None:
        """Note what one effect leaves."""
        if effect == "name_leader":
            self.leaders += 1
        elif effect == "name_person":
            self.parts.append(str(values.get("part") or ""))
        elif effect == "hold_meeting":
            self.meetings.append(str(values.get("form") or ""))
        elif effect == "write_down":
            self.written, self.yes, self.agreed_at = True, 0, None
        elif effect == "say_yes":
            self.yes += 1
            self.agreed_at = at if self.yes >= len(self.parts) else None
        elif effect == "set_goal":
            self.goals += 1
        elif effect == "measure_goal":
            self.measured += 1

    def plan(self, values: Mapping[str, Any]) -> None:
        """Note the day that a form asked for."""
        given = values.get("planned_for")
        if given:
            self.planned_for = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))

    def anchors(self) -> dict[str, datetime]:
        """The happenings that a clock may run from."""
        known = {
            "undertaking.opened_at": self.opened_at,
            "undertaking.agreed_at": self.agreed_at,
            "undertaking.planned_for": self.planned_for,
        }
        return {name: at for name, at in known.items() if at is not None}

    def known(self) -> dict[str, bool | int]:
        """What conditions may read."""
        return {
            "people": len(self.parts),
            "leaders": self.leaders,
            "meetings": len(self.meetings),
            "separate_meetings": self.meetings.count("separate"),
            "written_down": self.written,
            "all_agreed": bool(self.parts) and self.agreed_at is not None,
            "goals": self.goals,
            "goals_measured": self.measured,
            "has_mentor": "mentor" in self.parts,
            "has_mentee": "mentee" in self.parts,
        }

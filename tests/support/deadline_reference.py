"""A slow, obvious reckoning of which deadlines are open, told from nothing but what happened.

It reads the pack's YAML by itself, reckons days by itself and knows no code of the engine, of the use cases or of the
store: where both agree, neither is likely to be wrong. It does not know joining, linking and correcting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from ruamel.yaml import YAML

from trim.resources import workflows_dir


@dataclass(frozen=True)
class Deadline:
    """One deadline with its bounds; `paused` while it stands still."""

    subject: str
    step: str
    earliest: datetime | None
    due: datetime
    latest: datetime | None
    anchor_at: datetime
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Happening:
    """One action that was done: on what, when, leading where, and what was filled in."""

    kind: str
    subject: str
    action: str
    before: str
    after: str
    at: datetime
    values: Mapping[str, Any]
    #: Of an interview: when it was held.
    held_at: datetime | None = None


@cache
def yaml_of(kind: str) -> dict[str, Any]:
    """A lifecycle of the shipped pack as its files say it."""
    folder = workflows_dir() / "trim" / "lifecycles"
    whole = _read(folder / f"{kind}.yaml")
    for part in sorted((folder / kind).glob("*.yaml")):
        for section, entries in _read(part).items():
            whole.setdefault(section, {}).update(entries)
    return whole


def _read(path: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def many(value: Any) -> list[Any]:
    """A YAML value that may be one or a list."""
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def add(at: datetime, length: str, zone: ZoneInfo) -> datetime:
    """An instant so much later: days and months on the wall clock, hours and minutes by the stop-watch."""
    days, _, hours = length.removeprefix("P").partition("T")
    wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
    for number, unit in re.findall(r"(\d+)([YMWD])", days):
        wall += relativedelta(**{{"Y": "years", "M": "months", "W": "weeks", "D": "days"}[unit]: int(number)})
    later = wall.replace(tzinfo=zone).astimezone(UTC) if days else at.astimezone(UTC)
    for number, unit in re.findall(r"(\d+)([HMS])", hours):
        later += timedelta(**{{"H": "hours", "M": "minutes", "S": "seconds"}[unit]: int(number)})
    return later


@dataclass
class Reference:
    """Tell it what happened, in order; `open` is what is due."""

    zone: ZoneInfo
    #: Instants that no action sets: the incident's, when it became known.
    anchors: dict[str, datetime]
    open: dict[tuple[str, str], Deadline] = field(default_factory=dict)
    #: Of an interview: which step it completed, as it stood.
    completed: list[tuple[Happening, list[Deadline]]] = field(default_factory=list)
    held: list[Happening] = field(default_factory=list)
    reopened_at: datetime | None = None

    def opened(self, kind: str, subject: str, at: datetime) -> None:
        """A case or a referral begins."""
        self.anchors["case.opened_at"] = at if kind == "case" else self.anchors["case.opened_at"]
        for step in many(yaml_of(kind).get("starts")):
            self._start(kind, subject, step, at)

    def happened(self, one: Happening) -> None:
        """One more action."""
        action = yaml_of(one.kind)["actions"][one.action]
        self._remember(one)
        ended = []
        for key in [key for key in self.open if key[0] == one.subject]:
            if key[1] in many(action.get("completes")):
                ended.append(self.open.pop(key))
            elif "all" in many(action.get("cancels")) or key[1] in many(action.get("cancels")):
                del self.open[key]
        if "record_assessment" in many(action.get("does")):
            self.completed.append((one, ended))
            self.held.append(one)
        if "withdraw_assessment" in many(action.get("does")):
            self._take_back(one)
        self._move(one, action)
        for step in [*many(action.get("starts")), *many(self._branch(one, action).get("starts"))]:
            self._start(one.kind, one.subject, step, one.at)

    def _remember(self, one: Happening) -> None:
        does = many(yaml_of(one.kind)["actions"][one.action].get("does"))
        if "make_offer" in does:
            self.anchors["offer.made_at"] = one.at
        if "record_answer" in does and one.after == "to_allocate":
            self.anchors["case.accepted_at"] = one.at
        if "reopen_case" in does:
            self.anchors["case.reopened_at"] = self.reopened_at = one.at
        if "send_referral" in does:
            self.anchors[f"referral.sent_at of {one.subject}"] = one.at

    def _branch(self, one: Happening, action: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of the branches that lead where it led, the first whose condition holds; none is asked where all do alike."""
        to = action.get("to")
        there = [dict(branch) for branch in (to if isinstance(to, list) else []) if branch["state"] == one.after]
        if len({str(branch.get("starts")) for branch in there}) == 1:
            return there[0]
        return next((branch for branch in there if self._holds(branch.get("when"), one)), {})

    def _holds(self, when: str | None, one: Happening) -> bool:
        """Conditions on which interviews there are; any other was decided by where the action led."""
        if when is None or not re.search(r"first_done|follow_up_done|\bstate\b", when):
            return True
        since = [held for held in self.held if self.reopened_at is None or held.at > self.reopened_at]
        words = {
            "first_done": any(held.action == "record_first_assessment" for held in since),
            "follow_up_done": any("follow_up" in held.action for held in since),
            "state": one.before,
        }
        python = when.replace("&&", " and ").replace("||", " or ").replace("!", " not ").replace(" not =", "!=")
        return bool(eval(python, {"__builtins__": {}}, words))

    def _move(self, one: Happening, action: Mapping[str, Any]) -> None:
        for key, deadline in list(self.open.items()):
            if key[0] != one.subject:
                continue
            if key[1] in many(action.get("resets")):
                del self.open[key]
                self._start(one.kind, one.subject, key[1], one.at)
            elif deadline.paused_at and action.get("resumes") == "all":
                self.open[key] = self._resumed(deadline, one.at)
            elif key[1] in many(action.get("pauses")) and not deadline.paused_at:
                self.open[key] = replace(deadline, paused_at=one.at)
        if one.values.get("look_again_on"):
            day = date.fromisoformat(str(one.values["look_again_on"]))
            self.anchors["pause.look_again_at"] = datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)

    def _resumed(self, one: Deadline, at: datetime) -> Deadline:
        """As much later on the wall clock as it stood still; a minute that has begun counts."""
        assert one.paused_at is not None
        stood = self._wall(at) - self._wall(one.paused_at)
        minutes = stood // timedelta(minutes=1) + (1 if stood % timedelta(minutes=1) else 0)

        def later(bound: datetime | None) -> datetime | None:
            if bound is None or minutes <= 0:
                return bound
            return (self._wall(bound) + timedelta(minutes=minutes)).replace(tzinfo=self.zone).astimezone(UTC)

        due = later(one.due)
        assert due is not None
        return replace(one, earliest=later(one.earliest), due=due, latest=later(one.latest), paused_at=None)

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def _take_back(self, one: Happening) -> None:
        """An interview is taken back: what it had completed is open again on its clock, what hung on it stops."""
        interview, ended = self.completed.pop()
        self.held.remove(interview)
        for key, deadline in list(self.open.items()):
            if deadline.anchor_at == interview.held_at and self._anchor(one.kind, key[1]) == "previous_interview.at":
                del self.open[key]
        for deadline in ended:
            self.open.setdefault((deadline.subject, deadline.step), deadline)

    @staticmethod
    def _anchor(kind: str, step: str) -> str:
        return str(yaml_of(kind)["steps"][step]["window"]["from"])

    def _start(self, kind: str, subject: str, step: str, at: datetime) -> None:
        if (subject, step) in self.open:
            return
        window = yaml_of(kind)["steps"][step]["window"]
        known = {**self.anchors, "now": at}
        if f"referral.sent_at of {subject}" in known:
            known["referral.sent_at"] = known[f"referral.sent_at of {subject}"]
        if self.held:
            latest = max(self.held, key=lambda one: (one.held_at or one.at, one.at))
            known["previous_interview.at"] = latest.held_at or latest.at
        anchor = next(known[name] for name in (window["from"], "case.opened_at") if name in known)
        earliest = add(anchor, window["earliest"], self.zone) if "earliest" in window else None
        if "least_gap" in window and "previous_interview.at" in known:
            gap = add(known["previous_interview.at"], window["least_gap"], self.zone)
            earliest = max(earliest, gap) if earliest else gap
        due = add(anchor, window["due"], self.zone)
        due = max(due, earliest) if earliest else due
        latest_at = max(add(anchor, window["latest"], self.zone), due) if "latest" in window else None
        self.open[subject, step] = Deadline(subject, step, earliest, due, latest_at, anchor)

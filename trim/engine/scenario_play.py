"""Plays the scenarios of a pack under a simulated clock: no database, no real clock, the engine's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trim.domain.vocabulary import Vocabulary
from trim.engine.conditions import ConditionFailed
from trim.engine.definition import Pack
from trim.engine.files import folders_of
from trim.engine.problems import PackError, Problem
from trim.engine.scenario import Finding, Scenario, Step, found
from trim.engine.scenario_expect import compare
from trim.engine.scenario_read import is_binding, read_scenario
from trim.engine.scenario_time import shown
from trim.engine.scenario_world import NotThere, Outcome, World
from trim.engine.source import Source, read_yaml

FOLDER = "scenarios"

Verdict = Literal["holds", "differs", "fails"]


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario and what came of it; `base` names the pack it was inherited from."""

    file: str
    title: str
    base: str | None
    binding: bool
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Say how it went. What an extending pack changes is no failure, unless the scenario binds it."""
        if not self.problems and not self.findings:
            return "holds"
        return "differs" if self.base is not None and not self.binding else "fails"


def play_all(pack: Pack, folder: Path, vocabulary: Vocabulary, shelves: Sequence[Path] = ()) -> list[Played]:
    """Play the scenarios of a pack's folder and those it inherits; raises PackError where `extends` leads nowhere.

    A file of the same name replaces an inherited scenario, unless that one is binding.
    """
    played: list[Played] = []
    taken: dict[str, Path] = {}
    for place, one in enumerate(folders_of(folder, shelves)):
        base = one.name if place else None
        for path in sorted((one / FOLDER).glob("*.yaml")):
            called = f"{f'{base}/' if base else ''}{FOLDER}/{path.name}"
            if path.name not in taken:
                taken[path.name] = path
                played.append(_play_file(pack, path, called, base, vocabulary))
            elif (source := _read(path, called)) and is_binding(source):
                cure = f"Call your file something else: “{path.name}” of {one.name} holds for your pack too."
                replaced = Problem(f"{FOLDER}/{path.name}", 0, "", "A binding scenario cannot be replaced.", cure)
                played = [_with(one_played, replaced) for one_played in played]
                played.append(_play_file(pack, path, called, base, vocabulary))
    return played


def _with(played: Played, problem: Problem) -> Played:
    if played.file != problem.file:
        return played
    return Played(played.file, played.title, None, played.binding, (*played.problems, problem), played.findings)


def _read(path: Path, called: str) -> Source | None:
    try:
        return read_yaml(path, called)
    except PackError:
        return None


def _play_file(pack: Pack, path: Path, called: str, base: str | None, vocabulary: Vocabulary) -> Played:
    try:
        source = read_yaml(path, called)
    except PackError as error:
        return Played(called, path.stem, None, binding=False, problems=tuple(error.problems))
    scenario, reader = read_scenario(source, pack, vocabulary)
    title, binding = scenario.title or path.stem, is_binding(source)
    if reader.problems:
        return Played(called, title, base, binding, problems=tuple(sorted(set(reader.problems))))
    return Played(called, title, base, binding, findings=tuple(play(pack, scenario)))


def play(pack: Pack, scenario: Scenario) -> list[Finding]:
    """Play one scenario and give what did not come as expected.

    It ends at the first action that was refused or done against expectation: what follows would only follow from it.
    """
    world = World(
        pack,
        scenario.lifecycle,
        now=scenario.now,
        zone=scenario.zone,
        anchors=scenario.anchors,
        variables=scenario.variables,
        free_days=scenario.free_days,
    )
    findings: list[Finding] = []
    for step in scenario.steps:
        came, goes_on = _take(world, step)
        findings += came
        if not goes_on:
            break
    return findings


def _take(world: World, step: Step) -> tuple[list[Finding], bool]:
    """Take one step; the second value says whether the story can go on."""
    when = step.when
    if backwards := move_clock(world, step):
        return [backwards], False
    try:
        outcome = Outcome(world.thing(when.target)) if when.do is None else world.do(when)
    except NotThere:
        return [found(when.place, f"a {when.target} to be there", "there is none at this point")], False
    except ConditionFailed as error:
        return [found(when.place, "a clock", f"a condition of a window could not be worked out: {error}")], False
    if outcome.refusal is not None and step.refusal is None:
        return [found(when.place, f"{when.do} to be done by {', '.join(when.by)}", str(outcome.refusal))], False
    findings = [finding for one in step.expect for finding in compare(one, world, outcome)]
    return findings, not (step.refusal is not None and outcome.refusal is None)


def move_clock(world: World, step: Step) -> Finding | None:
    """Let time pass and things become known before a step; gives a finding where the clock cannot go there."""
    when = step.when
    before = world.now
    joins = when.do is not None and "join_incident" in _effects(world, step)
    if not joins:
        # What is joined becomes an anchor by being joined, not before.
        world.course.anchors |= when.anchors
    world.variables |= when.variables
    if when.at is not None:
        world.now = when.at
    elif when.after is not None:
        since = world.now
        if when.since is not None:
            anchors = {
                one: at for thing in world.things for one, at in world.anchors_of(thing.target.lifecycle).items()
            }
            if when.since not in anchors:
                return found(when.place, f"{when.since} to be known", f"known: {', '.join(sorted(anchors))}")
            since = anchors[when.since]
        world.now = when.after.after(since, world.zone)
    if world.now < before:
        came = shown(world.now, world.zone)
        return found(when.place, f"a moment after {shown(before, world.zone)}", f"{came}, and the clock cannot go back")
    return None


def _effects(world: World, step: Step) -> tuple[str, ...]:
    return world.pack.lifecycles[step.when.target.lifecycle].actions[step.when.do or ""].does

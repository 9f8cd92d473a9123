"""What deciding one action costs: `python benchmarks/engine.py [--quick]`.

Recording a follow-up in the pack that ships (three requirements, two branches) is decided in turn, in one run, by
the engine, by a bare `transitions` trigger with the same compiled conditions, by a dictionary written by hand and by
SpiffWorkflow (`pip install '.[benchmark]'`; left out where it is not installed, and the table says so).

What stands between two requests is a row: here the word of a state, there the whole workflow as JSON. So the bound is
held against SpiffWorkflow's step out of its row and back; its step in memory alone stands in the table beside it. Then
windows, apart, and a cold start: a fresh process that reads the compiled pack and decides, which must not parse YAML.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from transitions import Machine

from benchmarks.harness import Table, arguments, interleaved, ratio
from trim.domain.vocabulary import VOCABULARY
from trim.engine.clockwork import span
from trim.engine.conditions import conditions_of
from trim.engine.definition import Branch, Lifecycle, Pack
from trim.engine.loader import load_pack
from trim.engine.machine import decide, window_of
from trim.resources import workflows_dir

Values = Mapping[str, Any]
LIFE, ACTION, ROLE = "case", "record_follow_up", "practitioner"
#: A heavy second interview: its first branch holds, so that everybody reckons four conditions.
VALUES: dict[str, Any] = {
    "confidentiality_explained": True,
    "evidence_hold": False,
    "evidence_hold_acknowledged": False,
    "early": False,
    "reason_given": False,
    "band": "high",
    "complete": True,
    "has_change": True,
    "change": 2,
}
#: How a case comes to wait for it.
WAY = (
    ("make_offer", "coordinator"),
    ("record_acceptance", "coordinator"),
    ("allocate", "coordinator"),
    ("accept_allocation", ROLE),
    ("record_first_assessment", ROLE),
)
WAY_VALUES = VALUES | {"first_done": False, "follow_up_done": False}
MOST_OF_TRIGGER = 3.0
LEAST_OF_SPIFF = 50.0

COLD = """
import sys, time
began = time.perf_counter()
from trim.engine.definition import Pack
from trim.engine.machine import decide
path, life, state, action, role, values = sys.argv[1:]
pack = Pack.from_json(open(path, encoding="utf-8").read())
decide(pack, lifecycle=life, state=state, action=action, roles=[role], variables=eval(values))
assert not [name for name in sys.modules if name.startswith("ruamel")], "a cold start parsed YAML"
print(time.perf_counter() - began)
"""

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="trim" id="d">
<process id="case" isExecutable="true">{}</process></definitions>"""


def as_bpmn(life: Lifecycle) -> str:
    """The same lifecycle as a process: a user task for each state, then a gateway with a flow for each branch."""
    parts = ['<startEvent id="begin"/>', f'<sequenceFlow id="f" sourceRef="begin" targetRef="{life.initial}"/>']
    for state in life.states:
        flows = []
        for action in life.actions.values():
            if state in action.from_:
                asked = [f"action == '{action.name}' and role in {action.by}", *(one.when for one in action.requires)]
                for branch in action.to or (Branch(state),):
                    flows.append((branch.state, [*asked, *([branch.when] if branch.when else [])]))
        parts.append(f'<userTask id="{state}"/>')
        if not flows:
            continue
        parts.append(f'<sequenceFlow id="t_{state}" sourceRef="{state}" targetRef="g_{state}"/>')
        parts.append(f'<exclusiveGateway id="g_{state}" default="d_{state}"/>')
        parts.append(f'<sequenceFlow id="d_{state}" sourceRef="g_{state}" targetRef="{state}"/>')
        for number, (target, conditions) in enumerate(flows):
            python = escape(" and ".join(f"({_as_python(one)})" for one in conditions))
            parts.append(
                f'<sequenceFlow id="{state}_{number}" sourceRef="g_{state}" targetRef="{target}">'
                f'<conditionExpression xsi:type="tFormalExpression">{python}</conditionExpression></sequenceFlow>'
            )
    return BPMN.format("".join(parts))


def _as_python(condition: str) -> str:
    return re.sub(r"!(?!=)", " not ", condition).replace("&&", " and ").replace("||", " or ")


class Cursor:
    """What a bare trigger moves."""

    __slots__ = ("state",)


def ours(pack: Pack, times: int) -> None:
    state = pack.lifecycles[LIFE].actions[ACTION].from_[0]
    for _ in range(times):
        decision = decide(pack, lifecycle=LIFE, state=state, action=ACTION, roles=[ROLE], variables=VALUES)
    assert decision.starts == ("further_follow_up",)


def bare(pack: Pack) -> Callable[[int], None]:
    """The library alone: states, one trigger, and the pack's own compiled conditions as its guards."""
    life, conditions = pack.lifecycles[LIFE], conditions_of(pack)
    action = life.actions[ACTION]
    machine = Machine(model=None, states=list(life.states), initial=life.initial, auto_transitions=False)
    required = [conditions[one.when].holds for one in action.requires]
    for branch in action.to or ():
        guards = [*required, *([conditions[branch.when].holds] if branch.when else [])]
        machine.add_transition(ACTION, list(action.from_), branch.state, conditions=guards)
    event, cursor = machine.events[ACTION], Cursor()

    def work(times: int) -> None:
        for _ in range(times):
            cursor.state = action.from_[0]
            assert event.trigger(cursor, VALUES)
        assert cursor.state == action.to[0].state

    return work


def by_hand() -> Callable[[int], None]:
    """Rules written into a dictionary, as a program for one process alone would have them."""
    rules = {
        ("awaiting_follow_up", ACTION): (
            (ROLE,),
            (
                lambda v: v["confidentiality_explained"],
                lambda v: not v["evidence_hold"] or v["evidence_hold_acknowledged"],
                lambda v: not v["early"] or v["reason_given"],
            ),
            (
                (
                    "awaiting_further_follow_up",
                    lambda v: v["band"] == "high" or not v["complete"] or (v["has_change"] and v["change"] > 0),
                ),
                ("to_close", lambda _: True),
            ),
        )
    }

    def work(times: int) -> None:
        for _ in range(times):
            roles, required, ways = rules["awaiting_follow_up", ACTION]
            assert ROLE in roles
            assert all(rule(VALUES) for rule in required)
            state = next(target for target, holds in ways if holds(VALUES))
        assert state == "awaiting_further_follow_up"

    return work


class Spiff:
    """SpiffWorkflow taking the same step; raises ImportError where it is not installed."""

    def __init__(self, life: Lifecycle) -> None:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState

        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(as_bpmn(life).encode()))
        self._spec, self._new, self._ready = parser.get_spec("case"), BpmnWorkflow, TaskState.READY
        self._keeper = BpmnWorkflowSerializer()
        self.kept = self._keeper.serialize_json(self.waiting())

    def waiting(self) -> Any:
        """A workflow that waits for the follow-up, having come by the shortest way."""
        workflow = self._new(self._spec)
        workflow.do_engine_steps()
        for action, role in WAY:
            self.step(workflow, action, role, WAY_VALUES)
        assert self.stands_at(workflow) == "awaiting_follow_up"
        return workflow

    def stands_at(self, workflow: Any) -> str:
        (task,) = workflow.get_tasks(state=self._ready, manual=True)
        return str(task.task_spec.name)

    def step(self, workflow: Any, action: str = ACTION, role: str = ROLE, values: Values = VALUES) -> None:
        (task,) = workflow.get_tasks(state=self._ready, manual=True)
        task.data.update(values, action=action, role=role)
        task.run()
        workflow.do_engine_steps()

    def in_memory(self, made: list[Any]) -> None:
        """The step alone, of workflows that somebody holds in memory."""
        for workflow in made:
            self.step(workflow)
        assert self.stands_at(made[-1]) == "awaiting_further_follow_up"

    def between_requests(self, times: int) -> None:
        """The step as a web application takes it: the workflow comes out of its row of a database and goes back."""
        for _ in range(times):
            workflow = self._keeper.deserialize_json(self.kept)
            self.step(workflow)
            self._keeper.serialize_json(workflow)


def windows(pack: Pack, table: Table, rounds: int) -> None:
    zone, at = ZoneInfo("Europe/Paris"), datetime(2026, 3, 27, 22, 15, tzinfo=UTC)
    values = {"looked_again": False, "found_late": False, "known_after_days": 0}

    def choose() -> None:
        for _ in range(100):
            window_of(pack, lifecycle=LIFE, step="first_assessment", variables=values)

    def reckon() -> None:
        for _ in range(100):
            span(pack.lifecycles[LIFE].steps["first_assessment"].window, at, zone)

    chosen, reckoned = interleaved(rounds, choose, reckon)
    table.row("choosing the window of a step (two conditions)", f"{statistics.median(chosen) * 1e4:.1f} µs")
    table.row("reckoning a window into instants", f"{statistics.median(reckoned) * 1e4:.1f} µs")


def cold(pack: Pack, table: Table, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "pack.json"
        compiled.write_text(pack.to_json(), encoding="utf-8")
        given = [str(compiled), LIFE, "awaiting_follow_up", ACTION, ROLE, repr(VALUES)]
        run = partial(subprocess.run, cwd=ROOT, check=True, capture_output=True)
        seconds = [float(run([sys.executable, "-c", COLD, *given]).stdout) for _ in range(times)]
    table.row("cold start: load the compiled pack, decide", f"{statistics.median(seconds) * 1000:.0f} ms")

    def parse() -> None:
        load_pack(workflows_dir() / pack.name, VOCABULARY)

    (parsed,) = interleaved(1, parse)
    table.row("reading and checking its YAML instead (only at install)", f"{statistics.median(parsed) * 1000:.0f} ms")


def profile(pack: Pack, table: Table) -> None:
    """Where the time of deciding goes: shares under the profiler, which weighs many small calls too heavily."""
    profiler = cProfile.Profile()
    profiler.runcall(ours, pack, 2000)
    found = pstats.Stats(profiler, stream=io.StringIO()).get_stats_profile()
    names = {"holds": "conditions", "trigger": "the machine, with its branch", "_with_engine": "state and roles"}
    for name, what in names.items():
        if name in found.func_profiles:
            share = found.func_profiles[name].cumtime / found.total_tt
            table.row(f"  share of {what} (under the profiler)", f"{share * 100:.0f} %")


def main() -> int:
    """Print the table; 1 when a bound was missed."""
    given = arguments(str(__doc__))
    rounds, times, few = (40, 100, 10) if given.quick else (200, 300, 30)
    table = Table()
    pack = load_pack(workflows_dir() / "trim", VOCABULARY)
    works = [partial(ours, pack, times), partial(bare(pack), times), partial(by_hand(), times)]
    said = [
        ("deciding one action", times),
        ("a bare trigger, the same conditions", times),
        ("a dictionary by hand", times),
    ]
    try:
        peer = Spiff(pack.lifecycles[LIFE])
    except ImportError:
        table.row("SpiffWorkflow", "not installed, so not measured: pip install '.[benchmark]'")
    else:
        made = iter([[peer.waiting() for _ in range(few)] for _ in range(rounds + 1)])
        works += [partial(peer.between_requests, few), lambda: peer.in_memory(next(made))]
        said += [("SpiffWorkflow, out of its row and back", few), ("SpiffWorkflow, held in memory", few)]
    measured = interleaved(rounds, *works)
    for (what, count), seconds in zip(said, measured, strict=True):
        table.row(what, f"{statistics.median(seconds) / count * 1e6:.1f} µs")
    decided, triggered, looked_up, *stepped = measured
    table.row("  ours, times the dictionary", f"{ratio(decided, looked_up):.1f}")
    profile(pack, table)
    windows(pack, table, rounds)
    cold(pack, table, 3 if given.quick else 11)
    table.bound("engine-decision", ratio(decided, triggered), MOST_OF_TRIGGER)
    if stepped:
        out_and_back, in_memory = ([one * times / few for one in seconds] for seconds in stepped)
        table.row("  SpiffWorkflow held in memory, times ours", f"{ratio(in_memory, decided):.1f}")
        table.bound("engine-against-spiff", ratio(out_and_back, decided), LEAST_OF_SPIFF, at_least=True)
    return table.finish()


if __name__ == "__main__":
    raise SystemExit(main())

"""A scenario that cannot be read says where, what and what to do, as a pack does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scenarios import HEAD, told
from trim.engine.scenario_play import Played

OFFER = "{by: coordinator, do: make_offer, with: {channel: phone}}"


def step(when: str, expect: str = "{state: offered}") -> str:
    return f"{HEAD}  - when: {when}\n    expect: {expect}\n"


def faults(played: Played) -> list[str]:
    assert played.verdict == "fails"
    return [str(one) for one in played.problems]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[\n", "scenarios/one.yaml:2: This is not readable YAML"),
        ("lifecycle: case\n", "“scenario” is missing. Add it"),
        (
            HEAD.replace("lifecycle: case", "lifecycle: cas"),
            "one.yaml:2: lifecycle: “cas” is not a known lifecycle.",
        ),
        (HEAD.replace("Europe/Paris", "Mars"), "one.yaml:4: given.zone: “Mars” is not a time zone. Write for example"),
        (HEAD.replace("2026-03-03T09:00", "soon"), "one.yaml:5: given.now: “soon” is not an instant."),
        (HEAD.replace("2026-03-02T22", "2026-03-09T22"), ":6: given.anchors.incident.occurred_at: This lies after"),
        (
            HEAD.replace("incident.occurred_at", "case.opened_at"),
            "“case.opened_at” is not a known anchor that a",
        ),
        (HEAD.replace("  zone", "  variables: {first_done: true}\n  zone"), "“first_done” follows from what happened"),
        (HEAD.replace("  zone", "  variables: {evidence_hold: 1}\n  zone"), "“true” or “false” is expected here."),
        (HEAD.replace("  zone", "  variables: {found_lat: true}\n  zone"), "Did you mean “found_late”?"),
        (HEAD.replace("  zone", "  by: boss\n  zone"), "one.yaml:4: given.by: “boss” is not a known role."),
        (HEAD, "“steps” is missing. Add it"),
        (HEAD + "  - x\n", "one.yaml:8: steps.1: A step is expected here. Write {when: ..., expect: ...}."),
        (HEAD + "  - {}\n", "one.yaml:8: steps.1: Nothing happens and nothing is expected here."),
        (f"{HEAD}  - when: {OFFER}\n", "one.yaml:7: steps: Nothing is expected here. Add “expect:” to a step"),
        (step("{by: coordinator, do: make_ofer}"), ":8: steps.1.when.do: “make_ofer” is not a known action of the"),
        (step("{do: make_offer}"), "one.yaml:8: steps.1.when.do: Nobody does this. Add “by:” here"),
        (step("{by: coordinator, do: make_offer, wit: 1}"), "“wit” is not a key of the workflow language here. Did"),
        (step("{by: coordinator, do: make_offer, with: {chanel: phone}}"), "“chanel” is not a known field of this"),
        (step("{by: coordinator, do: make_offer, with: {channel: fax}}"), "“fax” is not a known choice of channel."),
        (step("{after: 3 days}"), "one.yaml:8: steps.1.when.after: “3 days” is not a duration."),
        (step("{after: P1D, at: 2026-03-04T09:00}"), "“at” and “after” both say when. Keep one of them."),
        (step("{since: incident.occurred_at}"), "“since” needs a length of time."),
        (step("{on: mediation}"), "“mediation” is not a known lifecycle."),
        (step("{on: escalation.redflag}"), "Did you mean “red_flag”?"),
        (step("{by: coordinator, do: make_offer, total: 3}"), "This step holds no interview. Take it out"),
        (step("{by: practitioner, do: record_first_assessment}"), "The answers to first_interview must be told once."),
        (
            step("{by: practitioner, do: record_first_assessment, total: 21}"),
            "21 is no total. Choose one from 0 to",
        ),
        (step("{by: practitioner, do: record_first_assessment, points: {slep: 1}}"), "“slep” is not a known item of"),
        (step("{by: coordinator, do: correct_interview}"), "“correct_interview” cannot be played"),
        (step(OFFER, "{stat: offered}"), "steps.1.expect.stat: “stat” is not a key of the workflow language here. Did"),
        (step(OFFER, "{state: ofered}"), "“ofered” is not a known state of the lifecycle case. Did you mean"),
        (step(OFFER, "{open: {offer_answr: {}}}"), "“offer_answr” is not a known step. Did you mean"),
        (step(OFFER, "{open: {offer_answer: {due: soon}}}"), "“soon” is no bound. Write a length of time (P28D)"),
        (step(OFFER, "{open: {offer_answer: {is: late}}}"), "“late” is not a known standing of a step."),
        (step(OFFER, "{raised: [redflag]}"), "“redflag” is not a known escalation."),
        (step(OFFER, "{raised: {red_flag: {to: boss}}}"), "“boss” is not a known receiver."),
        (step(OFFER, "{refused: {code: no}}"), "“no” is not a known code of a refusal."),
        (step(OFFER, "{can: [close]}"), "A role with its actions is expected here."),
        (step(OFFER, "{can: {boss: [close]}}"), "“boss” is not a known role."),
        (step(OFFER, "{known: {weather: 1}}"), "“weather” is not a known variable."),
        (step(OFFER, "{score: {band: huge}}"), "“huge” is not a known band."),
        (step("{after: P1D}", "{refused: wrong_state}"), "Nothing is done in this step. Add “do:” to its “when:”."),
    ],
)
def test_each_fault_has_its_place_and_its_cure(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(told(tmp_path, text))
    assert any(fault in one for one in found), found
    assert all(one.startswith("scenarios/one.yaml") for one in found)

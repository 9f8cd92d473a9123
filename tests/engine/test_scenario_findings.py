"""An expectation that does not come true says file, line, what was expected and what came."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scenarios import HEAD, TO_THE_INTERVIEW, told
from trim.engine.scenario_expect import KINDS

INTERVIEW = "{at: 2026-03-05T22:00, by: practitioner, do: record_first_assessment, with: {channel: phone}, total: 12}"
OFFER = "{by: coordinator, do: make_offer, with: {channel: phone}}"
FLAG = "{by: coordinator, do: raise_red_flag, with: {level: now}}"

#: What happens, what is expected of it, and the key, the expectation and what came, as they are told.
WRONG = [
    (OFFER, "{state: closed}", "state: expected closed; came offered."),
    (OFFER, "{open: []}", "open: expected none; came offer_answer."),
    (OFFER, "{open: [offer_answer, offer]}", "open: expected offer_answer, offer; came offer_answer."),
    (
        OFFER,
        "{open: {offer_answer: {due: P4D}}}",
        "open.offer_answer.due: expected offer_answer due P4D after offer.made_at (2026-03-07T09:00); "
        "came 2026-03-06T09:00.",
    ),
    (
        OFFER,
        "{open: {offer_answer: {earliest: P1D}}}",
        "expected offer_answer earliest P1D after offer.made_at (2026-03-04T09:00); came none.",
    ),
    (OFFER, "{open: {offer_answer: {latest: none}}}", "expected offer_answer latest none; came 2026-03-10T09:00."),
    (OFFER, "{open: {offer_answer: {due: 2026-03-07}}}", "offer_answer due 2026-03-07; came 2026-03-06T09:00."),
    (OFFER, "{open: {offer_answer: {due: 2026-03-06T10:00}}}", "due 2026-03-06T10:00; came 2026-03-06T09:00."),
    (
        OFFER,
        "{open: {offer_answer: {from: case.opened_at}}}",
        "from: expected offer_answer to run from case.opened_at; came it runs from offer.made_at (2026-03-03T09:00).",
    ),
    (OFFER, "{open: {offer_answer: {is: due}}}", "is: expected offer_answer to be due; came it is ready."),
    (OFFER, "{open: {offer_answer: {is: paused}}}", "is: expected offer_answer to be paused; came it is ready."),
    (OFFER, "{open: {offer_answer: {number: 2}}}", "number: expected offer_answer number 2; came number 1."),
    (OFFER, "{passed: [offer]}", "passed: expected offer; came none."),
    (OFFER, "{done: []}", "done: expected none; came offer."),
    (OFFER, "{cancelled: [offer]}", "cancelled: expected offer; came none."),
    (OFFER, "{raised: [by_hand]}", "raised: expected by_hand; came none."),
    (FLAG, "{raised: []}", "raised: expected none; came red_flag."),
    (FLAG, "{raised: {red_flag: {to: coordinator}}}", "expected red_flag to go to coordinator; came duty_coordinator."),
    (FLAG, "{raised: {red_flag: {level: today}}}", "level: expected red_flag of level today; came now."),
    (
        FLAG,
        "{raised: {red_flag: {within: PT1H}}}",
        "expected red_flag answered by PT1H after it was raised (2026-03-03T10:00); came 2026-03-03T09:15.",
    ),
    (FLAG, "{waiting: []}", "waiting: expected none; came red_flag."),
    (
        OFFER,
        "{refused: wrong_role}",
        "refused: expected a refusal (wrong_role); came it was done, and it stands at offered.",
    ),
    (
        "{by: person, do: record_acceptance}",
        "{refused: Try again}",
        "refused: expected a refusal (“Try again”); came refused (wrong_role): Your role cannot do this",
    ),
    (
        "{by: coordinator, do: make_offer}",
        "{refused: {code: form, fields: [outcome]}}",
        "expected a refusal (form, outcome); came refused (form, channel): Fill this in.",
    ),
    (
        "{by: coordinator, do: make_offer}",
        "{state: offered}",
        "when.do: expected make_offer to be done by coordinator; came refused (form, channel): Fill this in.",
    ),
    (
        "{by: practitioner, do: close, with: {outcome: left}}",
        "{state: closed}",
        "when.do: expected close to be done by practitioner; came refused (no_standing): A practitioner can answer",
    ),
    (OFFER, "{score: {total: 3}}", "score: expected a score; came no interview was held."),
    (
        OFFER,
        "{can: {person: [record_decline, allocate]}}",
        "can.person: expected allocate to be possible for person; c",
    ),
    (OFFER, "{cannot: {coordinator: [close]}}", "expected close to be impossible for coordinator; came possible: rai"),
    (OFFER, "{asked: [channel], not_asked: [channel]}", "not_asked: expected channel not to be asked; came it is ask"),
    (OFFER, "{known: {contact_attempts: 2}}", "known.contact_attempts: expected contact_attempts 2; came 0."),
    (OFFER, "{known: {evidence_hold: true}}", "expected evidence_hold true; came false."),
    ("{on: referral}", "{state: agreed}", "when: expected a referral to be there; came there is none at this point."),
    (
        "{after: PT1H, since: offer.made_at}",
        "{state: offered}",
        "when: expected offer.made_at to be known; came known: case.became_known_at, case.opened_at, "
        "case.requested_at, exposure.became",
    ),
    (
        "{at: 2026-03-01T09:00}",
        "{state: offered}",
        "expected a moment after 2026-03-03T09:00; came 2026-03-01T09:00, and the clock cannot go back.",
    ),
]

HIGH = [
    ("{score: {total: 11}}", "score.total: expected total 11; came 12."),
    ("{score: {band: low}}", "score.band: expected band low; came high."),
    ("{score: {complete: false}}", "score.complete: expected complete false; came true."),
    ("{score: {change: 0}}", "score.change: expected change 0; came none."),
    ("{raised: {high_first_score: {within: P2D}}}", "expected high_first_score answered by P2D after it was raised"),
    ("{asked: [early_reason]}", "asked: expected early_reason to be asked; came asked: held_at, channel, notes, pl"),
]


@pytest.mark.parametrize(("when", "expect", "finding"), WRONG)
def test_what_did_not_come_is_told_in_words(tmp_path: Path, when: str, expect: str, finding: str) -> None:
    played = told(tmp_path, f"{HEAD}  - when: {when}\n    expect: {expect}\n")
    assert (played.verdict, played.problems) == ("fails", ())
    (found,) = played.findings
    assert finding in str(found)
    assert (found.file, found.line) == ("scenarios/one.yaml", 8 if found.key.startswith("steps.1.when") else 9)


@pytest.mark.parametrize(("expect", "finding"), HIGH)
def test_what_an_interview_did_not_bring(tmp_path: Path, expect: str, finding: str) -> None:
    played = told(tmp_path, f"{HEAD}{TO_THE_INTERVIEW}  - when: {INTERVIEW}\n    expect: {expect}\n")
    (found,) = played.findings
    assert finding in str(found)
    assert found.line == 13


def test_every_kind_of_expectation_can_fail() -> None:
    said = "".join(expect for _, expect, _ in WRONG)
    assert {kind for kind in KINDS if f"{kind}:" in said} == KINDS


def test_a_story_ends_where_it_took_another_turn(tmp_path: Path) -> None:
    """What follows from a wrong turn is no news; what is merely otherwise does not end the story."""
    text = f"{HEAD}  - when: {OFFER}\n    expect: {{state: closed}}\n"
    text += "  - when: {by: person, do: record_acceptance}\n  - expect: {state: closed}\n"
    assert [one.line for one in told(tmp_path, text).findings] == [9, 10]


@pytest.mark.parametrize(
    ("interview", "refusal"),
    [
        ("with: {channel: phone, held_at: 2026-03-06T09:00}, total: 3", "{code: form, fields: [held_at]}"),
        ("with: {channel: phone, held_at: 2026-03-02T09:00}, total: 3", "{code: form, says: before the incident}"),
        ("with: {channel: phone}, answers: {support: 1}", "{code: form, fields: [alcohol]}"),
        ("with: {channel: phone}, points: {support: 3}", "{code: form, fields: [support]}"),
        ("with: {channel: phone}, total: 3, knowing: {confidentiality_explained: false}", "Explain confidentiality"),
        ("with: {channel: phone}, total: 3, knowing: {confidentiality_explained: false}", "Expliquez d’abord la conf"),
    ],
)
def test_an_interview_is_refused_as_its_page_refuses_it(tmp_path: Path, interview: str, refusal: str) -> None:
    when = f"{{at: 2026-03-05T22:00, by: practitioner, do: record_first_assessment, {interview}}}"
    played = told(tmp_path, f"{HEAD}{TO_THE_INTERVIEW}  - when: {when}\n    expect: {{refused: {refusal}}}\n")
    assert [str(one) for one in (*played.problems, *played.findings)] == []

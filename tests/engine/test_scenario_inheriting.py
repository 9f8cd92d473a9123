"""A pack that extends another plays its scenarios too: what it changes is shown, what binds it must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scenarios import HEAD, TO_THE_INTERVIEW
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.engine.problems import PackError
from trim.engine.scenario_play import Played, play_all
from trim.resources import workflows_dir

HARBOUR = "pack: harbour\nversion: '1'\nlanguage: 1\nextends: trim\n"
WINDOW = "steps:\n  follow_up: {window: {earliest: P14D, due: P21D}}\n"
OWN = """\
scenario: Our follow-up comes after three weeks
lifecycle: case
given: {now: 2026-03-03T09:00}
steps:
  - expect: {state: offer_to_make}
"""
INTERVIEW = "by: practitioner, do: record_first_assessment, with: {channel: phone}, total: 5"
FOLLOW_UP = "follow-up-at-28-days.yaml"


def harbour(shelf: Path, case: str = "", pack: str = "", **scenarios: str) -> list[Played]:
    folder = shelf / "harbour"
    for place, text in {
        "pack.yaml": HARBOUR + pack,
        "lifecycles/case.yaml": case,
        **{f"scenarios/{name.replace('_', '-')}.yaml": text for name, text in scenarios.items()},
    }.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        if text:
            (folder / place).write_text(text, encoding="utf-8")
    loaded = load_pack(folder, VOCABULARY, [workflows_dir()])
    return play_all(loaded, folder, VOCABULARY, [workflows_dir()])


def test_a_pack_that_changes_nothing_keeps_every_scenario(tmp_path: Path) -> None:
    told = harbour(tmp_path)
    assert {one.verdict for one in told} == {"holds"}
    assert {one.base for one in told} == {"trim"}
    assert len(told) == len(list((workflows_dir() / "trim" / "scenarios").glob("*.yaml")))


def test_another_window_is_a_difference_and_no_failure(tmp_path: Path) -> None:
    told = harbour(tmp_path, WINDOW)
    differs = [one for one in told if one.verdict == "differs"]
    assert f"trim/scenarios/{FOLLOW_UP}" in [one.file for one in differs]
    assert not any(one.verdict == "fails" for one in told)
    (first, *_) = next(one for one in differs if FOLLOW_UP in one.file).findings
    assert (first.file, first.came) == (f"trim/scenarios/{FOLLOW_UP}", "2026-03-19T18:00")


def test_an_action_taken_out_makes_its_scenarios_differ(tmp_path: Path) -> None:
    told = harbour(tmp_path, "actions:\n  undo_decline: null\n")
    (one,) = [one for one in told if "decline-and-come-back" in one.file]
    assert one.verdict == "differs"
    assert any("undo_decline" in str(problem) for problem in one.problems)


def test_a_file_of_the_same_name_takes_the_place_of_the_inherited_one(tmp_path: Path) -> None:
    told = harbour(tmp_path, WINDOW, follow_up_at_28_days=OWN)
    (one,) = [one for one in told if FOLLOW_UP in one.file]
    assert (one.file, one.base, one.verdict) == (f"scenarios/{FOLLOW_UP}", None, "holds")


def test_what_binds_must_hold_in_every_pack(tmp_path: Path) -> None:
    told = harbour(tmp_path, "actions:\n  close: {requires: []}\n")
    (one,) = [one for one in told if one.verdict == "fails"]
    assert (one.file, one.base) == ("trim/scenarios/low-score-never-closes.yaml", "trim")


def test_what_binds_cannot_be_replaced(tmp_path: Path) -> None:
    told = harbour(tmp_path, "actions:\n  close: {requires: []}\n", low_score_never_closes=OWN)
    own, bound = [one for one in told if "low-score-never-closes" in one.file]
    assert "A binding scenario cannot be replaced." in str(own.problems[0])
    assert (own.verdict, bound.verdict, bound.file) == ("fails", "fails", "trim/scenarios/low-score-never-closes.yaml")


MANY = """\
escalations:
  many_events:
    label: {en: Many events in a year, fr: Nombreux événements en un an}
    at: first_assessment
    when: exposures_last_12_months >= 4
    to: coordinator
    answer_within: P2D
"""


@pytest.mark.parametrize(("times", "raised"), [(3, "[]"), (4, "{many_events: {to: coordinator, within: P2D}}")])
def test_a_pack_may_ask_for_a_look_after_many_events(tmp_path: Path, times: int, raised: str) -> None:
    text = HEAD.replace("steps:", f"  variables: {{exposures_last_12_months: {times}}}\nsteps:") + TO_THE_INTERVIEW
    text += f"  - when: {{at: 2026-03-05T22:00, {INTERVIEW}}}\n    expect: {{raised: {raised}}}\n"
    own = next(one for one in harbour(tmp_path, pack=MANY, many=text) if one.base is None)
    assert [str(one) for one in (*own.problems, *own.findings)] == []


@pytest.mark.parametrize(
    ("given", "knowing", "code"),
    [
        ("", "confidentiality_explained: false", "not_explained"),
        ("  variables: {evidence_hold: true}\n", "evidence_hold_acknowledged: false", "hold_not_acknowledged"),
    ],
)
def test_what_every_interview_asks_first_is_refused_though_the_pack_forgot_it(
    tmp_path: Path, given: str, knowing: str, code: str
) -> None:
    text = HEAD.replace("steps:", f"{given}steps:") + TO_THE_INTERVIEW
    text += (
        f"  - when: {{at: 2026-03-05T22:00, {INTERVIEW}, knowing: {{{knowing}}}}}\n    expect: {{refused: {code}}}\n"
    )
    told = harbour(tmp_path, "actions: {record_first_assessment: {requires: []}}\n", forgot=text)
    own = next(one for one in told if one.base is None)
    assert [str(one) for one in (*own.problems, *own.findings)] == []


def test_a_base_that_is_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(HARBOUR.replace("trim", "nowhere"), encoding="utf-8")
    with pytest.raises(PackError, match="no pack “nowhere” to extend"):
        play_all(load_pack(workflows_dir() / "trim", VOCABULARY), tmp_path, VOCABULARY, [workflows_dir()])

"""Scenarios of the pack trim, written by a test and played."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.engine.scenario_play import Played, play_all
from trim.resources import workflows_dir

#: Line 8 is the first of the steps.
HEAD = """\
scenario: A talk
lifecycle: case
given:
  zone: Europe/Paris
  now: 2026-03-03T09:00
  anchors: {incident.occurred_at: 2026-03-02T22:00}
steps:
"""

TO_THE_INTERVIEW = """\
  - when: {by: coordinator, do: make_offer, with: {channel: phone}}
  - when: {by: coordinator, do: record_acceptance}
  - when: {by: coordinator, do: allocate, with: {practitioner: Robin}}
  - when: {by: practitioner, do: accept_allocation}
"""


@cache
def trim_pack() -> Pack:
    return load_pack(workflows_dir() / "trim", VOCABULARY)


def told(folder: Path, text: str) -> Played:
    """Write one scenario and play it with the pack trim."""
    (folder / "pack.yaml").write_text("pack: alone\n", encoding="utf-8")
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "one.yaml").write_text(text, encoding="utf-8")
    (played,) = play_all(trim_pack(), folder, VOCABULARY)
    return played

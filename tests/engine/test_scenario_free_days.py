"""A scenario of a pack in working days knows where it happens: public holidays and closing days do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scenarios import HEAD, told, trim_pack
from tests.support.changed_packs import in_working_days
from trim.domain.vocabulary import VOCABULARY
from trim.engine.scenario_play import Played, play_all

#: The Thursday before a weekend of Christmas; the offer is due on the second working day.
THURSDAY = HEAD.replace("2026-03-03", "2026-12-24").replace("2026-03-02", "2026-12-23")


def plays(folder: Path, given: str, due: str) -> Played:
    """Play a story in which nothing happens but that an offer is due."""
    (folder / "pack.yaml").write_text("pack: alone\n", encoding="utf-8")
    (folder / "scenarios").mkdir(exist_ok=True)
    text = THURSDAY.replace("  zone: Europe/Paris\n", f"  zone: Europe/Paris\n{given}")
    (folder / "scenarios" / "one.yaml").write_text(
        f"{text}  - expect: {{open: {{offer: {{due: {due}}}}}}}\n", encoding="utf-8"
    )
    (played,) = play_all(in_working_days(trim_pack()), folder, VOCABULARY)
    return played


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ("", "2026-12-28"),
        ("  country: FR\n", "2026-12-29"),
        ("  country: GB\n  region: ENG\n", "2026-12-30"),
        ("  closing_days: [2026-12-28, 2026-12-29]\n", "2026-12-30"),
        ("  country: FR\n  closing_days: 2026-12-28\n", "2026-12-30"),
    ],
)
def test_days_without_work_are_not_counted(tmp_path: Path, given: str, due: str) -> None:
    assert plays(tmp_path, given, due).verdict == "holds"


def test_another_day_is_a_finding_with_its_place(tmp_path: Path) -> None:
    played = plays(tmp_path, "  country: FR\n", "2026-12-28")
    assert played.verdict == "fails"
    assert "2026-12-29" in str(played.findings[0])


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("  country: Atlantis\n", "one.yaml:4: given.country: The holidays of this country are not known here."),
        ("  country: FR\n  region: Bretagne\n", "given.region: This region is not known."),
        ("  region: QC\n", "given.region: Enter the country too"),
        ("  closing_days: [2026-12-24, soon]\n", "given.closing_days: “soon” is no day."),
        ("  holidays: FR\n", "“holidays” is not a key"),
    ],
)
def test_what_is_no_calendar_says_where_and_what_to_do(tmp_path: Path, given: str, fault: str) -> None:
    played = told(tmp_path, HEAD.replace("  zone", f"{given}  zone") + "  - expect: {state: offered}\n")
    assert played.verdict == "fails"
    assert any(fault in str(one) for one in played.problems), [str(one) for one in played.problems]

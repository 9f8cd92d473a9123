"""The page about the language names every word of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trim.engine
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.engine.scenario_expect import KINDS
from trim.engine.scenario_play import play_all
from trim.engine.scenario_read_expect import CODES
from trim.resources import workflows_dir

TEXT = (workflows_dir() / "README.md").read_text(encoding="utf-8")
QUOTED = set(re.findall(r"`([\w.]+)`", TEXT))


@pytest.mark.parametrize("words", ["effects", "anchors", "field_classes", "variables", "choices"])
def test_names_every_word_of_the_vocabulary(words: str) -> None:
    assert set(getattr(VOCABULARY, words)) - QUOTED == set()


def test_names_every_value_of_closed_choices_and_every_needed_text() -> None:
    needed = {name for names in VOCABULARY.needs_texts.values() for name in names}
    assert needed | {value for values in VOCABULARY.choices.values() for value in values} <= QUOTED


def test_names_every_receiver() -> None:
    assert all(receiver in TEXT for receiver in VOCABULARY.receivers)


LANGUAGE = set(
    re.findall(
        r"\w+",
        """
        pack version language extends title summary confidentiality opening limits closing confirm escalations
        label hint at when to answer_within by_action levels contacts texts choices lifecycle initial starts
        states kind steps who instrument window from earliest due latest least_gap calendar instead remind
        overdue escalate after actions by completes cancels does danger done form class required max_length
        requires otherwise step follows intro sections items text anchors changeable scored bands_note bands
        lowest highest example state opened_by pauses resumes resets repeats every times until while
        """,
    )
)


def test_shows_every_key_in_an_example() -> None:
    shown = set(re.findall(r"(\w+):", TEXT))
    assert LANGUAGE - shown == set()


def test_every_key_that_the_engine_reads_is_known_here() -> None:
    """A key added to a reader must be added to the page."""
    engine = Path(trim.engine.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in [*engine.glob("read*.py"), engine / "loader.py"])
    read = set(re.findall(r"\.get\(\"(\w+)\"\)|need\(\w+, \"(\w+)\"|label\(source, \"(\w+)\"\)", code))
    assert {name for names in read for name in names if name} <= LANGUAGE


def test_the_scenario_is_what_the_pack_in_ten_lines_does(tmp_path: Path) -> None:
    for place, text in re.findall(r"```yaml\n# (?:my-packs/harbour/)?(\S+\.yaml)\n(.*?)```", TEXT, re.DOTALL):
        (tmp_path / "harbour" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "harbour" / place).write_text(text, encoding="utf-8")
    pack = load_pack(tmp_path / "harbour", VOCABULARY, [workflows_dir()])
    played = play_all(pack, tmp_path / "harbour", VOCABULARY, [workflows_dir()])
    (own,) = [one for one in played if one.base is None]
    assert [str(one) for one in (*own.problems, *own.findings)] == []
    assert not any(one.verdict == "fails" for one in played)


def test_names_everything_that_a_scenario_can_say() -> None:
    engine = Path(trim.engine.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in engine.glob("scenario_read*.py"))
    said = (
        KINDS
        | CODES
        | {name for names in re.findall(r"\.get\(\"(\w+)\"\)|need\(\w+, \"(\w+)\"", code) for name in names}
    )
    assert {word for word in said if word and not re.search(rf"\b{word}\b", TEXT)} == set()


def test_the_pack_in_ten_lines_is_sound_and_does_what_is_said(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n# my-packs/(\S+)\n(.*?)```", TEXT, re.DOTALL)
    for place, text in blocks:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    made = load_pack(tmp_path / "harbour", VOCABULARY, [workflows_dir()])
    shipped = load_pack(workflows_dir() / "trim", VOCABULARY)
    assert len("".join(text for _, text in blocks).splitlines()) == 10
    assert [one.label.en for one in made.contacts if one.name == "crisis_line"] == ["Port chaplain"]
    case = made.lifecycles["case"]
    assert set(shipped.lifecycles["case"].actions) - set(case.actions) == {"undo_decline"}
    assert case.steps["follow_up"].window.latest == shipped.lifecycles["case"].steps["follow_up"].window.latest

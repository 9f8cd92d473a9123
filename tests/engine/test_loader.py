"""Every way in which a file can be wrong, with the line it is said for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.small_pack import WORDS, named_line, problems, small, write
from trim.engine.definition import Pack
from trim.engine.loader import PackError, check_folder, load_pack
from trim.engine.problems import Problem


def test_the_small_pack_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_keeps_only_the_variables_it_reads(pack: Pack) -> None:
    assert set(pack.variables) == {
        "band",
        "confidentiality_explained",
        "contact_attempts",
        "early",
        "evidence_hold",
        "role_is_coordinator",
        "state",
        "total",
    }


def test_reads_ends_as_written(pack: Pack) -> None:
    assert pack.lifecycles["case"].actions["raise_red_flag"].from_ == ("waiting", "talking")
    assert pack.lifecycles["escalation"].actions["decide"].from_ == ("open",)
    assert pack.lifecycles["case"].actions["record"].step == "talk"
    assert pack.instruments["interview"].scored_items()[0].anchors[2].hint is not None


def test_from_any_state(tmp_path: Path) -> None:
    changed = small(tmp_path, case=("from: [waiting, talking]", "from: any"))
    assert changed.lifecycles["case"].actions["finish"].from_ == ("waiting", "talking", "done")


def test_a_problem_reads_well() -> None:
    assert (
        str(Problem("a.yaml", 3, "case.states", "It is odd.", "Mend it."))
        == "a.yaml:3: case.states: It is odd. Mend it."
    )
    assert str(Problem("a.yaml", 0, "", "It is odd.", "Mend it.")) == "a.yaml: It is odd. Mend it."


def test_an_unsound_pack_is_never_given_out(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack.yaml:4: title.fr: The French text is missing."):
        load_pack(write(tmp_path, pack=("title: {en: Small, fr: Petit}", "title: {en: Small, fr: ''}")), WORDS)


def test_a_folder_without_pack(tmp_path: Path) -> None:
    (found,) = check_folder(tmp_path, WORDS)
    assert (found.file, found.line) == ("pack.yaml", 0)
    assert "cannot be read" in found.cause


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("pack: [a\n", 2, "not readable YAML"),
        ("a: 1\na: 2\n", 2, "stands here twice"),
        ("- a\n", 1, "holds no keys"),
        ("", 1, "holds no keys"),
        ("a: \x07\n", 0, "not readable YAML"),
    ],
)
def test_a_file_that_is_no_yaml(tmp_path: Path, text: str, line: int, cause: str) -> None:
    (found,) = problems(tmp_path, pack=text)
    assert (found.file, found.line) == ("pack.yaml", line)
    assert cause in found.cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("a: &x [*x]\n", "nested without end"),
        ("a: &x 1\nb: &x 2\n", "duplicate anchor"),
        (
            "".join(f"{n}: &{n} [{', '.join([f'*{m}'] * 9)}]\n" for m, n in zip("abcdef", "bcdefg", strict=True)),
            "too long",
        ),
    ],
)
def test_aliases_that_never_end(tmp_path: Path, text: str, cause: str) -> None:
    (found,) = problems(tmp_path, pack="a: &a x\n" * ("&b" in text) + text)
    assert cause in found.cause


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "lifecycles" / "case.yaml").write_bytes(b"lifecycle: \xff")
    (found,) = check_folder(tmp_path, WORDS)
    assert found.file == "lifecycles/case.yaml"


BROKEN: dict[str, tuple[dict[str, tuple[str, str]], str, str, str]] = {
    # what: (change, file and line that is named, part of the cause, part of the cure)
    "misspelt key": (
        {"case": ("completes: talk", "complets: talk")},
        "case: complets: talk",
        "“complets” is not a key",
        "Did you mean “completes”?",
    ),
    "unknown key": (
        {"pack": ("texts:", "weather: fine\ntexts:")},
        "pack: weather: fine",
        "“weather” is not a key",
        "Known here: choices,",
    ),
    "missing key": (
        {"case": ("initial: waiting\n", "")},
        "case: lifecycle: case",
        "“initial” is missing",
        "Add it",
    ),
    "missing French": (
        {"case": ("label: {en: Waiting, fr: En attente}", "label: {en: Waiting}")},
        "case: label: {en: Waiting}",
        "The French text is missing",
        "fr: ...",
    ),
    "empty English": (
        {"case": ("label: {en: Waiting, fr", "label: {en: '', fr")},
        "case: label: {en: '', fr: En attente}",
        "The English text is missing",
        "en: ...",
    ),
    "text in one language": (
        {"case": ("label: {en: Waiting, fr: En attente}", "label: Waiting")},
        "case: label: Waiting",
        "A text in both languages",
        "{en: ..., fr: ...}",
    ),
    "unknown lifecycle": (
        {"escalation": ("lifecycle: escalation", "lifecycle: escalations")},
        "escalation: lifecycle: escalations",
        "not a known lifecycle",
        "Did you mean “escalation”?",
    ),
    "file of another name": (
        {"escalation": ("lifecycle: escalation", "lifecycle: referral")},
        "escalation: lifecycle: referral",
        "stands in a file of another name",
        "Call it referral.yaml",
    ),
    "two files of one name": (
        {"escalation": ("lifecycle: escalation", "lifecycle: case")},
        "escalation: lifecycle: case",
        "defined in two files",
        "Keep one",
    ),
    "unknown state": (
        {"case": ("from: waiting\n", "from: [waitng]\n")},
        "case: from: [waitng]",
        "“waitng” is not a known state",
        "Did you mean “waiting”?",
    ),
    "unknown initial state": (
        {"case": ("initial: waiting", "initial: begun")},
        "case: initial: begun",
        "“begun” is not a known state",
        "Choose one of: done, talking, waiting",
    ),
    "an empty word": (
        {"case": ("initial: waiting", "initial: ''")},
        "case: initial: ''",
        "Nothing stands here",
        "Write a word",
    ),
    "an empty word in a list": (
        {"case": ("by: [coordinator]", "by: ['', coordinator]")},
        "case: by: ['', coordinator]",
        "Nothing stands here",
        "remove the key",
    ),
    "unknown role": (
        {"case": ("by: practitioner", "by: boss")},
        "case: by: boss",
        "known role",
        "Choose one",
    ),
    "unknown effect": (
        {"case": ("does: record_assessment", "does: record_assesment")},
        "case: does: record_assesment",
        "known effect",
        "“record_assessment”",
    ),
    "unknown field class": (
        {"case": ("class: short_text", "class: short")},
        "case: class: short",
        "known field class",
        "“short_text”",
    ),
    "unknown anchor": (
        {"case": ("from: case.opened_at", "from: case.opened")},
        "case: window: {from: case.opened, earliest: PT1H, due: P1D, latest: P2D}",
        "known anchor",
        "“case.opened_at”",
    ),
    "unknown step": (
        {"case": ("completes: talk", "completes: chat")},
        "case: completes: chat",
        "known step",
        "one of",
    ),
    "unknown kind of state": (
        {"case": ("kind: waiting", "kind: sleeping")},
        "case: kind: sleeping",
        "kind of state",
        "active, final, waiting",
    ),
    "unknown calendar": (
        {"case": ("due: P28D}", "due: P28D, calendar: lunar}")},
        "case: window: {from: previous_interview.at, due: P28D, calendar: lunar}",
        "known calendar",
        "Did you mean “calendar”?",
    ),
    "unknown receiver of a step": (
        {"case": ("who: practitioner", "who: clinical_adviser")},
        "case: who: clinical_adviser",
        "known receiver",
        "practitioner",
    ),
    "escalation to a role nobody holds": (
        {"pack": ("to: duty_coordinator", "to: clinical_adviser")},
        "pack: to: clinical_adviser",
        "known receiver",
        "duty_coordinator",
    ),
    "no duration": (
        {"case": ("due: P1D", "due: a day")},
        "case: window: {from: case.opened_at, earliest: PT1H, due: a day, latest: P2D}",
        "“a day” is not a duration",
        "PT72H",
    ),
    "no window": (
        {"case": ("    window: {from: previous_interview.at, due: P28D}\n", "")},
        "case: again:",
        "“window” is missing",
        "from: case.opened_at",
    ),
    "other window without its parts": (
        {"case": ("    overdue: {remind: [P1D]", "    instead: [{when: found_late}]\n    overdue: {remind: [P1D]")},
        "case: instead: [{when: found_late}]",
        "“window” is missing",
        "exposure.became_known_at",
    ),
    "no number": (
        {"case": ("max_length: 100", "max_length: long")},
        "case: max_length: long",
        "A whole number is expected",
        "digits",
    ),
    "no truth": (
        {"case": ("danger: true", "danger: 'yes'")},
        "case: danger: 'yes'",
        "“true” or “false”",
        "quotes",
    ),
    "a list for a word": (
        {"case": ("class: short_text", "class: [short_text]")},
        "case: class: [short_text]",
        "A single word or text is expected",
        "one value",
    ),
    "a word for a mapping": (
        {"escalation": ("actions:\n", "more: x\nactions: none\nother:\n")},
        "escalation: actions: none",
        "Names with their definitions",
        "name:",
    ),
    "an unusable name": (
        {"case": ("  talking:\n", "  Talking now:\n")},
        "case: Talking now:",
        "“Talking now” is not a usable name",
        "small letters",
    ),
    "a name with nothing": (
        {"case": ("      why:\n", "      when:\n      why:\n")},
        "case: when:",
        "Nothing is defined here",
        "remove the name",
    ),
    "choices that do not exist": (
        {"case": ("choices: red_flag_levels", "choices: levels")},
        "case: choices: levels",
        "known group of choices",
        "red_flag_levels",
    ),
    "a choice without choices": (
        {"case": ("        choices: red_flag_levels\n", "")},
        "case: level:",
        "offers nothing",
        "choices",
    ),
    "a value that the domain does not know": (
        {"pack": ("    now: {en: Now", "    soon: {en: Now")},
        "pack: soon: {en: Now, fr: Maintenant}",
        "“soon” is not a known value of red_flag_levels",
        "now, today",
    ),
    "a newer language": (
        {"pack": ("language: 1", "language: 2")},
        "pack: pack: small",
        "newer than this engine",
        "Use 1",
    ),
    "no confidentiality": (
        {"pack": ("confidentiality:\n", "confidentiality:\nsecrecy:\n")},
        "pack: pack: small",
        "“confidentiality” is missing",
        "Add it",
    ),
    "an unknown kind of item": (
        {"interview": ("kind: date", "kind: day")},
        "interview: kind: day",
        "kind of item",
        "date",
    ),
    "a scale without anchors": (
        {"interview": ("        kind: date\n", "")},
        "interview: since:",
        "at least two anchors",
        "anchors",
    ),
    "a scored date": (
        {"interview": ("kind: date", "kind: date\n        scored: true")},
        "interview: since:",
        "cannot be scored",
        "scale",
    ),
    "an anchor that is no number": (
        {"interview": ("          0: {en: Well", "          none: {en: Well")},
        "interview: none: {en: Well, fr: Bien}",
        "“none” is not a number of points",
        "0, 1, 2",
    ),
    "an anchor without words": (
        {"interview": ("          0: {en: Well, fr: Bien}", "          0:")},
        "interview: 0:",
        "A text in both languages",
        "{en",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_each_fault_has_its_place_and_cure(tmp_path: Path, what: str) -> None:
    change, place, cause, cure = BROKEN[what]
    found = [one for one in problems(tmp_path, **change) if cause in one.cause and cure in one.cure]
    assert [named_line(tmp_path, one) for one in found] == [place]
    with pytest.raises(PackError):
        load_pack(tmp_path, WORDS)


def test_yaml_1_2_scalars(tmp_path: Path) -> None:
    changed = small(tmp_path, pack=("fr: Soyez bref.", "fr: no"), case=("max_length: 100", "max_length: 0x64"))
    assert changed.texts["notes"].fr == "no"
    assert changed.lifecycles["case"].actions["record"].form[0].max_length == 100


def test_an_empty_level_or_limit_does_not_stop_reading(tmp_path: Path) -> None:
    found = problems(tmp_path, pack=("levels: {now: PT15M, today: PT4H}", "levels: {now: soon, today: PT4H}"))
    assert [one.key for one in found] == ["escalations.flag.levels.now"]

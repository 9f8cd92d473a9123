"""Editors mark what a schema can know to be wrong, and never a sound pack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from tests.engine.schemas import marked, refusals, schema
from tests.engine.small_pack import FILES, write
from trim.domain.vocabulary import VOCABULARY
from trim.engine.durations import Duration, InvalidDuration
from trim.engine.schema.documents import schemas
from trim.resources import workflows_dir

NAMES = [name.removesuffix(".json") for name in schemas(VOCABULARY)]
PACKS = sorted(path.parent for path in workflows_dir().glob("*/pack.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_is_a_schema_of_the_draft_that_it_names(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_says_what_it_means(name: str) -> None:
    for called, one in schema(name).get("$defs", {"scenario": schema(name)}).items():
        for key, value in one.get("properties", {}).items():
            assert value.get("description"), f"{called}.{key}"


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_nothing_is_marked_in_a_pack_that_ships(folder: Path) -> None:
    extends = "\nextends:" in (folder / "pack.yaml").read_text(encoding="utf-8")
    assert list(marked(folder, extends=extends)) == []


def test_nothing_is_marked_in_the_small_pack(tmp_path: Path) -> None:
    assert list(marked(write(tmp_path))) == []


def test_nothing_is_marked_in_the_pack_in_ten_lines_of_the_page(tmp_path: Path) -> None:
    page = (workflows_dir() / "README.md").read_text(encoding="utf-8")
    for place, text in re.findall(r"```yaml\n# my-packs/harbour/(\S+)\n(.*?)```", page, re.DOTALL):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    assert len(list(tmp_path.rglob("*.yaml"))) == 2
    assert list(marked(tmp_path, extends=True)) == []


PAGE = {
    "confidentiality": "pack",
    "escalations": "pack",
    "contacts": "pack",
    "texts": "pack",
    "choices": "pack",
    "states": "extends/lifecycle",
    "steps": "extends/lifecycle",
    "actions": "extends/lifecycle",
    "form": "extends/lifecycle",
    "requires": "extends/lifecycle",
    "instrument": "instrument",
}


def test_every_example_of_the_page_is_right() -> None:
    """An example stands in the page as a piece: it is held against the schema of changes, which wants no more."""
    page = (workflows_dir() / "README.md").read_text(encoding="utf-8")
    seen = set()
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        whole = re.sub(r"(\w+): \.\.\.", r"\1: null", block.replace("fr: ...", "fr: '...'"))
        key = whole.partition(":")[0]
        if key.startswith("    "):
            whole, key = f"actions:\n  one:\n{whole}", key.strip()
        if key in PAGE:
            seen.add(key)
            own = "pack: a\nversion: '1'\nlanguage: 1\nextends: b\n" if PAGE[key] == "pack" else ""
            assert refusals(PAGE[key], own + whole) == []
    assert seen == set(PAGE)


CHANGES = {
    "pack": [
        "title: {en: Ours, fr: Le nôtre}",
        "texts: {notes: null, of_our_own: {en: Ours, fr: Le nôtre}}",
        "choices: {severities: null, closing_outcomes: {left: null, died: {hint: null}}}",
        "choices: {ours: {one: {en: One, fr: Un}}}",
        "escalations: {still_high: {answer_within: P2D, levels: {now: null}, hint: null}}",
        "contacts: {crisis_line: null}",
        "confidentiality: {version: '2', limits: [{en: One, fr: Un}]}",
    ],
    "extends/lifecycle": [
        "steps: {follow_up: {window: {due: P21D, latest: null}}, last: null}",
        "actions: {close: {requires: null, by: coordinator, form: {why: null, note: {required: true}}}}",
        "lifecycle: case\nstarts: null",
    ],
    "extends/part": ["actions: {close: {danger: null}}"],
    "extends/instrument": [
        "bands: null",
        "sections: {after: {items: {sleep: {anchors: {2: null, 1: {en: So, fr: Moyen}}}, past: null}}}",
    ],
}


@pytest.mark.parametrize(("name", "change"), [(name, one) for name, ones in CHANGES.items() for one in ones])
def test_a_pack_that_extends_another_says_only_what_differs(name: str, change: str) -> None:
    own = "pack: ours\nversion: '1'\nlanguage: 1\nextends: trim\n" if name == "pack" else ""
    assert refusals(name, own + change) == []
    if name != "pack":
        assert refusals(name.removeprefix("extends/"), change) != []
    else:
        assert refusals(name, own.replace("extends: trim\n", "") + change) != []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("pack", "pack: ours\nversion: '1'\nextends: trim"),
        ("pack", "pack: null\nversion: '1'\nlanguage: 1\nextends: trim"),
        ("pack", "pack: ours\nversion: '1'\nlanguage: 1\nextends: trim\ntexts: {notes: {en: Only English}}"),
        ("pack", "pack: ours\nversion: '1'\nlanguage: 1\nextends: trim\nconfidentiality: {limits: [null]}"),
        ("extends/lifecycle", "actions: {close: {label: null}}"),
        ("extends/lifecycle", "actions: {close: {does: close_the_case}}"),
        ("extends/lifecycle", "actions: {close: {requires: [{when: agreed}]}}"),
        ("extends/lifecycle", "steps: {last: {windows: {due: P1D}}}"),
        ("extends/part", "lifecycle: case"),
        ("extends/instrument", "sections: {one: {items: {sleep: {anchors: {many: null}}}}}"),
    ],
)
def test_what_a_change_cannot_be_is_marked(name: str, change: str) -> None:
    assert refusals(name, change) != []


#: Changes to a file of the small pack: what stands there, what is put instead, and what an editor then marks.
BROKEN = [
    ("pack.yaml", "language: 1", "language: 2", "$.language: 2 is greater than the maximum of 1"),
    ("pack.yaml", "language: 1", "languages: 1", "'language' is a required property"),
    ("pack.yaml", "pack: small\n", "", "'pack' is a required property"),
    ("pack.yaml", "fr: Petit", "de: Klein", "$.title: Additional properties are not allowed ('de' was unexpected)"),
    ("pack.yaml", ", fr: Petit", "", "$.title: 'fr' is a required property"),
    ("pack.yaml", "fr: Petit", "fr: ' '", "does not match"),
    ("pack.yaml", "{en: Small, fr: Petit}", "Small", "is not of type 'object'"),
    ("pack.yaml", "to: coordinator", "to: everybody", "$.escalations.high.to: 'everybody' is not one of"),
    (
        "pack.yaml",
        "answer_within: P1D",
        "answer_within: 1 day",
        "$.escalations.high.answer_within: '1 day' does not match",
    ),
    ("pack.yaml", "{now: PT15M", "{now: 15", "$.escalations.flag.levels.now: 15 is not of type 'string'"),
    ("pack.yaml", "    now: {en: Now", "    soon: {en: Now", "$.choices.red_flag_levels: Additional properties"),
    ("pack.yaml", "  notes: {en: Keep it short.", "  Notes: {en: Keep it short.", "'Notes' does not match"),
    (
        "pack.yaml",
        "  limits:\n    - {en: Unless in danger., fr: Sauf danger.}\n",
        "",
        "'limits' is a required property",
    ),
    ("lifecycles/case.yaml", "lifecycle: case", "lifecycle: matter", "$.lifecycle: 'matter' is not one of"),
    ("lifecycles/case.yaml", "lifecycle: case\n", "", "'lifecycle' is a required property"),
    ("lifecycles/case.yaml", "kind: final", "kind: ended", "'ended' is not one of"),
    ("lifecycles/case.yaml", "who: practitioner", "who: anybody", "'anybody' is not one of"),
    ("lifecycles/case.yaml", "from: case.opened_at", "from: case.begun_at", "'case.begun_at' is not one of"),
    ("lifecycles/case.yaml", "earliest: PT1H", "soonest: PT1H", "'soonest' was unexpected"),
    ("lifecycles/case.yaml", "due: P1D, ", "", "'due' is a required property"),
    ("lifecycles/case.yaml", "after: P2D", "after: P2H", "'P2H' does not match"),
    ("lifecycles/case.yaml", "danger: true", "danger: 'yes'", "'yes' is not of type 'boolean'"),
    ("lifecycles/case.yaml", "does: raise_red_flag", "does: wave_red_flag", "'wave_red_flag' is not one of"),
    ("lifecycles/case.yaml", "[practitioner, coordinator]", "[practitioner, hr]", "'hr' is not one of"),
    ("lifecycles/case.yaml", "class: level", "class: secret", "'secret' is not one of"),
    ("lifecycles/case.yaml", "        choices: red_flag_levels\n", "", "'choices' is a required property"),
    ("lifecycles/case.yaml", "when: total > 3, ", "where: total > 3, ", "'where' was unexpected"),
    ("lifecycles/case.yaml", '"!evidence_hold"', "true", "True is not of type 'string'"),
    ("lifecycles/case.yaml", "    label: {en: Waiting, fr: En attente}\n", "", "'label' is a required property"),
    ("instruments/interview.yaml", "instrument: interview\n", "", "'instrument' is a required property"),
    ("instruments/interview.yaml", "kind: date", "kind: day", "'day' is not one of"),
    ("instruments/interview.yaml", "kind: date", "kind: date\n        scored: true", "False was expected"),
    ("instruments/interview.yaml", "        kind: date\n", "", "'anchors' is a required property"),
    ("instruments/interview.yaml", "          1: {en: Once", "          one: {en: Once", "'one' does not match"),
    ("instruments/interview.yaml", "lowest: 0", "lowest: none", "'none' is not of type 'integer'"),
    ("instruments/interview.yaml", "highest: 4", "top: 4", "'highest' is a required property"),
    ("instruments/interview.yaml", "changeable: false", "changable: false", "'changable' was unexpected"),
]


@pytest.mark.parametrize(("place", "stands", "instead", "said"), BROKEN)
def test_a_broken_file_is_marked(place: str, stands: str, instead: str, said: str) -> None:
    assert stands in FILES[place]
    kind = "pack" if place == "pack.yaml" else place.partition("s/")[0]
    found = refusals(kind, FILES[place].replace(stands, instead, 1))
    assert any(said in one for one in found), found


def test_an_editor_that_knows_only_draft_7_marks_the_same() -> None:
    for place, stands, instead, _ in BROKEN:
        kind = "pack" if place == "pack.yaml" else place.partition("s/")[0]
        file = FILES[place].replace(stands, instead, 1)
        assert refusals(kind, FILES[place], draft=Draft7Validator) == []
        assert refusals(kind, file, draft=Draft7Validator) == refusals(kind, file), instead


@pytest.mark.parametrize(
    "text",
    ["P1D", "P3M", "PT15M", "P1DT12H", "P1Y2M3W4DT5H6M7S", "", "P", "PT", "P1DT", "1D", "P1H", "P-1D", "P1.5D", "p1d"],
)
def test_a_duration_is_one_to_the_editor_where_it_is_to_the_engine(text: str) -> None:
    try:
        Duration.parse(text)
    except InvalidDuration:
        reads = False
    else:
        reads = True
    marks = refusals("extends/lifecycle", f"steps: {{one: {{window: {{due: '{text}'}}}}}}")
    assert (marks == []) == reads

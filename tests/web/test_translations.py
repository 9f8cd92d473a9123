"""The check of the French catalogue catches what is missing, left over, badly set or not compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scripts.check_translations import problems_in_catalogue

_HEAD = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def catalogue(folder: Path, source: str, french: str) -> Path:
    """A compiled catalogue of one text."""
    po = folder / "fr" / "LC_MESSAGES" / "messages.po"
    po.parent.mkdir(parents=True)
    po.write_text(f'{_HEAD}msgid "{source}"\nmsgstr "{french}"\n', encoding="utf-8")
    with po.open("rb") as file, po.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(file, locale="fr"))
    return po


def found(folder: Path, source: str, french: str) -> list[str]:
    """What is wrong with this translation."""
    return list(problems_in_catalogue(catalogue(folder, source, french), {source: "here:1"}))


@pytest.mark.parametrize(
    ("source", "french"),
    [
        ("Sure?", "Certain\u00a0?"),
        ("Say “yes”: now", "Dites «\u00a0oui\u00a0»\u00a0: maintenant"),
        ("At 21:30", "À 21:30"),
        ("The case of %(name)s", "Le dossier de %(name)s, l’autre aussi"),
    ],
)
def test_good_french_passes(tmp_path: Path, source: str, french: str) -> None:
    assert found(tmp_path, source, french) == []


@pytest.mark.parametrize(
    ("source", "french", "said"),
    [
        ("Sure?", "", "not translated"),
        ("Sure?", "Certain ?", "no-break space"),
        ("Sure?", "Certain?", "no-break space"),
        ("Say “yes”", "Dites « oui »", "no-break space"),
        ("The case", "C'est le dossier", "straight apostrophe"),
        ("The case of %(name)s", "Le dossier", "lacks one of"),
        ("%%{count} left", "il en reste", "lacks one of"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, source: str, french: str, said: str) -> None:
    assert any(said in problem for problem in found(tmp_path, source, french))


def test_a_text_that_is_missing_and_one_that_is_left_over(tmp_path: Path) -> None:
    problems = list(problems_in_catalogue(catalogue(tmp_path, "Old", "Vieux"), {"New": "page.html:3"}))
    assert "page.html:3: 'New' is not in" in problems[0]
    assert "used nowhere any more" in problems[1]


def test_a_catalogue_that_was_not_compiled_again(tmp_path: Path) -> None:
    po = catalogue(tmp_path, "Old", "Vieux")
    po.write_text(po.read_text(encoding="utf-8").replace("Vieux", "Ancien"), encoding="utf-8")
    assert "run scripts/translations.sh" in next(problems_in_catalogue(po, {"Old": "here:1"}))

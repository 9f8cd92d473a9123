"""Rows of a release for files: one line for each figure, each with the face that says where it comes from.

Everything comes out of published cells: a hidden figure has no value in any file, only the word for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trim.statistics.model import TOTAL, UNIT, Release, Table, Words
from trim.statistics.model_json import to_json
from trim.statistics.shown.laid_out import flat, per_hundred
from trim.statistics.shown.narrative import period_words
from trim.statistics.shown.numerals import numeral
from trim.statistics.shown.reading import reading_lines

#: Directions of a table: the tree of units and at most two others (the issue of the tables says so).
MOST_DIRECTIONS = 3

HEADS: tuple[Words, ...] = (
    Words("Release", "Publication"),
    Words("Period", "Période"),
    Words("Table", "Tableau"),
    Words("Unit", "Unité"),
    Words("First direction", "Première dimension"),
    Words("Its value", "Sa valeur"),
    Words("Second direction", "Deuxième dimension"),
    Words("Its value (2)", "Sa valeur (2)"),
    Words("Status", "Statut"),
    Words("Number", "Nombre"),
    Words("Head-count", "Effectif"),
    Words("Per 100 people", "Pour 100 personnes"),
    Words("Given out at", "Remis le"),
    Words("Given out to", "Remis à"),
)
#: The columns of `totals_rows`.
TOTALS_HEADS = (HEADS[2], HEADS[8], HEADS[9])
#: What stands beside each cell: the columns that `_figures` fills.
MEASURED = HEADS[8:12]
SHOWN, HIDDEN = Words("shown", "publié"), Words("hidden", "masqué")


@dataclass(frozen=True, slots=True)
class Face:
    """What every file says on its face: when it was given out, to whom, from which release."""

    at: str
    by: str
    number: int
    digest: str
    released_at: str
    corrected_by: int | None = None
    cause: Words | None = None

    def lines(self, release: Release, locale: str) -> list[tuple[str, str]]:
        """Name and words of each thing that it says."""
        when = period_words(release.period.first, release.period.last).of(locale)
        said = [
            (Words("Release", "Publication"), str(self.number)),
            (Words("Period", "Période"), when),
            (Words("Published at", "Publiée le"), self.released_at),
            (Words("Given out at", "Remis le"), self.at),
            (Words("Given out to", "Remis à"), self.by),
            (Words("SHA-256 of the release", "SHA-256 de la publication"), self.digest),
        ]
        if release.corrects is not None:
            said.append((Words("Corrects release", "Corrige la publication"), str(release.corrects)))
        if self.cause is not None:
            said.append((Words("Why it was corrected", "Motif de la correction"), self.cause.of(locale)))
        if self.corrected_by is not None:
            said.append((Words("Corrected by release", "Corrigée par la publication"), str(self.corrected_by)))
        return [(name.of(locale), value) for name, value in said]


#: A cell of a file: text, a number, or nothing.
Value = str | int | float | None


def rows(release: Release, face: Face, locale: str) -> Iterator[list[str]]:
    """One line for each figure of every table, as text; fractions as the language writes them."""
    when = period_words(release.period.first, release.period.last).of(locale)
    for table in release.tables:
        others = [one for one in table.dimensions if one.name != UNIT]
        for said, measured in _figures(release, table, locale):
            named = [said.get(UNIT, "")]
            for at in range(MOST_DIRECTIONS - 1):
                one = others[at] if at < len(others) else None
                named += [one.label.of(locale), said[one.name]] if one is not None else ["", ""]
            texts = [_text(one, locale) for one in measured]
            yield [str(face.number), when, table.title.of(locale), *named, *texts, face.at, face.by]


def sheet_heads(release: Release, table: Table, locale: str) -> list[str]:
    """The columns of `sheet_rows`: each direction of the table under its own name, then the figure."""
    directions = [one.label.of(locale) for one in table.dimensions]
    return [*directions, *texts(MEASURED, locale)[: _measures(release, table)]]


def sheet_rows(release: Release, table: Table, locale: str) -> Iterator[list[Value]]:
    """The value of each direction, status and figure of each cell, totals first; head-count and rate where known."""
    for said, measured in _figures(release, table, locale):
        yield [*said.values(), *measured[: _measures(release, table)]]


def totals_rows(release: Release, locale: str) -> Iterator[list[Value]]:
    """Title, status and figure of each table of which nothing but the sum could be kept."""
    for table in release.tables:
        if not table.dimensions:
            yield [table.title.of(locale), (HIDDEN if table.total is None else SHOWN).of(locale), table.total]


def _measures(release: Release, table: Table) -> int:
    """How many columns of figures a sheet has: without head-counts, those of people and rates would be empty."""
    return len(MEASURED) if release.headcounts and table.dimension(UNIT) is not None else 2


def _figures(release: Release, table: Table, locale: str) -> Iterator[tuple[dict[str, str], list[Value]]]:
    """By direction the word for each cell's value; then its status, figure, head-count and rate.

    Only the total of a unit stands beside its people: a part of it would need another denominator.
    """
    units = table.dimension(UNIT)
    for key, words, figure in flat(table):
        chosen = {one.name: value for one, value in zip(table.dimensions, key, strict=True)}
        said = {one.name: word.of(locale) for one, word in zip(table.dimensions, words, strict=True)}
        whole = all(value == TOTAL for name, value in chosen.items() if name != UNIT)
        people = release.headcount(units, chosen[UNIT]) if units is not None and whole else None
        status = HIDDEN if figure is None else SHOWN
        yield said, [status.of(locale), figure, people, per_hundred(figure, people)]


def _text(value: Value, locale: str) -> str:
    """A cell as text: whole numbers bare, for whatever reckons with them."""
    if isinstance(value, float):
        return numeral(value, locale)
    return "" if value is None else str(value)


def heads(locale: str) -> list[str]:
    """The names of the columns of `rows`."""
    return texts(HEADS, locale)


def notes(release: Release, face: Face, locale: str) -> list[tuple[str, str]]:
    """The face, how the figures are to be read, the rules of publication, and what is left out of every figure."""
    return [*face.lines(release, locale), *reading_lines(release, locale), *rule_lines(release, locale)]


def rule_lines(release: Release, locale: str) -> list[tuple[str, str]]:
    """The rules of publication in words: everybody may know them."""
    rules = release.rules
    small = Words(
        f"A figure of 1 to {rules.threshold}, or one with fewer than {rules.incidents} incidents behind it",
        f"Un chiffre de 1 à {rules.threshold}, ou reposant sur moins de {rules.incidents} événements",
    )
    said = [(Words("Never shown", "Jamais publié"), small), *_RULES]
    if rules.rounding is not None:
        said.append(
            (
                Words("Rounded", "Arrondi"),
                Words(
                    f"To multiples of {rules.rounding.base}, so that totals still add up",
                    f"Au multiple de {rules.rounding.base}, de sorte que les totaux tombent juste",
                ),
            )
        )
    return [(name.of(locale), words.of(locale)) for name, words in said]


_RULES: tuple[tuple[Words, Words], ...] = (
    (
        Words("Hidden besides", "Masqué en outre"),
        Words(
            "Whatever is needed so that a hidden figure cannot be worked out from others. Nothing marks which is which",
            "Ce qu’il faut pour qu’un chiffre masqué ne puisse se déduire des autres. Rien n’indique lequel est lequel",
        ),
    ),
    (
        Words("Left out", "Exclu"),
        Words(
            "Duplicates of one event, rehearsals, records taken back as wrong, what was erased before publication",
            "Doublons d’un même événement, exercices, saisies retirées, données effacées avant la publication",
        ),
    ),
    (
        Words("Counted once", "Compté une fois"),
        Words(
            "A person’s case counts once in a quarter for each thing. A year adds up its quarters",
            "Le dossier d’une personne compte une fois par trimestre et par rubrique. L’année en fait la somme",
        ),
    ),
)


def definitions(release: Release, locale: str) -> list[list[str]]:
    """The data dictionary: each table with what it counts, its directions and their values."""
    found = []
    for table in release.tables:
        title = table.title.of(locale)
        found.append([table.name, title, "", "", table.definition.of(locale)])
        for one in table.dimensions:
            label = one.label.of(locale)
            found += [[table.name, title, label, one.labels[value].of(locale), value] for value in one.values]
    return found


DEFINITION_HEADS: tuple[Words, ...] = (
    Words("Table", "Tableau"),
    Words("Title", "Intitulé"),
    Words("Direction", "Dimension"),
    Words("Value", "Valeur"),
    Words("Definition, or code in the JSON form", "Définition, ou code dans la forme JSON"),
)


def json_with_face(release: Release, face: Face) -> bytes:
    """The canonical JSON form with one more part that says when and to whom it was given out."""
    said = json.loads(to_json(release))
    given: Mapping[str, object] = {
        "at": face.at,
        "by": face.by,
        "release": face.number,
        "sha256": face.digest,
        "released_at": face.released_at,
        "corrected_by": face.corrected_by,
    }
    text = json.dumps({**said, "given_out": given}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (text + "\n").encode()


def texts(words: Sequence[Words], locale: str) -> list[str]:
    """Words in one language."""
    return [one.of(locale) for one in words]

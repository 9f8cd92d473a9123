"""A paragraph for a release, made from its published figures alone: what there was, what rose, what is hidden.

It says that figures are hidden and by which rule, never which of them the rule itself hid.
"""

from __future__ import annotations

from trim.statistics.model import Release, Words
from trim.statistics.shown.compared import Line, compare
from trim.statistics.shown.numerals import numeral

#: So many changes are told; the rest stands in the tables.
TOLD = 3


def period_words(first: str, last: str) -> Words:
    """A period as people say it: "the first quarter of 2025", "2025"."""
    year, start, end = first[:4], int(first[-1]), int(last[-1])
    if start == end:
        english = ("first", "second", "third", "fourth")[start - 1]
        french = ("premier", "deuxième", "troisième", "quatrième")[start - 1]
        return Words(f"the {english} quarter of {year}", f"le {french} trimestre {year}")
    if end - start == 1:
        which = (("first", "premier"), ("second", "second"))[start // 2]
        return Words(f"the {which[0]} half of {year}", f"le {which[1]} semestre {year}")
    return Words(f"the year {year}", f"l’année {year}")


def short_period(first: str, last: str) -> Words:
    """A period where there is little room: "Q1 2025", "H2 2025", "2025"."""
    year, start, end = first[:4], int(first[-1]), int(last[-1])
    if start == end:
        return Words(f"Q{start} {year}", f"T{start} {year}")
    if end - start == 1:
        half = 1 + start // 2
        return Words(f"H{half} {year}", f"S{half} {year}")
    return Words(year, year)


def narrative(release: Release, previous: Release | None = None, *, totals: bool = True) -> tuple[Words, ...]:
    """Sentences about a release, and about what changed since a previous one of the same length.

    Without `totals` where these stand in a list beside it.
    """
    when = period_words(release.period.first, release.period.last)
    sentences = [
        Words(f"These are the figures of {when.en}.", f"Ces chiffres portent sur {when.fr}."),
        *(_totals(release) if totals else ()),
        *_coarse(release),
    ]
    if previous is not None:
        sentences += _changes(previous, release)
    sentences.append(_hidden(release))
    return tuple(sentences)


def _totals(release: Release) -> list[Words]:
    said: list[Words] = []
    seen: set[str] = set()
    for table in release.tables:
        total = table.total
        if total and table.measure not in seen:
            seen.add(table.measure)
            said.append(Words(*(f"{_inside(table.title, one)}, {numeral(total, one)}" for one in ("en", "fr"))))
    if not said:
        return []
    english, french = "; ".join(one.en for one in said), "\u00a0; ".join(one.fr for one in said)
    return [Words(f"In all: {english}.", f"Au total\u00a0: {french}.")]


def _coarse(release: Release) -> list[Words]:
    """Where tables with anything in them are no more than their sum: that it is so on purpose, and of how many."""
    filled = [table for table in release.tables if table.total != 0]
    plain = sum(not table.dimensions for table in filled)
    if not plain:
        return []
    of = len(filled)
    en, fr = ("holds", "se limite") if plain == 1 else ("hold", "se limitent")
    return [
        Words(
            f"{plain} of the {of} tables with anything in them {en} a total only: in anything finer, single people "
            "could be recognised.",
            f"Sur {of} tableaux non vides, {plain} {fr} au total\u00a0: plus de détail permettrait de reconnaître des "
            "personnes.",
        )
    ]


def _changes(previous: Release, release: Release) -> list[Words]:
    then = period_words(previous.period.first, previous.period.last)
    rose: list[tuple[int, Words, Line]] = []
    fell: list[tuple[int, Words, Line]] = []
    for table in compare(previous, release):
        for line in table.lines[:-1] or table.lines:
            by = line.difference
            if by:
                (rose if by > 0 else fell).append((abs(by), table.title, line))
    said = []
    for en, fr, found in (("Rose most", "Plus fortes hausses", rose), ("Fell most", "Plus fortes baisses", fell)):
        first = sorted(found, key=lambda one: (-one[0], one[1].en, one[2].label.en))[:TOLD]
        if first:
            said.append(
                Words(
                    f"{en} since {then.en}: " + "; ".join(_change(*one, "en") for one in first) + ".",
                    f"{fr} depuis {then.fr}\u00a0: " + "\u00a0; ".join(_change(*one, "fr") for one in first) + ".",
                )
            )
    if not said:
        said.append(
            Words(
                f"No figure that is shown in both differs from {then.en}.",
                f"Aucun chiffre publié les deux fois n’a changé depuis {then.fr}.",
            )
        )
    return said


def _change(_: int, title: Words, line: Line, locale: str) -> str:
    before, after = (numeral(one or 0, locale) for one in (line.before, line.after))
    moved = f", de {before} à {after}" if locale == "fr" else f", from {before} to {after}"
    return f"{_inside(title, locale)}, {_inside(line.label, locale)}{moved}"


def _inside(words: Words, locale: str) -> str:
    """Words as they stand within a sentence: a capital stays only where the next letter is one too."""
    said = words.of(locale)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def _hidden(release: Release) -> Words:
    cells = sum(len(table.cells) for table in release.tables)
    hidden = sum(table.hidden for table in release.tables)
    rules = release.rules
    if hidden == 0:
        return Words("No figure is hidden.", "Aucun chiffre n’est masqué.")
    (some_en, all_en), (some_fr, all_fr) = ([numeral(one, to) for one in (hidden, cells)] for to in ("en", "fr"))
    return Words(
        f"{some_en} of {all_en} figures are hidden. A figure of 1 to {rules.threshold}, or with fewer than "
        f"{rules.incidents} incidents behind it, is never shown; others are hidden so that it cannot be worked out.",
        f"{some_fr} chiffres sur {all_fr} sont masqués. Un chiffre de 1 à {rules.threshold}, ou reposant sur "
        f"moins de {rules.incidents} événements, n’est jamais publié\u00a0; d’autres sont masqués pour qu’on ne "
        "puisse pas le retrouver.",
    )

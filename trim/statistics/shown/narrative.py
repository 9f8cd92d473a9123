"""A paragraph for a release, made from its published figures alone: what there was, what rose, what is hidden.

It says that figures are hidden and by which rule, never which of them the rule itself hid.
"""

from __future__ import annotations

from trim.statistics.model import Release, Table, Words
from trim.statistics.shown.compared import Line, compare

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


def narrative(release: Release, previous: Release | None = None) -> tuple[Words, ...]:
    """Sentences about a release, and about what changed since a previous one of the same length."""
    when = period_words(release.period.first, release.period.last)
    sentences = [
        Words(f"These are the figures of {when.en}.", f"Ces chiffres portent sur {when.fr}."),
        *_totals(release),
    ]
    if previous is not None:
        sentences += _changes(previous, release)
    sentences.append(_hidden(release))
    return tuple(sentences)


def _totals(release: Release) -> list[Words]:
    said: list[Words] = []
    seen: set[str] = set()
    for table in release.tables:
        total = _total(table)
        if total and table.measure not in seen:
            seen.add(table.measure)
            said.append(Words(f"{table.title.en}, {total}", f"{table.title.fr}, {total}"))
    if not said:
        return []
    english, french = "; ".join(one.en for one in said), "\u00a0; ".join(one.fr for one in said)
    return [Words(f"In all: {english}.", f"Au total\u00a0: {french}.")]


def _changes(previous: Release, release: Release) -> list[Words]:
    then = period_words(previous.period.first, previous.period.last)
    rose: list[tuple[int, Words, Line]] = []
    fell: list[tuple[int, Words, Line]] = []
    for table in compare(previous, release):
        for line in table.lines[1:] or table.lines:
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
                f"Aucun chiffre publié les deux fois ne diffère de celui que donnait {then.fr}.",
            )
        )
    return said


def _change(_: int, title: Words, line: Line, locale: str) -> str:
    colon = "\u00a0: " if locale == "fr" else ": "
    return f"{title.of(locale)}, {line.label.of(locale)}{colon}{line.before} → {line.after}"


def _hidden(release: Release) -> Words:
    cells = sum(len(table.cells) for table in release.tables)
    hidden = sum(table.hidden for table in release.tables)
    rules = release.rules
    if hidden == 0:
        return Words("No figure is hidden.", "Aucun chiffre n’est masqué.")
    return Words(
        f"{hidden} of {cells} figures are hidden. A figure of 1 to {rules.threshold} people, or with fewer than "
        f"{rules.incidents} incidents behind it, is never shown; others are hidden so that it cannot be worked out.",
        f"{hidden} chiffres sur {cells} sont masqués. Un chiffre de 1 à {rules.threshold} personnes, ou reposant sur "
        f"moins de {rules.incidents} événements, n’est jamais publié\u00a0; d’autres sont masqués pour qu’on ne "
        "puisse pas le retrouver.",
    )


def _total(table: Table) -> int | None:
    return table.by_key()[tuple(one.total for one in table.dimensions)].value

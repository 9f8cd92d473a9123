"""How a release is to be read, for somebody who has never seen figures of which some are hidden."""

from __future__ import annotations

from trim.statistics.model import Release, Words


def reading_lines(release: Release, locale: str) -> list[tuple[str, str]]:
    """What may be concluded from the figures of a release and what may not: a heading and a sentence or two each."""
    hidden = [_HIDDEN] if any(table.hidden for table in release.tables) else []
    units = _RATES if release.headcounts else _NO_RATES
    said = [*hidden, _COUNTED, _PERIODS, (_UNITS, units), _RECOGNISED]
    return [(name.of(locale), words.of(locale)) for name, words in said]


_HIDDEN = (
    Words("A hidden figure", "Un chiffre masqué"),
    Words(
        "Few people or few incidents stand behind it, or such a figure could be worked out from it. It does not mean "
        "that nothing happened. Totals count it too, so the figures shown can add up to less than their total.",
        "Peu de personnes ou d’événements se trouvent derrière, ou un tel chiffre pourrait s’en déduire. Cela ne veut "
        "pas dire que rien ne s’est passé. Les totaux le comprennent\u00a0: la somme des chiffres montrés peut donc "
        "être inférieure à leur total.",
    ),
)
_COUNTED = (
    Words("What is counted", "Ce qui est compté"),
    Words(
        "Incidents, cases or steps, as the definition of each table says; never everybody who works here. Figures of "
        "two tables that count different things cannot be divided by each other.",
        "Des événements, des dossiers ou des étapes, selon la définition de chaque tableau\u00a0; jamais l’ensemble du "
        "personnel. Les chiffres de deux tableaux qui comptent des choses différentes ne se divisent pas entre eux.",
    ),
)
_PERIODS = (
    Words("Comparing periods", "Comparer des périodes"),
    Words(
        "Compare only periods of the same length. A small difference is often chance.",
        "Ne comparez que des périodes de même durée. Un petit écart est souvent dû au hasard.",
    ),
)
_UNITS = Words("Comparing units", "Comparer des unités")
_RATES = Words(
    "Units differ in size: compare the figures for each 100 people below each table.",
    "Les unités n’ont pas la même taille\u00a0: comparez les chiffres pour 100 personnes, sous chaque tableau.",
)
_NO_RATES = Words(
    "Units differ in size, and their head-counts were not known for this release: do not rank them.",
    "Les unités n’ont pas la même taille et leurs effectifs n’étaient pas connus pour cette publication\u00a0: "
    "n’en faites pas un classement.",
)
_RECOGNISED = (
    Words("If you think you recognise somebody", "Si vous croyez reconnaître quelqu’un"),
    Words(
        "Tell nobody but whoever is responsible for data protection.",
        "N’en parlez qu’à la personne chargée de la protection des données.",
    ),
)

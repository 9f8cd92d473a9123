"""Invented names for invented people, English and French as in a bilingual town; nobody of these exists."""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST = """
    Agnès Aidan Alice Amal Anouk Arthur Basile Beatrice Brigid Camille Cédric Clara Colin Dalia Daniel
    Delphine Dylan Edith Élise Émile Ewan Fabien Farah Fiona Florent Gareth Gwen Hamid Hannah Hélène Hugo Ines
    Isaac Ivy Jamal Jeanne Joel Joséphine Kieran Laure Leila Liam Loïc Lucie Maeve Malik Marc Maud Mina Nadia
    Nathan Nell Noé Olive Oscar Pascale Philippa Quentin Rachid Rosalind Rowan Sabine Samira Sean Simone
    Stella Tariq Tess Thibault Tom Ursula Valérie Victor Wendy Yasmine Yves Zoé
"""
LAST = """
    Abbott Allard Amblard Barlow Bellamy Benoit Blackwood Boucher Bramley Cardew Carlin Chastain Clément
    Colville Cottin Dacre Delorme Denholm Dubreuil Eastgate Elwood Estève Fairley Faucher Fenwick Forestier
    Garland Gaudin Gilchrist Granger Hale Hargreave Hébert Holloway Imbert Ingram Jardine Jolivet Keating
    Kerbrat Kirkby Lachance Langley Larcher Lockhart Mallory Marchand Mercer Millot Montclair Norwood Oakes
    Orban Paget Pelletier Penrose Perrault Quillan Ravenel Redfern Rivoire Roxby Sabatier Selwyn Sorel
    Stanhope Tavernier Thorne Tilley Vautrin Verdier Wakeley Warden Whitlock Wynter Yardley
"""


def invented(chosen: random.Random) -> Iterator[str]:
    """Names without end, each once; after some six thousand of them with a second family name."""
    firsts, lasts = FIRST.split(), LAST.split()
    for beyond in ("", *(f"-{name}" for name in lasts)):
        pairs = [f"{first} {last}{beyond}" for last in lasts if f"-{last}" != beyond for first in firsts]
        chosen.shuffle(pairs)
        yield from pairs

"""Of which facts a release speaks: quarters and programmes, and which of them another release speaks of too."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from trim.statistics.model import Release

#: A quarter as it was counted (its name, and the number of the release that corrected it last, or 0) in a programme.
Piece = tuple[str, int, str]
Scope = frozenset[Piece]
Element = TypeVar("Element", bound=Hashable)


class Malformed(ValueError):
    """Raised when releases do not fit together or a table is not whole; the message names release and place."""


def scopes(releases: Sequence[Release]) -> dict[int, Scope]:
    """The scope of each release by its number.

    A correction counts its quarters anew; so does every later release that covers them. Raises Malformed when the
    numbers do not ascend, or a correction does not have the period and programmes of what it corrects.
    """
    if not releases:
        raise Malformed("There is no release to attack.")
    known: dict[int, Release] = {}
    version: dict[tuple[str, str], int] = {}
    found: dict[int, Scope] = {}
    for release in releases:
        if known and release.number <= max(known):
            raise Malformed(f"Release {release.number} stands after release {max(known)}: hand them in by number.")
        if release.corrects is not None:
            old = known.get(release.corrects)
            if old is None:
                raise Malformed(f"Release {release.number} corrects release {release.corrects}, which is not there.")
            if (old.period, set(old.programmes)) != (release.period, set(release.programmes)):
                raise Malformed(
                    f"Release {release.number} corrects release {old.number}, but for another period or programme."
                )
        covered = [(quarter, one) for quarter in release.period.quarters for one in release.programmes]
        if release.corrects is not None:
            version |= dict.fromkeys(covered, release.number)
        found[release.number] = frozenset((quarter, version.get((quarter, one), 0), one) for quarter, one in covered)
        known[release.number] = release
    return found


def connected(releases: Sequence[Release], scope: dict[int, Scope]) -> list[Release]:
    """The newest release with every earlier one that shares facts with it, directly or over others.

    Releases of other quarters say nothing about this one and need not be looked at.
    """
    reached = {_uncorrected(piece) for piece in scope[releases[-1].number]}
    chosen = {releases[-1].number}
    while True:
        more = [
            one
            for one in releases
            if one.number not in chosen and not reached.isdisjoint(_uncorrected(piece) for piece in scope[one.number])
        ]
        if not more:
            return [one for one in releases if one.number in chosen]
        for one in more:
            chosen.add(one.number)
            reached |= {_uncorrected(piece) for piece in scope[one.number]}


def _uncorrected(piece: Piece) -> tuple[str, str]:
    return piece[0], piece[2]


def partition(sets: Iterable[frozenset[Element]]) -> list[frozenset[Element]]:
    """The coarsest pieces out of which every given set can be put together, in a fixed order."""
    given = sorted(set(sets), key=lambda one: sorted(map(repr, one)))
    member: dict[Element, list[int]] = {}
    for place, one in enumerate(given):
        for element in one:
            member.setdefault(element, []).append(place)
    groups: dict[tuple[int, ...], set[Element]] = {}
    for element, places in member.items():
        groups.setdefault(tuple(places), set()).add(element)
    return [frozenset(groups[places]) for places in sorted(groups)]

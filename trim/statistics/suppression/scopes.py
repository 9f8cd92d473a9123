"""Which releases can be subtracted from each other: what each is about, in quarters and programmes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trim.statistics.model import Release

Scope = frozenset[tuple[str, str]]


def scope_of(quarters: Iterable[str], programmes: Iterable[str]) -> Scope:
    """Every quarter with every programme that a release counts."""
    kept = tuple(programmes)
    return frozenset((quarter, programme) for quarter in quarters for programme in kept)


def scope_of_release(release: Release) -> Scope:
    """The scope of a published release."""
    return scope_of(release.period.quarters, release.programmes)


def hanging_together(scope: Scope, earlier: Sequence[Release]) -> list[Release]:
    """Earlier releases that share time and programme with this one, directly or through others."""
    reached = set(scope)
    left = list(earlier)
    found: list[Release] = []
    while True:
        more = [release for release in left if scope_of_release(release) & reached]
        if not more:
            return sorted(found, key=lambda release: release.number)
        found += more
        left = [release for release in left if release not in more]
        for release in more:
            reached |= scope_of_release(release)


def divisions(scope: Scope, scopes: Iterable[Scope]) -> list[tuple[Scope, ...]]:
    """The ways in which known scopes lie side by side within one: the largest first, then without these, and so on."""
    inside = sorted((one for one in set(scopes) if one < scope), key=lambda one: (-len(one), sorted(one)))
    found: list[tuple[Scope, ...]] = []
    while inside:
        taken: list[Scope] = []
        for one in inside:
            if all(not (one & other) for other in taken):
                taken.append(one)
        found.append(tuple(taken))
        inside = [one for one in inside if one not in taken]
    return found

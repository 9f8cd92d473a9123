"""Makes a release again, coarser, until the adversary finds nothing: late or coarser, never leaky."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from trim.statistics.model import Release

TURNS = 8
"""The steps of merging double with each turn, so after so many turns a table is gone altogether."""


class StillExposed(Exception):
    """Raised when figures can be worked out however coarse the tables are; `tables` names them."""

    def __init__(self, tables: Collection[str]) -> None:
        super().__init__(
            f"Figures of these tables can be worked out, however coarse they are: {', '.join(sorted(tables))}. "
            "Take them out of the declaration, or release a longer period."
        )
        self.tables = tuple(sorted(tables))


def withstanding(
    make: Callable[[Mapping[str, int]], Release], exposed: Callable[[Release], Collection[str]]
) -> Release:
    """The first release that withstands.

    `make` builds one with so many more steps of merging by table (`build_release`, `careful`); `exposed` attacks it
    and names the tables with figures that are not safe. Raises StillExposed.
    """
    careful: dict[str, int] = {}
    for _ in range(TURNS):
        release = make(careful)
        found = exposed(release)
        if not found:
            return release
        for table in found:
            careful[table] = 2 * careful.get(table, 0) + 1
    raise StillExposed(found)

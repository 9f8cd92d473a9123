"""Two units of work that wait for each other on PostgreSQL: one is given up, and says what to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.organisation import Organisation
from trim.store.database import GaveWay
from trim.store.tables import Unit

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database_kind() -> str:
    """On SQLite one writes after the other: nobody can wait in a circle."""
    return "postgresql"


def test_of_two_that_wait_for_each_other_one_gives_way(organisation: Organisation) -> None:
    both_hold_one = Barrier(2)

    def locks(first: str, second: str) -> str:
        try:
            with organisation.backend.database.writing() as session:
                for name in (first, second):
                    unit = select(Unit).where(col(Unit.id) == organisation.units[name].id)
                    session.scalars(unit.with_for_update()).one()
                    if name == first:
                        both_hold_one.wait(timeout=20)
        except GaveWay as problem:
            return str(problem)
        return "did both"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(locks, ("North", "South"), ("South", "North")))
    assert done == [
        "Somebody else changed the same thing at the same moment. Nothing was changed; try again.",
        "did both",
    ]

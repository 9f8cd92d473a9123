"""The units from which whoever asks for somebody chooses."""

from __future__ import annotations

from trim.store import people
from trim.usecases.unit_of_work import UnitOfWork


def open_units(uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """Every unit that is open, as (id, name), by name."""
    return tuple((one.id, one.name) for one in people.units(uow.session).values() if one.active)

"""Facts as a release would count them: everything that came in is put away first."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.organisation import Organisation
from trim.store.tables import Fact
from trim.usecases.statistics.move_facts import move_facts


def told(organisation: Organisation) -> list[Fact]:
    """Every fact of an organisation."""
    move_facts(organisation.backend, now=organisation.now, everything=True)
    with organisation.backend.reading() as uow:
        return list(uow.session.scalars(select(Fact)))

"""A coordinator from outside: Cora, who coordinates South and has no business in North."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.support.organisation import Organisation
from tests.support.story import Story
from trim.domain.access import Role
from trim.store.tables import BreakGlass, SupportCase
from trim.usecases.break_glass.open_case import open_case


def with_cora(story: Story, *, person: bool = True) -> Organisation:
    """Add Cora, who is somebody of the directory too."""
    made = story.organisation
    made.add_person("Cora Fenn", "South")
    made.add_account("Cora", Role.COORDINATOR, unit="South", person="Cora Fenn" if person else None)
    return made


def opens(story: Story, ref: str, who: str = "Cora", **more: Any) -> bool:
    """Somebody opens a case by break-glass."""
    made = story.organisation
    values = {"ground": "risk_to_life", "reason": "She rang our desk and nobody of North answers.", **more}
    with made.backend.writing() as uow:
        return open_case(uow, made.actor(who), now=made.now, ref=ref, **values)


def openings(made: Organisation) -> list[BreakGlass]:
    """Every opening, the earliest first."""
    with made.backend.reading() as uow:
        return list(uow.session.scalars(select(BreakGlass).order_by(BreakGlass.opened_at)))


def chain_of(made: Organisation, ref: str) -> str:
    """The chain of the case of that reference."""
    with made.backend.reading() as uow:
        return f"case:{uow.session.scalars(select(SupportCase.id).where(SupportCase.ref == ref)).one()}"

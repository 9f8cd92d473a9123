"""Whom a demonstration lets a visitor look around as; no other organisation has such a list (CARE 34)."""

from __future__ import annotations

from dataclasses import dataclass

from trim.store import settings
from trim.usecases.unit_of_work import UnitOfWork

#: Setting: a list of {"role", "name", "email", "password", "unit"}, written by `trim demo`.
SETTING = "demonstration_sign_ins"


@dataclass(frozen=True, slots=True)
class DemonstrationSignIn:
    """One made-up account and its password, which is no secret."""

    role: str
    name: str
    email: str
    password: str
    #: The unit that the role is given for, where it is not the whole organisation.
    unit: str = ""


def demonstration_sign_ins(uow: UnitOfWork) -> list[DemonstrationSignIn]:
    """One sign-in per role; empty unless this is a demonstration."""
    if not uow.organisation.demonstration:
        return []
    return [DemonstrationSignIn(**one) for one in settings.read(uow.session, SETTING, [])]

"""The second programme beside the first: the pack straw, with roles of its own for people of the small organisation."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from tests.support.organisation import SETUP, Organisation
from trim.domain.access import Role
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir
from trim.usecases.oversight.install_pack import install_pack
from trim.usecases.people.accounts import give_role, put_on_duty, record_training

STRAW = "straw"
#: Who has which role in straw: Carol coordinates both, Quinn supports here, Sam is a coordinator of this one alone.
ROLES = {"Carol": Role.COORDINATOR, "Quinn": Role.PRACTITIONER, "Lee": Role.PROGRAMME_LEAD}


@cache
def straw_pack() -> Pack:
    """The shipped pack, compiled once."""
    return load_pack(workflows_dir() / STRAW, VOCABULARY)


def add_straw(organisation: Organisation) -> None:
    """Install straw, give its roles, and bring in Sam, who coordinates straw and has nothing to do with trim."""
    organisation.add_account("Sam")
    with organisation.backend.writing() as uow:
        install_pack(uow, SETUP, now=organisation.now, pack=straw_pack())
        for name, role in {**ROLES, "Sam": Role.COORDINATOR}.items():
            give_role(
                uow,
                SETUP,
                now=organisation.now,
                account_id=organisation.accounts[name].id,
                role=role,
                programme=STRAW,
                unit_id=organisation.units["Everywhere"].id,
            )
        today = organisation.now.date()
        record_training(
            uow,
            SETUP,
            now=organisation.now,
            account_id=organisation.accounts["Quinn"].id,
            programme=STRAW,
            trained_on=today - timedelta(days=50),
            valid_until=today + timedelta(days=700),
        )
        put_on_duty(
            uow,
            SETUP,
            now=organisation.now,
            programme=STRAW,
            account_id=organisation.accounts["Carol"].id,
            phone="+44 1632 960009",
            from_at=organisation.now - timedelta(days=1),
            until_at=organisation.now + timedelta(days=29),
        )

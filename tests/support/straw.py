"""The second programme beside the first: the pack straw, with roles of its own for people of the small organisation."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir
from trim.store import cases
from trim.usecases.acting.act import Act
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.oversight.install_pack import install_pack
from trim.usecases.people.accounts import give_role, put_on_duty, record_training
from trim.usecases.requests.record import record_request

STRAW = "straw"
#: Who has which role in straw: Carol coordinates both, Quinn supports here, Sam is a coordinator of this one alone.
ROLES = {"Carol": Role.COORDINATOR, "Lee": Role.PROGRAMME_LEAD}


@cache
def straw_pack() -> Pack:
    """The shipped pack, compiled once."""
    return load_pack(workflows_dir() / STRAW, VOCABULARY)


def add_straw(organisation: Organisation, supporter: str = "Quinn") -> None:
    """Install straw, give its roles, and bring in Sam, who coordinates straw and has nothing to do with trim."""
    organisation.add_account("Sam")
    roles = {**ROLES, "Sam": Role.COORDINATOR, supporter: Role.PRACTITIONER}
    with organisation.backend.writing() as uow:
        install_pack(uow, SETUP, now=organisation.now, pack=straw_pack())
        for name, role in roles.items():
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
            account_id=organisation.accounts[supporter].id,
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


def asked_case(organisation: Organisation, whom: str = "Sam Birch") -> str:
    """Somebody has asked, and Carol notes it; gives the reference of the case."""
    with organisation.backend.writing() as uow:
        asked = record_request(
            uow,
            organisation.actor("Carol"),
            now=organisation.now,
            programme=STRAW,
            who=organisation.people[whom].name,
            unit_id=organisation.units["North"].id,
            asked_on=organisation.now.date(),
            note="In the evening.",
        )
    assert asked.case_ref is not None
    return asked.case_ref


def supported_case(organisation: Organisation, supporter: str = "Quinn", whom: str = "Sam Birch") -> str:
    """A case whose conversation was held by `supporter`; gives its reference."""
    story, ref = Story(organisation), asked_case(organisation, whom)
    story.does("Carol", "record_acceptance", ref)
    story.is_allocated(ref, supporter)
    talks(organisation, ref, supporter, work="demands role", outside="finance")
    return ref


def talks(organisation: Organisation, ref: str, who: str, action: str = "record_conversation", **said: str) -> Act:
    """Hold a conversation or a review; what is not said was not asked."""
    actor, now = organisation.actor(who), organisation.now
    with organisation.backend.writing() as uow:
        begin_interview(
            uow,
            actor,
            now=now,
            case_ref=ref,
            action=action,
            confidentiality_explained=True,
            evidence_hold_acknowledged=False,
        )
    with organisation.backend.writing() as uow:
        return submit_assessment(
            uow,
            actor,
            now=now,
            case_ref=ref,
            action=action,
            version=cases.load(uow.session, "case", ref).version,
            answers=said,
            values={"held_at": now, "channel": "in_person"},
        )


def agreed_step(organisation: Organisation, ref: str, who: str = "Quinn", in_days: int = 5) -> str:
    """A step of the plan is agreed on; gives its reference."""
    day = (organisation.now + timedelta(days=in_days)).date()
    Story(organisation).does(who, "agree_step", ref, what="Ask for two fixed evenings", day=day)
    with organisation.backend.reading() as uow:
        case = cases.load(uow.session, "case", ref)
        return cases.agreed_steps(uow.session, case.id)[-1].ref

"""The pages whose number of queries must not grow with what they show; add yours here.

Each names who looks, where, and how to make more of what the page lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy import select
from sqlmodel import col

from tests.support.changed_packs import proposes, without_practitioners
from tests.support.groups import opens as opens_together
from tests.support.looking import notes, opens
from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.posting import tells
from tests.support.set_aside import runs
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson
from trim.store import accounts as accounts_of
from trim.store.tables import Notice, Release, ReleaseRequest
from trim.usecases.delivery.plan import give_up
from trim.usecases.disclosure.record_request import record_request
from trim.usecases.disclosure.register import record_disclosure
from trim.usecases.disclosure.see_to_request import name_reviewer
from trim.usecases.people.accounts import deactivate_account, give_role, put_on_duty, record_training
from trim.usecases.people.refusals import record_refusal
from trim.usecases.people.units import add_unit
from trim.usecases.retention.erase_due import erase_due

_numbers = count(1)


@dataclass(frozen=True)
class Listed:
    """One page: `grow(organisation, number)` makes that many more rows of what it lists.

    `many` is how many there are in the end; fewer where each costs a long way through the programme.
    """

    who: str
    path: str
    grow: Callable[[Organisation, int], None]
    many: int = 30


def accounts(organisation: Organisation, number: int) -> None:
    for _one in range(number):
        organisation.add_account(f"Reporter {next(_numbers)}", Role.REPORTER)


def practitioners(organisation: Organisation, number: int) -> None:
    for _one in range(number):
        organisation.add_account(f"Practitioner {next(_numbers)}", Role.PRACTITIONER)


def sessions(organisation: Organisation, number: int) -> None:
    for _one in range(number):
        opens_together(organisation, "group_session")


def units(organisation: Organisation, number: int) -> None:
    with organisation.backend.writing() as uow:
        for _one in range(number):
            add_unit(uow, SETUP, now=organisation.now, name=f"Unit {next(_numbers)}")


def unreached(organisation: Organisation, number: int) -> None:
    for _one in range(number):
        tells(organisation, "Pat", cause=str(next(_numbers)))
    with organisation.backend.writing() as uow:
        for notice in uow.session.scalars(select(Notice).where(col(Notice.state) == "waiting")):
            give_up(uow, SETUP, notice, now=organisation.now, because="bounced")


def releases(organisation: Organisation, number: int) -> None:
    """Their lists show when each was made, none of its figures."""
    with organisation.backend.writing() as uow:
        for _one in range(number):
            uow.session.add(
                Release(
                    id=uow.new_id(),
                    number=next(_numbers),
                    period_from="2025-Q1",
                    period_to="2025-Q1",
                    released_at=organisation.now,
                    released_by="system:statistics",
                    body="{}",
                    body_digest="0",
                    report="{}",
                )
            )
        uow.record(SETUP, organisation.now, "statistics.released", chain="organisation", subject="statistics")


def requests(organisation: Organisation, number: int) -> None:
    """Each was published as a release of its own."""
    first = organisation.now
    for _one in range(number):
        releases(organisation, 1)
        with organisation.backend.writing() as uow:
            made = uow.session.scalars(select(Release).order_by(col(Release.number).desc())).first()
            assert made is not None
            uow.session.add(
                ReleaseRequest(
                    id=uow.new_id(),
                    period_from="2025-Q1",
                    period_to="2025-Q1",
                    asked_at=first,
                    asked_by=organisation.accounts["Lee"].id,
                    state="published",
                    release_number=made.number,
                    ended_at=first,
                )
            )
            uow.record(SETUP, first, "statistics.release_asked", chain="organisation", subject="statistics")


def turns(organisation: Organisation, number: int) -> None:
    with organisation.backend.writing() as uow:
        for one in range(number):
            start = organisation.now + timedelta(days=one)
            put_on_duty(
                uow,
                SETUP,
                now=organisation.now,
                programme="trim",
                account_id=organisation.accounts["Carol" if one % 2 else "Lee"].id,
                phone="+44 1632 960009",
                from_at=start,
                until_at=start + timedelta(days=1),
            )


def proposals(organisation: Organisation, number: int) -> None:
    adam = organisation.actor("Adam")
    for _one in range(number):
        account = organisation.add_account(f"Newcomer {next(_numbers)}")
        with organisation.backend.writing() as uow:
            give_role(
                uow,
                adam,
                now=organisation.now,
                account_id=account.id,
                role=Role.PRACTITIONER,
                programme="trim",
                unit_id=organisation.units["North"].id,
            )


def refusals(organisation: Organisation, number: int) -> None:
    pat = organisation.actor("Pat")
    with organisation.backend.writing() as uow:
        for _one in range(number):
            record_refusal(uow, pat, now=organisation.now, place="auditor.trail", code="role")


def refused_places(organisation: Organisation, number: int) -> None:
    """Refusals that are a row each."""
    for _one in range(number):
        notes(organisation, "Pat", "access.refused", 2, subject=f"page:room.{next(_numbers)}")


def glass_broken(organisation: Organisation, number: int) -> None:
    notes(organisation, "Lee", "break_glass.opened", number, chain="case:" + "c" * 32, subject="case:" + "c" * 32)


def nights(organisation: Organisation, number: int) -> None:
    """Nights in which accounts opened cases."""
    for one in range(number):
        account = ("Carol", "Lee", "Pat", "Quinn")[one % 4]
        opens(organisation, account, ["c" * 32], at=organisation.now - timedelta(days=next(_numbers) % 25, hours=8))


def incidents(organisation: Organisation, number: int) -> None:
    for _one in range(number):
        _report(organisation)


def offers(organisation: Organisation, number: int) -> None:
    """Cases that wait for their offer."""
    for _one in range(number):
        Story(organisation).plans(_report(organisation))


def supported(organisation: Organisation, number: int) -> None:
    """Cases of Pat's, each with a question for a coordinator."""
    story = Story(organisation)
    with organisation.backend.writing() as uow:
        record_training(
            uow,
            SETUP,
            now=organisation.now,
            account_id=organisation.accounts["Pat"].id,
            programme="trim",
            trained_on=organisation.now.date(),
            valid_until=organisation.now.date() + timedelta(days=365),
            max_open_cases=100,
        )
    for _one in range(number):
        ref = story.plans(_report(organisation))
        assert ref is not None
        story.is_allocated(story.is_accepted(ref))
        story.does("Pat", "raise_escalation", ref, reason="I would like to talk about this.")


def announced(organisation: Organisation, number: int) -> None:
    """Declined cases, and a night so late that their erasure is announced."""
    story = Story(organisation)
    for _one in range(number):
        ref = story.plans(_report(organisation))
        assert ref is not None
        story.does("Carol", "make_offer", ref, channel="phone")
        story.does("Carol", "record_decline", ref)
    erase_due(organisation.backend, now=organisation.now + timedelta(days=70))


def erased(organisation: Organisation, number: int) -> None:
    """The same, and the night in which they go."""
    announced(organisation, number)
    erase_due(organisation.backend, now=organisation.now + timedelta(days=101))


def _report(organisation: Organisation) -> str:
    person = organisation.add_person(f"Person {next(_numbers)}")
    return Story(organisation).reports(exposed=(ExposedPerson(exposure="direct", person_id=person.id),))


def access_requests(organisation: Organisation, number: int) -> None:
    """Requests of as many people, each with its reviewer."""
    carol, now = organisation.actor("Carol"), organisation.now
    for _one in range(number):
        person = organisation.add_person(f"Person {next(_numbers)}")
        with organisation.backend.writing() as uow:
            ref = record_request(
                uow,
                carol,
                now=now,
                person_id=person.id,
                asked_by="The person",
                channel="letter",
                received_on=now.date(),
                language="en",
            ).ref
        with organisation.backend.writing() as uow:
            lee = organisation.accounts["Lee"].id
            name_reviewer(uow, carol, now=now, ref=ref, version=1, account_id=lee)


def disclosures(organisation: Organisation, number: int) -> None:
    """Entries of the register, each about an incident of its own."""
    for _one in range(number):
        ref = _report(organisation)
        with organisation.backend.writing() as uow:
            record_disclosure(
                uow,
                organisation.actor("Carol"),
                now=organisation.now,
                kind="incident",
                ref=ref,
                asked_by="coroner",
                who="The coroner",
                ground="statutory_duty",
                ground_words="",
                asked_on=organisation.now.date(),
                due_on=None,
            )


def left_behind(organisation: Organisation, number: int) -> None:
    """Cases of Pat's, who has left."""
    with organisation.backend.writing() as uow:
        pat = accounts_of.by_id(uow.session, organisation.accounts["Pat"].id)
        assert pat is not None
        pat.active = True
        uow.record(SETUP, organisation.now, "account.opened", chain="organisation", subject="test")
    supported(organisation, number)
    with organisation.backend.writing() as uow:
        deactivate_account(uow, SETUP, now=organisation.now, account_id=organisation.accounts["Pat"].id)


def versions(organisation: Organisation, number: int) -> None:
    """Proposals, each of which replaces the one before; the last one waits."""
    for _one in range(number):
        proposes(organisation, without_practitioners(trim_pack(), version=f"2.{next(_numbers)}"))


PAGES = (
    Listed("Lee", "/packs", versions, many=8),
    Listed("Carol", "/retention/soon/case", announced, many=12),
    Listed("Carol", "/retention/erased", erased, many=12),
    Listed("Ada", "/retention", announced, many=6),
    Listed("Carol", "/leaving", left_behind, many=12),
    Listed("Carol", "/access-requests", access_requests),
    Listed("Carol", "/board", access_requests),
    Listed("Carol", "/disclosures", disclosures),
    Listed("Ada", "/trail/disclosures", disclosures),
    Listed("Hana", "/statistics", releases),
    Listed("Ada", "/statistics/attacks", releases),
    Listed("Lee", "/releases", requests, many=15),
    Listed("Adam", "/accounts", accounts),
    Listed("Adam", "/units", units),
    Listed("Lee", "/confirmations", proposals),
    Listed("Lee", "/notices", proposals),
    Listed("Carol", "/practitioners", practitioners),
    Listed("Carol", "/duty", turns),
    Listed("Carol", "/notices/undelivered", unreached),
    Listed("Adam", "/jobs", runs),
    Listed("Pat", "/help-now", turns),
    Listed("Ada", "/trail", refusals),
    Listed("Ada", "/trail/worth-a-look", refusals),
    Listed("Ada", "/trail/refused", refused_places),
    Listed("Ada", "/trail/break-glass", glass_broken),
    Listed("Ada", "/trail/worth-a-look/at_night", nights),
    Listed("Pat", "/account", refusals),
    Listed("Carol", "/incidents", incidents),
    Listed("Carol", "/cases", offers),
    Listed("Carol", "/history", supported, many=12),
    Listed("Carol", "/board", offers),
    Listed("Carol", "/board/due/case/offer", offers),
    Listed("Carol", "/escalations", supported, many=12),
    Listed("Pat", "/today", supported, many=12),
    Listed("Carol", "/undertakings", sessions, many=12),
)

"""One of everything, so that every address of the site leads somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from tests.support.asking import something_to_ask
from tests.support.changed_packs import proposes
from tests.support.groups import planned_session
from tests.support.organisation import SETUP, Organisation
from tests.support.released import chain, publish
from tests.support.set_aside import set_aside
from tests.support.story import Story
from tests.support.straw import add_straw, agreed_step, supported_case
from trim.domain.access import Role
from trim.store import cases, incidents
from trim.store.tables import Appointment, Assessment, BreakGlass, Escalation, Exclusion, Leave, Notice, Referral
from trim.usecases.break_glass.open_case import open_case
from trim.usecases.calendar.own_feed import make_feed
from trim.usecases.cases.exclude import exclude
from trim.usecases.delivery.leave import note_leave
from trim.usecases.delivery.plan import give_up
from trim.usecases.disclosure.record_request import record_request
from trim.usecases.disclosure.register import record_disclosure
from trim.usecases.disclosure.see_to_request import check_identity, name_reviewer
from trim.usecases.ledger.give_link import give_link
from trim.usecases.people.accounts import give_role, put_on_duty
from trim.usecases.people.invitations import invite
from trim.usecases.retention.legal_hold import set_legal_hold


@dataclass(frozen=True)
class World:
    """Values for the parts of addresses: those of an endpoint or its room first, then those that all share."""

    shared: dict[str, str]
    rooms: dict[str, dict[str, str]]

    def of(self, endpoint: str, arguments: set[str]) -> dict[str, str]:
        """Values for the arguments of a route. Raises KeyError for one that nobody has thought of yet."""
        room = endpoint.partition(".")[0]
        known = {**self.shared, **self.rooms.get(room, {}), **self.rooms.get(endpoint, {})}
        return {name: known[name] for name in arguments}


def make_world(organisation: Organisation) -> World:
    """A case of Pat's with an interview, an escalation and a referral; accounts that wait; a turn on duty.

    Third is kept away from the case, and Nils has no role.
    """
    story = Story(organisation)
    incident_ref = story.reports()
    case_ref = story.plans(incident_ref)
    assert case_ref is not None
    story.is_allocated(story.is_accepted(case_ref))
    organisation.later(hours=60)
    soon = organisation.now + timedelta(days=9)
    story.does("Pat", "log_contact", case_ref, channel="phone", result="appointment_made", appointment_at=soon)
    story.interviews(case_ref, points=2)
    story.does("Pat", "propose_referral", case_ref, provider="gp", reason="To sleep better.")
    # The same person again: this exposure can be joined to the open case.
    again_ref = story.reports()
    story.plans(again_ref)
    organisation.add_account("Third", Role.PRACTITIONER)
    organisation.add_account("Nils")
    organisation.add_account("Cora", Role.COORDINATOR, unit="South")
    accounts, now = organisation.accounts, organisation.now
    with organisation.backend.writing() as uow:
        link = give_link(uow, organisation.actor("Pat"), now=now, ref=case_ref, channel="paper")
        exclude(uow, organisation.actor("Carol"), now=now, ref=case_ref, account_id=accounts["Third"].id)
        turn = put_on_duty(
            uow,
            SETUP,
            now=now,
            programme="trim",
            account_id=accounts["Lee"].id,
            phone="+44 1632 960009",
            from_at=now,
            until_at=now + timedelta(days=1),
        )
        adam = organisation.actor("Adam")
        hold_id = set_legal_hold(
            uow, organisation.actor("Carol"), now=now, kind="case", ref=case_ref, ground="court", reason="They asked."
        )
        feed = make_feed(uow, organisation.actor("Pat"), now=now)
        token = invite(uow, SETUP, now=now, account_id=accounts["Nils"].id).token
        grant = give_role(
            uow,
            adam,
            now=now,
            account_id=accounts["Nils"].id,
            role=Role.PRACTITIONER,
            programme="trim",
            unit_id=organisation.units["North"].id,
        )
    with organisation.backend.writing() as uow:
        cora, why = organisation.actor("Cora"), "Nobody answers."
        assert open_case(uow, cora, now=now, ref=case_ref, ground="safeguarding", reason=why)
    leave_id, notice_id = _away_and_unreached(organisation)
    publish(organisation, *chain("2025-Q1"))
    escalation, referral = _only(organisation, Escalation), _only(organisation, Referral)
    asked_ref, entry_ref = _asks(organisation), _disclosure(organisation, incident_ref)
    world = World(
        shared={"account_id": accounts["Pat"].id, "grant_id": grant.id, "turn_id": turn.id, "token": str(token)},
        rooms={
            "static": {"filename": "css/trim.css"},
            "private": {"token": link.token},
            "feed": {"token": feed},
            "confirmations": {"invitation_id": "0" * 32},
            "cases": {
                "ref": case_ref,
                "action": "log_contact",
                "escalation": escalation.ref,
                "exclusion_id": _only(organisation, Exclusion).id,
                "link_id": link.link_id,
                "appointment_id": _only(organisation, Appointment).id,
            },
            "interviews": {
                "ref": case_ref,
                "action": "record_follow_up",
                "assessment_id": _only(organisation, Assessment).id,
            },
            "escalations": {"ref": escalation.ref, "action": "take"},
            "referrals": {"ref": referral.ref, "action": "record_agreement"},
            "incidents": {
                "ref": incident_ref,
                "action": "note_site",
                "exposure_id": _exposure(organisation, incident_ref),
            },
            "incidents.join": {"ref": again_ref, "exposure_id": _exposure(organisation, again_ref)},
            "hr": {"number": "1", "name": "offers"},
            "releases": {"request_id": something_to_ask(organisation)},
            "packs": {"proposal_id": proposes(organisation)},
            "auditor": {"pattern": "many_cases"},
            "oversight": {"kind": "case", "name": "offer"},
            "access_requests": {
                "ref": asked_ref,
                "section": "about",
                "key": f"person-{organisation.people['Sam Birch'].id}",
            },
            "disclosures": {"ref": entry_ref},
            "disclosures.new": {"kind": "case", "ref": case_ref},
            "break_glass": {"ref": case_ref, "opening_id": _only(organisation, BreakGlass).id},
            "retention": {"kind": "case", "ref": case_ref, "name": "supported", "hold_id": hold_id},
            "telling": {"leave_id": leave_id, "notice_id": notice_id, "account_id": accounts["Pat"].id},
            "notices": {"notice_id": notice_id},
            "jobs": {"claim_id": set_aside(organisation, "f" * 32)},
        },
    )
    session = planned_session(organisation)
    world.rooms["undertakings"] = {"ref": session, "action": "move", "programme": "trim", "kind": "group_session"}
    # Last, so that what is looked up above as the only one of its kind is that of the first programme.
    add_straw(organisation, "Pat")
    step = agreed_step(organisation, supported_case(organisation, "Pat"), "Pat")
    world.rooms["agreed_steps"] = {"ref": step, "action": "mark_done"}
    return world


def _away_and_unreached(organisation: Organisation) -> tuple[str, str]:
    """Pat's leave in the summer, and a notice to Carol that could not be delivered."""
    now, pat = organisation.now, organisation.accounts["Pat"].id
    with organisation.backend.writing() as uow:
        note_leave(
            uow,
            organisation.actor("Pat"),
            now=now,
            account_id=pat,
            from_on=date(2026, 8, 3),
            until_on=date(2026, 8, 14),
        )
    with organisation.backend.writing() as uow:
        carol = organisation.accounts["Carol"].id
        notice = uow.session.scalars(select(Notice).where(col(Notice.recipient_id) == carol)).first()
        assert notice is not None
        give_up(uow, SETUP, notice, now=now, because="bounced")
    return _only(organisation, Leave).id, notice.id


def _asks(organisation: Organisation) -> str:
    """Sam Birch asks for what is held on them; Lee reviews it."""
    carol, now = organisation.actor("Carol"), organisation.now
    with organisation.backend.writing() as uow:
        ref = record_request(
            uow,
            carol,
            now=now,
            person_id=organisation.people["Sam Birch"].id,
            asked_by="The person",
            channel="letter",
            received_on=now.date(),
            language="en",
        ).ref
    with organisation.backend.writing() as uow:
        check_identity(uow, carol, now=now, ref=ref, version=1, how="called_back")
    with organisation.backend.writing() as uow:
        name_reviewer(uow, carol, now=now, ref=ref, version=2, account_id=organisation.accounts["Lee"].id)
    return ref


def _disclosure(organisation: Organisation, incident_ref: str) -> str:
    """A coroner asks about the incident."""
    with organisation.backend.writing() as uow:
        return record_disclosure(
            uow,
            organisation.actor("Carol"),
            now=organisation.now,
            kind="incident",
            ref=incident_ref,
            asked_by="coroner",
            who="The coroner of Wexcombe",
            ground="statutory_duty",
            ground_words="",
            asked_on=organisation.now.date(),
            due_on=None,
        ).ref


def _exposure(organisation: Organisation, incident_ref: str) -> str:
    with organisation.backend.reading() as uow:
        [exposure] = incidents.exposures(uow.session, cases.load(uow.session, "incident", incident_ref).id)
        return exposure.id


def _only(organisation: Organisation, table: Any) -> Any:
    with organisation.backend.reading() as uow:
        return uow.session.scalars(select(table)).one()

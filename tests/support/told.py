"""Cases in which everything that can be said was said, each piece in words of its own: whoever finds them has seen it.

One case stands to each reader in each way: Pat's own, a colleague's in the same unit, one of another unit, one that Pat
is asked about, a closed one of Pat's, and one that is erased.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation, trim_pack
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.confidentiality import NOBODY, Reader, Readers, row
from trim.domain.incident import ExposedPerson
from trim.store import cases, erasure, incidents
from trim.store.tables import Appointment, Assessment, Escalation, Exclusion, Referral
from trim.usecases.assessment.correct import correct_assessment
from trim.usecases.assessment.save_draft import begin_interview, save_draft
from trim.usecases.cases.exclude import exclude
from trim.usecases.ledger.give_link import give_link
from trim.usecases.planning.close_incident import close_incident
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting
from trim.usecases.retention.erase import erase, finish_erasures
from trim.usecases.retention.legal_hold import set_legal_hold

#: The ways a case stands; a word of each is in everything that is said in it.
STATES = ("own", "same_unit", "other_unit", "asked", "closed", "erased")

_UNIT = {state: frozenset({Reader.COORDINATOR}) for state in ("own", "same_unit", "asked", "closed")}
_LEAD = {state: frozenset({Reader.PROGRAMME_LEAD}) for state in STATES if state != "erased"}
#: How each kind of reader stands to each case; where nothing is said, in no way.
STANDING: dict[str, dict[str, Readers]] = {
    "C": {**_UNIT},
    "L": {**_LEAD},
    "P": {
        "own": frozenset({Reader.PRACTITIONER}),
        "closed": frozenset({Reader.PRACTITIONER}),
        "asked": frozenset({Reader.ASKED}),
    },
    "Q": {"same_unit": frozenset({Reader.PRACTITIONER})},
}


@dataclass(frozen=True, slots=True)
class Secret:
    """Words that stand nowhere else, the case they were said in, and the fields that they are."""

    words: str
    state: str
    fields: tuple[tuple[str, str], ...]

    def may_be_seen_by(self, letter: str) -> bool:
        """Whether the table lets this reader see it."""
        stands = STANDING.get(letter, {}).get(self.state, NOBODY)
        return any(stands & row(*one).sees for one in self.fields)


@dataclass
class Told:
    """One case: the parts of its addresses by room, and everything that was said in it."""

    state: str
    rooms: dict[str, dict[str, str]] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)

    def says(self, *fields: str) -> str:
        """New words for these fields, `record.field`."""
        words = f"Zq{self.state.replace('_', '')}{len(self.secrets)} {fields[0].replace('.', ' ').title()}"
        words = words.replace(" ", "").replace("_", "")
        self.secrets.append(Secret(words, self.state, tuple(tuple(one.split(".")) for one in fields)))
        return words

    def values_of(self, endpoint: str, arguments: set[str]) -> dict[str, str]:
        """Values for the arguments of a route about this case."""
        known = {**self.rooms[endpoint.partition(".")[0]], **self.rooms.get(endpoint, {})}
        return {name: known[name] for name in arguments}


def tell_everything(organisation: Organisation) -> dict[str, Told]:
    """All the cases, by the way they stand; Kit is kept away from each, Sol works for the other unit."""
    organisation.add_account("Sol", Role.PRACTITIONER, unit="South")
    organisation.add_account("Kit", Role.PRACTITIONER)
    found = {state: _tell(organisation, state) for state in STATES}
    organisation.later(hours=60)
    for state in STATES:
        if state != "asked":
            _talk(organisation, found[state])
        if state != "erased":
            _hold(organisation, found[state])
    for told in found.values():
        _note_addresses(organisation, told)
    _close(organisation, found["closed"])
    _close(organisation, found["erased"])
    _erase(organisation, found["erased"])
    return found


def _who(state: str) -> tuple[str, str]:
    """Who oversees it and who supports the person."""
    if state == "other_unit":
        return "Lee", "Sol"
    return "Carol", "Quinn" if state == "same_unit" else "Pat"


def _tell(organisation: Organisation, state: str) -> Told:
    """From the report until somebody supports the person, or is asked to."""
    told, story = Told(state), Story(organisation)
    coordinator, practitioner = _who(state)
    unit = "South" if state == "other_unit" else "North"
    person = organisation.add_person(told.says("case.person", "incident.people"), unit)
    incident_ref = story.reports(
        unit_id=organisation.units[unit].id,
        place=told.says("incident.description"),
        description=told.says("incident.description"),
        exposed=(ExposedPerson(exposure="direct", person_id=person.id, how=told.says("incident.people")),),
    )
    case_ref = _plan(organisation, told, incident_ref, coordinator)
    told.rooms = {"incidents": {"ref": incident_ref}, "cases": {"ref": case_ref}, "interviews": {"ref": case_ref}}
    story.does(coordinator, "make_offer", case_ref, channel="phone")
    story.does(coordinator, "record_acceptance", case_ref)
    _log(story, coordinator, case_ref, told)
    _agree(story, coordinator, case_ref, told)
    story.does(coordinator, "allocate", case_ref, practitioner=organisation.accounts[practitioner].id)
    why = told.says("case.notes", "escalation.reason")
    story.does(coordinator, "raise_red_flag", case_ref, level="today", note=why)
    if state != "asked":
        story.does(practitioner, "accept_allocation", case_ref)
        _log(story, practitioner, case_ref, told)
    with organisation.backend.writing() as uow:
        actor, now, kit = organisation.actor(coordinator), organisation.now, organisation.accounts["Kit"].id
        reason = told.says("case.kept_away_reason")
        exclude(uow, actor, now=now, ref=case_ref, account_id=kit, reason=reason)
        address = f"{told.says('private_link.address').lower()}@example.net"
        link = give_link(uow, actor, now=now, ref=case_ref, channel="mail", address=address)
    told.rooms["cases"]["link_id"] = link.link_id
    return told


def _plan(organisation: Organisation, told: Told, incident_ref: str, coordinator: str) -> str:
    with organisation.backend.writing() as uow:
        incident = cases.load(uow.session, "incident", incident_ref)
        exposed = incidents.exposures(uow.session, incident.id)
        act = hold_planning_meeting(
            uow,
            organisation.actor(coordinator),
            now=organisation.now,
            incident_ref=incident_ref,
            version=incident.version,
            responses={one.id: Response("individual_assessment") for one in exposed},
            values={
                "held_at": organisation.now,
                "present": told.says("incident.meeting"),
                "note": told.says("incident.meeting"),
            },
        )
    return act.made["case"]


def _log(story: Story, who: str, case_ref: str, told: Told) -> None:
    words = told.says("case.notes")
    now = story.organisation.now
    story.does(who, "log_contact", case_ref, channel="phone", result="spoke", happened_at=now, arrangements=words)


def _agree(story: Story, who: str, case_ref: str, told: Told) -> None:
    """An appointment in three weeks, with where it is."""
    story.does(
        who,
        "log_contact",
        case_ref,
        channel="phone",
        result="appointment_made",
        appointment_at=story.organisation.now + timedelta(days=21),
        arrangements=told.says("case.notes", "case.appointment_how"),
    )
    [row] = _rows(story.organisation, Appointment, case_ref)
    told.rooms["cases"]["appointment_id"] = row.id


def _talk(organisation: Organisation, told: Told) -> None:
    """Everything that comes of the first interview: correction, questions to the programme, a referral, a draft."""
    story, case_ref = Story(organisation), told.rooms["cases"]["ref"]
    coordinator, practitioner = _who(told.state)
    notes, plan = told.says("interview.notes"), told.says("interview.notes")
    story.interviews(case_ref, points=1, who=practitioner, notes=notes, plan=plan)
    _correct(organisation, told, practitioner)
    story.does(practitioner, "raise_escalation", case_ref, reason=told.says("escalation.reason", "case.notes"))
    flag, asked = _rows(organisation, Escalation, case_ref)
    spoke, why = told.says("escalation.notes"), told.says("escalation.decision")
    story.does(practitioner, "record_spoke_to", flag.ref, kind="escalation", spoke_to=spoke, spoke_at=organisation.now)
    story.does(coordinator, "take", flag.ref, kind="escalation")
    story.does(coordinator, "decide", flag.ref, kind="escalation", decision="no_change", reason=why)
    told.rooms["escalations"] = {"ref": asked.ref, "action": "take"}
    story.does(
        practitioner, "propose_referral", case_ref, provider="gp", reason=told.says("referral.proposal", "case.notes")
    )
    [referral] = _rows(organisation, Referral, case_ref)
    told.rooms["referrals"] = {"ref": referral.ref, "action": "record_attendance"}
    why = told.says("referral.notes")
    story.does(
        practitioner,
        "override",
        referral.ref,
        kind="referral",
        grounds="risk_to_life",
        explanation=why,
        person_told=True,
    )
    if told.state not in ("closed", "erased"):
        _begin_follow_up(organisation, told, practitioner)


def _hold(organisation: Organisation, told: Told) -> None:
    with organisation.backend.writing() as uow:
        hold_id = set_legal_hold(
            uow,
            organisation.actor(_who(told.state)[0]),
            now=organisation.now,
            kind="case",
            ref=told.rooms["cases"]["ref"],
            ground="court",
            reason=told.says("retention.hold_reason"),
        )
    told.rooms["retention"] = {"hold_id": hold_id}


def _correct(organisation: Organisation, told: Told, practitioner: str) -> None:
    case_ref = told.rooms["cases"]["ref"]
    [first] = _rows(organisation, Assessment, case_ref)
    instrument = trim_pack().instruments["first_interview"]
    with organisation.backend.writing() as uow:
        correct_assessment(
            uow,
            organisation.actor(practitioner),
            now=organisation.now,
            case_ref=case_ref,
            assessment_id=first.id,
            version=cases.load(uow.session, "case", case_ref).version,
            answers={item.name: 2 if place == 0 else 1 for place, item in enumerate(instrument.items()) if item.scored},
            values={
                "held_at": organisation.now,
                "channel": "in_person",
                "notes": told.says("interview.notes"),
                "plan": told.says("interview.notes"),
            },
            reason=told.says("interview.reason", "case.notes"),
        )


def _begin_follow_up(organisation: Organisation, told: Told, practitioner: str) -> None:
    case_ref, action = told.rooms["cases"]["ref"], "record_follow_up"
    actor = organisation.actor(practitioner)
    with organisation.backend.writing() as uow:
        draft = begin_interview(
            uow,
            actor,
            now=organisation.now,
            case_ref=case_ref,
            action=action,
            confidentiality_explained=True,
            evidence_hold_acknowledged=True,
        )
    with organisation.backend.writing() as uow:
        save_draft(
            uow,
            actor,
            now=organisation.now,
            case_ref=case_ref,
            action=action,
            version=draft.version,
            answers={},
            typed={"notes": [told.says("interview.draft")], "plan": [told.says("interview.draft")]},
        )


def _close(organisation: Organisation, told: Told) -> None:
    story, (coordinator, _practitioner) = Story(organisation), _who(told.state)
    case_ref = told.rooms["cases"]["ref"]
    for one in _rows(organisation, Escalation, case_ref):
        if one.decided_at is None:
            why = told.says("escalation.decision")
            story.does(coordinator, "take", one.ref, kind="escalation")
            story.does(coordinator, "decide", one.ref, kind="escalation", decision="no_change", reason=why)
    story.does(coordinator, "cancel", told.rooms["referrals"]["ref"], kind="referral")
    story.does("Pat", "close", case_ref, outcome="left", note=told.says("case.notes"))
    incident_ref = told.rooms["incidents"]["ref"]
    with organisation.backend.writing() as uow:
        version = cases.load(uow.session, "incident", incident_ref).version
        actor = organisation.actor(coordinator)
        close_incident(uow, actor, now=organisation.now, incident_ref=incident_ref, version=version)


def _erase(organisation: Organisation, told: Told) -> None:
    for kind, room in (("case", "cases"), ("incident", "incidents")):
        with organisation.backend.writing() as uow:
            subject = cases.load(uow.session, kind, told.rooms[room]["ref"], lock=True)
            assert not erasure.held(uow.session, kind, [subject.id])
            erase(uow, SETUP, now=organisation.now, subject=subject, rule="supported")
    assert finish_erasures(organisation.backend, SETUP, now=organisation.now) == 2


def _note_addresses(organisation: Organisation, told: Told) -> None:
    """The parts of addresses that lead into this case; where it has no such thing, those of nothing."""
    case_ref, nothing = told.rooms["cases"]["ref"], "0" * 32
    [exclusion] = _rows(organisation, Exclusion, case_ref)
    assessments = _rows(organisation, Assessment, case_ref) if told.state != "asked" else []
    escalations = _rows(organisation, Escalation, case_ref)
    told.rooms.setdefault("escalations", {"ref": escalations[0].ref, "action": "take"})
    told.rooms.setdefault("referrals", {"ref": "R-NOTHING", "action": "record_attendance"})
    with organisation.backend.reading() as uow:
        incident = cases.load(uow.session, "incident", told.rooms["incidents"]["ref"])
        [exposure] = incidents.exposures(uow.session, incident.id)
    told.rooms["cases"] |= {
        "action": "log_contact",
        "escalation": escalations[0].ref,
        "exclusion_id": exclusion.id,
    }
    current: Any = next((one for one in assessments if one.status == "current"), None)
    told.rooms["interviews"] |= {"action": "record_follow_up", "assessment_id": current.id if current else nothing}
    told.rooms["incidents"] |= {"exposure_id": exposure.id, "action": "note_site"}
    told.rooms["retention"] = {"hold_id": nothing, **told.rooms.get("retention", {}), "kind": "case", "ref": case_ref}


def _rows(organisation: Organisation, table: Any, case_ref: str) -> list[Any]:
    with organisation.backend.reading() as uow:
        case = cases.load(uow.session, "case", case_ref)
        found = list(uow.session.scalars(select(table).where(table.case_id == case.id)))
    if table is Escalation:
        found.sort(key=lambda one: one.level == "ordinary")
    return found

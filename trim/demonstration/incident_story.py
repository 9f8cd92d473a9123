"""One incident: reported, planned for everybody who was there, looked at again, joined to open cases, closed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from trim.demonstration.case_story import CaseStory
from trim.demonstration.events import Event
from trim.demonstration.plans import Plan
from trim.demonstration.stage import Stage
from trim.domain.incident import ExposedPerson, IncidentReport
from trim.store import cases, incidents
from trim.store.tables import Account, Exposure, Incident, Person, Unit
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.planning.close_incident import close_incident
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting
from trim.usecases.planning.join_incident import join_to_case
from trim.usecases.planning.one_person import plan_for_one
from trim.usecases.unit_of_work import UnitOfWork

#: Days after which "nothing yet" is looked at again.
LOOK_AGAIN = 10
PRESENT = ("Station officer, coordinator, head of the control room", "Duty officer and coordinator", "Chef de poste")
AGREED = ("Kit checked together on Thursday.", "Nobody drives home alone tonight.", "Le matériel est revu jeudi.", "")


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody who was there, how, what the meeting will choose, and how it will go with them."""

    person: Person
    exposure: str
    response: str
    plan: Plan | None = None
    #: The name comes up only days after the meeting.
    found_late: bool = False


@dataclass
class IncidentStory:
    """An incident from its report on; `stories` holds every case by person, so that a second event can join one."""

    stage: Stage
    event: Event
    unit: Unit
    involved: list[Involved]
    coordinator: Account
    reporter: Account
    chosen: random.Random
    stories: dict[str, CaseStory]
    evidence_hold: bool = False
    restricted: bool = False
    stops: str = ""  # reported, planned: the state after which nothing more happens
    alone: bool = False  # one person's request, planned in one screen
    leaves_joining: bool = False  # nobody has asked yet whether the person wants one case for both events
    source: str = "automatic_criterion"
    ref: str = ""
    _followed: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """It has happened; somebody reports it some hours later, or comes for themselves some days later."""
        if self.alone:
            self.stage.later_than(self.event.occurred_at, self.chosen.uniform(14, 90), self._comes_alone)
        else:
            delay = timedelta(hours=self.chosen.uniform(0.5, 6))
            self.stage.at(self.event.occurred_at + delay, self._is_reported)

    def _report(self, exposed: list[Involved]) -> IncidentReport:
        event = self.event
        local = event.occurred_at.astimezone(self.stage.zone)
        return IncidentReport(
            programme=self.stage.pack.name,
            unit_id=self.unit.id,
            kind=event.kind,
            source=self.source,
            severity=event.severity,
            occurred_on=local.date(),
            occurred_time=local.time().replace(second=0, microsecond=0) if event.time_known else None,
            place=event.place,
            description=event.description,
            evidence_hold=self.evidence_hold,
            restricted=self.restricted,
            exposed=tuple(self._named(one) for one in exposed),
        )

    def _is_reported(self) -> None:
        stage = self.stage
        # Only who may read a restricted incident may restrict it.
        who = self.coordinator if self.restricted else self.reporter
        with stage.backend.writing() as uow:
            named = [one for one in self.involved if not one.found_late]
            self.ref = report_incident(uow, stage.actor(who), now=stage.now, report=self._report(named)).ref
        if self.stops == "reported":
            return
        hours = self.chosen.uniform(6, 30) if self.chosen.random() < 0.85 else self.chosen.uniform(50, 90)
        if self.leaves_joining or any(one.plan is not None and one.plan.stops for one in self.involved):
            hours = self.chosen.uniform(4, 9)
        stage.later(timedelta(hours=hours), self._first_meeting)

    def _comes_alone(self) -> None:
        """Somebody asks for support for themselves, or one manager for one person: planned in one screen (CARE 25)."""
        stage, one = self.stage, self.involved[0]
        with stage.backend.writing() as uow:
            planned = plan_for_one(
                uow,
                stage.actor(self.coordinator),
                now=stage.now,
                report=self._report([]),
                person=self._named(one),
                response=one.response,
            )
        self.ref = planned.incident_ref
        if planned.case_ref is not None:
            self._begins(one, planned.case_ref)
        else:
            stage.later(timedelta(hours=self.chosen.uniform(2, 30)), partial(self._joins, planned.exposure_id, one))
        stage.later(timedelta(days=self.chosen.uniform(20, 60)), self._closes)

    def _named(self, one: Involved) -> ExposedPerson:
        return ExposedPerson(exposure=one.exposure, person_id=one.person.id)

    def _first_meeting(self) -> None:
        self._meets()
        self._later_names()
        if any(one.response == "nothing_yet" for one in self.involved):
            self.stage.later(timedelta(days=LOOK_AGAIN), self._looks_again)
        if self.stops != "planned":
            self.stage.later(timedelta(days=self.chosen.uniform(20, 60)), self._closes)

    def _meets(self) -> None:
        """The planning meeting: a response for everybody who has none. Then the cases begin."""
        stage = self.stage
        with stage.backend.writing() as uow:
            incident = cases.load(uow.session, "incident", self.ref)
            there = self._there(uow, incident)
            hold_planning_meeting(
                uow,
                stage.actor(self.coordinator),
                now=stage.now,
                incident_ref=self.ref,
                version=incident.version,
                responses={exposure.id: self._response(one) for exposure, one in there},
                values={
                    "held_at": stage.now - timedelta(minutes=5),
                    "present": self.chosen.choice(PRESENT),
                    "note": self.chosen.choice(AGREED),
                },
            )
        with stage.backend.reading() as uow:
            there = self._there(uow, cases.load(uow.session, "incident", self.ref))
            refs = {e.case_id: cases.by_id(uow.session, e.case_id).ref for e, _ in there if e.case_id is not None}
        for exposure, one in there:
            if one.plan is None or one.person.id in self._followed:
                continue
            self._followed.add(one.person.id)
            if exposure.case_id is not None:
                self._begins(one, refs[exposure.case_id])
            elif not self.leaves_joining:
                hours = self.chosen.uniform(2, 30)
                stage.later(timedelta(hours=hours), partial(self._joins, exposure.id, one))

    def _there(self, uow: UnitOfWork, incident: Incident) -> list[tuple[Exposure, Involved]]:
        """Everybody on the list, in the order of this story."""
        rows = {one.person_index: one for one in incidents.exposures(uow.session, incident.id)}
        found = [(rows.get(uow.vault.blind_index("person", one.person.id)), one) for one in self.involved]
        return [(exposure, one) for exposure, one in found if exposure is not None]

    def _response(self, one: Involved) -> Response:
        day = (self.stage.now + timedelta(days=LOOK_AGAIN)).astimezone(self.stage.zone).date()
        return Response(one.response, day if one.response == "nothing_yet" else None)

    def _begins(self, one: Involved, case_ref: str) -> None:
        assert one.plan is not None
        dice = self.stage.dice(f"case/{len(self.stories)}")
        story = CaseStory(self.stage, case_ref, one.plan, self.coordinator, dice)
        self.stories[one.person.id] = story
        story.begin()

    def _joins(self, exposure_id: str, one: Involved) -> None:
        """The person wants one practitioner and one talk for both events (CARE 21)."""
        stage, story = self.stage, self.stories[one.person.id]

        def join() -> None:
            with stage.backend.writing() as uow:
                version = cases.load(uow.session, "case", story.ref).version
                join_to_case(
                    uow,
                    stage.actor(self.coordinator),
                    now=stage.now,
                    incident_ref=self.ref,
                    exposure_id=exposure_id,
                    version=version,
                )

        if story.is_open():
            stage.keeping_apart(self.coordinator, story.ref, join)
            story.go_on()

    def _later_names(self) -> None:
        if any(one.found_late for one in self.involved):
            self.stage.later(timedelta(days=self.chosen.uniform(3, 12)), self._names_more)

    def _names_more(self) -> None:
        """Somebody who was there was forgotten: they come in with a clock of their own (CARE 25)."""
        stage = self.stage
        for one in self.involved:
            if one.found_late:
                with stage.backend.writing() as uow:
                    name_exposed(
                        uow,
                        stage.actor(self.coordinator),
                        now=stage.now,
                        incident_ref=self.ref,
                        named=self._named(one),
                    )
        stage.later(timedelta(hours=self.chosen.uniform(3, 20)), self._meets)

    def _looks_again(self) -> None:
        """“Nothing yet” is looked at on its day: most need no more than a briefing."""
        self.involved = [
            replace(one, response="briefing") if one.response == "nothing_yet" else one for one in self.involved
        ]
        self._meets()

    def _closes(self) -> None:
        stage = self.stage
        with stage.backend.writing() as uow:
            version = cases.load(uow.session, "incident", self.ref).version
            close_incident(uow, stage.actor(self.coordinator), now=stage.now, incident_ref=self.ref, version=version)

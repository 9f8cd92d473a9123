"""People at work, by use cases alone: each function takes a case one step on and gives what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.organisation import Organisation, trim_pack
from trim.domain.access import Actor
from trim.store import cases, incidents
from trim.usecases.acting.act import Act
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.perform import perform
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting
from trim.usecases.unit_of_work import UnitOfWork


@dataclass
class Story:
    """An organisation in which things happen; `Carol` coordinates and `Pat` supports unless told otherwise."""

    organisation: Organisation

    def does(
        self, who: str, action: str, ref: str, *, kind: str = "case", version: int | None = None, **values: Any
    ) -> Act:
        """Somebody does an action of the pack, on the version that is current unless another is named."""
        made = self.organisation
        with made.backend.writing() as uow:
            return self.does_in(uow, made.actor(who), action, ref, kind=kind, version=version, **values)

    def does_in(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: str,
        ref: str,
        *,
        kind: str = "case",
        version: int | None = None,
        **values: Any,
    ) -> Act:
        """The same in a unit of work that goes on."""
        shown = version if version is not None else cases.load(uow.session, kind, ref).version
        now = self.organisation.now
        return perform(uow, actor, now=now, kind=kind, ref=ref, action=action, version=shown, values=values)

    def state(self, ref: str, kind: str = "case") -> str:
        """The state that something is in."""
        with self.organisation.backend.reading() as uow:
            return str(cases.load(uow.session, kind, ref).state)

    def reports(self, who: str = "Rita", **more: Any) -> str:
        """Report an incident; gives its reference."""
        made = self.organisation
        with made.backend.writing() as uow:
            return report_incident(uow, made.actor(who), now=made.now, report=made.report(**more)).ref

    def plans(self, incident_ref: str, word: str = "individual_assessment", who: str = "Carol") -> str | None:
        """Hold the planning meeting with one response for everybody; gives the reference of the first case opened."""
        made = self.organisation
        with made.backend.writing() as uow:
            incident = cases.load(uow.session, "incident", incident_ref)
            exposed = incidents.exposures(uow.session, incident.id)
            act = hold_planning_meeting(
                uow,
                made.actor(who),
                now=made.now,
                incident_ref=incident_ref,
                version=incident.version,
                responses={one.id: Response(word) for one in exposed},
                values={"held_at": made.now},
            )
        return act.made.get("case")

    def opens_case(self) -> str:
        """From a report to an open case."""
        ref = self.plans(self.reports())
        assert ref is not None
        return ref

    def is_accepted(self, ref: str) -> str:
        """The offer is made and accepted."""
        self.does("Carol", "make_offer", ref, channel="phone")
        self.does("Carol", "record_acceptance", ref)
        return ref

    def is_allocated(self, ref: str, practitioner: str = "Pat") -> str:
        """A practitioner is asked and accepts."""
        self.does("Carol", "allocate", ref, practitioner=self.organisation.accounts[practitioner].id)
        self.does(practitioner, "accept_allocation", ref)
        return ref

    def supported_case(self) -> str:
        """A case that waits for its first interview with Pat."""
        return self.is_allocated(self.is_accepted(self.opens_case()))

    def interviews(
        self,
        ref: str,
        action: str = "record_first_assessment",
        points: int | str | Mapping[str, Any] = 0,
        who: str = "Pat",
        *,
        stopped_early: bool = False,
        version: int | None = None,
        **values: Any,
    ) -> Act:
        """Explain confidentiality, then submit an interview: the same points for every item, or answers by item."""
        made = self.organisation
        with made.backend.writing() as uow:
            begin_interview(
                uow,
                made.actor(who),
                now=made.now,
                case_ref=ref,
                action=action,
                confidentiality_explained=True,
                evidence_hold_acknowledged=True,
            )
        instrument = trim_pack().instruments[str(trim_pack().lifecycles["case"].actions[action].instrument)]
        answers = (
            dict(points)
            if isinstance(points, Mapping)
            else {item.name: points for item in instrument.items() if item.scored}
        )
        with made.backend.writing() as uow:
            shown = version if version is not None else cases.load(uow.session, "case", ref).version
            return submit_assessment(
                uow,
                made.actor(who),
                now=made.now,
                case_ref=ref,
                action=action,
                version=shown,
                answers=answers,
                stopped_early=stopped_early,
                values={"held_at": made.now, "channel": "in_person", **values},
            )

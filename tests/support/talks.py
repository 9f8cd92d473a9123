"""Interviews told step by step: what Pat does with Robin's case, and what is there afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support.organisation import trim_pack
from tests.support.story import Story
from tests.support.trail import lines
from trim.domain.access import Actor
from trim.store import cases, steps
from trim.store.tables import Assessment, AssessmentDraft, Escalation, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import opened
from trim.usecases.assessment.correct import correct_assessment
from trim.usecases.assessment.open_interview import InterviewPage, open_interview
from trim.usecases.assessment.save_draft import begin_interview, save_draft
from trim.usecases.assessment.show_assessment import AssessmentPage, show_assessment
from trim.usecases.assessment.withdraw import withdraw_assessment

FIRST, FOLLOW_UP, FURTHER = "record_first_assessment", "record_follow_up", "record_further_follow_up"

ITEMS = {
    action: tuple(
        item.name for item in trim_pack().instruments[trim_pack().lifecycles["case"].actions[action].instrument].items()
    )
    for action in (FIRST, FOLLOW_UP)
}
CHANGEABLE = ITEMS[FOLLOW_UP]


@dataclass
class Talks(Story):
    """A story about one case, `ref`, between Robin and Pat."""

    ref: str = field(default="")

    def begin_case(self) -> None:
        self.ref = self.supported_case()
        self.organisation.later(days=3)

    def actor(self, who: str = "Pat") -> Actor:
        return self.organisation.actor(who)

    def begins(self, action: str = FIRST, who: str = "Pat", **more: Any) -> AssessmentDraft:
        with self.organisation.backend.writing() as uow:
            return begin_interview(
                uow,
                self.actor(who),
                now=self.organisation.now,
                case_ref=self.ref,
                action=action,
                **{"confidentiality_explained": True, "evidence_hold_acknowledged": False, **more},
            )

    def saves(self, answers: dict[str, Any], version: int, action: str = FIRST, **more: Any) -> AssessmentDraft:
        with self.organisation.backend.writing() as uow:
            return save_draft(
                uow,
                self.actor(more.pop("who", "Pat")),
                now=self.organisation.now,
                case_ref=self.ref,
                action=action,
                version=version,
                answers=answers,
                **more,
            )

    def page(self, action: str = FIRST, who: str = "Pat") -> InterviewPage:
        with self.organisation.backend.writing() as uow:
            return open_interview(uow, self.actor(who), now=self.organisation.now, case_ref=self.ref, action=action)

    def talks(self, action: str = FIRST, points: Any = 0, **more: Any) -> Act:
        return self.interviews(self.ref, action, points, **more)

    def shows(self, assessment_id: str, who: str = "Pat") -> AssessmentPage:
        with self.organisation.backend.writing() as uow:
            return show_assessment(
                uow, self.actor(who), now=self.organisation.now, case_ref=self.ref, assessment_id=assessment_id
            )

    def corrects(self, assessment_id: str, answers: dict[str, Any], who: str = "Pat", **more: Any) -> Act:
        made = self.organisation
        values = {"held_at": more.pop("held_at", made.now), "channel": "in_person", **more.pop("values", {})}
        with made.backend.writing() as uow:
            return correct_assessment(
                uow,
                self.actor(who),
                now=made.now,
                case_ref=self.ref,
                assessment_id=assessment_id,
                version=more.pop("version", None) or cases.load(uow.session, "case", self.ref).version,
                answers=answers,
                values=values,
                reason=more.pop("reason", "A slip of the finger."),
                **more,
            )

    def withdraws(self, assessment_id: str, who: str = "Pat", reason: str = "Two cases were open.") -> Act:
        made = self.organisation
        with made.backend.writing() as uow:
            return withdraw_assessment(
                uow,
                self.actor(who),
                now=made.now,
                case_ref=self.ref,
                assessment_id=assessment_id,
                version=cases.load(uow.session, "case", self.ref).version,
                reason=reason,
            )

    def case(self) -> SupportCase:
        with self.organisation.backend.reading() as uow:
            return cases.by_id(uow.session, cases.load(uow.session, "case", self.ref).id)

    def held(self, *, current_only: bool = True) -> list[Assessment]:
        with self.organisation.backend.reading() as uow:
            return cases.assessments(uow.session, self.case().id, current_only=current_only)

    def content(self, assessment: Assessment) -> dict[str, Any]:
        with self.organisation.backend.reading() as uow:
            return opened(uow, self.case(), assessment)

    def open_steps(self) -> dict[str, Any]:
        """Open clocks by name."""
        with self.organisation.backend.reading() as uow:
            return {step.name: step for step in steps.open_steps(uow.session, "case", self.case().id)}

    def escalations(self) -> list[Escalation]:
        with self.organisation.backend.reading() as uow:
            return cases.escalations(uow.session, self.case().id)

    def rules(self) -> list[str]:
        """The rules that raised something, in order."""
        return [one.rule for one in self.escalations()]

    def trail(self) -> list[dict[str, Any]]:
        with self.organisation.backend.reading() as uow:
            return lines(uow.session, f"case:{self.case().id}")

"""An organisation in which anything may happen: each turn somebody does something, sensible or not, by a real use case.

Every free text is a marker that stands nowhere else, so that a test can look for it where it must not be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select

from tests.support.organisation import Organisation, trim_pack
from trim.domain.errors import TrimError
from trim.domain.incident import ExposedPerson
from trim.engine import machine
from trim.engine.definition import Action, Field, Instrument
from trim.store import cases, incidents
from trim.store.tables import Assessment, Escalation, Incident, Referral, SupportCase
from trim.usecases.assessment.correct import correct_assessment
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.usecases.assessment.withdraw import withdraw_assessment
from trim.usecases.cases.actions import ELSEWHERE
from trim.usecases.cases.exclude import exclude
from trim.usecases.cases.raise_flag import raise_flag
from trim.usecases.cases.read_case import read_case
from trim.usecases.intake.name_exposed import name_exposed
from trim.usecases.intake.read_incident import read_incident
from trim.usecases.intake.report_incident import report_incident
from trim.usecases.oversight.board import board
from trim.usecases.perform import Found, find, perform, variables_of
from trim.usecases.planning.hold_meeting import Response, hold_planning_meeting
from trim.usecases.unit_of_work import UnitOfWork

TABLES: dict[str, Any] = {"case": SupportCase, "incident": Incident, "escalation": Escalation, "referral": Referral}
CAST = ("Pat", "Carol", "Lee", "Quinn", "Rita", "Ada", "Hana", "Adam")
EXPOSED = ("Robin Ashe", "Sam Birch", "Quinn Dale")
#: Actions that lead away from what a case is for; seldom, or no case would get anywhere.
AWAY = frozenset(
    {"record_decline", "withdraw", "close", "record_no_answer", "withdraw_proposal", "decline_allocation", "hand_over"}
    | {"hold_planning_meeting", "plan_again", "close_incident", "cancel"}
)
One = TypeVar("One")
#: Does one thing; what it gives is done next, in a unit of work of its own.
Verb = Callable[["Anything", UnitOfWork], Any]


@dataclass
class Anything:
    """`turn` does one thing; `done` counts what was kept, `refused` what the rules refused."""

    made: Organisation
    seed: int
    texts: list[str] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def turn(self, verb: str) -> None:
        """Do one thing; what the rules refuse is refused, and anything else is a defect."""
        try:
            then = VERBS[verb]
            while then is not None:
                with self.made.backend.writing() as uow:
                    then = then(self, uow)
            self.done += 1
        except TrimError:
            self.refused += 1

    def any_of(self, some: Sequence[One]) -> One | None:
        """One of these, or None when there is none."""
        return self.random.choice(some) if some else None

    def text(self) -> str:
        """A free text that stands nowhere else."""
        self.texts.append(f"hush{self.seed}x{len(self.texts)}")
        return self.texts[-1]

    def actor(self, *names: str) -> Any:
        """Somebody of these, else of the whole cast, mostly somebody whose work it is."""
        return self.made.actor(self.random.choice(names or CAST[: self.random.choice((3, 3, 4, len(CAST)))]))

    def some_row(self, uow: UnitOfWork, kind: str) -> Any:
        """A case, incident, escalation or referral."""
        return self.any_of(list(uow.session.scalars(select(TABLES[kind]).order_by(TABLES[kind].ref))))

    def reports(self, uow: UnitOfWork) -> None:
        """An incident is reported, with one or several people."""
        people = self.random.sample(EXPOSED, self.random.randint(1, 3))
        report = self.made.report(
            unit_id=self.made.units[self.random.choice(("North", "South"))].id,
            description=self.text(),
            place=self.text(),
            evidence_hold=self.random.random() < 0.2,
            exposed=tuple(
                ExposedPerson(exposure="direct", person_id=self.made.people[name].id, how=self.text())
                for name in people
            ),
        )
        report_incident(uow, self.actor("Rita", "Carol"), now=self.made.now, report=report)

    def names(self, uow: UnitOfWork) -> None:
        """A name is found later."""
        incident = self.some_row(uow, "incident")
        if incident is not None:
            person = self.made.people[self.random.choice(EXPOSED)]
            named = ExposedPerson(exposure="witness", person_id=person.id, how=self.text())
            name_exposed(uow, self.actor("Carol", "Lee"), now=self.made.now, incident_ref=incident.ref, named=named)

    def plans(self, uow: UnitOfWork) -> None:
        """A planning meeting decides for everybody, or forgets somebody."""
        incident = self.some_row(uow, "incident")
        if incident is None:
            return
        responses = {}
        for exposure in incidents.exposures(uow.session, incident.id):
            if self.random.random() < 0.95:
                word = self.random.choice(
                    ("individual_assessment", "individual_assessment", "professional_care", "briefing", "nothing_yet")
                )
                responses[exposure.id] = Response(word, (self.made.now + timedelta(days=9)).date())
        hold_planning_meeting(
            uow,
            self.actor("Carol", "Lee"),
            now=self.made.now,
            incident_ref=incident.ref,
            version=incident.version,
            responses=responses,
            values={"held_at": self.made.now},
        )

    def acts(self, uow: UnitOfWork) -> Verb | None:
        """Somebody does something that the pack lets them do now, sometimes on a form that is out of date."""
        for _ in range(4):
            kind = self.random.choice(("case", "case", "case", "escalation", "referral"))
            row = self.in_sight(uow, kind)
            if row is None:
                continue
            for name in self.whose(row):
                chosen = self.chosen(uow, name, kind, row)
                if chosen is not None:
                    return self.does(uow, kind, row, *chosen)
        return None

    def whose(self, row: Any) -> list[str]:
        """Who may have something to do with it, likeliest first."""
        asked = {getattr(row, "proposed_practitioner_id", None), getattr(row, "practitioner_id", None)}
        theirs = [name for name in ("Pat", "Quinn") if self.made.accounts[name].id in asked]
        return [*theirs, self.random.choice(("Carol", "Carol", "Lee", "Pat"))]

    def in_sight(self, uow: UnitOfWork, kind: str) -> Any:
        """Mostly something of the first cases, so that they get somewhere."""
        rows = list(uow.session.scalars(select(TABLES[kind]).order_by(TABLES[kind].ref)))
        return self.any_of(rows[:2] if self.random.random() < 0.7 else rows)

    def chosen(self, uow: UnitOfWork, name: str, kind: str, row: Any) -> tuple[Any, Found, Action] | None:
        """Something that this person can do with it, rather what leads on than what does not."""
        actor = self.made.actor(name)
        try:
            found = find(uow, actor, kind, row.ref, lock=False)
        except TrimError:
            return None
        variables = variables_of(uow, actor, found, self.made.now)
        able = machine.possible(found.pack, lifecycle=kind, state=row.state, roles=found.roles, variables=variables)
        able = [one for one in able if not ELSEWHERE & set(one.action.does)]
        if self.random.random() < 0.9:
            able = [one for one in able if not one.refused]
        forward = [one for one in able if one.action.to and not one.refused and one.action.name not in AWAY]
        one = self.any_of(forward if forward and self.random.random() < 0.85 else able)
        return (actor, found, one.action) if one is not None else None

    def does(self, uow: UnitOfWork, kind: str, row: Any, actor: Any, found: Found, action: Action) -> Verb | None:
        """Do it, with its form filled in."""
        if action.instrument:
            return self.interviews(uow, row.ref, action.name, actor)
        fields = machine.form_of(
            found.pack,
            lifecycle=kind,
            action=action.name,
            state=row.state,
            roles=found.roles,
            variables=variables_of(uow, actor, found, self.made.now),
        )
        perform(
            uow,
            actor,
            now=self.made.now,
            kind=kind,
            ref=row.ref,
            action=action.name,
            version=row.version - (self.random.random() < 0.05),
            values=self.filled(fields),
        )
        return None

    def filled(self, fields: Sequence[Field]) -> dict[str, Any]:
        """A form filled in, with something for every question that is asked."""
        return {one.name: self.value(one) for one in fields if one.required or self.random.random() < 0.8}

    def value(self, one: Field) -> Any:
        """An answer to one question."""
        if one.field_class in {"choice", "level"}:
            return self.random.choice(one.choices).value if one.choices else self.text()
        answers: dict[str, Callable[[], Any]] = {
            "yes_no": lambda: self.random.choice(("yes", "no")),
            "date": lambda: self.made.now.date(),
            "instant": lambda: self.made.now,
            "tags": lambda: [choice.value for choice in one.choices[:2]],
            "practitioner": lambda: self.made.accounts[self.random.choice(("Pat", "Pat", "Quinn", "Carol"))].id,
        }
        return answers.get(one.field_class, self.text)()

    def answers(self, instrument: Instrument) -> dict[str, Any]:
        """Points for every theme, high or low or mixed, some not given."""
        level = self.random.choice(((2,), (0,), (0, 1, 2), (0, 1, 2, "not_asked", "preferred_not_to_answer")))
        return {item.name: self.random.choice(level) for item in instrument.items() if item.scored}

    def interviews(self, uow: UnitOfWork, ref: str, action: str, actor: Any) -> Verb:
        """An interview is begun, and submitted afterwards."""
        begin_interview(
            uow,
            actor,
            now=self.made.now,
            case_ref=ref,
            action=action,
            confidentiality_explained=self.random.random() < 0.95,
            evidence_hold_acknowledged=True,
        )
        definition = trim_pack().lifecycles["case"].actions[action]

        def submit(_: Anything, uow: UnitOfWork) -> None:
            submit_assessment(
                uow,
                actor,
                now=self.made.now,
                case_ref=ref,
                action=action,
                version=cases.load(uow.session, "case", ref).version,
                answers=self.answers(trim_pack().instruments[str(definition.instrument)]),
                stopped_early=self.random.random() < 0.2,
                values={**self.filled(definition.form), "held_at": self.made.now, "channel": "in_person"},
            )

        return submit

    def corrects(self, uow: UnitOfWork) -> None:
        """A submitted interview is corrected, or taken off the record."""
        one = self.any_of(list(uow.session.scalars(select(Assessment).order_by(Assessment.recorded_at))))
        if one is None:
            return
        case = cases.by_id(uow.session, one.case_id)
        common: dict[str, Any] = {
            "now": self.made.now,
            "case_ref": case.ref,
            "assessment_id": one.id,
            "version": case.version,
            "reason": self.text(),
        }
        if self.random.random() < 0.3:
            withdraw_assessment(uow, self.actor(), **common)
            return
        correct_assessment(
            uow,
            self.actor(),
            **common,
            answers=self.answers(trim_pack().instruments[one.instrument]),
            values={"held_at": one.held_at, "channel": "phone", "notes": self.text()},
            evidence_hold_acknowledged=True,
        )

    def flags(self, uow: UnitOfWork) -> None:
        """Somebody raises a red flag."""
        case = self.some_row(uow, "case")
        if case is not None:
            level = self.random.choice(("now", "today"))
            raise_flag(uow, self.actor(), now=self.made.now, ref=case.ref, level=level)

    def reads(self, uow: UnitOfWork) -> None:
        """Somebody reads a case, an incident or the board."""
        what = self.random.choice(("case", "incident", "board"))
        if what == "board":
            board(uow, self.actor("Carol", "Lee"), now=self.made.now)
            return
        row = self.some_row(uow, what)
        if row is not None:
            read: Any = read_case if what == "case" else read_incident
            read(uow, self.actor(), now=self.made.now, ref=row.ref)

    def excludes(self, uow: UnitOfWork) -> None:
        """Somebody is kept away from a case."""
        case = self.some_row(uow, "case")
        if case is not None:
            account = self.made.accounts[self.random.choice(("Pat", "Quinn"))]
            now, reason = self.made.now, self.text()
            exclude(uow, self.actor(), now=now, ref=case.ref, account_id=account.id, reason=reason)

    def waits(self, _: UnitOfWork) -> None:
        """Time goes by."""
        self.made.later(hours=self.random.choice((1, 9, 80, 700)))


VERBS: dict[str, Verb] = {
    "acts": Anything.acts,
    "reports": Anything.reports,
    "plans": Anything.plans,
    "names": Anything.names,
    "corrects": Anything.corrects,
    "flags": Anything.flags,
    "reads": Anything.reads,
    "excludes": Anything.excludes,
    "waits": Anything.waits,
}

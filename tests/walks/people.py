"""People at work, over HTTP: each method is one thing that somebody does at the screen, by the words they read there.

coordinator.makes_offer(ref); practitioner.interviews(ref, "Record the first interview", points=2)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.page_client import Page
from tests.support.site import Site

LONDON = ZoneInfo("Europe/London")
EXPLAINED = "I have explained this, and the person has had a chance to ask."


@dataclass
class AtWork:
    """Somebody with an account, at the screen."""

    site: Site
    name: str

    @property
    def now(self) -> datetime:
        """The clock on the wall of the organisation, without its zone, as people type it."""
        return self.site.organisation.now.astimezone(LONDON).replace(tzinfo=None)

    def opens(self, path: str, *, status: int = 200) -> Page:
        """Open a page; sign in again when the session has ended meanwhile, as anybody has to."""
        if self.site.as_(self.name).get("/account").path == "/sign-in":
            self.site._clients.pop(self.name)
        return self.site.as_(self.name).get(path, status=status)

    def case(self, ref: str) -> Page:
        """The page of a case."""
        return self.opens(f"/cases/{ref}")

    def does(self, path: str, action: str, **filled: Any) -> Page:
        """Do what a button or link of a page says, filling in `filled` by the first words of each label."""
        page = self.opens(path)
        if action in page.texts("main button"):
            return page.press(action)
        page = page.follow(action)
        form = page.form(page.path)
        for label, value in filled.items():
            form.fill(label, value)
        answer = form.submit(action)
        assert answer.errors() == [], answer.errors()
        return answer


class Reporter(AtWork):
    """Reports incidents."""

    def reports(self, *people: str, kind: str = "Death or serious injury of a child") -> None:
        """Report an incident of yesterday afternoon with people of the directory."""
        page = self.opens("/incidents/report")
        yesterday = (self.now - timedelta(days=1)).replace(hour=14, minute=0)
        form = page.form("/incidents/report")
        form.fill("When did it happen?", yesterday).fill("Which unit was it?", "North")
        form.fill("What kind of incident?", kind).fill("Why is it reported?", "A criterion was met")
        form.fill("How grave is it for the organisation?", "Serious")
        form.fill("Is an investigation running, or expected?", "No")
        named = self.site.organisation.people
        for number, person in enumerate(people):
            # The boxes of the first row bear the number 0, as the page gives them.
            form.set(**{f"people-{number}-who": named[person].name, f"people-{number}-exposure": "direct"})
        answer = form.submit("Report")
        assert answer.errors() == [], answer.errors()


class Coordinator(AtWork):
    """Plans, offers, finds practitioners, decides."""

    def holds_planning_meeting(self, response: str = "Individual support", *people: str) -> None:
        """Plan the incident that has waited longest: the same response for everybody."""
        page = self.opens("/board").follow("Death or serious injury of a child")
        form = page.form("/plan")
        form.fill("When did you meet?", self.now)
        for person in people:
            form.fill(person, response)
        answer = form.submit("Record the plan")
        assert answer.errors() == [], answer.errors()

    def finds_case(self, person: str, state: str = "open") -> str:
        """The reference of the case of that person, from the list of cases."""
        return self.opens(f"/cases?state={state}").link(person).rsplit("/", 1)[-1]

    def logs_contact(self, ref: str, result: str = "No answer") -> Page:
        """Note one attempt to reach the person."""
        return self.does(f"/cases/{ref}", "Log a contact", **{"How?": "Telephone", "What came of it?": result})

    def makes_offer(self, ref: str) -> Page:
        """Note that a person made the offer."""
        return self.does(f"/cases/{ref}", "Record that the offer was made", **{"How?": "Telephone"})

    def records_acceptance(self, ref: str) -> Page:
        """The person said yes."""
        return self.does(f"/cases/{ref}", "The person accepts")

    def asks(self, ref: str, practitioner: str) -> Page:
        """Ask a practitioner to support the person."""
        return self.does(f"/cases/{ref}", "Ask a practitioner", Practitioner=practitioner)

    def decides(self, ref: str, decision: str, reason: str) -> Page:
        """Decide an escalation."""
        return self.does(f"/escalations/{ref}", "Decide", **{"What will happen?": decision, "Why?": reason})


class Practitioner(AtWork):
    """Supports people."""

    def accepts(self, ref: str) -> Page:
        """Say yes to supporting somebody."""
        return self.case(ref).press("Accept")

    def declines(self, ref: str) -> Page:
        """Say no, without a reason."""
        return self.case(ref).press("Not this time")

    def interviews(self, ref: str, action: str, points: int, *, but: dict[str, str] | None = None) -> Page:
        """Hold an interview: every question with the same points, but for those named."""
        page = self.case(ref).follow(action)
        page = page.form(page.path).fill(EXPLAINED, True).submit("Go to the questions")
        form = page.form("/questions")
        form.set(**self._answers(page, points, but or {}))
        form.fill("When did you talk?", self.now).fill("How?", "In person")
        answer = form.submit("Record the interview")
        assert answer.errors() == [], answer.errors()
        return answer

    def _answers(self, page: Page, points: int, but: dict[str, str]) -> dict[str, str]:
        """The radio buttons whose answers are points, by the names that the page gives them."""
        names = {
            one.get("name", "") for one in page.find_all("main input[type=radio]") if one.get("value") == str(points)
        }
        return {name: but.get(name.removeprefix("answer_"), str(points)) for name in names}

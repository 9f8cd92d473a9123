"""Pat at the screen: the pages of an interview, by their addresses and in their words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from tests.page_client import Page, PageClient
from tests.page_forms import FilledForm
from tests.support.site import Site
from tests.support.talks import FIRST, Talks

EXPLAINED = "I have explained this, and the person has had a chance to ask."
ANCHORS = {
    "Earlier events": "1 – One or some, now and then on the mind",
    "People to lean on": "0 – There are people and they are leaned on",
    "Loss of control": "1 – Lost hold at moments",
    "Fear for life": "0 – It did not cross the mind",
    "Blaming others": "0 – No, or sees it in balance",
    "Shame or guilt": "1 – At times, but can also see the other side",
    "Strong reactions": "1 – Some of them on some days",
    "Other strain": "0 – Nothing out of the ordinary",
    "Everyday life": "1 – It works, but with effort",
    "Drinking to cope": "Preferred not to answer",
}


@dataclass
class Desk:
    """The story, the site, and the pages that Pat opens."""

    talks: Talks
    site: Site
    _signed_in: dict[str, tuple[datetime, PageClient]] = field(default_factory=dict)

    @property
    def pat(self) -> PageClient:
        return self.as_("Pat")

    def as_(self, name: str) -> PageClient:
        """That account's browser; after some time away they sign in again."""
        at, client = self._signed_in.get(name, (self.now() - timedelta(days=1), None))
        if client is None or self.now() - at > timedelta(minutes=10):
            client = self.site.sign_in(name)
        self._signed_in[name] = (self.now(), client)
        return client

    @property
    def browser(self) -> FlaskClient:
        """Pat's browser without the checks of a page, for answers that are none."""
        return self.pat.client

    def address(self, page: str = "", action: str = FIRST) -> str:
        return f"/cases/{self.talks.ref}/interviews/{action}" + (f"/{page}" if page else "")

    def result(self, assessment_id: str, page: str = "") -> str:
        return f"/cases/{self.talks.ref}/assessments/{assessment_id}" + (f"/{page}" if page else "")

    def begins(self, action: str = FIRST) -> Page:
        """Open the page before the first question, tick, and go on to the questions."""
        page = self.pat.get(self.address(action=action))
        return page.form(f"/{action}").fill(EXPLAINED, True).submit("Go to the questions")

    def questions(self, action: str = FIRST) -> Page:
        return self.pat.get(self.address("questions", action))

    def fills(self, page: Page, answers: dict[str, str] | None = None) -> FilledForm:
        """The form with these answers by theme, the channel, and when it was held."""
        form = page.form("/questions")
        for theme, answer in (ANCHORS if answers is None else answers).items():
            question = next(one for one in page.texts("legend") if one.startswith(f"{theme}: "))
            form.fill(question, answer)
        return form.fill("How?", "In person")

    def post(self, address: str, form: FilledForm, **more: Any) -> Any:
        """Send a form elsewhere, as a button with an address of its own does; the answer as it came."""
        data = form._values.copy()
        for name, value in more.pop("data", {}).items():
            data[name] = value
        return self.browser.post(address, data=data, **more)

    def now(self) -> datetime:
        return self.talks.organisation.now

"""Opening a record never counts as doing what is due: every page may be read, and each clock runs on."""

from __future__ import annotations

import pytest
from flask import url_for
from sqlalchemy import select

from tests.support.site import Site
from tests.support.story import Story
from trim.store.tables import Step
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.calendar.own_feed import make_feed


def clocks(site: Site) -> list[str]:
    """Every step there is, whole."""
    with site.organisation.backend.reading() as uow:
        return sorted(str(step.model_dump()) for step in uow.session.scalars(select(Step)))


@pytest.mark.care(22)
def test_reading_leaves_every_clock_as_it_was(site: Site) -> None:
    made = site.organisation
    story = Story(made)
    ref = story.supported_case()
    with made.backend.writing() as uow:
        token = make_feed(uow, made.actor("Pat"), now=made.now)
    made.later(days=3)
    with made.backend.writing() as uow:
        # Begun is not done either.
        begin_interview(
            uow,
            made.actor("Pat"),
            now=made.now,
            case_ref=ref,
            action="record_first_assessment",
            confidentiality_explained=True,
            evidence_hold_acknowledged=True,
        )
    before = clocks(site)
    assert any("'first_assessment'" in step and "'open'" in step for step in before)
    form = {"ref": ref, "action": "record_first_assessment"}
    log = {"ref": ref, "action": "log_contact"}
    for who, pages in (
        ("Pat", {"work.today": {}, "cases.show": {"ref": ref}, "cases.action": log, "interviews.questions": form}),
        ("Carol", {"oversight.board": {}, "cases.show": {"ref": ref}, "cases.history": {"ref": ref}}),
        ("Lee", {"oversight.overdue": {}, "cases.show": {"ref": ref}, "cases.action": {"ref": ref, "action": "close"}}),
    ):
        for endpoint, values in pages.items():
            with site.app.test_request_context():
                path = url_for(endpoint, **values)
            site.as_(who).get(path)
    answer = site.stranger().client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert clocks(site) == before
    page = site.as_("Pat").get(f"/cases/{ref}")
    assert "Counted from the incident on" in page.text

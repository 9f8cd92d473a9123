"""An organisation writes ten lines over the shipped pack: a second person confirms, and every page follows the pack."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support.changed_packs import installs
from tests.support.site import Site
from tests.walks.people import AtWork, Coordinator, Practitioner, Reporter
from trim.domain.vocabulary import VOCABULARY
from trim.engine.loader import load_pack
from trim.resources import workflows_dir

PACK = """\
pack: trim
version: '2026.1'
language: 1
extends: trim
"""
# What no page and no line of code knows: a visit, its form, another window, another word.
CASE = """\
steps:
  follow_up: {window: {earliest: P14D, due: P21D}}
  visit: {label: {en: Chaplain's visit, fr: Visite de l'aumônerie}, who: practitioner, window: {from: now, due: P5D}}
actions:
  make_offer: {label: {en: Offer a talk, fr: Proposer un échange}}
  ask_visit: {label: {en: Ask chaplain, fr: Voir l'aumônerie}, from: open, by: [practitioner], starts: [visit]}
  note_visit:
    label: {en: Note the visit, fr: Noter la visite}
    from: open
    by: [practitioner]
    completes: visit
    form: {visited_on: {label: {en: When did they come?, fr: Quand est-elle venue ?}, class: date, required: true}}
"""


def test_ten_lines_change_the_programme_and_no_template(
    site: Site, reporter: Reporter, coordinator: Coordinator, practitioner: Practitioner, tmp_path: Path
) -> None:
    made = site.organisation
    (tmp_path / "trim" / "lifecycles").mkdir(parents=True)
    (tmp_path / "trim" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "trim" / "lifecycles" / "case.yaml").write_text(CASE, encoding="utf-8")
    pack = load_pack(tmp_path / "trim", VOCABULARY, [workflows_dir()])
    assert installs(made, pack, by="Adam").outcome == "proposed"

    lead = AtWork(site, "Lee")
    page = lead.opens("/packs")
    page = lead.opens(page.link(page.texts("main .trim-card a")[0]))
    assert "Added: “Note the visit”; who may do it: practitioner" in page.text
    assert "New cases begin on it" in page.press("Confirm it").text

    reporter.reports("Robin Ashe")
    made.later(hours=2)
    coordinator.holds_planning_meeting("Individual support", "Robin Ashe")
    ref = coordinator.finds_case("Robin Ashe")
    coordinator.does(f"/cases/{ref}", "Offer a talk", **{"How?": "Telephone"})
    coordinator.records_acceptance(ref)
    coordinator.asks(ref, "Pat")
    practitioner.accepts(ref)

    practitioner.does(f"/cases/{ref}", "Ask chaplain")
    assert "Chaplain’s visit" in practitioner.opens("/today").text
    page = practitioner.case(ref).follow("Note the visit")
    assert page.form(page.path).submit("Note the visit").errors() == ["Answer “When did they come?”"]
    practitioner.does(f"/cases/{ref}", "Note the visit", **{"When did they come?": made.now.date()})
    assert "Chaplain’s visit" not in practitioner.opens("/today").text
    assert practitioner.case(ref).texts(".trim-timeline__title")[0] == "Note the visit"

    made.later(days=3)
    held = made.now
    practitioner.interviews(ref, "Record the first interview", points=0)
    due = (held + timedelta(days=21)).strftime("%-d %B")
    assert due in practitioner.case(ref).text
    made.later(days=21)
    practitioner.interviews(ref, "Record the follow-up", points=0)
    practitioner.does(f"/cases/{ref}", "Close the case", **{"How does it end?": "Support completed"})
    assert practitioner.case(ref).texts(".trim-heading .trim-tag") == ["Closed"]

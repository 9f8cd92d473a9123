"""The pages of the histories: plain words, filters, search, the badge, and files that are in the trail first."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from tests.page_checks import text_of
from tests.page_client import Page
from tests.support.organisation import SETUP
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import lines
from trim.audit.findings import Finding, Report
from trim.documents import pdf
from trim.domain.access import system_actor
from trim.usecases.oversight.check_trail import note_check


@pytest.fixture
def story(site: Site) -> Story:
    return Story(site.organisation)


def checked(site: Site, *, whole: bool = True, checkpoint: int = 7, hours_ago: int = 0) -> None:
    made = site.organisation
    report = Report(
        entries=40,
        vouched_number=checkpoint,
        vouched_at=(made.now - timedelta(hours=1)).isoformat() if checkpoint else "",
        findings=[] if whole else [Finding("changed", "case:x", 3)],
    )
    with made.backend.writing() as uow:
        note_check(uow, system_actor("audit"), now=made.now - timedelta(hours=hours_ago), report=report)


def test_each_page_leads_to_its_history(site: Site, story: Story) -> None:
    incident = story.reports()
    ref = story.is_allocated(story.is_accepted(str(story.plans(incident))))
    carol = site.as_("Carol")
    assert carol.get(f"/cases/{ref}").follow("Who has looked at this case").h1 == "Who looked, who changed what"
    page = carol.get(f"/incidents/{incident}").follow("Who has looked at this incident")
    assert "Incident reported" in page.text
    page = carol.get("/practitioners").follow("History Pat")
    assert page.h1 == "What Pat did"
    assert "Support taken on → First interview to come" in page.text
    page = carol.get("/board").follow("Who looked and who changed what")
    assert page.h1 == "What happened on a day"
    assert page.follow(ref).path == f"/cases/{ref}"


def test_a_history_is_in_the_readers_language(site: Site, story: Story) -> None:
    ref = story.supported_case()
    carol = site.as_("Carol")
    carol.post("/language", {"language": "fr", "csrf_token": token(site), "next": "/"})
    text = carol.get(f"/cases/{ref}/history").text
    assert "Proposition faite" in text
    assert "Accompagnement ouvert" in text


def test_filters_stay_as_chosen_and_a_slip_is_told(site: Site, story: Story) -> None:
    ref = story.supported_case()
    carol = site.as_("Carol")
    carol.get(f"/cases/{ref}")
    page = carol.get(f"/cases/{ref}/history")
    page = page.form(f"/cases/{ref}/history").fill("What", "Reading").fill("Who", "Carol").submit("Show")
    assert {row.split(" Carol")[0] for row in page.texts("tbody tr")} == {"Read the case", "Read the history"}
    assert page.form(f"/cases/{ref}/history").value("What") == "read"
    page = carol.get(f"/cases/{ref}/history?from_on=2026-03-02&to_on=2026-03-01")
    assert page.errors() == ["The last day must not be before the first day"]
    page = carol.get("/history?day-day=40&day-month=1&day-year=2026")
    assert page.errors()
    assert carol.get(f"/cases/{ref}/history?who=nobody&kind=nonsense").h1 == "Who looked, who changed what"


def test_a_reference_is_looked_up_as_people_type_it(site: Site, story: Story) -> None:
    ref = story.supported_case()
    carol = site.as_("Carol")
    page = carol.get("/history").follow("Look up a history by its reference")
    page = page.form("/history/find").submit("Look it up")
    assert page.errors() == ["Enter a reference"]
    page = page.form("/history/find").fill("Reference", "C-0000000").submit("Look it up")
    assert page.errors()[0].startswith("There is no history with this reference")
    page = page.form("/history/find").fill("Reference", f" {ref.lower()} ").submit("Look it up")
    assert page.path == f"/cases/{ref}/history"


def test_the_badge_says_when_and_against_what_and_is_honest(site: Site, story: Story) -> None:
    ref = story.supported_case()
    carol = site.as_("Carol")

    def badge() -> str:
        return carol.get(f"/cases/{ref}/history").text

    assert "This trail has not been verified yet" in badge()
    checked(site, checkpoint=0)
    assert "no checkpoint yet" in badge()
    checked(site)
    assert "Verified" in badge()
    assert "against checkpoint 7" in badge()
    checked(site, hours_ago=49)
    assert "Check overdue" in badge()
    checked(site, whole=False)
    page = carol.get("/history")
    assert page.find("main [role=alert]") is not None
    assert "The last check found this trail changed" in page.text
    assert "1 place does not fit." in page.text
    assert "The last check found this trail changed" in site.as_("Ada").get("/trail").text


def test_a_french_table_opens_in_a_french_spreadsheet(site: Site, story: Story) -> None:
    ref = story.supported_case()
    site.as_("Carol").get("/board").press("Français")
    answer = saved(site, f"/cases/{ref}/history", "Enregistrer en tableau (CSV)")
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][:3] == ["Quand", "Quoi", "Détails"]
    assert {len(row) for row in rows} == {7}


def test_the_table_is_in_the_trail_before_it_is_sent_and_says_nothing_in_its_name(site: Site, story: Story) -> None:
    ref = story.supported_case()
    answer = saved(site, f"/cases/{ref}/history", "Save as a table (CSV)")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    named = answer.headers["Content-Disposition"]
    assert ref not in named
    assert "Robin" not in named
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["When", "What", "Details", "Kind", "Who", "Role", "Reference"]
    assert [row[1] for row in rows][-1] == "Case opened"
    assert rows[2][4:] == ["Pat", "practitioner", ref]
    with site.organisation.backend.reading() as uow:
        assert [one["codes"]["format"] for one in lines(uow.session) if one["what"] == "history.exported"] == ["csv"]


def test_a_spreadsheet_carries_nothing_out(site: Site, story: Story) -> None:
    made = site.organisation
    with made.backend.writing() as uow:
        account = made.accounts["Pat"]
        account.name = "=cmd|' /C calc'!A0"
        uow.session.merge(account)
        uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="organisation")
    ref = story.supported_case()
    answer = site.as_("Carol").client.post(
        "/history/export", data={"csrf_token": token(site), "of": "case", "name": ref, "format": "csv"}
    )
    assert "\"'=cmd|' /C calc'!A0\"" in answer.get_data(as_text=True)


def test_the_pdf_is_tagged_and_bears_the_checkpoint(site: Site, story: Story) -> None:
    ref = story.supported_case()
    answer = saved(site, f"/cases/{ref}/history", "Save as PDF")
    assert answer.mimetype == "application/pdf"
    read = PdfReader(BytesIO(answer.get_data()))
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = read.pages[0].extract_text()
    assert "Support taken on" in text
    assert "March 2026, 09:" in " ".join(text.split())
    assert "+00:00" not in text
    assert "No trail checkpoint yet" in text
    assert ref not in answer.headers["Content-Disposition"]


def test_a_machine_that_cannot_print_says_so(site: Site, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: object, **_more: object) -> bytes:
        raise pdf.PrintingUnavailable("libpango", "apt-get install -y libpango-1.0-0")

    monkeypatch.setattr("trim.web.printing.render_pdf", missing)
    ref = story.supported_case()
    page = site.as_("Carol").get(f"/cases/{ref}/history")
    answer = saved(site, f"/cases/{ref}/history", "Save as PDF")
    assert answer.status_code == 503
    page = Page(site.as_("Carol"), answer, "/history/export")
    assert page.h1 == "The PDF cannot be made on this machine"
    assert page.follow("Back to the history").path == f"/cases/{ref}/history"


@pytest.mark.parametrize(
    "given",
    [{"of": "all"}, {"of": "case", "name": "C-0000000", "format": "csv"}, {"of": "day", "format": "exe"}, {}],
)
def test_a_made_up_export_finds_nothing(site: Site, given: dict[str, str]) -> None:
    answer = site.as_("Carol").client.post("/history/export", data={"csrf_token": token(site), **given})
    assert answer.status_code == 404


def saved(site: Site, path: str, button: str) -> TestResponse:
    """What the button of an export sends back; the token stands in its form."""
    carol = site.as_("Carol")
    forms = carol.get(path).find_all("main form")
    form = next(one for one in forms if button in {text_of(element) for element in one.iter("button")})
    data = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
    return carol.client.post("/history/export", data=data)


def token(site: Site) -> str:
    page = site.as_("Carol").get("/help-now").find("input[name=csrf_token]")
    assert page is not None
    return str(page.get("value"))

"""HR reads releases: words, tables, charts, comparison; hidden figures are the same empty word everywhere."""

from __future__ import annotations

import dataclasses
import re

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.support.given_out import given_out
from tests.support.organisation import SETUP
from tests.support.released import Told, chain, publish
from tests.support.site import Site
from tests.support.trail import lines
from trim.documents.pdf import PrintingUnavailable
from trim.store.tables import Release

QUARTERS = ("2025-Q1", "2025-Q2")


@pytest.fixture
def published(site: Site) -> Site:
    publish(site.organisation, *chain(*QUARTERS))
    return site


def test_the_list_leads_to_a_release_in_words(published: Site) -> None:
    page = published.as_("Hana").get("/statistics")
    assert page.texts("tbody th a") == ["The second quarter of 2025", "The first quarter of 2025"]
    page = page.follow("The second quarter of 2025")
    assert page.text.count("figures are hidden. A figure of 1 to 7, or with fewer") == 1
    assert "since the first quarter of 2025" in page.text


def test_each_table_has_its_definition_a_chart_and_a_trend(published: Site) -> None:
    release = chain(*QUARTERS)[1].release
    hana = published.as_("Hana")
    for table in release.tables:
        page = hana.get(f"/statistics/2/tables/{table.name}")
        assert table.definition.en in page.text
        shown = page.texts("table.trim-figures td")
        assert all(re.fullmatch(r"[\d,]+(\.\d)?|hidden", one) for one in shown)
        if table.dimensions:
            assert page.find("svg.trim-chart title") is not None
    unit = hana.get("/statistics/2/tables/exposed?unit=south")
    assert unit.find("option[value=south][selected]") is not None
    hana.get("/statistics/2/tables/nothing", status=404)
    hana.get("/statistics/9", status=404)


def test_a_hidden_cell_shows_nothing_but_the_word(published: Site) -> None:
    """Every row of a table holds the published figures in their places, and the word where there is none."""
    release = chain(*QUARTERS)[0].release
    table = release.table("bands")
    page = published.as_("Hana").get("/statistics/1/tables/bands")
    cells = page.texts("table.trim-figures tbody tr td")[: len(table.cells)]
    [band] = table.dimensions
    expected = [table.by_key()[(one,)].value for one in (*band.values, "Total")]
    assert cells == ["hidden" if one is None else str(one) for one in expected]
    assert "hidden" in cells


def test_two_releases_are_compared(published: Site) -> None:
    page = published.as_("Hana").get("/statistics/compare?before=1&after=2")
    first, second = (one.release.table("bands") for one in chain(*QUARTERS))
    before, after = (table.by_key()[("Total",)].value for table in (first, second))
    if before is not None and after is not None:
        assert f"{before} {after}" in " ".join(page.text.split())
    again = published.as_("Hana").get("/statistics/compare?before=1&after=77")
    assert again.find(".govuk-error-summary") is not None


def test_the_newest_two_releases_of_one_length_are_proposed_for_comparison(published: Site) -> None:
    for path in ("/statistics", "/statistics/compare"):
        page = published.as_("Hana").get(path)
        assert page.find("select[name=before] option[value='1'][selected]") is not None
        assert page.find("select[name=after] option[value='2'][selected]") is not None
        assert page.find(".govuk-error-summary") is None


def test_what_comes_earlier_stands_to_the_left_however_it_was_chosen(published: Site) -> None:
    page = published.as_("Hana").get("/statistics/compare?before=2&after=1")
    heads = page.texts("table.trim-figures thead")
    assert heads
    assert all(one.index("Q1 2025") < one.index("Q2 2025") for one in heads)
    assert page.find("select[name=before] option[value='1'][selected]") is not None


def test_a_release_is_not_compared_with_itself(published: Site) -> None:
    page = published.as_("Hana").get("/statistics/compare?before=1&after=1")
    assert "Choose two different releases" in page.texts(".govuk-error-summary a")
    assert page.find("table.trim-figures") is None


def test_units_stand_beside_their_people(published: Site) -> None:
    """40, 300, 420 and 60 people in four units: 820, by whom the interviews of all are divided."""
    total = chain(*QUARTERS)[1].release.table("assessments").total
    assert total is not None
    page = published.as_("Hana").get("/statistics/2/tables/assessments")
    [shown] = [one for one in page.texts("table.trim-figures") if "Per 100 people" in one]
    assert shown.endswith(f"{total} 820 {total / 8.2:.1f}")


def test_how_to_read_is_one_link_away_from_every_table_with_hidden_figures(published: Site) -> None:
    hana = published.as_("Hana")
    tables = chain("2025-Q1")[0].release.tables
    assert {bool(table.hidden) for table in tables} == {True, False}
    for table in tables:
        page = hana.get(f"/statistics/1/tables/{table.name}")
        assert ("How to read these figures" in page.texts("main a")) == bool(table.hidden), table.name
    assert "It does not mean that nothing happened" in hana.get("/statistics/1/definitions").text


def test_corrected_figures_say_so_wherever_they_stand(published: Site) -> None:
    """Release 3 corrects release 1: a table of the first one may be a bookmark of somebody."""
    again = dataclasses.replace(chain("2025-Q1")[0].release, number=3, corrects=1)
    publish(published.organisation, Told(again, ()), attacked=False)
    with published.organisation.backend.writing() as uow:
        values = {"kind": "correction", "corrects": 1, "cause": "late_facts"}
        uow.session.execute(update(Release).where(col(Release.number) == 3).values(**values))
        uow.record(SETUP, published.organisation.now, "statistics.released", chain="organisation", subject="x")
    hana = published.as_("Hana")
    for path in ("/statistics/1", "/statistics/1/tables/waits"):
        page = hana.get(path)
        assert "These figures were corrected" in page.text
        assert page.link("Go to release 3") == "/statistics/3"
    assert "were corrected" not in hana.get("/statistics/3/tables/waits").text
    # One period twice: the numbers tell them apart.
    heads = hana.get("/statistics/compare?before=1&after=3").texts("table.trim-figures thead")
    assert {one.split(" ", 1)[1] for one in heads if one.startswith("Table")} == {"Release 1 Release 3 Difference"}


def test_reading_and_giving_out_leave_their_lines(published: Site) -> None:
    hana = published.as_("Hana")
    given_out(hana, 1, "dictionary")
    account = published.organisation.accounts["Hana"].id
    with published.organisation.backend.reading() as uow:
        found = [one for one in lines(uow.session, f"account:{account}") if one["what"].startswith("statistics.")]
    assert [one["what"] for one in found] == ["statistics.read", "statistics.exported"]
    assert found[1]["codes"]["format"] == "dictionary"
    assert found[1]["codes"]["release"] == 1


def test_without_its_libraries_a_pdf_says_so_and_leads_back_to_the_release(
    published: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_handed: object) -> None:
        raise PrintingUnavailable("libpango-1.0", "apt-get install -y libpango-1.0-0")

    monkeypatch.setattr("trim.web.pages.hr.printed", unavailable)
    form = published.as_("Hana").get("/statistics/1").find("form[action$='/export'] input[name=csrf_token]")
    assert form is not None
    sent = {"csrf_token": form.get("value"), "format": "pdf"}
    page = published.as_("Hana").post("/statistics/1/export", sent, status=503)
    assert "libpango-1.0" in page.text
    assert page.link("Back to the release") == "/statistics/1"


def test_a_changed_body_is_shown_to_nobody(published: Site) -> None:
    with published.organisation.backend.writing() as uow:
        uow.session.execute(update(Release).where(col(Release.number) == 1).values(body="{}"))
        uow.record(SETUP, published.organisation.now, "statistics.released", chain="organisation", subject="x")
    published.as_("Hana").get("/statistics/1", status=500)


def test_auditors_see_the_attack_and_hr_does_not(published: Site) -> None:
    page = published.as_("Ada").get("/statistics/attacks").follow("The second quarter of 2025")
    assert "No hidden figure could be worked out" in page.text
    tables = {table.title.en for one in chain(*QUARTERS) for table in one.release.tables}
    named = [one.removesuffix(", release 1") for one in page.texts("table tbody th span")]
    assert set(named) <= tables
    figures = page.texts("table tbody th")
    assert figures
    assert not [one for one, name in zip(figures, named, strict=True) if "_" in one or one.startswith(name)]
    published.as_("Hana").get("/statistics/1/attack", status=403)
    published.as_("Ada").get("/statistics/1", status=403)

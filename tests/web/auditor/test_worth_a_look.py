"""What the auditor is shown as worth a look: each pattern at its threshold and just below, by day and by clock."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.looking import notes, opens
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail_lines import lines_of
from trim.domain.access import system_actor
from trim.domain.errors import Forbidden, InvalidInput
from trim.domain.watch import Watch
from trim.store import cases
from trim.usecases.oversight.watch_trail import set_watch
from trim.usecases.people.accounts import end_role
from trim.usecases.people.refusals import record_refusal


def ids(number: int, first: int = 0) -> list[str]:
    """Ids of cases that need not be there."""
    return [f"{one:032x}" for one in range(first, first + number)]


def of(site: Site, pattern: str) -> list[tuple[str, ...]]:
    """The rows of one pattern as the auditor reads them: account, day, figure or case."""
    # Signed in anew: the clock may have gone on for longer than a session lasts.
    shown = site.sign_in("Ada").get(f"/trail/worth-a-look/{pattern}")
    assert shown.path == f"/trail/worth-a-look/{pattern}"
    who = shown.texts("tbody th")
    cells = [shown.texts(f"tbody td:nth-of-type({place})") for place in (1, 2)]
    return list(zip(who, *cells, strict=True))


def test_many_different_cases_in_one_day(site: Site) -> None:
    organisation = site.organisation
    opens(organisation, "Carol", ids(19))
    opens(organisation, "Carol", ids(19))
    assert of(site, "many_cases") == [], "the same case twice is one case"
    opens(organisation, "Carol", ids(1, first=50))
    # The next day is another day, on the clock of the organisation.
    opens(organisation, "Lee", ids(15), at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    opens(organisation, "Lee", ids(15, first=20), at=datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    assert of(site, "many_cases") == [("Carol", "2 March 2026", "20")]


def test_summer_time_moves_the_day_with_the_organisations_clock(site: Site) -> None:
    """In London the 30th of July begins at 23:00 UTC."""
    organisation = site.organisation
    organisation.now = datetime(2026, 7, 30, 12, tzinfo=UTC)
    opens(organisation, "Carol", ids(10), at=datetime(2026, 7, 29, 23, 10, tzinfo=UTC))
    opens(organisation, "Carol", ids(10, first=10), at=datetime(2026, 7, 30, 22, 50, tzinfo=UTC))
    assert of(site, "many_cases") == [("Carol", "30 July 2026", "20")]


@pytest.mark.parametrize(
    ("at", "is_night"),
    [
        (datetime(2026, 2, 27, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 27, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 2, 28, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 2, 28, 6, 0, tzinfo=UTC), False),
    ],
)
def test_at_night(site: Site, at: datetime, is_night: bool) -> None:
    opens(site.organisation, "Pat", ids(2), at=at)
    # A night bears the day on whose evening it began.
    assert of(site, "at_night") == ([("Pat", "27 February 2026", "2")] if is_night else [])


def test_outside_the_own_units(site: Site) -> None:
    story, organisation = Story(site.organisation), site.organisation
    ref = story.supported_case()
    case_id = _id(site, ref)
    for who in ("Carol", "Lee", "Pat"):
        opens(organisation, who, [case_id])
    assert of(site, "outside_units") == []
    with organisation.backend.writing() as uow:
        grant = next(one.id for one in _grants(uow, organisation.accounts["Carol"].id))
        end_role(uow, organisation.actor("Adam"), now=organisation.now, grant_id=grant)
    organisation.later(minutes=1)
    opens(organisation, "Carol", [case_id])
    [row] = of(site, "outside_units")
    assert row == ("Carol", "2 March 2026", f"case {case_id[:8]}")


def test_after_handing_over(site: Site) -> None:
    story, organisation = Story(site.organisation), site.organisation
    ref = story.supported_case()
    case_id = _id(site, ref)
    opens(organisation, "Pat", [case_id])
    opens(organisation, "Carol", [case_id])
    story.does("Carol", "hand_over", ref, practitioner=organisation.accounts["Quinn"].id)
    opens(organisation, "Pat", [case_id])
    assert of(site, "after_support") == [], "until somebody else has taken over, it is still theirs"
    story.does("Quinn", "accept_allocation", ref)
    opens(organisation, "Carol", [case_id])
    opens(organisation, "Quinn", [case_id])
    assert of(site, "after_support") == []
    organisation.later(hours=1)
    opens(organisation, "Pat", [case_id])
    assert of(site, "after_support") == [("Pat", "2 March 2026", f"case {case_id[:8]}")]


def test_after_the_case_has_ended_until_it_is_theirs_again(site: Site) -> None:
    story, organisation = Story(site.organisation), site.organisation
    ref = story.supported_case()
    case_id = _id(site, ref)
    story.does("Carol", "close", ref, outcome="left")
    organisation.later(days=1)
    opens(organisation, "Pat", [case_id])
    assert of(site, "after_support") == [("Pat", "3 March 2026", f"case {case_id[:8]}")]
    story.does("Carol", "reopen", ref, reason="Asked again.")
    story.is_allocated(ref)
    organisation.later(days=1)
    opens(organisation, "Pat", [case_id])
    assert [day for _, day, _ in of(site, "after_support")] == ["3 March 2026"]


def test_many_refusals_and_many_searches(site: Site) -> None:
    organisation = site.organisation
    for number in range(5):
        assert of(site, "many_refusals") == [], number
        with organisation.backend.writing() as uow:
            record_refusal(uow, organisation.actor("Pat"), now=organisation.now, place="auditor.trail", code="role")
    assert of(site, "many_refusals") == [("Pat", "2 March 2026", "5")]
    notes(organisation, "Lee", "people.searched", 39)
    assert of(site, "many_searches") == []
    notes(organisation, "Lee", "people.searched", 1)
    assert of(site, "many_searches") == [("Lee", "2 March 2026", "40")]


def test_the_first_page_counts_each_pattern_and_leads_to_it_with_the_days_kept(site: Site) -> None:
    organisation = site.organisation
    opens(organisation, "Carol", ids(25), at=organisation.now - timedelta(days=3))
    page = site.as_("Ada").get("/trail").follow("Worth a look")
    assert page.h1 == "Worth a look"
    counts = dict(zip(page.texts("tbody th"), page.texts("tbody td:nth-of-type(1)"), strict=True))
    assert counts["Many cases in one day"] == "1"
    assert set(counts.values()) == {"0", "1"}
    assert "At least 20 different cases opened by one account in one day." in page.text
    page = page.form("/trail/worth-a-look").fill("How long", "One day").submit("Show")
    assert page.texts("tbody td:nth-of-type(1)") == ["0"] * 6
    page = page.follow("Many cases in one day")
    assert "Nothing of this kind" in page.text
    page = site.as_("Ada").get("/trail/worth-a-look/many_cases?last=2026-02-27&days=1")
    assert page.texts("tbody th") == ["Carol"]
    # From the row to what that account did on that day.
    page = page.follow("Carol")
    assert page.h1 == "Trail"
    assert "Only what Carol did." in page.text
    assert set(page.texts("tbody th")) == {"Case read case.read"}


def test_each_look_leaves_a_line(site: Site) -> None:
    site.as_("Ada").get("/trail/worth-a-look/at_night?last=2026-02-27&days=7")
    [line] = [one for one in lines_of(site.organisation, "Ada") if one["what"] == "trail.read"]
    assert line["codes"] == {"list": "at_night", "first": "2026-02-21", "last": "2026-02-27", "entries": 0}
    site.as_("Ada").get("/trail/worth-a-look")
    assert lines_of(site.organisation, "Ada")[-1]["codes"]["list"] == "patterns"


def test_rows_are_paged_by_key_and_shown_once(site: Site) -> None:
    organisation = site.organisation
    for back in range(30):
        for who in ("Carol", "Lee", "Pat"):
            opens(organisation, who, ids(2), at=datetime(2026, 3, 1, 23, tzinfo=UTC) - timedelta(days=back))
    page = site.as_("Ada").get("/trail/worth-a-look/at_night")
    seen = list(zip(page.texts("tbody th"), page.texts("tbody td:nth-of-type(1)"), strict=True))
    assert len(seen) == 50
    page = page.follow("Show more")
    seen += list(zip(page.texts("tbody th"), page.texts("tbody td:nth-of-type(1)"), strict=True))
    assert len(seen) == len(set(seen)) == 87, "thirty days up to today: tonight has not begun"
    assert site.as_("Ada").get("/trail/worth-a-look/at_night?after=nonsense").texts("tbody th") != []


def test_what_is_no_pattern_or_no_day_is_told(site: Site) -> None:
    site.as_("Ada").get("/trail/worth-a-look/nonsense", status=404)
    assert site.as_("Ada").get("/trail/worth-a-look?last-day=45&last-month=13&last-year=2026").errors()
    assert site.as_("Ada").get("/trail/worth-a-look?days=4000").errors()


def test_the_figures_can_be_set_within_limits_and_the_trail_says_when(site: Site) -> None:
    organisation = site.organisation
    setter = system_actor("settings")
    with organisation.backend.writing() as uow:
        assert asdict(uow.organisation.watch) == asdict(Watch())
        found = set_watch(uow, setter, now=organisation.now, values={"many_cases": 3, "night_from": 20})
    assert (found.many_cases, found.night_from, found.night_until) == (3, 20, 6)
    opens(organisation, "Carol", ids(3), at=datetime(2026, 3, 1, 20, 30, tzinfo=UTC))
    assert len(of(site, "many_cases")) == len(of(site, "at_night")) == 1
    with organisation.backend.writing() as uow, pytest.raises(InvalidInput):
        set_watch(uow, setter, now=organisation.now, values={"many_cases": 0})
    with organisation.backend.writing() as uow, pytest.raises(Forbidden):
        set_watch(uow, organisation.actor("Ada"), now=organisation.now, values={"many_cases": 5})
    page = site.as_("Ada").get("/trail?what=settings.changed")
    assert "many_cases: 3" in page.text


def _id(site: Site, ref: str) -> str:
    with site.organisation.backend.reading() as uow:
        return str(cases.load(uow.session, "case", ref).id)


def _grants(uow, account_id):
    from trim.store.accounts import grants_in_force

    return grants_in_force(uow.session, datetime(2026, 3, 2, 10, tzinfo=UTC), [account_id])

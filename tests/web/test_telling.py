"""How people are told, their leave, and what reached nobody, as pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.support.organisation import Organisation
from tests.support.posting import TestPost, is_away, outbox, sends, tells, the, wants
from tests.support.site import Site
from tests.support.trail_lines import lines_of
from trim.delivery.mail import MailRefused
from trim.delivery.posting import Sent
from trim.domain.access import Role

# The pages are the same on both; what they write is shown on both in `tests/usecases/delivery`.
pytestmark = pytest.mark.large_on_postgresql


def words_of(made: Organisation, who: str) -> list[str]:
    """The words of an account's own chain, without signing in."""
    return [one["what"] for one in lines_of(made, who) if not one["what"].startswith("sign_in")]


def test_everybody_says_when_they_are_told_and_it_holds_for_what_waits(site: Site) -> None:
    made = site.organisation
    made.now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    tells(made, "Carol")
    sends(made, TestPost())
    page = site.as_("Carol").get("/account").follow("When and how you are told")
    form = page.form()
    assert (form.value("One mail a day, at"), form.value("Quiet hours begin at")) == ("07:30", "21:00")
    assert len(form.values("On these days")) == 7
    form.fill("One mail a day, at", "11:15").fill("On these days", ["Monday", "Thursday"])
    form.fill("Language of pages and mails", "Français").fill("Telephone", "+44 1632 960777")
    page = form.submit("Save")
    assert page.language == "fr"
    assert page.form().value("Un courriel par jour, à") == "11:15"
    assert page.form().values("Ces jours-là") == ["Lundi", "Jeudi"]
    assert words_of(made, "Carol")[-2:] == ["account.changed", "notice.wishes_changed"]
    post = TestPost()
    made.now = datetime(2026, 3, 2, 11, 15, tzinfo=UTC)
    assert sends(made, post) == Sent(mails=1, notices=1)
    assert post.mails[0].subject == "Un message vous attend"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"One mail a day, at": "22:00"}, "This hour lies within your quiet hours."),
        ({"One mail a day, at": "half past"}, "The hour must be a time"),
        ({"On these days": []}, "Choose the days"),
    ],
)
def test_wishes_that_would_never_be_met_are_refused(site: Site, given: dict[str, object], message: str) -> None:
    form = site.as_("Pat").get("/account/telling").form()
    for label, value in given.items():
        form.fill(label, value)
    [error] = form.submit("Save").errors()
    assert message in error
    assert "notice.wishes_changed" not in words_of(site.organisation, "Pat")


def test_leave_is_noted_by_oneself_and_taken_back(site: Site) -> None:
    made = site.organisation
    made.now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    page = site.as_("Pat").get("/account/telling").follow("You will be away? Note your leave")
    assert page.h1 == "Your leave"
    page = (
        page.form("/account/leave")
        .fill("First day away", date(2026, 3, 9))
        .fill("Last day away", date(2026, 3, 13))
        .submit("Note the leave")
    )
    assert "The leave is noted." in page.text
    assert "Mon 9 March" in page.text.replace("\u00a0", " ")
    # A reminder that would come then counts as unanswered now.
    wants(made, "Pat", days="2")
    lost = tells(made, "Pat")
    sends(made, TestPost())
    assert the(made, lost).failed_because == "on_leave"
    page = site.as_("Pat").get("/account/leave").press("Take back the leave from Mon 9 March")
    assert "The leave is taken back." in page.text
    assert "No leave is noted." in page.text
    kept = tells(made, "Pat", cause="again")
    sends(made, TestPost())
    assert the(made, kept).state == "waiting"
    assert words_of(made, "Pat")[-2:] == ["notice.failed", "leave.taken_back"]


def test_a_coordinator_notes_a_practitioners_leave_and_they_are_told_although_they_are_away(site: Site) -> None:
    made = site.organisation
    page = site.as_("Carol").get("/practitioners").follow("Leave Pat")
    page = (
        page.form()
        .fill("First day away", date(2026, 3, 2))
        .fill("Last day away", date(2026, 3, 20))
        .submit("Note the leave")
    )
    assert "The leave is noted." in page.text
    [notice] = outbox(made, kind="leave_noted")
    assert notice.recipient_id == made.accounts["Pat"].id
    sends(made, TestPost())
    made.later(days=1)
    assert sends(made, TestPost()).mails == 1
    assert the(made, notice.id).state == "sent"
    # Nobody else's practitioner, nobody else's leave.
    made.add_account("Cora", Role.COORDINATOR, unit="South")
    made.add_account("Nora", Role.PRACTITIONER, unit="North")
    cora = site.as_("Cora")
    cora.get(f"/practitioners/{made.accounts['Nora'].id}/leave", status=404)
    cora.get(f"/practitioners/{made.accounts['Pat'].id}/leave")
    site.as_("Quinn").get(f"/practitioners/{made.accounts['Pat'].id}/leave", status=403)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (date(2026, 3, 9), date(2026, 3, 8), "must not be before the first day"),
        (date(2026, 2, 2), date(2026, 2, 6), "must not be in the past"),
        (date(2026, 3, 9), date(2027, 6, 9), "Leave lasts a year at most"),
    ],
)
def test_leave_that_cannot_be_is_refused(site: Site, first: date, last: date, message: str) -> None:
    form = site.as_("Pat").get("/account/leave").form("/account/leave")
    [error] = form.fill("First day away", first).fill("Last day away", last).submit("Note the leave").errors()
    assert message in error


@pytest.mark.care(12)
def test_what_reached_nobody_is_seen_by_those_who_can_see_to_it_and_leaves_when_they_took_note(site: Site) -> None:
    made = site.organisation
    made.now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    made.add_account("Cora", Role.COORDINATOR, unit="South")
    made.add_account("Nora", Role.PRACTITIONER, unit="North")
    tells(made, "Nora", "escalation", subject_kind="escalation", subject_ref="E-9QK2F7")
    sends(made, TestPost(problems=[MailRefused("no", "refused_550")]))
    assert "A notice reached nobody" in site.as_("Carol").get("/board").text
    assert "reached nobody" not in site.as_("Cora").get("/board").text
    for who in ("Carol", "Lee", "Adam"):
        page = site.as_(who).get("/notices").follow("Notices that reached nobody")
        # An administrator mends addresses and accounts, and learns nothing of what it was about (CARE 12).
        assert ("E-9QK2F7" in page.text, "question" in page.text) == (who != "Adam", who != "Adam")
        assert "Nora" in page.text
        assert "the mail server refuses this address" in page.text
    # Nora works for the North alone: Cora of the South has nothing to see to, and cannot take note either.
    assert "Every notice arrived." in site.as_("Cora").get("/notices/undelivered").text
    [notice] = outbox(made, state="failed")
    csrf = {"csrf_token": page.find("input[name=csrf_token]").get("value")}
    site.as_("Cora").client.post(f"/notices/{notice.id}/seen", data=csrf)
    assert the(made, notice.id).seen_at is None
    page = site.as_("Carol").get("/notices/undelivered").press("Take note")
    assert "Every notice arrived." in page.text
    row = the(made, notice.id)
    assert (row.state, row.seen_by) == ("failed", made.accounts["Carol"].id)
    assert words_of(made, "Nora")[-1] == "notice.seen"
    site.as_("Pat").get("/notices/undelivered", status=403)


def test_the_list_goes_on_page_by_page(site: Site) -> None:
    made = site.organisation
    is_away(made, "Pat", date(2026, 1, 1), date(2026, 12, 31))
    for number in range(30):
        tells(made, "Pat", cause=str(number), subject_ref=f"C-{number:06d}")
    sends(made, TestPost())
    page = site.as_("Carol").get("/notices/undelivered")
    seen = page.text.count("C-0000")
    page = page.follow("Show more")
    assert seen == 25
    assert page.text.count("C-0000") == 5


def test_the_link_of_a_mail_leads_to_what_it_is_about_and_a_strangers_to_ones_own_list(site: Site) -> None:
    made = site.organisation
    about = tells(made, "Carol", "pack_installed", subject_kind="pack", subject_ref="trim")
    page = site.as_("Carol").client.get(f"/notices/{about}")
    assert page.location == "/packs"
    assert site.as_("Pat").client.get(f"/notices/{about}").location == "/notices"
    assert site.as_("Pat").client.get(f"/notices/{'0' * 32}").location == "/notices"
    assert "/sign-in" in site.stranger().client.get(f"/notices/{about}").location

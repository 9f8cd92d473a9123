"""Robin asks what is held on them: from the request to a locked package that opens with its passphrase (CARE 18)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PasswordType, PdfReader

from tests.page_checks import text_of
from tests.page_client import Page
from tests.support.site import Site
from tests.support.story import Story
from tests.support.trail import broken_chains
from tests.walks.people import AtWork, Coordinator

pytestmark = [pytest.mark.care(18), pytest.mark.usefixtures("pango"), pytest.mark.large_on_postgresql]
SAID = "Her brother Zebedee Quill called the house twice."


@pytest.fixture
def case_ref(site: Site) -> str:
    story = Story(site.organisation)
    ref = story.supported_case()
    site.organisation.later(days=3)
    story.interviews(ref, points=1, notes=SAID, plan="Walk in the evening.")
    return ref


def records(who: AtWork, language: str = "English") -> str:
    """The coordinator records the request, checks the identity and names Lee; gives the reference."""
    page = who.opens("/access-requests").follow("Record an access request")
    assert page.form().submit("Search").errors() == ["Enter a name or a staff number"]
    page = page.form().fill("Name or staff number", "Robin").submit("Search")
    form = page.form()
    form.fill("Whom do you mean?", "Robin Ashe").fill("Who asked?", "The person").fill(
        "How did it come in?", "In person"
    )
    form.fill("When did it come in?", who.now.date()).fill("Language of the package", language)
    page = form.submit("Record the request")
    assert page.errors() == [], page.errors()
    ref = page.path.rsplit("/", 1)[-1]
    page = page.follow("Check who asks")
    page = (
        page.form()
        .fill("How did you check who asks?", "A document with a photograph")
        .submit("The identity is checked")
    )
    page = page.follow("Name who reviews it")
    page = page.form().fill("Who reviews it?", "Lee").submit("Name this reviewer")
    assert "Lee reviews it" in page.text
    return ref


def reads_everything(who: AtWork, ref: str) -> Page:
    """The reviewer reads part after part."""
    while "To read:" in (page := who.opens(f"/access-requests/{ref}/review")).text:
        part = next(row for row in page.find_all("main tbody tr") if "To read:" in text_of(row))
        who.opens(next(part.iter("a")).get("href", "")).press("I have read this part")
    return page


def test_from_the_request_to_the_hand_over(site: Site, coordinator: Coordinator, case_ref: str, tmp_path: Path) -> None:
    lee = AtWork(site, "Lee")
    ref = records(coordinator)
    assert "Waiting for an answer" in coordinator.opens("/access-requests").text
    assert ref in coordinator.opens("/board").text
    assert "You are asked to review an access request" in lee.opens("/notices").text

    page = lee.opens(f"/access-requests/{ref}").follow("Review")
    page = page.follow(f"Support {case_ref}")
    assert SAID in page.text
    interview = next(link for link in page.find_all("main a") if "First interview" in text_of(link))
    page = lee.opens(interview.get("href", ""))
    form = page.form().fill("What goes into the package?", "All but some passages")
    assert form.submit("Save this").errors() != []
    form = page.form().fill("What goes into the package?", "All but some passages")
    form.fill("Which passages stay out?", "brother Zebedee Quark").fill(
        "Why does it stay out?", "It is about another person"
    )
    assert form.submit("Save this").error_at("passages") is not None
    form = page.form().fill("What goes into the package?", "All but some passages")
    form.fill("Which passages stay out?", "brother Zebedee Quill").fill(
        "Why does it stay out?", "It is about another person"
    )
    page = form.submit("Save this")
    assert "Her […] called the house twice." in page.text

    page = reads_everything(lee, ref).press("Finish the review")
    page = page.press("Make the package")
    assert page.h1 == "The package is made"
    found = re.search(r"\b(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\b", page.text)
    assert found is not None
    passphrase = found.group()
    assert passphrase not in lee.opens(f"/access-requests/{ref}").text

    answer = take(lee, ref)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ref}.pdf"'
    locked = answer.data
    assert b"Zebedee" not in locked
    assert b"Robin" not in locked
    assert PdfReader(BytesIO(locked)).decrypt("wrong") == PasswordType.NOT_DECRYPTED
    reader = PdfReader(BytesIO(locked))
    assert reader.decrypt(passphrase) == PasswordType.USER_PASSWORD
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for held in ("What is held on you", "Robin Ashe", "called the house twice", "Walk in the evening", "Pat", case_ref):
        assert held in text, held
    assert "Zebedee" not in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    data = json.loads(reader.attachments["package.json"][0])
    assert data["person"] == "Robin Ashe"
    assert "Zebedee" not in str(data)
    assert passphrase.encode() not in everything_stored(site)

    if shutil.which("pdftotext"):
        (tmp_path / "locked.pdf").write_bytes(locked)
        plain = ["pdftotext", "-upw", passphrase, str(tmp_path / "locked.pdf"), "-"]
        opened = subprocess.run(plain, capture_output=True, check=True)
        assert b"Walk in the evening" in opened.stdout

    page = lee.opens(f"/access-requests/{ref}").follow("Record the hand-over")
    form = page.form().fill("How did you hand it over?", "In person").fill("When?", lee.now.date())
    page = form.submit("It is handed over")
    assert "Handed over" in page.text
    assert "Waiting" not in coordinator.opens("/board").text or ref not in coordinator.opens("/board").text
    assert "An access request was answered" in coordinator.opens("/notices").text
    assert take(lee, ref).status_code == 409
    with site.organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []


def take(who: AtWork, ref: str):  # an answer of Flask's own client
    """Press the button that gives the file."""
    client = who.site.as_(who.name)
    token = client.get("/access-requests").find("input[name=csrf_token]")
    assert token is not None
    return client.client.post(f"/access-requests/{ref}/package", data={"csrf_token": token.get("value")})


def everything_stored(site: Site) -> bytes:
    """Every value of every row, as a dump holds it."""
    from sqlalchemy import select

    from trim.store.tables import metadata

    with site.organisation.backend.reading() as uow:
        return b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in metadata.sorted_tables
            for row in uow.session.execute(select(table))
            for value in row
        )


def test_it_is_overdue_after_a_month_and_says_so(site: Site, coordinator: Coordinator, case_ref: str) -> None:
    ref = records(coordinator)
    assert case_ref
    site.organisation.later(days=33)
    page = coordinator.opens("/access-requests")
    assert "Overdue" in page.text
    assert "Overdue" in coordinator.opens(f"/access-requests/{ref}").text
    assert "Overdue" in coordinator.opens("/board").text
    assert "Take more time" not in coordinator.opens(f"/access-requests/{ref}").text


@pytest.mark.care(10)
def test_nobody_but_the_named_reviewer_opens_the_review(site: Site, coordinator: Coordinator, case_ref: str) -> None:
    ref = records(coordinator)
    assert case_ref
    for path in ("review", "review/about", "hand-over"):
        coordinator.opens(f"/access-requests/{ref}/{path}", status=404)
    for name in ("Pat", "Hana", "Adam", "Ada", "Rita"):
        AtWork(site, name).opens(f"/access-requests/{ref}", status=403)
    assert take(coordinator, ref).status_code == 404


@pytest.mark.care(10)
def test_where_nobody_knows_who_leads_whom_it_is_asked(site: Site, coordinator: Coordinator) -> None:
    site.organisation.add_person("Noor Ash", line_manager_known=False)
    page = coordinator.opens("/access-requests/new")
    page = page.form().fill("Name or staff number", "Noor").submit("Search")
    form = page.form().fill("Whom do you mean?", "Noor Ash").fill("Who asked?", "The person")
    form.fill("How did it come in?", "By letter").fill("When did it come in?", coordinator.now.date())
    page = form.fill("Language of the package", "English").submit("Record the request")
    assert page.h1 == "One question first"
    assert page.form().submit("Answer").errors() != []
    page = page.form().fill("Do you lead this person, or do they lead you?", "Yes").submit("Answer")
    assert "You will not see this request any more" in page.text
    assert page.path == "/access-requests"
    assert "No request is in this list." in page.text


def test_slips_in_recording_are_told_at_their_field(site: Site, coordinator: Coordinator) -> None:
    page = coordinator.opens("/access-requests/new")
    page = page.form().fill("Name or staff number", "Nobody Known").submit("Search")
    assert page.error_at("who") == "Nobody in the directory has this name or number."
    page = page.form().fill("Name or staff number", "Robin").submit("Search")
    page = page.form().submit("Record the request")
    assert len(page.errors()) >= 4
    made = site.organisation
    ref = records(coordinator)
    page = coordinator.opens(f"/access-requests/{ref}/more-time").form().submit("Extend the deadline")
    assert len(page.errors()) == 2
    page = coordinator.opens(f"/access-requests/{ref}/end").form().submit("End this request")
    assert len(page.errors()) == 2
    form = coordinator.opens(f"/access-requests/{ref}/end").form()
    page = (
        form.fill("Why does it end?", "The person takes the request back")
        .fill("In words", "By telephone")
        .submit("End this request")
    )
    assert "Withdrawn" in page.text
    assert made


def test_a_package_in_french_for_a_person_who_reads_french(site: Site, coordinator: Coordinator, case_ref: str) -> None:
    lee = AtWork(site, "Lee")
    ref = records(coordinator, "Français")
    reads_everything(lee, ref).press("Finish the review")
    page = lee.opens(f"/access-requests/{ref}").press("Make the package")
    found = re.search(r"\b(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\b", page.text)
    assert found is not None
    reader = PdfReader(BytesIO(take(lee, ref).data), password=found.group())
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert f"Accompagnement {case_ref}" in text
    assert reader.trailer["/Root"]["/Lang"] == "fr"

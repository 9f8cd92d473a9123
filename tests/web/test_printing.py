"""Every document bears the newest checkpoint of the trail, so that paper is a witness, too."""

from __future__ import annotations

import hashlib
import io

import pytest
from pypdf import PdfReader

from tests.support.site import Site
from tests.support.story import Story
from trim.audit.checkpoint import make_checkpoint, signing_key


@pytest.mark.usefixtures("pango")
def test_a_letter_bears_the_beginning_of_the_hash_of_the_newest_checkpoint(site: Site) -> None:
    story = Story(site.organisation)
    ref = story.plans(story.reports())
    assert ref is not None
    story.is_allocated(story.is_accepted(ref))
    referral = story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]
    story.does("Pat", "record_agreement", referral, kind="referral")
    assert "No trail checkpoint yet" in letter(site, referral)
    assert site.organisation.folder is not None
    key = signing_key(site.organisation.folder / "signing" / "key.pem", create=True)
    with site.organisation.backend.database.writing() as session:
        made = make_checkpoint(session, key, at=site.organisation.now)
    digits = hashlib.sha256(made.text.encode()).hexdigest()[:16].upper()
    assert f"Trail checkpoint 1 · {made.fingerprint}" in letter(site, referral)
    assert made.fingerprint.replace(" ", "") == digits


def letter(site: Site, referral: str) -> str:
    """The text of the first page."""
    page = site.as_("Pat").get(f"/referrals/{referral}")
    token = page.find("form[action$='/letter'] input[name=csrf_token]")
    assert token is not None
    answer = page.client.client.post(f"/referrals/{referral}/letter", data={"csrf_token": token.get("value")})
    assert answer.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()

"""What happens to an organisation over the years leaves its trail whole: erasure, a clock set back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.story import Story
from tests.support.trail import lines
from trim.audit.checkpoint import public_pem, signing_key
from trim.audit.export import export_trail
from trim.audit.verify import verify
from trim.domain.access import system_actor
from trim.domain.errors import KeyDestroyed
from trim.store.tables import ActionRecord, SupportCase
from trim.usecases.oversight.seal_trail import seal_trail


@pytest.fixture
def story(site):
    return Story(site.organisation)


def check(story, *, seal=True):
    """Seal, write out and check, columns compared."""
    made = story.organisation
    key = signing_key(made.folder / "keys" / "checkpoint.key", create=True)
    if seal:
        with made.backend.writing() as uow:
            seal_trail(uow, system_actor("checkpoint"), now=made.now, key=key)
    export, public = made.folder / "trail.txt", made.folder / "trail.pub"
    public.write_bytes(public_pem(key))
    with made.backend.reading() as uow, export.open("wb") as out:
        export_trail(uow.session, out)
    return verify(export, public, columns=True)


def test_erasure_leaves_the_trail_whole_and_nothing_to_guess_by(story):
    """A score of 0 to 20 could be guessed back from a plain digest; with the key gone no guess can be tried."""
    made = story.organisation
    ref = story.supported_case()
    made.later(days=3)
    story.interviews(ref, points=1)
    with made.backend.reading() as uow:
        case = uow.session.scalars(select(SupportCase)).one()
        owner = f"case:{case.id}"
        record = uow.session.scalars(select(ActionRecord).where(ActionRecord.action == "make_offer")).one()
        values = uow.vault.unseal(owner, "action_record", record.id, record.sealed)
        line = next(one for one in lines(uow.session, owner) if one["what"] == "case.make_offer")
        assert uow.vault.digest(owner, values) == line["digests"]["values"]
    assert check(story).is_whole

    made.backend.vault.destroy_key(owner)
    assert check(story, seal=False).is_whole
    assert check(story).is_whole
    with pytest.raises(KeyDestroyed):
        made.backend.vault.digest(owner, values)
    with made.backend.reading() as uow:
        text = json.dumps(lines(uow.session, owner))
    assert line["digests"]["values"] in text
    with pytest.raises(KeyDestroyed):
        made.backend.vault.unseal(owner, "action_record", record.id, record.sealed)


def test_a_clock_that_was_set_back_is_said_where_it_was(story):
    made = story.organisation
    made.later(days=1)
    ref = story.opens_case()
    earlier, made.now = made.now, made.now - timedelta(hours=6)
    story.does("Carol", "make_offer", ref, channel="phone")
    report = check(story)
    assert report.is_whole
    with made.backend.reading() as uow:
        chain = f"case:{uow.session.scalars(select(SupportCase)).one().id}"
    notes = [note for note in report.notes if note.startswith(chain)]
    assert len(notes) == 1
    assert "the clock went backwards" in notes[0]
    assert earlier.isoformat(timespec="microseconds") in notes[0]

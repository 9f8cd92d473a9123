"""The pages of the rules: what a proposed version changes, and a second person's decision (CARE 12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.changed_packs import (
    corrected,
    installs,
    later_follow_up,
    proposes,
    without_actions,
    without_practitioners,
)
from tests.support.organisation import trim_pack
from tests.support.site import Site
from trim.engine.wording import Text

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def test_a_lead_reads_what_changes_and_confirms(site: Site) -> None:
    proposes(site.organisation)
    lee = site.as_("Lee")
    assert "A new version of the rules waits for a second person" in lee.get("/notices").text
    page = lee.get("/packs")
    assert page.h1 == "Rules of the programme"
    page = lee.get(page.link(page.texts("main .trim-card a")[0]))
    assert "Case › Log a contact › who may do it" in page.text
    assert "Now: practitioner, coordinator, programme lead. Then: coordinator, programme lead." in page.text
    page = page.press("Confirm it")
    assert page.h1 == "Rules of the programme"
    assert "New cases begin on it, cases under way keep their rules." in page.text
    assert "Version 2.0, installed on" in page.text
    assert "The rules or words of the programme were changed" in site.as_("Carol").get("/notices").text


@pytest.mark.care(12)
def test_a_version_that_waits_is_counted_where_a_lead_confirms(site: Site) -> None:
    lee = site.as_("Lee")
    assert lee.get("/confirmations").texts("nav .trim-nav__count") == []
    proposes(site.organisation)
    page = lee.get("/confirmations")
    assert [one.partition(" ")[0] for one in page.texts("nav .trim-nav__count")] == ["1"]
    page = page.follow(trim_pack().title.en)
    page.press("Confirm it")
    assert lee.get("/confirmations").texts("nav .trim-nav__count") == []


def test_a_threshold_and_a_new_question_are_said_in_words(site: Site) -> None:
    pack = without_practitioners(trim_pack())
    first = pack.instruments["first_interview"]
    bands = tuple(replace(one, lowest=one.lowest + 1) if number else one for number, one in enumerate(first.bands))
    asked = replace(first.sections[0].items[0], name="sleep", label=Text("Sleep", "Sommeil"))
    sections = (replace(first.sections[0], items=(*first.sections[0].items, asked)), *first.sections[1:])
    changed = replace(first, bands=bands, sections=sections)
    newer = replace(pack, version="2.0", instruments={**pack.instruments, "first_interview": changed}).sealed()
    page = site.as_("Lee").get(f"/packs/{proposes(site.organisation, newer)}")
    assert "Added: “Sleep”" in page.text
    assert "› from Now:" in page.text


def test_times_and_what_goes_are_said_in_words(site: Site) -> None:
    pack = without_actions(later_follow_up(trim_pack(), version="2.0"), "undo_decline")
    page = site.as_("Lee").get(f"/packs/{proposes(site.organisation, pack)}")
    assert "Case › Follow-up interview › the time for it › due Now: 28 days. Then: 40 days." in page.text
    assert "Removed: “The person comes back”; who may do it: coordinator, programme lead;" in page.text
    french = page.press("Français").text.replace("\u00a0", " ")
    assert "Supprimé : « La personne revient » ; qui peut le faire : coordination, direction du programme ;" in french


def test_in_french(site: Site) -> None:
    proposal = proposes(site.organisation)
    with site.organisation.backend.writing() as uow:
        from trim.store import accounts

        account = accounts.by_id(uow.session, site.organisation.accounts["Lee"].id)
        assert account is not None
        account.locale = "fr"
        uow.record(site.organisation.actor("Adam"), site.organisation.now, "account.changed", chain="t", subject="t")
    page = site.as_("Lee").get(f"/packs/{proposal}")
    label = trim_pack().lifecycles["case"].actions["log_contact"].label.fr
    assert f"{label} › qui peut le faire" in page.text
    assert "Ensuite" in page.text


def test_turned_down_and_then_decided(site: Site) -> None:
    proposal = proposes(site.organisation)
    late = site.sign_in("Lee").get(f"/packs/{proposal}")
    page = site.as_("Lee").get(f"/packs/{proposal}").press("Turn it down")
    assert "Turned down. Nothing has changed." in page.text
    page = late.press("Confirm it")
    assert page.errors() == ["This is decided already."]
    assert not page.texts("main form")
    page = late.press("Turn it down")
    assert page.errors() == ["This is decided already."]


def test_what_was_overtaken_is_shown_anew_before_it_is_confirmed(site: Site) -> None:
    proposal = proposes(site.organisation)
    page = site.as_("Lee").get(f"/packs/{proposal}")
    installs(site.organisation, corrected(trim_pack()))
    page = page.press("Confirm it")
    assert page.errors() == ["Another version was installed meanwhile. Read what this one changes now, then decide."]
    assert "Another version came into force since this was proposed" in page.text
    assert "texts › call_now › en" in page.text
    assert "Confirmed." in page.press("Confirm it").text


def test_ones_own_proposal_and_readers_who_do_not_decide(site: Site) -> None:
    own = proposes(site.organisation, by="Lee")
    page = site.as_("Lee").get(f"/packs/{own}")
    assert "a second person, who leads the programme, must confirm it" in page.text
    other = proposes(site.organisation, without_practitioners(trim_pack(), version="2.2"))
    for who in ("Carol", "Ada"):
        page = site.as_(who).get(f"/packs/{other}")
        assert "A programme lead over the whole organisation confirms it or turns it down." in page.text
        assert not page.texts("main form")
    assert site.as_("Lee").client.get("/packs/" + "0" * 32).status_code == 404

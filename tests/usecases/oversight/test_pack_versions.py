"""What changes more than words waits for a second person of the programme (CARE 11, 12)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from types import MappingProxyType

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.changed_packs import (
    corrected,
    installs,
    later_follow_up,
    proposes,
    without_practitioners,
)
from tests.support.organisation import MONDAY, SETUP, Organisation, trim_pack
from tests.support.trail import broken_chains, lines
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound
from trim.engine.definition import Pack
from trim.store.tables import Notice
from trim.usecases.oversight.install_pack import install_pack
from trim.usecases.oversight.pack_versions import (
    ProposedChange,
    confirm_pack,
    list_versions,
    look_at_proposal,
    turn_down_pack,
)
from trim.usecases.people.accounts import deactivate_account

pytestmark = pytest.mark.care(12)


def version(organisation: Organisation) -> str:
    with organisation.backend.reading() as uow:
        return uow.shelf.current(uow.session, "trim")[1].version


def looks(organisation: Organisation, proposal_id: str, who: str = "Lee") -> ProposedChange:
    with organisation.backend.reading() as uow:
        return look_at_proposal(uow, organisation.actor(who), proposal_id=proposal_id)


def confirms(organisation: Organisation, proposal_id: str, who: str = "Lee", shown: str | None = None) -> None:
    shown = shown if shown is not None else looks(organisation, proposal_id).compared_with
    with organisation.backend.writing() as uow:
        confirm_pack(uow, organisation.actor(who), now=organisation.now, proposal_id=proposal_id, shown=shown)


def told(organisation: Organisation, kind: str) -> set[str]:
    names = {account.id: name for name, account in organisation.accounts.items()}
    with organisation.backend.reading() as uow:
        found = uow.session.scalars(select(Notice).where(col(Notice.kind) == kind))
        return {names[one.recipient_id] for one in found}


def trail_of(organisation: Organisation) -> list[dict[str, object]]:
    with organisation.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        return [one for one in lines(uow.session, "organisation") if str(one["what"]).startswith("pack.")]


def test_one_person_alone_changes_nothing_and_a_lead_brings_it_into_force(organisation: Organisation) -> None:
    before = version(organisation)
    proposal = proposes(organisation, by="Adam")
    assert version(organisation) == before
    assert told(organisation, "pack_proposed") == {"Carol", "Lee"}
    change = looks(organisation, proposal)
    (marked,) = [one for one in change.differences if one.access]
    assert str(marked).endswith(
        "log_contact › by: practitioner, coordinator, programme_lead → coordinator, programme_lead"
    )
    assert (change.may_decide, change.is_own, change.is_overtaken) == (True, False, False)
    confirms(organisation, proposal)
    assert version(organisation) == "2.0"
    assert told(organisation, "pack_installed") == {"Carol"}, "and the lead knows"
    _first, proposed, confirmed, installed = trail_of(organisation)
    adam, lee = (organisation.accounts[name].id for name in ("Adam", "Lee"))
    assert (proposed["what"], proposed["actor"], proposed["codes"]["by"]) == ("pack.proposed", SETUP.account_id, adam)
    assert (confirmed["what"], confirmed["actor"]) == ("pack.confirmed", lee)
    assert (installed["what"], installed["codes"]["changes"]) == ("pack.installed", "behaviour")


def test_turned_down_leaves_everything_as_it_is(organisation: Organisation) -> None:
    proposal = proposes(organisation)
    with organisation.backend.writing() as uow:
        turn_down_pack(uow, organisation.actor("Lee"), now=organisation.now, proposal_id=proposal)
    assert version(organisation) == trim_pack().version
    assert trail_of(organisation)[-1]["what"] == "pack.turned_down"
    with pytest.raises(InvalidInput):
        confirms(organisation, proposal)


def test_of_two_leads_who_confirm_at_once_one_is_told_that_it_is_decided(organisation: Organisation) -> None:
    proposal = proposes(organisation)
    organisation.add_account("Lou", Role.PROGRAMME_LEAD)
    shown = looks(organisation, proposal).compared_with
    start = Barrier(2)

    def answer(who: str) -> str:
        actor = organisation.actor(who)
        start.wait(10)
        try:
            with organisation.backend.writing() as uow:
                confirm_pack(uow, actor, now=organisation.now, proposal_id=proposal, shown=shown)
        except InvalidInput as problem:
            return problem.problems["shown"].code
        return "confirmed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, ("Lee", "Lou"))) == ["confirmed", "decided"]
    assert [one["what"] for one in trail_of(organisation)].count("pack.confirmed") == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
class TestWho:
    """Who proposes and who confirms are never one; a pack holds for the whole organisation."""

    def test_a_lead_does_not_confirm_their_own(self, organisation: Organisation) -> None:
        proposal = proposes(organisation, by="Lee")
        change = looks(organisation, proposal)
        assert (change.may_decide, change.is_own) == (False, True)
        with pytest.raises(Forbidden):
            confirms(organisation, proposal)
        organisation.add_account("Lou", Role.PROGRAMME_LEAD)
        confirms(organisation, proposal, "Lou")
        assert version(organisation) == "2.0"

    @pytest.mark.parametrize("who", ["Carol", "Adam", "Ada", "Pat", "Hana", "Rita"])
    def test_nobody_but_a_lead(self, organisation: Organisation, who: str) -> None:
        proposal = proposes(organisation, by="Adam")
        with pytest.raises(Forbidden):
            confirms(organisation, proposal, who)

    def test_a_lead_of_one_unit_or_of_another_programme_is_not_enough(self, organisation: Organisation) -> None:
        proposal = proposes(organisation)
        organisation.add_account("Nora", Role.PROGRAMME_LEAD, unit="North")
        with pytest.raises(Forbidden):
            confirms(organisation, proposal, "Nora")
        lee = organisation.actor("Lee")
        stranger = replace(lee, grants=tuple(replace(one, programme="straw") for one in lee.grants))
        with organisation.backend.writing() as uow, pytest.raises(Forbidden):
            confirm_pack(uow, stranger, now=MONDAY, proposal_id=proposal, shown="")
        assert version(organisation) == trim_pack().version

    def test_a_proposal_is_somebodys_whose_account_is_open(self, organisation: Organisation) -> None:
        pack = without_practitioners(trim_pack())
        with pytest.raises(InvalidInput):
            installs(organisation, pack, by=None)
        with organisation.backend.writing() as uow:
            deactivate_account(uow, SETUP, now=organisation.now, account_id=organisation.accounts["Adam"].id)
        with pytest.raises(InvalidInput):
            installs(organisation, pack, by="Adam")
        with organisation.backend.writing() as uow, pytest.raises(Forbidden):
            install_pack(uow, organisation.actor("Lee"), now=organisation.now, pack=pack)

    def test_who_reads_the_list(self, organisation: Organisation) -> None:
        proposes(organisation)
        for who in ("Carol", "Lee", "Adam", "Ada"):
            with organisation.backend.reading() as uow:
                (one,) = list_versions(uow, organisation.actor(who)).waiting
                assert (one.proposed_by, one.outcome) == ("Adam", None)
        for who in ("Pat", "Hana", "Rita"):
            with organisation.backend.reading() as uow, pytest.raises(Forbidden):
                list_versions(uow, organisation.actor(who))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
class TestOvertaken:
    """What was looked at is what comes into force."""

    def test_another_version_meanwhile_is_shown_before_it_is_confirmed(self, organisation: Organisation) -> None:
        proposal = proposes(organisation)
        shown = looks(organisation, proposal).compared_with
        installs(organisation, corrected(trim_pack()))
        with pytest.raises(InvalidInput):
            confirms(organisation, proposal, shown=shown)
        assert version(organisation) == "1.0.1"
        change = looks(organisation, proposal)
        assert change.is_overtaken
        assert any(one.path[:2] == ("texts", "call_now") for one in change.differences), "it takes the correction back"
        confirms(organisation, proposal)
        assert version(organisation) == "2.0"

    def test_of_a_name_one_waits(self, organisation: Organisation) -> None:
        first = proposes(organisation)
        second = proposes(organisation, without_practitioners(trim_pack(), "raise_escalation", "2.1"))
        with pytest.raises(InvalidInput):
            confirms(organisation, first)
        with organisation.backend.reading() as uow:
            versions = list_versions(uow, organisation.actor("Lee"))
            assert [one.proposal_id for one in versions.waiting] == [second]
            assert [(one.proposal_id, one.outcome) for one in versions.decided] == [(first, "replaced")]

    def test_an_unknown_one_is_not_found(self, organisation: Organisation) -> None:
        with pytest.raises(NotFound):
            looks(organisation, "0" * 32)
        with pytest.raises(NotFound):
            confirms(organisation, "0" * 32, shown="")


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_words_are_in_force_at_once_and_told(organisation: Organisation) -> None:
    assert installs(organisation, corrected(trim_pack()), by=None).outcome == "installed"
    assert told(organisation, "pack_installed") == {"Carol", "Lee"}
    assert installs(organisation, corrected(trim_pack()), by=None).outcome == "same"
    with organisation.backend.reading() as uow:
        versions = list_versions(uow, organisation.actor("Lee"))
        assert (versions.waiting, versions.decided) == ((), ())
    assert [one["codes"]["changes"] for one in trail_of(organisation)] == ["first_of_its_name", "wording"]


def other_band(pack: Pack) -> Pack:
    """The highest band begins a point later: somebody is looked at no more."""
    name, instrument = next((name, one) for name, one in pack.instruments.items() if len(one.bands) > 1)
    low, high = sorted(instrument.bands, key=lambda band: band.highest)[-2:]
    further = {low.name: replace(low, highest=low.highest + 1), high.name: replace(high, lowest=high.lowest + 1)}
    moved = tuple(further.get(one.name, one) for one in instrument.bands)
    instruments = {**pack.instruments, name: replace(instrument, bands=moved)}
    return replace(pack, version="2.0", instruments=MappingProxyType(instruments)).sealed()


@pytest.mark.parametrize("change", [later_follow_up, other_band])
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_decides_waits_even_where_nobody_acts_or_sees_anything_else(
    organisation: Organisation, change: Callable[[Pack], Pack]
) -> None:
    pack = change(trim_pack())
    with pytest.raises(InvalidInput):
        installs(organisation, pack, by=None)
    proposal = proposes(organisation, pack)
    assert version(organisation) == trim_pack().version
    assert [one for one in looks(organisation, proposal).differences if one.access] == []
    confirms(organisation, proposal)
    assert version(organisation) == pack.version

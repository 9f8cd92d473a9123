"""Who may do what with accounts, roles, links and the rota: each verb refuses by itself, whatever page leads to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP
from tests.support.story import Story
from tests.support.trail_lines import lines_of
from trim.domain.access import Role
from trim.domain.errors import Forbidden, InvalidInput, NotFound
from trim.store import accounts
from trim.store.tables import Invitation, RoleGrant
from trim.usecases.oversight.install_pack import change_settings
from trim.usecases.oversight.read_trail import TrailFilter, read_trail
from trim.usecases.oversight.set_up import Beginning, FirstPerson, set_up
from trim.usecases.people import accounts as people_accounts
from trim.usecases.people import confirmations, demonstration, invitations, rota, signing_in, training
from trim.usecases.people.account_lists import account_page, list_accounts
from trim.usecases.people.open_and_invite import NewAccount, open_and_invite, tie_to_person
from trim.usecases.people.units import add_unit

NOBODY = "0" * 32


def does(story: Story, who: str, verb: Callable[..., Any], **values: Any) -> Any:
    """One verb in one transaction, as that account."""
    made = story.organisation
    actor = SETUP if who == "system" else made.actor(who)
    with made.backend.writing() as uow:
        return verb(uow, actor, now=made.now, **values)


def proposes(story: Story, role: Role = Role.PRACTITIONER, unit: str = "North") -> RoleGrant:
    """Adam proposes a role for an account of its own."""
    made = story.organisation
    if "Newcomer" not in made.accounts:
        made.add_account("Newcomer")
    grant: RoleGrant = does(
        story,
        "Adam",
        people_accounts.give_role,
        account_id=made.accounts["Newcomer"].id,
        role=role,
        programme="trim",
        unit_id=made.units[unit].id,
    )
    return grant


def turn(story: Story, **more: Any) -> dict[str, Any]:
    made = story.organisation
    values = {"account_id": made.accounts["Carol"].id, "phone": "112", "from_at": made.now, "programme": "trim"}
    return {**values, "until_at": made.now + timedelta(hours=8), **more}


def training_of(story: Story, name: str, **more: Any) -> dict[str, Any]:
    day = story.organisation.now.date()
    values = {"programme": "trim", "account_id": story.organisation.accounts[name].id, "max_open_cases": 3}
    return {**values, "trained_on": day, "valid_until": day + timedelta(days=365), **more}


@pytest.mark.care(11)
@pytest.mark.parametrize(
    ("who", "verb", "values"),
    [
        ("Lee", list_accounts, {}),
        ("Lee", account_page, {"account_id": NOBODY}),
        ("Lee", people_accounts.open_account, {"email": "a@example.org", "name": "A"}),
        ("Lee", people_accounts.deactivate_account, {"account_id": NOBODY}),
        ("Lee", invitations.invite, {"account_id": NOBODY}),
        ("Lee", tie_to_person, {"account_id": NOBODY, "typed": "Sam Birch"}),
        ("Lee", add_unit, {"name": "West"}),
        ("Carol", confirmations.what_waits, {}),
        ("Hana", rota.look_at_rota, {"programme": "trim"}),
        ("Pat", rota.remove_turn, {"turn_id": NOBODY}),
        ("Pat", training.practitioners, {"programme": "trim"}),
        ("Lee", read_trail, {"wanted": TrailFilter()}),
        ("Adam", change_settings, {"values": {"zone": "UTC"}}),
    ],
)
def test_the_wrong_role_is_refused(story: Story, who: str, verb: Callable[..., Any], values: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        does(story, who, verb, **values)


def test_the_rota_is_kept_by_supervisors_alone(story: Story) -> None:
    for verb in (rota.add_turn, people_accounts.put_on_duty):
        with pytest.raises(Forbidden):
            does(story, "Pat", verb, **turn(story))
    with pytest.raises(Forbidden):
        does(story, "Pat", people_accounts.record_training, **training_of(story, "Pat"))
    with pytest.raises(InvalidInput) as refused:
        does(story, "Carol", rota.add_turn, **turn(story, account_id=story.organisation.accounts["Pat"].id))
    assert "account" in refused.value.problems
    with pytest.raises(NotFound):
        does(story, "Carol", rota.remove_turn, turn_id=NOBODY)


def test_a_turn_to_come_is_dropped_and_one_that_runs_is_ended(story: Story) -> None:
    made = story.organisation
    coming = does(story, "Carol", rota.add_turn, **turn(story, from_at=made.now + timedelta(hours=1)))
    running = does(story, "Carol", rota.add_turn, **turn(story))
    made.later(minutes=30)
    for one in (coming, running):
        does(story, "Carol", rota.remove_turn, turn_id=one.id)
    seen = does(story, "Carol", rota.look_at_rota, programme="trim")
    assert (seen.now, seen.coming, seen.gap_from) == ((), (), made.now)


@pytest.mark.care(12)
def test_a_role_is_confirmed_once_by_a_lead_over_its_unit(story: Story) -> None:
    made = story.organisation
    made.add_account("South Lead", Role.PROGRAMME_LEAD, unit="South")
    grant = proposes(story)
    for who in ("South Lead", "Adam", "Carol"):
        with pytest.raises(Forbidden):
            does(story, who, people_accounts.confirm_role, grant_id=grant.id)
    assert not does(story, "South Lead", confirmations.what_waits).roles
    does(story, "Lee", people_accounts.confirm_role, grant_id=grant.id)
    with pytest.raises(NotFound):
        does(story, "Lee", people_accounts.confirm_role, grant_id=grant.id)


@pytest.mark.care(12)
def test_a_refused_proposal_cannot_come_back(story: Story) -> None:
    grant = proposes(story)
    with pytest.raises(Forbidden):
        does(story, "Carol", people_accounts.end_role, grant_id=grant.id)
    does(story, "Lee", people_accounts.end_role, grant_id=grant.id)
    for verb in (people_accounts.confirm_role, people_accounts.end_role):
        with pytest.raises(NotFound):
            does(story, "Lee", verb, grant_id=grant.id)
    assert lines_of(story.organisation, "Newcomer")[-1]["what"] == "role.refused"


@pytest.mark.care(11)
def test_two_proposals_cannot_slip_past_each_other(story: Story) -> None:
    proposes(story, Role.PRACTITIONER)
    with pytest.raises(InvalidInput):
        proposes(story, Role.HR)


@pytest.mark.care(12)
def test_a_way_back_is_refused_or_confirmed_once_and_never_by_oneself(story: Story) -> None:
    made = story.organisation
    with made.backend.writing() as uow:
        for name in ("Carol", "Lee"):
            account = accounts.by_id(uow.session, made.accounts[name].id)
            assert account is not None
            account.confirmed_at = made.now
            uow.session.add(account)
        uow.record(SETUP, made.now, "test.used", chain="organisation", subject="test")
    assert does(story, "Adam", invitations.invite, account_id=made.accounts["Lee"].id).token is None
    [row] = waiting(story)
    with pytest.raises(InvalidInput):
        does(story, "Lee", invitations.confirm_renewal, invitation_id=row.id)
    with pytest.raises(Forbidden):
        does(story, "Adam", invitations.confirm_renewal, invitation_id=row.id)
    does(story, "Lee", invitations.refuse_renewal, invitation_id=row.id)
    does(story, "Adam", invitations.invite, account_id=made.accounts["Carol"].id)
    [row] = [one for one in waiting(story) if one.refused_at is None]
    link = does(story, "Lee", invitations.confirm_renewal, invitation_id=row.id)
    assert link.token
    for verb in (invitations.confirm_renewal, invitations.refuse_renewal):
        with pytest.raises(NotFound):
            does(story, "Lee", verb, invitation_id=row.id)


def waiting(story: Story) -> list[Invitation]:
    with story.organisation.backend.reading() as uow:
        return list(uow.session.scalars(select(Invitation)))


def test_nobody_is_invited_who_is_not_there(story: Story) -> None:
    made = story.organisation
    does(story, "Adam", people_accounts.deactivate_account, account_id=made.accounts["Quinn"].id)
    with pytest.raises(InvalidInput):
        does(story, "Adam", invitations.invite, account_id=made.accounts["Quinn"].id)
    for verb in (invitations.invite, people_accounts.deactivate_account, account_page):
        with pytest.raises(NotFound):
            does(story, "Adam", verb, account_id=NOBODY)
    with pytest.raises(NotFound):
        does(story, "Adam", people_accounts.deactivate_account, account_id=made.accounts["Quinn"].id)
    with pytest.raises(NotFound):
        does(story, "Adam", tie_to_person, account_id=NOBODY, typed="Sam Birch")
    with pytest.raises(NotFound):
        does(
            story,
            "Adam",
            people_accounts.give_role,
            account_id=NOBODY,
            role=Role.REPORTER,
            programme="trim",
            unit_id=made.units["North"].id,
        )


def test_a_new_account_needs_a_unit_that_is_there(story: Story) -> None:
    wanted = NewAccount(name="Nora", email="nora@example.org", role=Role.REPORTER, unit_id=NOBODY)
    with pytest.raises(InvalidInput) as refused:
        does(story, "Adam", open_and_invite, wanted=wanted, programme="trim")
    assert set(refused.value.problems) == {"unit"}
    with story.organisation.backend.reading() as uow:
        assert accounts.by_email(uow.session, "nora@example.org") is None


def test_two_people_of_one_name_are_told_apart_by_number(story: Story) -> None:
    made = story.organisation
    for number in ("1001", "1002"):
        made.add_person("Alex Moor", staff_number=number)
    rita = made.accounts["Rita"].id
    with pytest.raises(InvalidInput) as refused:
        does(story, "Adam", tie_to_person, account_id=rita, typed="Alex Moor")
    assert refused.value.problems["staff_number"].code == "several_of_this_name"
    assert does(story, "Adam", tie_to_person, account_id=rita, typed="1002").staff_number == "1002"


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"trained_on": date(2027, 1, 1), "valid_until": date(2028, 1, 1)}, "trained_on"),
        ({"valid_until": date(2020, 1, 1)}, "valid_until"),
        ({"max_open_cases": 51}, "max_open_cases"),
    ],
)
def test_training_that_cannot_be_is_refused(story: Story, more: dict[str, Any], at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        does(story, "Carol", training.train, **training_of(story, "Pat", **more))
    assert set(refused.value.problems) == {at}


def test_training_is_recorded_for_ones_own_practitioners(story: Story) -> None:
    made = story.organisation
    made.add_account("Southern", Role.PRACTITIONER, unit="South")
    assert [one.name for one in does(story, "Carol", training.practitioners, programme="trim")] == ["Pat", "Quinn"]
    with pytest.raises(NotFound):
        does(story, "Carol", training.train, **training_of(story, "Southern"))
    does(story, "Lee", training.train, **training_of(story, "Southern"))


def test_credentials_of_nobody_cannot_change(story: Story) -> None:
    made = story.organisation
    with made.backend.writing() as uow, pytest.raises(NotFound):
        signing_in.change_credentials(uow, NOBODY, now=made.now, changes={"password": "x"})
    with pytest.raises(NotFound):
        does(story, "system", signing_in.change_own_settings, locale="fr", phone=None)


@pytest.mark.care(34)
def test_only_a_demonstration_has_sign_ins_for_visitors(story: Story) -> None:
    one = {"role": "hr", "name": "Hana", "email": "hana@example.org", "password": "x"}
    does(story, "system", change_settings, values={demonstration.SETTING: [one]})
    made = story.organisation
    with made.backend.reading() as uow:
        assert demonstration.demonstration_sign_ins(uow) == []
    does(story, "system", change_settings, values={"demonstration": True})
    with made.backend.reading() as uow:
        assert [found.name for found in demonstration.demonstration_sign_ins(uow)] == ["Hana"]


def test_an_organisation_is_set_up_once(story: Story) -> None:
    from tests.support.organisation import trim_pack

    two = {"administrator": FirstPerson("A", "a@example.org"), "lead": FirstPerson("B", "b@example.org")}
    with pytest.raises(InvalidInput):
        does(story, "system", set_up, beginning=Beginning("Again", "UTC", **two), packs=[trim_pack()])

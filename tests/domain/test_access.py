"""Roles and what they may do: one table, narrow by default."""

from __future__ import annotations

import pytest

from trim.domain.access import (
    APART_ROLES,
    CONTENT_ROLES,
    PERMISSIONS,
    Actor,
    Can,
    Grant,
    Role,
    forbidden_pair,
    system_actor,
)

READS_CONTENT = {Can.WORK_OWN_CASES, Can.OVERSEE_CASES, Can.DECIDE_ESCALATION, Can.PLAN, Can.SEARCH_PEOPLE}


def held(role: Role, *units: str, programme: str = "trim") -> Grant:
    return Grant(role, programme, units[0], frozenset(units))


@pytest.mark.care(11)
@pytest.mark.parametrize("role", sorted(APART_ROLES))
def test_hr_administrator_and_auditor_hold_nothing_that_reads_content(role):
    assert not PERMISSIONS[role] & READS_CONTENT


@pytest.mark.care(11)
@pytest.mark.parametrize("apart", sorted(APART_ROLES))
@pytest.mark.parametrize("content", sorted(CONTENT_ROLES))
def test_they_never_stand_beside_a_role_that_reads_content(apart, content):
    assert forbidden_pair([apart, content]) == (apart, content)
    assert forbidden_pair([content, Role.REPORTER]) is None


def test_every_role_has_a_line_in_the_table():
    assert set(PERMISSIONS) == set(Role)


def test_a_grant_counts_only_over_its_units():
    actor = Actor("a", "Carol", grants=(held(Role.COORDINATOR, "north", "pier"), held(Role.REPORTER, "south")))
    assert actor.can(Can.OVERSEE_CASES)
    assert actor.can(Can.OVERSEE_CASES, "pier")
    assert not actor.can(Can.OVERSEE_CASES, "south")
    assert actor.can(Can.REPORT_INCIDENT, "south")
    assert actor.units_where(Can.PLAN) == {"north", "pier"}
    assert actor.roles_over("south") == {Role.REPORTER}
    assert actor.roles == {Role.COORDINATOR, Role.REPORTER}


def test_nobody_without_a_grant_may_do_anything():
    stranger = Actor("a", "Nobody")
    assert not any(stranger.can(permission) for permission in Can)
    assert stranger.units_where(Can.PLAN) == frozenset()


def test_the_system_acts_without_grants():
    actor = system_actor("sweep")
    assert actor.is_system
    assert actor.account_id == "system:sweep"
    assert not actor.can(Can.PLAN)

"""The table of who sees and who changes what: whole, and nothing beside it decides otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trim.domain import confidentiality
from trim.domain.access import APART_ROLES, PERMISSIONS, STANDS_FOR, Can, Role
from trim.domain.confidentiality import ACTING, CONTENT_ROLES, MEANINGS, OVERSEERS, TABLE, Reader
from trim.domain.vocabulary import VOCABULARY


def test_every_field_stands_in_the_table_once():
    names = [(row.record, row.field) for row in TABLE]
    assert len(names) == len(set(names))
    columns = [column for row in TABLE for column in row.columns]
    assert len(columns) == len(set(columns))
    assert set(MEANINGS) == set(Reader)


@pytest.mark.care(11)
def test_hr_administrator_and_auditor_see_and_change_nothing_that_is_sealed():
    for row in confidentiality.content():
        assert not confidentiality.roles_in(row.sees | row.changes) & APART_ROLES, row


@pytest.mark.care(11)
def test_beside_what_is_sealed_they_see_nothing_of_a_case_an_incident_or_its_erasure():
    rooms = {"case", "interview", "escalation", "referral", "agreed_step", "incident", "notice"}
    hidden = [row for row in TABLE if row.record in rooms or (row.record == "retention" and row.field != "periods")]
    assert len(hidden) > 40
    for row in hidden:
        assert not confidentiality.roles_in(row.sees | row.changes) & APART_ROLES, row


@pytest.mark.care(9)
def test_a_reporter_sees_of_an_incident_only_the_report_they_write_and_that_it_is_known():
    seen = {(row.record, row.field) for row in TABLE if Reader.REPORTER in row.sees and row.record == "incident"}
    assert seen == {("incident", "report"), ("incident", "known")}


@pytest.mark.care(24)
def test_who_is_asked_to_support_sees_name_unit_and_kind_of_incident_and_nothing_else_of_a_case():
    rooms = {"case", "interview", "escalation", "referral", "agreed_step", "incident"}
    seen = {(row.record, row.field) for row in TABLE if Reader.ASKED in row.sees and row.record in rooms}
    assert seen == {("case", "person"), ("case", "offered"), ("case", "answer_to_offer"), ("incident", "kind")}


def test_whoever_changes_sealed_content_sees_it_but_reporters_and_what_no_page_shows():
    for row in confidentiality.content():
        blind = row.changes - row.sees - {Reader.TRIM}
        assert not blind or row.sees == confidentiality.NOBODY or row.record == "incident", row


def test_permissions_are_read_out_of_the_table():
    assert set(STANDS_FOR) == set(Can)
    for role, permissions in PERMISSIONS.items():
        for can in Can:
            side, record, field = STANDS_FOR[can]
            assert (can in permissions) == (role in side(record, field))
    assert {Role.PRACTITIONER, Role.COORDINATOR, Role.PROGRAMME_LEAD} == CONTENT_ROLES
    assert {Role.COORDINATOR, Role.PROGRAMME_LEAD} == OVERSEERS


def test_the_practitioner_who_supports_alone_writes_an_interview_and_the_lead_alone_confirms_and_sets_periods():
    assert confidentiality.changes("interview", "draft") == {Role.PRACTITIONER}
    assert confidentiality.changes("account", "confirmation") == {Role.PROGRAMME_LEAD}
    assert confidentiality.changes("retention", "periods") == {Role.PROGRAMME_LEAD}


def test_a_pack_gives_an_action_to_nobody_whom_the_table_does_not_let_act():
    assert VOCABULARY.acting == ACTING
    assert ACTING["incident"] == {"coordinator", "programme_lead"}
    assert ACTING["referral"] == {"practitioner", "coordinator", "programme_lead"}
    assert ACTING["case"] == {"practitioner", "coordinator", "programme_lead", "person"}


def test_an_unknown_field_is_an_error_and_no_sight():
    with pytest.raises(KeyError):
        confidentiality.sees("case", "shoe_size")
    assert not replace(TABLE[0], columns=()).is_content

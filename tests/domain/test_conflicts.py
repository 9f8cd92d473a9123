"""Conflict rules: the same for every role that reads content (CARE 10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trim.domain.conflicts import Conflict, Tie, conflicts, forbids

pytestmark = pytest.mark.care(10)

CLEAR = Tie(
    staff_person_id="pat",
    staff_manager_id="morgan",
    subject_person_id="robin",
    subject_manager_id="mel",
    subject_manager_known=True,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"staff_person_id": "robin"}, [Conflict.OWN_CASE]),
        ({"subject_manager_id": "pat"}, [Conflict.LINE_MANAGER]),
        ({"staff_manager_id": "robin"}, [Conflict.DIRECT_REPORT]),
        ({"exposed_to_same_incident": True}, [Conflict.SAME_INCIDENT]),
        ({"excluded_by_person": True}, [Conflict.NOT_THIS_PERSON]),
        ({"declared_conflict": True}, [Conflict.LINE_MANAGER]),
        ({"declared_conflict": True, "subject_manager_id": "pat"}, [Conflict.LINE_MANAGER]),
        ({"declared_conflict": True, "staff_person_id": None}, [Conflict.LINE_MANAGER]),
        ({"staff_person_id": None, "staff_manager_id": None}, []),
        (
            {"staff_manager_id": "robin", "exposed_to_same_incident": True},
            [Conflict.DIRECT_REPORT, Conflict.SAME_INCIDENT],
        ),
    ],
)
def test_each_tie_that_keeps_somebody_away(change, expected):
    found = conflicts(replace(CLEAR, **change))
    assert found == expected
    assert forbids(found) == bool(expected)


def test_an_unknown_line_manager_means_ask():
    unknown = replace(CLEAR, subject_manager_id=None, subject_manager_known=False)
    assert conflicts(unknown) == [Conflict.LINE_MANAGER_UNKNOWN]
    assert not forbids(conflicts(unknown))
    assert conflicts(replace(unknown, declared_clear=True)) == []


def test_a_known_absence_of_a_manager_is_clear():
    assert conflicts(replace(CLEAR, subject_manager_id=None)) == []

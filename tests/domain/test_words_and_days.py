"""References, days and quarters, and the organisation's settings."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.domain import calendar
from trim.domain.errors import InvalidInput, NotAllowedNow, Reason
from trim.domain.incident import ExposedPerson, IncidentReport, check
from trim.domain.organisation import from_settings
from trim.domain.references import ALPHABET, normalised, reference

PARIS = ZoneInfo("Europe/Paris")
CHOICES = {name: frozenset({"x"}) for name in ("kind", "source", "severity", "exposure")}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(st.binary(min_size=7, max_size=7))
def test_a_reference_survives_being_read_out_and_typed(randomness):
    ref = reference("C", randomness)
    assert set(ref[2:]) <= set(ALPHABET)
    assert normalised(ref.lower()) == ref
    assert normalised(" " + ref.replace("0", "O").replace("1", "l") + " ") == ref


def test_a_quarter_is_the_finest_time_of_a_fact():
    assert calendar.quarter(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-Q1"
    assert calendar.quarter(datetime(2026, 12, 31, tzinfo=UTC)) == "2026-Q4"


def test_days_begin_in_the_zone_of_the_organisation():
    spring = date(2026, 3, 29)
    assert calendar.start_of_day(spring, PARIS) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert calendar.end_of_day(spring, PARIS) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert calendar.assumed_instant(spring, PARIS) == datetime(2026, 3, 29, 10, tzinfo=UTC)


def report(**more):
    values = {
        "programme": "trim",
        "unit_id": "u",
        "kind": "x",
        "source": "x",
        "severity": "x",
        "occurred_on": date(2026, 3, 1),
    }
    return IncidentReport(**{**values, **more})


def test_a_time_nobody_noted_is_assumed_to_be_noon():
    assert report().occurred_at(PARIS) == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert report(occurred_time=time(23, 30)).occurred_at(PARIS) == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"occurred_on": date(2026, 3, 3)}, "occurred_on", "in_future"),
        ({"occurred_on": date(2026, 3, 2), "occurred_time": time(23, 0)}, "occurred_on", "in_future"),
        ({"occurred_on": date(1926, 3, 2)}, "occurred_on", "too_old"),
        ({"description": "x" * 501}, "description", "too_long"),
        ({"place": "x" * 201}, "place", "too_long"),
        ({"kind": "y"}, "kind", "not_a_choice"),
        ({"source": ""}, "source", "not_a_choice"),
        ({"severity": "y"}, "severity", "not_a_choice"),
        ({"exposed": (ExposedPerson(exposure="y"),)}, "exposed-0-exposure", "not_a_choice"),
    ],
)
def test_a_report_that_cannot_be_taken_says_why_at_its_field(more, field, code):
    with pytest.raises(InvalidInput) as caught:
        check(report(**more), now=NOON, zone=PARIS, choices=CHOICES)
    assert caught.value.problems[field].code == code


def test_a_good_report_passes():
    check(report(exposed=(ExposedPerson(exposure="x"),)), now=NOON, zone=PARIS, choices=CHOICES)


def test_reasons_speak_the_language_of_the_reader():
    reason = Reason("code", "English", "Français")
    assert reason.of("fr_CA") == "Français"
    assert reason.of("en") == "English"
    assert NotAllowedNow([reason]).codes == ["code"]


def test_an_organisation_without_settings_has_defaults():
    assert from_settings({}).zone == ZoneInfo("UTC")
    assert not from_settings({}).demonstration
    full = from_settings({"zone": "Europe/Paris", "crisis_lines": [{"label": "SAMU", "phone": "15"}]})
    assert full.crisis_lines[0].phone == "15"
    assert full.zone == PARIS

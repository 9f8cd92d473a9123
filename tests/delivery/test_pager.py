"""Calls to a pager service over a real connection: signed, encrypted, patient for a moment only."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.pager_service import PagerService, pager_service, trusting
from trim.delivery.outlets import outlets
from trim.delivery.pager import Call, CallRefused, NotPaged, WebhookPager
from trim.settings import Settings, UnusableSetting

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
SECRET = "tide-table-of-the-north-harbour-0123"
CALL = Call("0f" * 16, "+44 1632 960001", "Urgent: please sign in now and look at E-9QK2F7", "E-9QK2F7")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PagerService]:
    with pager_service(tmp_path) as made:
        yield made


def pager_of(service: PagerService) -> WebhookPager:
    return WebhookPager(service.url, SECRET, patience=0.3)


def test_a_call_says_number_text_and_reference_and_is_signed(service: PagerService) -> None:
    pager_of(service).send(CALL, now=NOW)
    assert service.calls == [
        {
            "path": "/hook?room=3",
            "id": CALL.id,
            "to": CALL.number,
            "text": CALL.text,
            "reference": CALL.reference,
        }
    ]
    [headers], [body] = service.headers, service.bodies
    assert headers["Idempotency-Key"] == CALL.id
    assert headers["Trim-Timestamp"] == "1772417700"
    # As a receiver would reckon it, from what is written in the docs.
    expected = hmac.new(SECRET.encode(), b"1772417700." + body, hashlib.sha256).hexdigest()
    assert headers["Trim-Signature"] == f"v1={expected}"
    assert json.loads(body)["to"] == CALL.number
    assert SECRET not in str(headers)


@pytest.mark.parametrize(
    ("mood", "problem", "for_good"),
    [
        (500, "refused_500", False),
        (429, "refused_429", False),
        (401, "refused_401", False),
        (400, "refused_400", True),
        (410, "refused_410", True),
        ("hang", "no_answer", False),
        ("drop", "hung_up", False),
        ("elsewhere", "refused_307", False),
    ],
)
def test_what_is_no_yes_is_a_no_with_its_reason(
    service: PagerService, mood: int | str, problem: str, for_good: bool
) -> None:
    service.moods = [mood]
    with pytest.raises(NotPaged) as caught:
        pager_of(service).send(CALL, now=NOW)
    assert caught.value.problem == problem
    assert isinstance(caught.value, CallRefused) == for_good
    assert service.calls == []
    assert SECRET not in str(caught.value)
    assert CALL.number not in str(caught.value)
    # And the next one goes: 500, then 200.
    pager_of(service).send(CALL, now=NOW)
    assert len(service.calls) == 1


def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    with pager_service(tmp_path, tls=True) as service:
        with pytest.raises(NotPaged) as caught:
            WebhookPager(service.url, SECRET, patience=0.5).send(CALL, now=NOW)
        assert caught.value.problem == "bad_certificate"
        assert service.calls == []
        WebhookPager(service.url, SECRET, patience=0.5, trust=trusting(service)).send(CALL, now=NOW)
        assert len(service.calls) == 1


def test_nobody_there_is_a_no(tmp_path: Path) -> None:
    with pager_service(tmp_path) as service:
        gone = pager_of(service)
    with pytest.raises(NotPaged) as caught:
        gone.send(CALL, now=NOW)
    assert caught.value.problem == "nobody_there"


def test_without_encryption_no_other_machine_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("http.client.HTTPConnection.request", lambda *_: pytest.fail("called in clear"))
    with pytest.raises(CallRefused, match="without encryption"):
        WebhookPager("http://sms.example.org/hook", SECRET).send(CALL, now=NOW)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TRIM_PAGER_URL": "http://sms.example.org/hook", "TRIM_PAGER_SECRET": SECRET}, "TRIM_PAGER_URL"),
        ({"TRIM_PAGER_URL": "ftp://localhost/hook", "TRIM_PAGER_SECRET": SECRET}, "TRIM_PAGER_URL"),
        ({"TRIM_PAGER_URL": "https://sms.example.org/hook"}, "TRIM_PAGER_SECRET"),
        ({"TRIM_PAGER_URL": "https://sms.example.org/hook", "TRIM_PAGER_SECRET": "short"}, "TRIM_PAGER_SECRET"),
    ],
)
def test_settings_that_would_be_unsafe_are_refused_without_repeating_them(environ: dict[str, str], name: str) -> None:
    with pytest.raises(UnusableSetting) as caught:
        Settings.from_environment(environ)
    assert caught.value.name == name
    assert not [value for value in environ.values() if value in str(caught.value)]


def test_secrets_stand_in_no_log_and_no_picture_of_the_settings(
    service: PagerService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = Settings.from_environment(
        {"TRIM_PAGER_URL": service.url, "TRIM_PAGER_SECRET": SECRET, "TRIM_SMTP_URL": "smtp://trim:harbour@127.0.0.1"}
    )
    made = outlets(found, demonstration=False)
    assert made.pager is not None
    made.pager.send(CALL, now=NOW)
    assert len(service.calls) == 1
    for shown in (repr(found), repr(made), caplog.text):
        assert SECRET not in shown
        assert "harbour" not in shown


def test_a_demonstration_reaches_nobody(tmp_path: Path) -> None:
    environ = {
        "TRIM_INSTANCE": str(tmp_path),
        "TRIM_PAGER_URL": "https://sms.example.org/hook",
        "TRIM_PAGER_SECRET": SECRET,
        "TRIM_SMTP_URL": "smtps://mail.example.org",
    }
    made = outlets(Settings.from_environment(environ), demonstration=True)
    assert made.pager is None
    assert type(made.post).__name__ == "FolderPost"
    real = outlets(Settings.from_environment(environ), demonstration=False)
    assert type(real.post).__name__ == "SmtpPost"
    assert real.pager is not None

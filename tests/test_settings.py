"""Settings are one frozen value with safe defaults; the session secret is made, never given."""

from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trim.settings import Settings, UnusableSetting, session_secret


def settings_in(folder: Path, **environ: str) -> Settings:
    return Settings.from_environment({"TRIM_INSTANCE": str(folder), **environ})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_empty_environment_serves_this_machine_only_from_the_embedded_database() -> None:
    settings = Settings.from_environment({})
    assert settings.instance == Path.cwd() / "instance"
    assert settings.database_url == f"sqlite:///{Path.cwd()}/instance/trim.sqlite3"
    assert settings.owner_database_url == settings.database_url
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert not settings.secure_cookies


def test_settings_cannot_be_changed_after_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings_in(tmp_path).port = 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_means_the_locked_driver(tmp_path: Path, scheme: str) -> None:
    settings = settings_in(tmp_path, TRIM_DATABASE_URL=f"{scheme}://app@db/trim")
    assert settings.database_url == "postgresql+psycopg://app@db/trim"
    assert settings.owner_database_url == settings.database_url


def test_the_owner_of_the_tables_can_be_another_role(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path, TRIM_DATABASE_URL="postgresql://app@db/trim", TRIM_DATABASE_OWNER_URL="postgresql://owner@db/trim"
    )
    assert settings.owner_database_url == "postgresql+psycopg://owner@db/trim"


def test_an_https_address_makes_cookies_secure_and_loses_its_last_slash(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, TRIM_BASE_URL="https://support.example.org/")
    assert settings.base_url == "https://support.example.org"
    assert settings.secure_cookies
    assert not settings_in(tmp_path, TRIM_BASE_URL="https://a.example", TRIM_SECURE_COOKIES="0").secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０００"),
        ("TRIM_DATABASE_URL", "mysql://app:hunter2@db/trim"),
        ("TRIM_DATABASE_URL", "trim.sqlite3"),
        ("TRIM_BASE_URL", "support.example.org"),
        ("TRIM_SECURE_COOKIES", "perhaps"),
    ],
)
def test_an_unusable_value_is_named_with_its_cure(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UnusableSetting) as problem:
        settings_in(tmp_path, **{name: value})
    assert problem.value.name == name
    assert problem.value.cure
    assert "hunter2" not in str(problem.value)


def test_the_session_secret_is_made_once_and_private(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "new")
    secret = session_secret(settings)
    assert len(secret) >= 64
    assert session_secret(settings) == secret
    assert mode(settings.session_key_file) == 0o600
    assert mode(settings.keys_dir) == 0o700
    assert session_secret(settings_in(tmp_path / "other")) != secret


def test_processes_that_start_at_once_agree_on_the_session_secret(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(session_secret, [settings] * 32))
    assert len(secrets) == 1
    assert [path.name for path in settings.keys_dir.iterdir()] == ["session.key"]


def test_a_damaged_session_key_is_refused_and_not_used(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    session_secret(settings)
    settings.session_key_file.write_text("")
    with pytest.raises(UnusableSetting, match="Delete the file"):
        session_secret(settings)


def test_mails_are_files_until_a_server_is_named(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, TRIM_BASE_URL="https://support.example.org")
    assert settings.smtp_url is None
    assert settings.sender == "trim@support.example.org"
    named = settings_in(tmp_path, TRIM_SMTP_URL="smtps://u:p@mail.example.org", TRIM_MAIL_FROM="support@example.org")
    assert (named.smtp_url, named.sender) == ("smtps://u:p@mail.example.org", "support@example.org")
    assert named.private_sender == "no-reply@example.org"
    named = settings_in(tmp_path, TRIM_MAIL_FROM="Peer support <support@example.org>")
    assert named.private_sender == "no-reply@example.org"
    named = settings_in(tmp_path, TRIM_PRIVATE_MAIL_FROM="post@example.com")
    assert named.private_sender == "post@example.com"
    for wrong in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org:tide"):
        with pytest.raises(UnusableSetting, match="TRIM_SMTP_URL") as refused:
            settings_in(tmp_path, TRIM_SMTP_URL=wrong)
        assert "tide" not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:25", "[::1]:25"])
def test_a_relay_on_this_machine_may_be_spoken_to_in_clear(tmp_path: Path, host: str) -> None:
    url = f"smtp://{host}?starttls=no"
    assert settings_in(tmp_path, TRIM_SMTP_URL=url).smtp_url == url


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.org?starttls=no",
        "smtp://localhost.example.org?starttls=no",
        "smtp://127.0.0.1.example.org:25?starttls=no",
        "smtps://localhost?starttls=no",
        "smtp://localhost?starttls=never",
        "smtp://localhost?starttls=no&starttls=no",
        "smtp://localhost/?tls=no",
        "smtp://trim:tide@mail.example.org#starttls=no",
    ],
)
def test_no_other_machine_is_and_what_means_nothing_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnusableSetting, match="TRIM_SMTP_URL") as refused:
        settings_in(tmp_path, TRIM_SMTP_URL=url)
    assert "tide" not in str(refused.value)


def test_how_long_a_screen_may_lie_open_and_who_stands_in_front(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert (settings.idle_minutes, settings.proxies) == (30, 0)
    settings = settings_in(tmp_path, TRIM_IDLE_MINUTES="10", TRIM_PROXIES="1")
    assert (settings.idle_minutes, settings.proxies) == (10, 1)


@pytest.mark.parametrize(
    ("name", "value"), [("TRIM_IDLE_MINUTES", "0"), ("TRIM_IDLE_MINUTES", "half"), ("TRIM_PROXIES", "9")]
)
def test_a_number_out_of_its_range_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UnusableSetting, match="whole number"):
        settings_in(tmp_path, **{name: value})

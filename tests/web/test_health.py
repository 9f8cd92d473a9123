"""The health page answers without an account, and says when the database does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.databases import DatabaseUrls
from trim.app import create_app
from trim.settings import Settings
from trim.store.database import make_engine
from trim.vault.vault import Vault


def test_it_answers_anybody_and_notices_a_lost_database(
    database_urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault(tmp_path / "keys", create=True)
    app = create_app(
        Settings.from_environment({"TRIM_INSTANCE": str(tmp_path), "TRIM_DATABASE_URL": database_urls.url})
    )
    backend = app.extensions["trim"].backend
    client = app.test_client()
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers, "whoever watches the server needs no session"

    backend.close()
    if database_urls.is_sqlite:
        (tmp_path / "instance" / "trim.sqlite3").rename(tmp_path / "gone")
        (tmp_path / "instance" / "trim.sqlite3").mkdir()
    else:
        elsewhere = database_urls.url.replace("/trim_test", "/gone_test")
        monkeypatch.setattr(backend.database, "engine", make_engine(elsewhere))
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "database does not answer"})
    backend.close()

"""Headers that keep other sites, caches and scripts away."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import Headers


def headers_of(app: Flask, path: str, base_url: str | None = None) -> Headers:
    """The headers of an answer, its file closed."""
    with app.test_client().get(path, base_url=base_url) as answer:
        return answer.headers


@pytest.mark.parametrize("path", ["/form", "/problem/missing", "/problem/failure", "/static/css/trim.css", "/nowhere"])
def test_every_answer_has_them(gallery_app: Flask, path: str) -> None:
    headers = headers_of(gallery_app, path)
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"form-action 'self'", "base-uri 'none'", "connect-src 'self'", "font-src 'self'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/form", "/problem/missing", "/problem/failure"])
def test_no_cache_keeps_a_page(gallery_app: Flask, path: str) -> None:
    assert headers_of(gallery_app, path)["Cache-Control"] == "no-store"


def test_a_static_file_with_its_version_is_kept_for_good_and_one_without_is_checked(gallery_app: Flask) -> None:
    assert "immutable" in headers_of(gallery_app, "/static/css/trim.css?v=1")["Cache-Control"]
    assert headers_of(gallery_app, "/static/js/govuk-frontend.js")["Cache-Control"] == "no-cache"


def test_a_missing_static_file_is_not_kept(gallery_app: Flask) -> None:
    assert "immutable" not in headers_of(gallery_app, "/static/none.css?v=1")["Cache-Control"]


def test_only_a_secure_connection_is_pinned(gallery_app: Flask) -> None:
    assert "Strict-Transport-Security" not in headers_of(gallery_app, "/form")
    assert "Strict-Transport-Security" in headers_of(gallery_app, "/form", "https://localhost")


def test_the_pages_name_their_static_files_with_a_version(gallery_app: Flask) -> None:
    html = gallery_app.test_client().get("/form").get_data(as_text=True)
    assert "css/trim.css?v=" in html
    assert "js/trim.js?v=" in html

"""Whatever the worker does has words on the page of the background work, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.web.gallery import make_gallery
from trim.jobs.tasks import DAILY, EVERY_TICK
from trim.web.jobs_words import job_words


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_gallery()


@pytest.mark.parametrize("name", [*EVERY_TICK, *DAILY])
def test_every_job_has_its_words(app: Flask, name: str) -> None:
    told = []
    for language in ("en", "fr"):
        with app.test_request_context("/"), force_locale(language):
            told.append(job_words(name))
    assert name not in told
    assert told[0] != told[1]

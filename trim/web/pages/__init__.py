"""All pages: one blueprint a room, listed once."""

from __future__ import annotations

from flask import Blueprint

from trim.web.pages import health, language, start


def blueprints() -> list[Blueprint]:
    """Every blueprint of the application."""
    return [
        health.bp,
        language.bp,
        start.bp,
    ]

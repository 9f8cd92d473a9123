"""Turns away an address with a NUL in it before any database sees it: none of ours holds one, and PostgreSQL fails on
it where SQLite finds nothing."""

from __future__ import annotations

from flask import Flask, abort, request

NUL = "\0"


def init_made_up(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request(turn_away)


def turn_away() -> None:
    """404 for a NUL in the path or in what is asked after it. What was typed into a form is left to the form."""
    if NUL in request.path or any(NUL in one for one in request.args.values()):
        abort(404)

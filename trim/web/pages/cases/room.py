"""The blueprint of the pages about one case."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("cases", __name__)

"""The blueprint of the pages about incidents."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("incidents", __name__)

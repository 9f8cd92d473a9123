"""The template environment: where templates lie, and the few functions that every template may call."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from trim.resources import static_dir, templates_dir
from trim.statistics.shown.numerals import numeral, signed
from trim.web.due import due_state
from trim.web.forms.base import error_target
from trim.web.forms.rendering import choice_items, control_attributes, field_kind, input_type, is_optional
from trim.web.i18n import language, of_text
from trim.web.programme import of_programme
from trim.web.role_names import role_name, role_title


def init_templating(app: Flask) -> None:
    """Find our templates first, then the macros of govuk-frontend; add our functions."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(templates_dir()),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        static=static,
        choice_items=choice_items,
        control_attributes=control_attributes,
        field_kind=field_kind,
        input_type=input_type,
        is_optional=is_optional,
        error_target=error_target,
        due_state=due_state,
        role_name=role_name,
        role_title=role_title,
        of_programme=of_programme,
    )
    app.jinja_env.filters["words"] = of_text
    app.jinja_env.filters["capitalize_first"] = capitalize_first
    app.jinja_env.filters["numeral"] = _numeral
    app.jinja_env.filters["signed"] = _signed


def capitalize_first(text: object) -> str:
    """The text with its first letter as at the beginning of a sentence; the rest stays as it is."""
    said = str(text)
    return said[:1].upper() + said[1:]


def _numeral(value: float) -> str:
    return numeral(value, language())


def _signed(value: int) -> str:
    return signed(value, language())


def static(path: str) -> str:
    """The address of a static file, with a version in the query so that it can be cached for good."""
    return url_for("static", filename=path, v=_version(static_dir() / path))


@lru_cache(maxsize=64)
def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]

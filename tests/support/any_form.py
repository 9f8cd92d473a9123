"""Fills in any form of the site with something that will do, so that each route can be sent something it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from tests.page_client import Page
from tests.page_forms import FilledForm


def fillings(page: Page, address: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Values for the form of the page that is sent to this address; None where the page has none."""
    for form in page.find_all("main form"):
        action = form.get("action") or page.path
        if form.get("method") == "post" and action.partition("?")[0] == address:
            shown = FilledForm(page, form)._values.to_dict(flat=False)
            return {**shown, **dict(_missing(form, shown)), **_pressed(form), **given}
    return None


def _pressed(form: Element) -> dict[str, str]:
    """The last of the buttons that say which of several was pressed: the ones before it look for somebody."""
    named = [one for one in form.iter("button") if one.get("name") and not one.get("formaction")]
    return {str(one.get("name")): one.get("value", "") for one in named[-1:]}


def _missing(form: Element, shown: Mapping[str, list[str]]) -> Iterator[tuple[str, Any]]:
    """Something for each control that the page left empty."""
    done: set[str] = set()
    for control in form.iter():
        name = control.get("name")
        if not name or name in done or any(shown.get(name, [])):
            continue
        done.add(name)
        if control.tag == "select":
            options = [one.get("value", "") for one in control.iter("option")]
            yield name, next((one for one in options if one), "")
        elif control.tag == "textarea":
            yield name, "Some words."
        elif control.get("type") in {"radio", "checkbox"}:
            yield name, control.get("value", "on")
        elif control.get("type") not in {"hidden", "submit", "file"}:
            yield name, _text(name)


def _text(name: str) -> str:
    part = name.rsplit("-", 1)[-1]
    at = datetime(2026, 3, 4, 20, 0)
    known = {
        "day": str(at.day),
        "month": str(at.month),
        "year": str(at.year),
        "time": "20:00",
        "email": "x@example.org",
        # Goes with an appointment to come, which no form here makes.
        "invitation_to": "",
    }
    if "phone" in part:
        return "+44 1632 960123"
    return known.get(part, "Some words")

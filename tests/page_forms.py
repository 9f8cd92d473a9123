"""Forms filled in by their visible words, as a person does: only what the page offers can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from werkzeug.datastructures import MultiDict

from tests.page_checks import text_of

if TYPE_CHECKING:
    from tests.page_client import Page


class FilledForm:
    """One form of a page with what was filled in so far, beginning with what the page showed."""

    def __init__(self, page: Page, form: Element) -> None:
        self._page, self._form = page, form
        self._values: MultiDict[str, str] = MultiDict()
        for name, value in _shown(form):
            self._values.add(name, value)

    def value(self, label: str) -> str | None:
        """What the control with that label holds."""
        return self._values.get(self._labelled(label).get("name", ""))

    def values(self, legend: str) -> list[str]:
        """The labels of what is chosen in the group with that legend."""
        return [
            self._label_of(control)
            for control in self._group(legend).iter("input")
            if control.get("value", "on") in self._values.getlist(control.get("name", ""))
        ]

    def fill(self, label: str, value: Any) -> Self:
        """Fill in the control or group with that label or legend.

        Text for a box; the words of a choice for a list or radios; a list of words for checkboxes; True or False for
        one box; a date, or a local datetime without zone, for the boxes of a date or an instant.
        """
        try:
            control = self._labelled(label)
        except LookupError:
            self._fill_group(label, value)
            return self
        name = control.get("name", "")
        if control.tag == "select":
            self._values[name] = self._option(control, str(value))
        elif control.get("type") == "checkbox":
            self._values.setlist(name, [control.get("value", "on")] if value else [])
        elif control.get("type") == "radio":
            self._values[name] = control.get("value", "on")
        else:
            self._values[name] = value.strftime("%H:%M") if isinstance(value, time) else str(value)
        return self

    def set(self, **values: Any) -> Self:
        """Put raw values under raw names: for what no page offers, such as an attack or a slip of a browser."""
        for name, value in values.items():
            self._values.setlist(name, list(value) if isinstance(value, list | tuple) else [str(value)])
        return self

    def submit(self, button: str | None = None, *, status: int = 200) -> Page:
        """Press the button with these words (or the first one) and give the page that answers."""
        data = self._values.copy()
        pressed = self._button(button)
        if pressed.get("name"):
            data.add(pressed.get("name", ""), pressed.get("value", ""))
        action = urljoin(self._page.path, pressed.get("formaction") or self._form.get("action", ""))
        if self._form.get("method") == "get":
            return self._page.client.get(action, status=status, query_string=data)
        return self._page.client.post(action, data, status=status)

    def _button(self, words: str | None) -> Element:
        buttons = [one for one in self._form.iter("button") if one.get("type", "submit") == "submit"]
        for one in buttons:
            if words is None or text_of(one) == words:
                return one
        raise LookupError(f"no button {words!r} in this form; there are {[text_of(one) for one in buttons]}")

    def _labelled(self, label: str) -> Element:
        for one in self._form.iter("label"):
            if _bare(text_of(one)) == label:
                return self._by_id(one.get("for", ""))
        raise LookupError(f"no control {label!r}; there are {[text_of(one) for one in self._form.iter('label')]}")

    def _by_id(self, wanted: str) -> Element:
        return next(element for element in self._form.iter() if element.get("id") == wanted)

    def _group(self, legend: str) -> Element:
        for fieldset in self._form.iter("fieldset"):
            if any(_bare(text_of(one)) == legend for one in fieldset.iter("legend")):
                return fieldset
        known = [text_of(one) for tag in ("label", "legend") for one in self._form.iter(tag)]
        raise LookupError(f"no control or group {legend!r}; there are {known}")

    def _fill_group(self, legend: str, value: Any) -> None:
        controls = [one for one in self._group(legend).iter("input") if one.get("type") != "hidden"]
        if isinstance(value, date):
            self._fill_date(controls, value)
            return
        wanted = [value] if isinstance(value, str) else list(value)
        name = controls[0].get("name", "")
        labels = {self._label_of(control): control.get("value", "on") for control in controls}
        missing = [one for one in wanted if one not in labels]
        if missing:
            raise LookupError(f"{missing} not among {list(labels)}")
        self._values.setlist(name, [labels[one] for one in wanted])

    def _fill_date(self, controls: list[Element], value: date) -> None:
        parts = {"day": value.day, "month": value.month, "year": value.year}
        for control in controls:
            name = control.get("name", "")
            part = name.rsplit("-", 1)[-1]
            if part in parts:
                self._values[name] = str(parts[part])
            elif part == "time" and isinstance(value, datetime):
                self._values[name] = value.strftime("%H:%M")

    def _label_of(self, control: Element) -> str:
        return next(_bare(text_of(one)) for one in self._form.iter("label") if one.get("for") == control.get("id"))

    def _option(self, control: Element, words: str) -> str:
        options = {text_of(option): option.get("value", text_of(option)) for option in control.iter("option")}
        if words not in options:
            raise LookupError(f"{words!r} not among {list(options)}")
        return options[words]


def _bare(label: str) -> str:
    """A label without the mark of an optional field."""
    return label.removesuffix("(optional)").removesuffix("(facultatif)").strip()


def _shown(form: Element) -> Iterator[tuple[str, str]]:
    """Name and value of every control as the page shows it."""
    for control in form.iter():
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            # The first line end after the tag is not part of the text; html5lib has left it out already.
            yield name, "".join(control.itertext())
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            for one in chosen:
                yield name, one.get("value", text_of(one))
        elif control.tag == "input" and _is_sent(control):
            yield name, control.get("value", "on" if control.get("type") == "checkbox" else "")


def _is_sent(control: Element) -> bool:
    """Whether a browser would send this input when no button is pressed on it."""
    if control.get("type") in {"radio", "checkbox"}:
        return control.get("checked") is not None
    return control.get("type") not in {"submit", "button", "image", "file"}

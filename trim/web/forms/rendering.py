"""How the `field()` macro is to draw a field: ours say so themselves, those of WTForms are known here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import fields as plain

#: From the more to the less special, because a class is known by the first base that matches.
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (plain.HiddenField, "hidden"),
    (plain.SubmitField, "submit"),
    (plain.BooleanField, "checkbox"),
    (plain.RadioField, "radios"),
    (plain.SelectMultipleField, "checkboxes"),
    (plain.SelectField, "select"),
    (plain.PasswordField, "password"),
    (plain.FileField, "file"),
    (plain.TextAreaField, "textarea"),
)


class UnknownField(TypeError):
    """Raised when a template asks to draw a field of a class that nobody has taught the macro."""


def field_kind(field: Any) -> str:
    """The branch of the macro for this field; raises UnknownField for groups of fields."""
    own = getattr(field, "kind", None)
    if own:
        return str(own)
    for base, kind in _KINDS:
        if isinstance(field, base):
            return kind
    if isinstance(field, plain.FormField | plain.FieldList):
        raise UnknownField(f"{field.name} is a group of fields: draw each of its fields.")
    return "input"


def input_type(field: Any) -> str:
    """The `type` attribute of a one-line field."""
    return str(getattr(field, "input_type", None) or getattr(field.widget, "input_type", None) or "text")


def is_optional(field: Any) -> bool:
    """Whether the label says so: fields of ours that are not required, or a WTForms `Optional` validator."""
    if field_kind(field) == "checkbox":
        return False
    return getattr(field, "required", True) is False or bool(getattr(field.flags, "optional", False))


def choice_items(field: Any, reveal: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The choices of a field as govuk-frontend's macros want them; a list that opens begins with an empty line.

    `reveal` gives, by value, the HTML to show under a choice once it is chosen.
    """
    items: list[dict[str, Any]] = []
    is_select = field_kind(field) == "select"
    for one in field.iter_choices():
        hint = (one.render_kw or {}).get("hint")
        item: dict[str, Any] = {"value": str(one.value), "text": str(one.label)}
        item["selected" if is_select else "checked"] = bool(one.selected)
        if hint:
            item["hint"] = {"text": str(hint)}
        if reveal and str(one.value) in reveal:
            item["conditional"] = {"html": reveal[str(one.value)]}
        items.append(item)
    if is_select and not any(item["value"] == "" for item in items):
        items.insert(0, {"value": "", "text": _("Choose from the list")})
    return items


def control_attributes(field: Any, autocomplete: str | None = None, otherwise: str | None = None) -> dict[str, Any]:
    """The attributes of a control that govuk-frontend's macros name themselves, apart from all others.

    Handing them over twice would print them twice, which is no valid HTML. `autocomplete` is the page's wish, above
    the form's; `otherwise` is taken when neither says anything.
    """
    others = dict(field.render_kw or {})
    named = {
        "autocomplete": autocomplete or others.pop("autocomplete", None) or otherwise,
        "inputmode": getattr(field, "inputmode", None) or others.pop("inputmode", None),
    }
    for name in ("autocomplete", "inputmode", "autofocus", "class", "id", "name", "type", "value"):
        others.pop(name, None)
    if input_type(field) in {"email", "tel"}:
        named["spellcheck"] = False
    return {name: value for name, value in named.items() if value is not None} | {"attributes": others}

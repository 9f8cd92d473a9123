"""What every page of Trim must be, whatever it is about; `tests.page_client` holds each page it gets to this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

#: Findings of html5lib that are no faults of the page, each with its reason.
ALLOWED_PARSE_ERRORS: dict[str, str] = {}

#: "None that still matters" is an answer of an interview; a value left out stands alone.
_UNFILLED = re.compile(
    r"\bNone\b(?!,? [a-z])|\bundefined\b|\{\{|\}\}|\{%|%\(\w+\)|%\{|</?\w+>|&(?:lt|gt|amp|#\d+);|\bl'"
)
_HIDDEN_TYPES = {"hidden", "submit", "button", "image", "reset"}
#: Tags that stand within a line, so that no blank comes between their words and those beside them.
_INLINE = {"a", "abbr", "b", "bdi", "em", "i", "q", "small", "span", "strong", "sub", "sup", "time"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class BrokenPage(AssertionError):
    """A page that breaks a rule; its message lists every rule it breaks."""


def parse(html: str) -> tuple[Element, list[str]]:
    """The tree of a page, and what its HTML does wrong."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    errors = [f"{position}: {code} {variables}" for position, code, variables in parser.errors]
    return tree, [error for error in errors if not any(code in error for code in ALLOWED_PARSE_ERRORS)]


def text_of(element: Element) -> str:
    """All text inside, blanks made single."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if isinstance(element.tag, str) and element.tag in {"script", "style", "template"}:
        return
    if isinstance(element.tag, str):
        around = "" if element.tag in _INLINE else " "
        yield around + (element.text or "")
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
        yield around


def check(html: str, where: str) -> Element:
    """The tree of a page that keeps every rule; raises BrokenPage for any other."""
    tree, problems = parse(html)
    problems = [f"invalid HTML at {problem}" for problem in problems]
    for rule in RULES:
        problems.extend(rule(tree))
    if problems:
        raise BrokenPage(f"{where}:\n  " + "\n  ".join(problems))
    return tree


def _one_h1_and_title(tree: Element) -> Iterator[str]:
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
        return
    h1, title = text_of(headings[0]), text_of(next(tree.iter("title")))
    if not h1:
        yield "the h1 is empty"
    # A page that asks one thing may say "(optional)" or the like behind it; the title need not.
    if not title.startswith(h1) or not title.endswith("– Trim"):
        yield f"the title {title!r} is not the h1 {h1!r} and Trim"


def _language(tree: Element) -> Iterator[str]:
    if tree.get("lang") not in {"en", "fr"}:
        yield f"the page's language is {tree.get('lang')!r}"


def _heading_order(tree: Element) -> Iterator[str]:
    # The error summary stands above the h1, so that it is the first thing met; its heading is left out.
    early = {
        id(inner)
        for element in tree.iter("div")
        if "govuk-error-summary" in (element.get("class") or "").split()
        for inner in element.iter()
    }
    level = 0
    for element in tree.iter():
        if element.tag in _HEADINGS and id(element) not in early:
            depth = _HEADINGS.index(str(element.tag)) + 1
            if depth > level + 1:
                yield f"heading {text_of(element)!r} is h{depth} right after h{level}"
            level = depth


def _ids(tree: Element) -> Iterator[str]:
    ids = [element.get("id", "") for element in tree.iter() if element.get("id") is not None]
    yield from sorted({f"the id {one!r} stands twice" for one in ids if ids.count(one) > 1})
    known = set(ids)
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for target in (element.get(attribute) or "").split():
                if target not in known:
                    yield f"{attribute}={target!r} leads nowhere"
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in known:
            yield f"the link {text_of(element)!r} leads to {href!r}, which is not there"


def _labels(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter("label") if text_of(label)}
    wrapped = {id(inner) for label in tree.iter("label") if text_of(label) for inner in label.iter()}
    for control in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if control.get("type") in _HIDDEN_TYPES:
            continue
        if not (control.get("id") in labelled or control.get("aria-label") or id(control) in wrapped):
            yield f"the control {control.get('name')!r} has no label"
    for button in [*tree.iter("button"), *tree.iter("a")]:
        if not (text_of(button) or button.get("aria-label")):
            yield f"a {button.tag} without words"


def _groups(tree: Element) -> Iterator[str]:
    grouped = {
        id(control)
        for fieldset in tree.iter("fieldset")
        if any(text_of(legend) for legend in fieldset.iter("legend"))
        for control in fieldset.iter("input")
    }
    for control in tree.iter("input"):
        if control.get("type") == "radio" and id(control) not in grouped:
            yield f"the radio {control.get('name')!r} stands in no fieldset with a legend"


def _forms(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if form.get("method") not in {"get", "post"} or not form.get("action"):
            yield f"a form without method or action: {form.attrib}"
        names = {control.get("name") for control in form.iter("input")}
        if form.get("method") == "post" and "csrf_token" not in names:
            yield f"the form to {form.get('action')!r} has no csrf_token"


def _nothing_inline(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"an inline {element.tag}, which the policy forbids"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"an attribute {name} on {element.tag}, which the policy forbids"
            if name in {"href", "src", "action"} and value.lower().startswith("javascript:"):
                yield f"{name}={value!r}, which the policy forbids"
        source = element.get("src") or (element.get("href") if element.tag == "link" else None)
        if source and urlsplit(source).netloc:
            yield f"{element.tag} from a foreign host: {source}"


def _words(tree: Element) -> Iterator[str]:
    body = next(tree.iter("body"))
    for match in _UNFILLED.finditer(text_of(body)):
        text = text_of(body)
        yield f"visible text {text[max(0, match.start() - 20) : match.end() + 20]!r} was not filled in"


RULES: tuple[Callable[[Element], Iterator[str]], ...] = (
    _one_h1_and_title, _language, _heading_order, _ids, _labels, _groups, _forms, _nothing_inline, _words,
)  # fmt: skip

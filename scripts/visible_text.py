"""Finds text in a Jinja template that a person would see and no translator ever would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

Problem = tuple[int, str]

_ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
#: The name of the software is the same in every language.
_NAMES = re.compile(r"\bTrim\b")
_VISIBLE_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label", "data-confirm"}
_VISIBLE_KEYS = {
    "text",
    "html",
    "title",
    "label",
    "hint",
    "caption",
    "summary",
    "empty",
    "outcome",
    "titleText",
    "legend",
}
#: Our macros whose first argument is shown.
_SPEAKING = {
    "button", "post_button", "tag", "notice", "heading", "card", "more", "window", "worklist", "score_table", "totals",
}  # fmt: skip


def problems_in_template(path: Path) -> list[Problem]:
    """Line and text of everything visible outside a translation."""
    source = path.read_text(encoding="utf-8")
    text = _without_code(source)
    found: list[Problem] = []
    if path.suffix == ".html":
        reader = _Reader(found)
        reader.feed(text)
        reader.close()
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            _note(found, number, line)
    found.extend(_constants(_ENVIRONMENT.parse(source)))
    return sorted(set(found))


def _note(found: list[Problem], line: int, text: str) -> None:
    if _LETTERS.search(_NAMES.sub("", text)):
        found.append((line, f"text outside _(): {' '.join(text.split())[:70]!r}"))


def _without_code(source: str) -> str:
    """The template with all that Jinja reads as code blanked out, line ends kept, so that line numbers stay true."""
    parts, in_translation, block = [], False, None
    for _line, kind, value in _ENVIRONMENT.lex(source):
        if kind == "block_begin":
            block = ""
        elif kind == "name" and block == "":
            block = value
            in_translation = value == "trans" or (in_translation and value != "endtrans")
        is_text = kind == "data" and not in_translation
        # A space, not nothing: `<p>{{ a }}</p>` must stay a paragraph that holds something.
        parts.append(value if is_text else re.sub(r"[^\n]", " ", value))
    return "".join(parts)


class _Reader(HTMLParser):
    """Collects text nodes and visible attributes with letters in them."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(convert_charrefs=True)
        self._found = found
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes, and leave out what scripts and styles hold."""
        self._silent += tag in {"script", "style"}
        line, _column = self.getpos()
        for name, value in attrs:
            is_visible = name in _VISIBLE_ATTRIBUTES or (
                name == "value" and dict(attrs).get("type") in {"submit", "button"}
            )
            if is_visible and value:
                _note(self._found, line, value)

    def handle_endtag(self, tag: str) -> None:
        """Come out of scripts and styles."""
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Note text that is shown, at the line where its letters stand."""
        if self._silent:
            return
        line, _column = self.getpos()
        for offset, part in enumerate(data.split("\n")):
            _note(self._found, line + offset, part)


def _constants(tree: nodes.Template) -> Iterator[Problem]:
    """Literals in code that end up on the page: arguments of macros, values of dicts, the title, `{{ "Text" }}`."""
    for call in tree.find_all(nodes.Call):
        name = getattr(call.node, "name", "")
        if name in _SPEAKING and call.args:
            yield from _literal(call.args[0])
        for keyword in call.kwargs:
            if keyword.key in _VISIBLE_KEYS:
                yield from _literal(keyword.value)
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value in _VISIBLE_KEYS:
            yield from _literal(pair.value)
    for assignment in tree.find_all(nodes.Assign):
        if getattr(assignment.target, "name", "") in {"title", "caption"}:
            yield from _literal(assignment.node)
    for output in tree.find_all(nodes.Output):
        for shown in output.nodes:
            # Words that a page says begin with a capital; class names and the like do not.
            yield from (problem for problem in _literal(shown) if re.search(r"'[A-ZÀ-Þ]", problem[1]))


def _literal(node: nodes.Node) -> Iterator[Problem]:
    if isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _literal(branch)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        found: list[Problem] = []
        _note(found, node.lineno, node.value)
        yield from found

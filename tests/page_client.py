"""A client that reads pages as a person does, and fails on any page that breaks a rule of `tests.page_checks`.

page = PageClient(app.test_client()).get("/incidents/new")
page.form().fill("Place", "North station").submit("Report").errors()  # ["Enter the date and time ..."]
"""

from __future__ import annotations

import re
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import cssselect2
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page_checks import check, text_of
from tests.page_forms import FilledForm

#: Every page must carry these; the whole policy is tested in tests/web/test_security_headers.py.
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Page:
    """One page that was checked; `path` is where it was found in the end."""

    def __init__(self, client: PageClient, answer: TestResponse, path: str) -> None:
        self.client, self.answer, self.path = client, answer, path
        self.status = answer.status_code
        self.html = answer.get_data(as_text=True)
        self.tree = check(self.html, f"{path} ({self.status})")
        self._root = cssselect2.ElementWrapper.from_html_root(self.tree)
        for name, value in _HEADERS.items():
            assert answer.headers.get(name) == value, f"{path}: {name} is {answer.headers.get(name)!r}"
        assert "default-src 'none'" in answer.headers.get("Content-Security-Policy", ""), f"{path}: no policy"

    @property
    def h1(self) -> str:
        """The text of the page's heading."""
        return text_of(next(self.tree.iter("h1")))

    @property
    def text(self) -> str:
        """The text of the page's own part, without what stands around every page."""
        main = self.find("main")
        return text_of(main if main is not None else next(self.tree.iter("body")))

    @property
    def main_html(self) -> str:
        """The HTML of the page's own part without tokens of forms: chance writes them, any letters may stand there."""
        main = self.html.split("<main")[1].split("</main>")[0]
        return re.sub(r"<input[^>]*csrf_token[^>]*>", "", main)

    @property
    def language(self) -> str:
        """The language the page says it is in."""
        return str(self.tree.get("lang"))

    def find(self, selector: str) -> Element | None:
        """The first element that a CSS selector finds."""
        found = self._root.query(selector)
        return found.etree_element if found else None

    def find_all(self, selector: str) -> list[Element]:
        """Every element that a CSS selector finds."""
        return [found.etree_element for found in self._root.query_all(selector)]

    def texts(self, selector: str) -> list[str]:
        """The texts of every element that a CSS selector finds."""
        return [text_of(element) for element in self.find_all(selector)]

    def errors(self) -> list[str]:
        """The messages of the error summary, in their order."""
        return self.texts(".govuk-error-summary__list li")

    def error_at(self, name: str) -> str | None:
        """The message shown at the field of that name."""
        found = self.find(f"#{name}-error")
        return re.sub(r"^\w+\s?: ", "", text_of(found)) if found is not None else None

    def link(self, text: str) -> str:
        """The address of the link with these words (or words that begin so); raises LookupError."""
        for anchor in self.find_all("a[href]"):
            if text_of(anchor).startswith(text):
                return urljoin(self.path, anchor.get("href", ""))
        raise LookupError(f"no link {text!r} on {self.path}; there are {self.texts('main a[href]')}")

    def follow(self, text: str) -> Page:
        """The page behind the link with these words."""
        return self.client.get(self.link(text))

    def form(self, action: str | None = None) -> FilledForm:
        """The form with that action (or one that ends so), or the only one in the page's own part."""
        forms = self.find_all("main form")
        if action is not None:
            forms = [form for form in forms if urlsplit(form.get("action", "")).path.endswith(action)]
        assert len(forms) == 1, f"{len(forms)} forms {action or ''} on {self.path}: {[one.attrib for one in forms]}"
        return FilledForm(self, forms[0])

    def press(self, button: str, **values: Any) -> Page:
        """Send the form that holds the button with these words, as it stands, with `values` added."""
        for form in self.find_all("form"):
            for element in form.iter("button"):
                if text_of(element) == button:
                    return FilledForm(self, form).set(**values).submit(button)
        raise LookupError(f"no button {button!r} on {self.path}; there are {self.texts('button')}")


class PageClient:
    """Wraps a Flask test client; follows redirects, because that is what a person sees."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, *, status: int = 200, **kwargs: Any) -> Page:
        """The page at an address; fails when its status is another one."""
        return self._page(self.client.get(path, follow_redirects=True, **kwargs), status)

    def post(self, path: str, data: Any = None, *, status: int = 200, **kwargs: Any) -> Page:
        """The page that answers; prefer `page.form().fill(...).submit()`, which can only send what a page offers."""
        return self._page(self.client.post(path, data=data, follow_redirects=True, **kwargs), status)

    def in_language(self, language: str) -> Self:
        """Switch the language by the cookie, as a reader who is not signed in does."""
        self.client.set_cookie("trim_language", language)
        return self

    def _page(self, answer: TestResponse, status: int) -> Page:
        path = answer.request.path
        assert answer.status_code == status, f"{path} answered {answer.status_code}: {answer.get_data(True)[:2000]}"
        assert answer.mimetype == "text/html", f"{path} is {answer.mimetype}"
        return Page(self, answer, path)

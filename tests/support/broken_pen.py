"""A browser that tries everything twice: first while the trail cannot be written, which must leave nothing behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.site import Site
from trim.audit import trail
from trim.store.tables import metadata

#: Counts wrong passwords, whether or not anything else works: a broken trail must not make guessing free.
LEFT_OUT = frozenset({"sign_in_guard"})


class PenBroken(RuntimeError):
    """Raised in place of a line of the trail."""


@contextmanager
def broken_pen() -> Iterator[None]:
    """While it lasts, no line of the trail can be written."""

    def refuse(*_: Any, **__: Any) -> None:
        raise PenBroken

    kept, trail.record = trail.record, refuse
    try:
        yield
    finally:
        trail.record = kept


def everything(site: Site) -> str:
    """A digest over every row of every table."""
    digest = hashlib.sha256()
    with site.organisation.backend.reading() as uow:
        for table in metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                rows = uow.session.connection().execute(select(table)).all()
                digest.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


class TriesTwice(FlaskClient):
    """Every request is sent first with a broken pen, by a copy of this browser, and then for good."""

    site: ClassVar[Site]
    #: Endpoints that would have changed something, and changed nothing without their line.
    held: ClassVar[set[str]] = set()

    is_copy = False
    _inside = False

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request twice; redirects are followed within each."""
        if self.is_copy or self._inside:
            return super().open(*args, **kwargs)
        before, was = everything(self.site), self._copied().signed_in()
        copy = self._copied()
        with broken_pen():
            tried = copy.open(*args, **kwargs)
        assert everything(self.site) == before, f"{tried.request.path} kept something without its line in the trail"
        self._inside = True
        try:
            answer = super().open(*args, **kwargs)
        finally:
            self._inside = False
        if everything(self.site) != before:
            where = f"{answer.request.method} {answer.request.path}"
            assert tried.status_code >= 500, f"{where} answered {tried.status_code} without its line in the trail"
            assert copy.signed_in() in (None, was), f"{where} left a session"
            self.held.add(str(endpoint_of(self.site, args, kwargs)))
        return answer

    def _copied(self) -> TriesTwice:
        copy = self.application.test_client()
        assert isinstance(copy, TriesTwice)
        copy.is_copy = True
        copy._cookies = dict(self._cookies or {})
        return copy

    def signed_in(self) -> str | None:
        """Who is signed in; asked of copies only, since asking writes the session anew."""
        with self.session_transaction() as session:
            found: str | None = session.get("_user_id")
        return found


def endpoint_of(site: Site, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The endpoint that a request of the test client goes to."""
    path = str(args[0]).partition("?")[0].removeprefix("http://localhost")
    found: str = site.app.url_map.bind("localhost").match(path, method=kwargs.get("method", "GET"))[0]
    return f"{kwargs.get('method', 'GET')} {found}"


def give_broken_pen(site: Site) -> set[str]:
    """Make every browser of a site try twice; gives the set that fills with the endpoints that were held."""
    site.app.test_client_class = TriesTwice
    # The answer is looked at, not the exception.
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    TriesTwice.site = site
    return TriesTwice.held

"""HTML to a tagged PDF (PDF/UA-1). The only place that knows WeasyPrint.

What a document needs lies in its HTML as data addresses: nothing is fetched from a network, and no link can make the
renderer read a file of this machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Debian's names of the libraries that WeasyPrint loads.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

_LIBRARY = re.compile(r"\blib(?!rary\b)[\w.+-]+")


class ForeignAddress(Exception):
    """A document names an address that would have to be fetched: a defect of its template, so nothing is made."""


@dataclass(eq=False)
class PrintingUnavailable(Exception):
    """A library of the operating system is missing: `what` names it, `cure` is the command that installs it."""

    what: str
    cure: str


def render_pdf(html: str) -> bytes:
    """The PDF of a whole HTML page; never call it inside a transaction, it takes time.

    Raises PrintingUnavailable, ForeignAddress.
    """
    try:
        # Loading WeasyPrint loads Pango: at the top of the file a machine without it could not even start.
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError as error:
        raise PrintingUnavailable(_library(error), f"apt-get install -y {' '.join(PACKAGES)}") from error
    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    try:
        rendered: bytes = HTML(string=html, url_fetcher=fetcher, base_url=None).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        # No Exception by its class: uncaught it would end the worker process.
        raise ForeignAddress from error
    return rendered


def _library(error: OSError) -> str:
    """The library that could not be loaded, as far as the message names it; a path of the machine is left out."""
    named = _LIBRARY.search(str(error))
    return named.group() if named else "Pango"

"""HTML to a tagged PDF (PDF/UA-1). The only place that knows WeasyPrint.

What a document needs lies in its HTML as data addresses: nothing is fetched from a network, and no link can make the
renderer read a file of this machine.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Debian's names of the libraries that WeasyPrint loads.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


@dataclass(eq=False)
class PrintingUnavailable(Exception):
    """A library of the operating system is missing: `what` names it, `cure` is the command that installs it."""

    what: str
    cure: str


def render_pdf(html: str) -> bytes:
    """The PDF of a whole HTML page. Raises PrintingUnavailable; never call it inside a transaction, it takes time."""
    try:
        # Loading WeasyPrint loads Pango: at the top of the file a machine without it could not even start.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PrintingUnavailable(_library(error), f"apt-get install -y {' '.join(PACKAGES)}") from error
    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    rendered: bytes = HTML(string=html, url_fetcher=fetcher, base_url=None).write_pdf(pdf_variant="pdf/ua-1")
    return rendered


def _library(error: OSError) -> str:
    """The library that could not be loaded, as far as the message names it; a path of the machine is left out."""
    for word in str(error).replace("'", " ").replace(":", " ").split():
        name = word.rpartition("/")[2]
        if name.startswith("lib"):
            return name
    return "Pango"

"""HTML to a tagged PDF (PDF/UA-1). The only place that knows WeasyPrint.

What a document needs lies in its HTML as data addresses: nothing is fetched from a network, and no link can make the
renderer read a file of this machine.

Every page bears the newest signed checkpoint of the trail at its foot: whoever keeps the paper keeps a witness of what
the trail was then (docs/trail-format.md says how to compare it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template

from trim.engine.wording import Text

#: Debian's names of the libraries that WeasyPrint loads.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

#: Tagged, so that it can be read aloud.
_VARIANT = "pdf/ua-1"
#: In the middle of the foot, where no template writes; important, so that no template can hide it.
_FOOT = Template(
    '@page { @bottom-center { content: "$words" !important; display: block !important; visibility: visible !important; '
    'font: 7pt "Atkinson Hyperlegible Next", sans-serif !important; color: #555 !important; } }'
)

_LIBRARY = re.compile(r"\blib(?!rary\b)[\w.+-]+")


@dataclass(frozen=True, slots=True)
class TrailMark:
    """The newest checkpoint of the trail when a document is made; `number` None before the first one.

    `fingerprint` is the beginning of the SHA-256 of the checkpoint's text: sixteen hexadecimal digits in groups.
    """

    number: int | None = None
    fingerprint: str = ""

    def words(self) -> Text:
        """The line at the foot of each page."""
        if self.number is None:
            return Text("No trail checkpoint yet", "Pas encore de point de contrôle du journal")
        return Text(
            f"Trail checkpoint {self.number} · {self.fingerprint}",
            f"Point de contrôle {self.number} du journal · {self.fingerprint}",
        )


class ForeignAddress(Exception):
    """A document names an address that would have to be fetched: a defect of its template, so nothing is made."""


@dataclass(eq=False)
class PrintingUnavailable(Exception):
    """A library of the operating system is missing: `what` names it, `cure` is the command that installs it."""

    what: str
    cure: str


def render_pdf(html: str, *, mark: TrailMark, locale: str) -> bytes:
    """The PDF of a whole HTML page, `mark` at the foot of each of its pages and among its keywords.

    Never call it inside a transaction, it takes time. Raises PrintingUnavailable, ForeignAddress.
    """
    try:
        # Loading WeasyPrint loads Pango: at the top of the file a machine without it could not even start.
        from weasyprint import CSS, HTML
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError as error:
        raise PrintingUnavailable(_library(error), f"apt-get install -y {' '.join(PACKAGES)}") from error
    words = mark.words().of(locale)
    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    try:
        document = HTML(string=html, url_fetcher=fetcher, base_url=None).render(
            stylesheets=[CSS(string=_FOOT.substitute(words=words), url_fetcher=fetcher)], pdf_variant=_VARIANT
        )
        document.metadata.keywords.append(words)
        rendered: bytes = document.write_pdf(pdf_variant=_VARIANT)
    except FatalURLFetchingError as error:
        # No Exception by its class: uncaught it would end the worker process.
        raise ForeignAddress from error
    return rendered


def _library(error: OSError) -> str:
    """The library that could not be loaded, as far as the message names it; a path of the machine is left out."""
    named = _LIBRARY.search(str(error))
    return named.group() if named else "Pango"

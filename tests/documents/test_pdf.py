"""Letters as tagged PDF: nothing is fetched, no file of the machine is read, a missing library is named."""

from __future__ import annotations

import builtins
import inspect
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import trim
from trim.documents import pdf as pdf_module
from trim.documents.pdf import PACKAGES, ForeignAddress, PrintingUnavailable, TrailMark

pytestmark = pytest.mark.usefixtures("pango")

PAGE = '<html lang="en"><head><title>Letter</title>{head}</head><body><h1>Hello</h1>{body}</body></html>'


MARK = TrailMark(12, "3F2A 91C0 7B1D 00E4")


def render_pdf(html: str, mark: TrailMark = MARK, locale: str = "en") -> bytes:
    return pdf_module.render_pdf(html, mark=mark, locale=locale)


def page(head: str = "", body: str = "") -> str:
    return PAGE.format(head=head, body=body)


def _opened(pdf: bytes) -> Iterator[bytes]:
    """Everything in a PDF, what is packed unpacked."""
    yield pdf
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(packed)


def test_it_is_tagged_and_says_its_language() -> None:
    pdf = render_pdf(page())
    assert pdf.startswith(b"%PDF-")
    inside = b"".join(_opened(pdf))
    for part in (b"pdfuaid:part", b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/H1"):
        assert part in inside, part


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "https://example.org/x.png"])
def test_nothing_is_fetched(address: str) -> None:
    with pytest.raises(ForeignAddress):
        render_pdf(page(body=f'<img alt="" src="{address}">'))


def test_a_style_sheet_cannot_read_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("h1 { color: red }")
    with pytest.raises(ForeignAddress):
        render_pdf(page(head=f'<link rel="stylesheet" href="{secret.as_uri()}">'))


def test_a_missing_library_is_named_without_the_path_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library '/usr/lib/x/libpango-1.0-0': not found")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(PrintingUnavailable) as caught:
        render_pdf(page())
    assert caught.value.what == "libpango-1.0-0"
    assert caught.value.cure == f"apt-get install -y {' '.join(PACKAGES)}"


@pytest.mark.parametrize(
    ("locale", "mark", "words"),
    [
        ("en", MARK, "Trail checkpoint 12 · 3F2A 91C0 7B1D 00E4"),
        ("fr", MARK, "Point de contrôle 12 du journal · 3F2A 91C0 7B1D 00E4"),
        ("en", TrailMark(), "No trail checkpoint yet"),
        ("fr", TrailMark(), "Pas encore de point de contrôle du journal"),
    ],
)
def test_every_page_bears_the_newest_checkpoint(locale: str, mark: TrailMark, words: str) -> None:
    # Whatever a template says of its own foot.
    own = "@bottom-center { content: 'ours'; display: none }"
    head = f"<style>@page {{ {own} }} @page :first {{ {own} }}</style>"
    body = '<p style="break-after: page">one</p><p>two</p>'
    made = PdfReader(io.BytesIO(render_pdf(page(head, body), mark, locale)))
    assert len(made.pages) == 2
    for one in made.pages:
        assert words in one.extract_text()
    assert made.metadata is not None
    assert words in made.metadata["/Keywords"]


def test_no_pdf_is_made_without_it() -> None:
    """WeasyPrint is known in one file alone (import-linter says so, too), and there the mark has no default."""
    package = Path(trim.__file__).parent
    makers = [
        path for path in package.rglob("*.py") if "weasyprint" in path.read_text() or "write_pdf" in path.read_text()
    ]
    assert [path.relative_to(package).as_posix() for path in makers if path.parent.name != "cli"] == [
        "documents/pdf.py"
    ]
    assert (package / "documents" / "pdf.py").read_text().count(".write_pdf(") == 1
    assert inspect.signature(pdf_module.render_pdf).parameters["mark"].default is inspect.Parameter.empty

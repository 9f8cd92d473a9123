"""A release as files over HTTP, and everything that lies in their bytes."""

from __future__ import annotations

import io
import re
import zipfile

from pypdf import PdfReader
from pypdf.generic import StreamObject

from tests.page_client import PageClient

FORMATS = ("csv", "xlsx", "json", "pdf", "dictionary")


def given_out(client: PageClient, number: int, made_as: str, status: int = 200) -> bytes:
    """The file of a release as it comes to whoever presses the button."""
    page = client.get(f"/statistics/{number}")
    token = page.find("form[action$='/export'] input[name=csrf_token]")
    assert token is not None
    data = {"csrf_token": token.get("value"), "format": made_as}
    answer = client.client.post(f"/statistics/{number}/export", data=data)
    assert answer.status_code == status, answer.status_code
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.get_data()


def unpacked(made_as: str, content: bytes) -> list[str]:
    """Every part of a file as text: members of a workbook, streams and objects of a PDF decompressed."""
    if made_as == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()] + [*parts.namelist()]
    if made_as == "pdf":
        reader = PdfReader(io.BytesIO(content))
        texts = [page.extract_text() for page in reader.pages] + [str(reader.metadata)]
        for at in range(1, len(reader.xref_objStm) + max(reader.xref.get(0, {0: 0}), default=0) + 1):
            found = reader.get_object(at) if _is_there(reader, at) else None
            if isinstance(found, StreamObject) and "/FontFile3" not in found and found.get("/Subtype") != "/OpenType":
                texts.append(found.get_data().decode("latin-1"))
            elif found is not None:
                texts.append(repr(found))
        return texts
    return [content.decode("utf-8-sig")]


def ungrouped(text: str) -> str:
    """The text with every number written without commas or spaces between its thousands."""
    return re.sub(r"(?<=\d)[,\u202f](?=\d{3}(?!\d))", "", text)


def _is_there(reader: PdfReader, at: int) -> bool:
    return at in reader.xref.get(0, {}) or at in reader.xref_objStm

"""A locked PDF: opens with its passphrase alone, keeps its tags, carries its files inside the lock."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PasswordType, PdfReader
from pypdf.errors import FileNotDecryptedError

from trim.documents.locked import ALPHABET, lock_pdf, new_passphrase
from trim.documents.pdf import TrailMark, render_pdf

pytestmark = [pytest.mark.usefixtures("pango"), pytest.mark.care(18)]
PAGE = '<html lang="fr"><head><title>Dossier</title></head><body><h1>Un mot rare : ornithorynque</h1></body></html>'


@pytest.fixture(scope="module")
def locked() -> bytes:
    pdf = render_pdf(PAGE, mark=TrailMark(), locale="fr")
    return lock_pdf(pdf, "THE-RIGHT-ONE", {"package.json": b'{"mot": "ornithorynque"}'})


def test_it_opens_with_its_passphrase_and_keeps_its_tags(locked: bytes) -> None:
    reader = PdfReader(BytesIO(locked))
    assert reader.decrypt("THE-RIGHT-ONE") == PasswordType.USER_PASSWORD
    assert "ornithorynque" in reader.pages[0].extract_text()
    root = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert reader.attachments["package.json"] == [b'{"mot": "ornithorynque"}']


@pytest.mark.parametrize("wrong", ["", "THE-WRONG-ONE", "the-right-one"])
def test_no_other_passphrase_opens_it(locked: bytes, wrong: str) -> None:
    reader = PdfReader(BytesIO(locked))
    assert reader.decrypt(wrong) == PasswordType.NOT_DECRYPTED
    with pytest.raises(FileNotDecryptedError):
        reader.pages[0].extract_text()


def test_it_is_aes_256_of_pdf_2(locked: bytes) -> None:
    assert locked.startswith(b"%PDF-2.0")
    assert b"ornithorynque" not in locked
    encryption = PdfReader(BytesIO(locked)).trailer["/Encrypt"]
    assert (encryption["/V"], encryption["/R"], encryption["/CF"]["/StdCF"]["/CFM"]) == (5, 6, "/AESV3")


def test_a_passphrase_has_125_bits_and_is_never_the_same() -> None:
    made = {new_passphrase() for _one in range(200)}
    assert len(made) == 200
    for one in made:
        groups = one.split("-")
        assert [len(group) for group in groups] == [5] * 5
        assert set("".join(groups)) <= set(ALPHABET)
    assert len(ALPHABET) == 32

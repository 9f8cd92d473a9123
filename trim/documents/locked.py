"""A PDF that only one passphrase opens: AES-256 as in PDF 2.0 (ISO 32000-2), with files attached inside the lock.

Any reader of PDF opens it; by plain tools `pdftotext -upw PASSPHRASE`, `qpdf --password=PASSPHRASE --decrypt` and
`pdfdetach -upw PASSPHRASE -saveall`. The only place that knows pypdf at run-time.

The key is derived quickly, so a passphrase must be long by itself: `new_passphrase` makes one of 125 bits.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from io import BytesIO

from pypdf import PdfWriter

#: As in references: no letters that look alike, so that it can be read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LETTERS = 5, 5
#: AES-256 belongs to this version; readers go by it.
_HEADER = "%PDF-2.0"


def new_passphrase() -> str:
    """Five groups of five: 25 draws out of 32, which is 125 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS))


def lock_pdf(pdf: bytes, passphrase: str, attached: Mapping[str, bytes]) -> bytes:
    """The PDF, with its tags kept and `attached` files by name inside it, locked. Never call it in a transaction."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.pdf_header = _HEADER
    for name, data in attached.items():
        writer.add_attachment(name, data)
    # The owner's passphrase allows no more than the user's and nobody has it: a random one is thrown away.
    writer.encrypt(passphrase, owner_password=secrets.token_urlsafe(32), algorithm="AES-256")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()

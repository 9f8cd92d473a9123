"""Digests of a link's token, its code and its session, and when a case has no links at all any more."""

from __future__ import annotations

import secrets

from trim.store.tables import SupportCase
from trim.usecases.unit_of_work import UnitOfWork

#: Digits, because they are spoken on the telephone in any language and typed on any keyboard.
CODE_DIGITS = 8


def new_code() -> str:
    """A code to be given apart from its link."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def typed_code(typed: str) -> str:
    """A code as somebody typed it, without the blanks and dashes between its groups."""
    return "".join(sign for sign in typed if sign.isascii() and sign.isdigit())


def token_digest(uow: UnitOfWork, token: str) -> str:
    """What stands in the database instead of a token."""
    return uow.vault.blind_index("private link", token)


def session_digest(uow: UnitOfWork, number: str) -> str:
    """What stands in the database instead of a session's number."""
    return uow.vault.blind_index("private session", number)


def code_digest(uow: UnitOfWork, case_id: str, link_id: str, code: str) -> str:
    """What stands instead of a code: keyed from the case's key, so that a dump cannot be tried out, nor after erasure.

    Eight digits would be tried out in no time without the key, however slow the hash; with it the attempts are counted.
    """
    return uow.vault.digest(f"case:{case_id}", ["private link code", link_id, code])


def is_over(case: SupportCase) -> bool:
    """After the person's death nobody comes in by a link any more (CARE 26)."""
    return case.outcome == "died"

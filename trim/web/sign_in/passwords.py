"""Passwords: what is asked of a new one, and its hash (Argon2id, always outside any transaction)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from flask_babel import gettext as _

LEAST = 12
MOST = 256
#: Said by everybody who must make one up quickly.
_COMMON = ("password", "motdepasse", "123456", "qwerty", "azerty", "letmein", "welcome", "bienvenue")


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one hash costs: passes, memory in KiB, lanes."""

    rounds: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 2

    def options(self) -> dict[str, int]:
        """The same for the library that Flask-Security verifies with."""
        return {
            "argon2__rounds": self.rounds,
            "argon2__memory_cost": self.memory_kib,
            "argon2__parallelism": self.lanes,
        }


STRONG = PasswordCost()


def hashed(password: str, cost: PasswordCost = STRONG) -> str:
    """The Argon2id hash of a password, as sign-in verifies it."""
    hasher = PasswordHasher(time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes)
    return hasher.hash(normal(password))


def normal(password: str) -> str:
    """One form for what looks alike: an é typed on a telephone and on a keyboard are the same."""
    return unicodedata.normalize("NFKD", password)


def problem_of(password: str, *about: str) -> str | None:
    """Why a new password cannot be taken; `about` are words that an attacker would try, such as the address."""
    if len(password) < LEAST:
        return _("Choose a longer password: at least %(least)s characters.", least=LEAST)
    if len(password) > MOST:
        return _("Choose a shorter password: at most %(most)s characters.", most=MOST)
    folded = password.casefold()
    words = {part for word in about for part in (word.casefold(), word.casefold().partition("@")[0]) if len(part) > 3}
    if len(set(folded)) < 5 or any(common in folded for common in _COMMON) or any(word in folded for word in words):
        return _("Choose a password that is harder to guess: not your name, your address or a common word.")
    return None

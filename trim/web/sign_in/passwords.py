"""Hashing of passwords: Argon2id, always outside any transaction."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher


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
    return PasswordHasher(time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes).hash(password)

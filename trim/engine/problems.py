"""What is wrong with a pack, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it stands (line counts from 1, 0 means the whole file), what it is and what to do."""

    file: str
    line: int
    key: str
    cause: str
    cure: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.cause} {self.cure}".replace(": : ", ": ")


class PackError(Exception):
    """Raised when a pack cannot be used; `problems` holds every fault that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)

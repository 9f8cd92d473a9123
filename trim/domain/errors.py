"""Problems that a user can meet, each named after the problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class TrimError(Exception):
    """Any problem of our own; never raised itself."""


class NotFound(TrimError):
    """There is no such record, or this reader may not know that there is one: both look alike."""


class Forbidden(TrimError):
    """The account lacks the right, whatever the record: a matter of roles, which is no secret."""


class SignedOut(TrimError):
    """A form was sent by nobody who is signed in, most often because the session ended meanwhile."""


@dataclass(eq=False)
class ConflictUnknown(TrimError):
    """Nobody has said whether this reader is the person's line manager: ask, do not assume (CARE 10).

    `ref` is that of a case, or of what runs beside cases: `is_beside`.
    """

    ref: str
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a record since a form was shown."""

    what: str
    by: str
    at: str


@dataclass(eq=False)
class StaleVersion(TrimError):
    """The record moved on after the form was shown; `changes` says what happened since."""

    shown: int
    current: int
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused: a code for the trail, and words in English and French for the reader."""

    code: str
    en: str
    fr: str

    def of(self, locale: str) -> str:
        """The words in the reader's language."""
        return self.fr if locale.startswith("fr") else self.en


@dataclass(eq=False)
class NotAllowedNow(TrimError):
    """The rules of the programme refuse this step at this moment; the reasons are for the reader."""

    reasons: Sequence[Reason]

    @property
    def codes(self) -> list[str]:
        """The reason codes, as the trail keeps them."""
        return [reason.code for reason in self.reasons]


@dataclass(eq=False)
class InvalidInput(TrimError):
    """What was typed cannot be taken; `problems` maps field names to reasons."""

    problems: Mapping[str, Reason]


class KeyDestroyed(TrimError):
    """The content's key has been destroyed: the content is gone for good, by design."""


class ContentDamaged(TrimError):
    """A ciphertext does not open under its key at this place: changed, moved or cut."""


class KeysUnavailable(TrimError):
    """The key store or the key holder does not answer: content can be neither read nor written for now."""


class MissingTrailEntry(TrimError):
    """A change was about to be committed without its line in the trail: a defect, so nothing is kept."""

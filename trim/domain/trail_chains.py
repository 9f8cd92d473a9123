"""In which chain each word of the trail stands, and so who gets to read it: drawn into `docs/trail.md`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from trim.domain.confidentiality import UNDERTAKINGS

CASE, INCIDENT, REQUEST, ACCOUNT, ORGANISATION = "case", "incident", "request", "account", "organisation"
UNDERTAKING = "undertaking"

#: By the first part of a word, unless the word itself is named below.
_BY_ROOM: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "appointment",
                "case",
                "link",
                "ledger",
                "document",
                "break_glass",
                "escalation",
                "referral",
                "agreed_step",
            ),
            (CASE,),
        ),
        "incident": (INCIDENT,),
        **dict.fromkeys(("undertaking", *UNDERTAKINGS), (UNDERTAKING,)),
        "deadline": (CASE, INCIDENT, UNDERTAKING),
        **dict.fromkeys(("access_request", "disclosure", "request"), (REQUEST,)),
        **dict.fromkeys(
            (
                "access",
                "access_requests",
                "account",
                "accounts",
                "confirmations",
                "disclosures",
                "erasures",
                "feed",
                "history",
                "invitation",
                "leave",
                "list",
                "notice",
                "password",
                "people",
                "recovery_codes",
                "role",
                "second_step",
                "sessions",
                "sign_in",
                "tombstones",
                "training",
            ),
            (ACCOUNT,),
        ),
        **dict.fromkeys(
            (
                "backup",
                "calendar",
                "content",
                "duty",
                "job",
                "keys",
                "pack",
                "person",
                "retention",
                "statistics",
                "settings",
                "trail",
                "unit",
            ),
            (ORGANISATION,),
        ),
    }
)
_BY_WORD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # Of one case or incident, in its own chain; of a practitioner or a day, in the reader's, naming what it showed.
        "history.exported": (CASE, INCIDENT, ACCOUNT),
        "trail.read": (ACCOUNT,),
        **dict.fromkeys(
            ("statistics.listed", "statistics.read", "statistics.exported", "statistics.attack_read"), (ACCOUNT,)
        ),
        "deadline.draft_waits": (CASE,),
    }
)
#: Words of entries that may name further cases and incidents, whose histories and ledgers find them.
NAMING: Final = frozenset(
    {
        "list.read",
        "incident.read",
        "incident.sheet_made",
        "incident.earlier_read",
        "history.read",
        "history.exported",
        "trail.entry_proved",
        "access_request.read",
        "disclosures.listed",
    }
)


def chains_of(word: str) -> tuple[str, ...]:
    """The kinds of chains in which a word stands; an action of a pack stands in that of its case or incident.

    Raises KeyError for a word whose room is not listed here.
    """
    return _BY_WORD.get(word) or _BY_ROOM[word.partition(".")[0]]

"""Reads what mail servers send back about a mail that was taken and then did not arrive (RFC 3464).

What comes in here was written by anybody: it is bounded before it is parsed, nothing of it is repeated in a message,
and only two things are believed, the Message-ID that the report returns and whether the failure is for good. Somebody
who would lie about a mail has to know its Message-ID, 122 random bits that only its recipient and its carriers saw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.utils import collapse_rfc2231_value
from typing import Any, Final

from trim.domain.errors import TrimError

#: How long a report may be. Ours are short mails; a report with a whole one and an explanation has some 100 kB.
MOST_BYTES: Final = 512 * 1024
#: How many parts it may name, inner ones too: it has three, and a returned mail of ours three more.
MOST_PARTS: Final = 30
#: How many addresses it may speak of: each of our mails goes to one, which may be a list of several.
MOST_RECIPIENTS: Final = 50
#: What a report can say became of an address (RFC 3464, 2.3.3).
ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})

#: `EmailMessage.Message-ID` of a notice, and of an invitation with its sequence.
_OURS = re.compile(r"<([0-9a-f]{32}(?:\.[0-9]{1,6})?)@[A-Za-z0-9.\-]{1,255}>")
_STATUS = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s.*)?", re.DOTALL)
_ACTION = re.compile(r"([a-z]{1,20})(?:\s.*)?", re.DOTALL)
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")


class NoBounce(TrimError):
    """What came in is no report about a mail of ours; the message says why and repeats nothing of it."""

    def __init__(self, message: str, problem: str) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id` is what stands before the @ of our mail's; `status` the code of RFC 3463, such as 5.1.1.

    `for_good` is False while a server still tries, and where the mail reached somebody.
    """

    message_id: str
    status: str
    for_good: bool


def read_bounce(raw: bytes) -> Bounce:
    """What a report says of one mail of ours. Raises NoBounce for whatever else somebody sends."""
    if len(raw) > MOST_BYTES:
        raise NoBounce(f"This is longer than {MOST_BYTES // 1024} kB, and a report is short.", "too_long")
    lowered = raw.lower()
    # Each part within a part costs the parser a level of its own for every line that follows.
    if lowered.count(b"multipart/") + lowered.count(b"message/") > MOST_PARTS:
        raise NoBounce("This has more parts than a report can have.", "too_many_parts")
    try:
        return _read(BytesParser(policy=policy.compat32).parsebytes(raw))
    except NoBounce:
        raise
    except Exception as problem:
        # The parser meets what no mail program wrote in many ways; its words may repeat the mail.
        raise NoBounce("This cannot be read as a mail.", "unreadable") from problem


def _read(message: Message[Any, Any]) -> Bounce:
    kind = collapse_rfc2231_value(message.get_param("report-type") or "")
    if message.get_content_type() != "multipart/report" or str(kind).strip().lower() != "delivery-status":
        raise NoBounce("This is no report about a mail that did not arrive (RFC 3464).", "no_report")
    parts = _list(message.get_payload())
    statuses = [one for one in parts if one.get_content_type() == "message/delivery-status"]
    returned = [one for one in parts if one.get_content_type() in _RETURNED]
    if len(statuses) != 1 or len(returned) != 1:
        raise NoBounce("The report does not say of which one mail, or not what became of it.", "incomplete")
    status, for_good = _outcome(statuses[0])
    return Bounce(_message_id(returned[0]), status, for_good)


def _list(payload: object) -> Sequence[Message[Any, Any]]:
    return payload if isinstance(payload, list) else ()


def _outcome(part: Message[Any, Any]) -> tuple[str, bool]:
    """The status code, and whether the mail will reach nobody: every address that is spoken of has failed."""
    # The first block is about the mail, the others are about its addresses, one each.
    about = [one for one in _list(part.get_payload())[1:] if len(one)]
    if not 1 <= len(about) <= MOST_RECIPIENTS:
        raise NoBounce("The report speaks of no address, or of very many.", "incomplete")
    found = [(_word(one, "Action", _ACTION), _word(one, "Status", _STATUS)) for one in about]
    if not {action for action, _ in found} <= ACTIONS:
        raise NoBounce("The report says something that reports do not say.", "incomplete")
    if any(action == "failed" and status.startswith("2") for action, status in found):
        raise NoBounce("The report says that it failed and that it went well.", "incomplete")
    # A server that gave up after days of trying says 4.x.x with its "failed": that is for good as well.
    for_good = all(action == "failed" for action, _ in found)
    return found[0][1], for_good


def _word(block: Message[Any, Any], name: str, shape: re.Pattern[str]) -> str:
    given = block.get_all(name, [])
    fits = shape.fullmatch(str(given[0]).strip().lower()) if len(given) == 1 else None
    if fits is None:
        raise NoBounce(f"The report lacks a field that it must have ({name}).", "incomplete")
    return fits[1]


def _message_id(part: Message[Any, Any]) -> str:
    inner = _list(part.get_payload())
    if part.get_content_maintype() == "message" and len(inner) == 1 and isinstance(inner[0], Message):
        headers = inner[0]
    else:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise NoBounce("The report returns no headers of the mail.", "incomplete")
        headers = HeaderParser(policy=policy.compat32).parsestr(content.decode("ascii", "replace"))
    ids = headers.get_all("Message-ID", [])
    ours = _OURS.fullmatch(str(ids[0]).strip()) if len(ids) == 1 else None
    if ours is None:
        raise NoBounce("The mail that it returns is none of this installation.", "not_ours")
    return ours[1]

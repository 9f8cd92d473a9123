"""What leaves the house: a person's access request with its deadline, what courts and the like ask for (CARE 18).

Words are closed sets, so that the trail and the register can hold them in clear; names and reasons in words are sealed.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

#: Where an access request stands; nothing is gathered before the identity is checked.
RECORDED, CHECKED, REVIEWED, MADE = "recorded", "checked", "reviewed", "made"
HANDED_OVER, REFUSED, WITHDRAWN = "handed_over", "refused", "withdrawn"
OPEN_STATES = (RECORDED, CHECKED, REVIEWED, MADE)
ENDED_STATES = (HANDED_OVER, REFUSED, WITHDRAWN)

#: How the request came in, and how the package went out.
CHANNELS = ("in_person", "letter", "email", "phone", "representative")
HANDOVERS = ("in_person", "secure_mail", "registered_post", "to_representative")
#: How the identity was checked.
IDENTITY_CHECKS = ("known_in_person", "photo_document", "called_back", "work_sign_in", "written_authority")
#: Why the answer takes longer (Art. 12(3): complexity and number of the requests).
EXTENSIONS = ("complex", "many_requests")
#: Why nothing is handed over (Art. 12(5), 12(6) and 15(4)), or that the person no longer wants it.
REFUSALS = ("identity_not_shown", "excessive", "nothing_held")
#: Why a passage or an item is left out of the package.
LEFT_OUT = ("other_person", "told_in_confidence", "investigation", "legal_advice", "serious_harm")

#: Who asks for a disclosure, on which ground, and what came of it.
ASKING = ("court", "coroner", "standards", "police", "lawyer", "regulator", "inquiry", "other")
GROUNDS = ("court_order", "statutory_duty", "consent", "legal_claims", "safeguarding", "vital_interests", "none_given")
DECISIONS = ("given", "given_in_part", "refused")
RECORD_KINDS = (
    "existence",
    "dates",
    "contacts",
    "interviews",
    "notes",
    "referrals",
    "escalations",
    "incident",
    "trail",
)
#: Whether the person was told, and if not why.
TOLD = ("told", "told_later", "law_forbids", "risk_to_somebody", "investigation", "not_reached", "has_died")
#: A legal hold's ground (`trim.domain.retention.HOLD_GROUNDS`) for who asks; the others are "other".
HOLD_GROUND_OF = {
    "court": "court",
    "coroner": "coroner",
    "standards": "standards",
    "lawyer": "lawyer",
    "inquiry": "inquiry",
}


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months on; the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def answer_due(received_on: date, *, extended: bool = False) -> date:
    """The day by which an access request must be answered: one calendar month from receipt, three when extended.

    Source: Regulation (EU) 2016/679 (GDPR), Art. 12(3): without undue delay, within one month of receipt, extendable by
    two further months, of which the person is told with the reasons within the first month. The UK GDPR gives the same
    periods; since the Data (Use and Access) Act 2025, section 76, it lets the clock wait for a proof of identity. We do
    not: the earlier day is right under both. Nor do we move a day that falls on a Sunday.
    """
    return months_after(received_on, 3 if extended else 1)

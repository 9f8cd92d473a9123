"""Notices in words: what kind of thing was told, and where it leads. A notice holds no name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from trim.usecases.oversight.today import Told


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as a page shows it."""

    words: str
    href: str
    ref: str
    at: datetime
    urgent: bool


def notice_rows(told: Iterable[Told]) -> list[NoticeRow]:
    """The notices in the reader's language."""
    return [NoticeRow(notice_words(one.kind), _href(one), one.ref, one.at, one.urgent) for one in told]


def notice_words(kind: str) -> str:
    """What a kind of notice says."""
    return {
        "asked_to_support": _("You are asked to support somebody"),
        "allocation_accepted": _("A practitioner has accepted"),
        "allocation_declined": _("A practitioner has declined: somebody else is to be found"),
        "to_allocate": _("A practitioner is to be found"),
        "escalation": _("A case is brought to you"),
        "escalation_passed_on": _("An escalation is passed on to you"),
        "escalation_decided": _("An escalation of yours is decided"),
        "care_for_practitioner": _("Somebody who was supported has died: look after the practitioner"),
        "interview_withdrawn": _("An interview was taken off a case"),
    }.get(kind, _("Something has changed"))


def _href(one: Told) -> str:
    endpoint = {"escalation": "escalations.show", "referral": "referrals.show", "incident": "incidents.show"}
    return url_for(endpoint.get(one.subject_kind, "cases.show"), ref=one.ref)

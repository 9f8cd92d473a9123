"""Notices in words: what was told, and where it leads. A notice names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext as _

from trim.delivery.words import REFERRED, UNKNOWN, WORDS
from trim.usecases.delivery.undelivered import Undelivered
from trim.usecases.people.notices import Told


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as a page shows it."""

    words: str
    href: str | None
    ref: str
    at: datetime
    urgent: bool


def notice_rows(told: Iterable[Told]) -> list[NoticeRow]:
    """The notices in the reader's language."""
    return [NoticeRow(words_of(one), address_of(one), one.subject_ref, one.at, one.urgent) for one in told]


def words_of(one: Told) -> str:
    """What a notice says; it never names a person, because it may be read over a shoulder."""
    return str(_(WORDS.get(one.kind, UNKNOWN)))


@dataclass(frozen=True, slots=True)
class UndeliveredRow:
    """One notice that reached nobody, as its page shows it."""

    notice_id: str
    words: str
    reference: str
    recipient: str
    because: str
    urgent: bool
    at: datetime


def failed_words(because: str | None) -> str:
    """Why a notice will never be delivered."""
    why = {
        "no_address": _("there is no address that can be written to"),
        "bounced": _("the mail server refuses this address"),
        "gave_up": _("the mail server took nothing for most of a day"),
        "account_closed": _("the account is closed"),
        "on_leave": _("on leave"),
    }
    return why.get(because or "", "")


def undelivered_rows(found: Iterable[Undelivered]) -> list[UndeliveredRow]:
    """The notices in the reader's language."""
    return [
        UndeliveredRow(
            notice_id=one.notice_id,
            words=str(_(WORDS.get(one.kind, UNKNOWN))) if one.kind else _("A notice"),
            reference=one.subject_ref if one.subject_kind in REFERRED else "",
            recipient=one.recipient,
            because=failed_words(one.because),
            urgent=one.urgent,
            at=one.failed_at,
        )
        for one in found
    ]


def address_of(one: Told) -> str | None:
    """Where a notice leads; None where there is nothing to see."""
    endpoint = {
        "case": "cases.show",
        "incident": "incidents.show",
        "escalation": "escalations.show",
        "referral": "referrals.show",
        "agreed_step": "agreed_steps.show",
        "undertaking": "undertakings.show",
        "access_request": "access_requests.show",
        "disclosure": "disclosures.show",
    }.get(one.subject_kind)
    if endpoint and endpoint in current_app.view_functions:
        return url_for(endpoint, ref=one.subject_ref)
    if one.subject_kind == "jobs":
        return url_for("jobs.index")
    if one.subject_kind == "retention":
        return url_for("retention.index")
    if one.subject_kind == "release":
        return url_for("hr.release", number=int(one.subject_ref))
    if one.subject_kind == "release_request":
        return url_for("releases.index")
    if one.subject_kind == "pack":
        return url_for("packs.index")
    if one.kind == "practitioner_left":
        return url_for("leaving.index")
    if one.kind in ("role_to_confirm", "renewal_to_confirm"):
        return url_for("confirmations.index")
    return None

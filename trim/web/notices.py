"""Notices in words: what was told, and where it leads. A notice names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext as _

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
    words = {
        "asked_to_support": _("You are asked to support somebody"),
        "allocation_declined": _("A practitioner said no: somebody else is needed"),
        "allocation_accepted": _("A practitioner said yes"),
        "join_to_decide": _("Somebody with support was at another incident: one interview for both?"),
        "named_as_reader": _("You are named as a reader of a restricted incident"),
        "interview_withdrawn": _("An interview was taken off a case"),
        "to_allocate": _("Somebody accepted support and waits for a practitioner"),
        "incident_reported": _("An incident was reported"),
        "escalation": _("A question for a coordinator"),
        "red_flag": _("A red flag was raised"),
        "escalation_passed_on": _("A question was passed on to you"),
        "escalation_decided": _("Your question was decided"),
        "care_for_practitioner": _("A practitioner needs care after a case ended"),
        "person_stopped": _("Somebody with support has stopped by themselves"),
        "person_returns": _("Somebody who had stopped would like to come back"),
        "link_wanted": _("Somebody needs a new private link"),
        "break_glass_opened": _("Somebody from outside opened a case of yours by break-glass"),
        "practitioner_left": _("A practitioner has left: look whether cases are to be handed over"),
        "erasure_near": _("A record will soon be erased, unless there is a reason to keep it"),
        "retention_changed": _("How long records are kept was changed"),
        "calendar_changed": _("Time zone, country or closing days were changed: deadlines may have moved"),
        "rule_failed": _(
            "A rule of the programme could not be worked out, so an action was refused: look at the rules"
        ),
        "pack_proposed": _("A new version of the rules waits for a second person"),
        "pack_installed": _("The rules or words of the programme were changed"),
        "pack_turned_down": _("A new version of the rules was turned down"),
        "review_asked": _("You are asked to review an access request"),
        "request_answered": _("An access request was answered"),
        "disclosure_to_decide": _("A court or somebody else asks for a record: decide"),
        "role_to_confirm": _("A role waits for your confirmation"),
        "role_confirmed": _("A role that reads cases was confirmed"),
        "renewal_to_confirm": _("Somebody is to be let in again: confirm or refuse"),
        "renewal_confirmed": _("Somebody who reads cases was let in again"),
    }
    return words.get(one.kind, _("Something happened"))


def address_of(one: Told) -> str | None:
    """Where a notice leads; None where there is nothing to see."""
    endpoint = {
        "case": "cases.show",
        "incident": "incidents.show",
        "escalation": "escalations.show",
        "referral": "referrals.show",
        "access_request": "access_requests.show",
        "disclosure": "disclosures.show",
    }.get(one.subject_kind)
    if endpoint and endpoint in current_app.view_functions:
        return url_for(endpoint, ref=one.subject_ref)
    if one.subject_kind == "retention":
        return url_for("retention.index")
    if one.subject_kind == "pack":
        return url_for("packs.index")
    if one.kind == "practitioner_left":
        return url_for("leaving.index")
    if one.kind in ("role_to_confirm", "renewal_to_confirm"):
        return url_for("confirmations.index")
    return None

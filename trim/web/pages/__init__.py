"""All pages: one blueprint a room, listed once."""

from __future__ import annotations

from flask import Blueprint

from trim.web.pages import (
    access_requests,
    account,
    accounts,
    auditor,
    break_glass,
    calendar,
    cases,
    confirmations,
    disclosures,
    escalations,
    health,
    help,
    histories,
    hr,
    incidents,
    interviews,
    invitation,
    language,
    leaving,
    notices,
    oversight,
    packs,
    practitioners,
    private,
    referrals,
    retention,
    rota,
    start,
    units,
    work,
)


def blueprints() -> list[Blueprint]:
    """Every blueprint of the application."""
    return [
        access_requests.bp,
        account.bp,
        accounts.bp,
        auditor.bp,
        break_glass.bp,
        calendar.bp,
        cases.bp,
        confirmations.bp,
        disclosures.bp,
        escalations.bp,
        health.bp,
        help.bp,
        histories.bp,
        hr.bp,
        incidents.bp,
        interviews.bp,
        invitation.bp,
        language.bp,
        leaving.bp,
        notices.bp,
        oversight.bp,
        packs.bp,
        practitioners.bp,
        private.bp,
        referrals.bp,
        retention.bp,
        rota.bp,
        start.bp,
        units.bp,
        work.bp,
    ]

"""All pages: one blueprint a room, listed once."""

from __future__ import annotations

from flask import Blueprint

from trim.web.pages import (
    account,
    accounts,
    auditor,
    cases,
    confirmations,
    escalations,
    health,
    help,
    hr,
    incidents,
    interviews,
    invitation,
    language,
    notices,
    oversight,
    practitioners,
    private,
    referrals,
    rota,
    start,
    units,
    work,
)


def blueprints() -> list[Blueprint]:
    """Every blueprint of the application."""
    return [
        account.bp,
        accounts.bp,
        auditor.bp,
        cases.bp,
        confirmations.bp,
        escalations.bp,
        health.bp,
        help.bp,
        hr.bp,
        incidents.bp,
        interviews.bp,
        invitation.bp,
        language.bp,
        notices.bp,
        oversight.bp,
        practitioners.bp,
        private.bp,
        referrals.bp,
        rota.bp,
        start.bp,
        units.bp,
        work.bp,
    ]

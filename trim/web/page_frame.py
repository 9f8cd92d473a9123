"""Builds the frame of every page: the organisation, who is signed in, and the links that their roles may use."""

from __future__ import annotations

from flask import current_app, request, url_for
from flask_babel import gettext as _

from trim.domain.access import Actor, Can
from trim.web import context
from trim.web.frame import NavigationItem, PageFrame


def make_frame() -> PageFrame:
    """The frame of the present request; navigation holds only what this account may use."""
    organisation, actor = context.organisation(), context.actor()
    return PageFrame(
        organisation=organisation.name,
        zone=organisation.zone,
        home_url=url_for("start.index"),
        navigation=_navigation(actor) if actor else (),
        signed_in_as=actor.name if actor else None,
        account_url=_address("account.settings"),
        sign_in_url=url_for("security.login"),
        sign_out_url=url_for("security.logout"),
        language_url=_address("language.choose"),
        help_url=_address("help.now"),
        is_demonstration=organisation.demonstration,
    )


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _navigation(actor: Actor) -> tuple[NavigationItem, ...]:
    entries = (
        (_("My work"), "work.today", (Can.WORK_OWN_CASES,)),
        (_("Overview"), "oversight.board", (Can.OVERSEE_CASES,)),
        (_("Incidents"), "incidents.index", (Can.SEE_INCIDENTS,)),
        (_("Report an incident"), "incidents.report", (Can.REPORT_INCIDENT,)),
        (_("Cases"), "cases.index", (Can.OVERSEE_CASES,)),
        (_("Escalations"), "escalations.index", (Can.DECIDE_ESCALATION,)),
        (_("On duty"), "rota.index", (Can.SEE_ROTA,)),
        (_("Statistics"), "hr.statistics", (Can.SEE_STATISTICS,)),
        (_("Accounts"), "accounts.index", (Can.MANAGE_ACCOUNTS,)),
        (_("Trail"), "auditor.trail", (Can.SEE_TRAIL,)),
    )
    items = []
    for label, endpoint, permissions in entries:
        address = _address(endpoint)
        if address and any(actor.can(permission) for permission in permissions):
            items.append(NavigationItem(label, address, is_current=request.endpoint == endpoint))
    return tuple(items)

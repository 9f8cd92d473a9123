"""Builds the frame of every page: the organisation, who is signed in, and the links that their roles may use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from trim.domain.access import Actor, Can
from trim.domain.organisation import Organisation
from trim.usecases.oversight.pack_versions import waiting_for
from trim.usecases.people.confirmations import count_waiting
from trim.web import context
from trim.web.frame import NavigationItem, PageFrame
from trim.web.programme import reaches_incidents, takes_requests

#: Label, page, who may use it (nothing named: everybody who has an account): the navigation, in its order.
ENTRIES: tuple[tuple[Any, str, tuple[Can, ...]], ...] = (
    (_l("Overview"), "oversight.board", (Can.OVERSEE_CASES,)),
    (_l("My work"), "work.today", (Can.WORK_OWN_CASES,)),
    (_l("Incidents"), "incidents.index", (Can.SEE_INCIDENTS,)),
    (_l("Report an incident"), "incidents.report", (Can.REPORT_INCIDENT,)),
    (_l("Cases"), "cases.index", (Can.OVERSEE_CASES,)),
    (_l("Groups and checks"), "undertakings.index", (Can.OVERSEE_CASES, Can.WORK_OWN_CASES)),
    (_l("Escalations"), "escalations.index", (Can.DECIDE_ESCALATION,)),
    (_l("Requests for data"), "access_requests.index", (Can.OVERSEE_CASES,)),
    (_l("Support"), "support.index", ()),
    (_l("Practitioners"), "practitioners.index", (Can.KEEP_ROTA,)),
    (_l("On duty"), "rota.index", (Can.SEE_ROTA,)),
    (_l("To confirm"), "confirmations.index", (Can.CONFIRM_ROLES,)),
    (_l("Statistics"), "hr.statistics", (Can.SEE_STATISTICS,)),
    (_l("Figures for HR"), "releases.index", (Can.ASK_RELEASE,)),
    (_l("Accounts"), "accounts.index", (Can.MANAGE_ACCOUNTS,)),
    (_l("Units"), "units.index", (Can.MANAGE_ACCOUNTS,)),
    (_l("Calendar"), "calendar.settings", (Can.SET_CALENDAR,)),
    (_l("Trail"), "auditor.trail", (Can.SEE_TRAIL,)),
    (_l("Published figures"), "hr.attacks", (Can.SEE_TRAIL,)),
    (_l("Register of disclosures"), "disclosures.for_auditors", (Can.SEE_TRAIL,)),
    (_l("Background work"), "jobs.index", (Can.SEE_JOBS,)),
    (_l("Retention"), "retention.index", (Can.SEE_SETTINGS,)),
    (_l("Rules"), "packs.index", (Can.SEE_SETTINGS,)),
)

#: Whoever sees all incidents reports one from there.
INSTEAD = {"incidents.report": Can.SEE_INCIDENTS}

#: Entries that lead somewhere only if some programme knows such a thing.
ONLY_WHERE: dict[str, Callable[[], bool]] = {
    "incidents.index": lambda: reaches_incidents(Can.SEE_INCIDENTS),
    "incidents.report": lambda: reaches_incidents(Can.REPORT_INCIDENT),
    "support.index": takes_requests,
}


def make_frame() -> PageFrame:
    """The frame of the present request; navigation holds only what this account may use."""
    organisation, actor = context.organisation(), context.actor()
    if request.blueprint == "private":
        # Also of an error there: whoever comes by a private link finds no way to the staff's pages.
        return PageFrame(
            organisation="",
            zone=organisation.zone,
            home_url=url_for("private.closed"),
            language_url=url_for("language.choose"),
            help_url=url_for("help.now"),
            is_demonstration=organisation.demonstration,
            today=_today(organisation),
            simulated_at=_simulated(organisation),
        )
    return PageFrame(
        organisation=organisation.name,
        zone=organisation.zone,
        home_url=url_for("start.index"),
        navigation=_navigation(actor) if actor else (),
        signed_in_as=actor.name if actor else None,
        account_url=url_for("account.settings"),
        sign_in_url=None if request.endpoint == "security.login" else url_for("security.login"),
        sign_out_url=url_for("security.logout"),
        language_url=url_for("language.choose"),
        help_url=url_for("help.now"),
        is_demonstration=organisation.demonstration,
        today=_today(organisation),
        simulated_at=_simulated(organisation),
    )


def _today(organisation: Organisation) -> date:
    return context.now().astimezone(organisation.zone).date()


def _simulated(organisation: Organisation) -> datetime | None:
    return context.now() if organisation.clock_ahead_seconds else None


def _navigation(actor: Actor) -> tuple[NavigationItem, ...]:
    shown = [(label, endpoint) for label, endpoint, permissions in ENTRIES if _is_for(actor, endpoint, permissions)]
    current = _current([endpoint for _label, endpoint in shown])
    return tuple(
        NavigationItem(str(label), url_for(endpoint), is_current=endpoint == current, count=_waiting(actor, endpoint))
        for label, endpoint in shown
    )


def _is_for(actor: Actor, endpoint: str, permissions: tuple[Can, ...]) -> bool:
    if endpoint not in current_app.view_functions or (endpoint in INSTEAD and actor.can(INSTEAD[endpoint])):
        return False
    if endpoint in ONLY_WHERE and not ONLY_WHERE[endpoint]():
        return False
    return not permissions or any(actor.can(permission) for permission in permissions)


def _current(endpoints: list[str]) -> str | None:
    """The entry that this page belongs to: itself, or the one of its room."""
    if request.endpoint in endpoints:
        return request.endpoint
    return next((one for one in endpoints if request.blueprint and one.startswith(f"{request.blueprint}.")), None)


def _waiting(actor: Actor, endpoint: str) -> int | None:
    if endpoint != "confirmations.index":
        return None
    with context.backend().reading() as uow:
        return count_waiting(uow, actor, now=context.now()) + len(waiting_for(uow, actor))

"""The start: each account goes to the home of its first role."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Actor, Can, Role
from trim.usecases.people.account_lists import administrators, own_roles
from trim.web import context
from trim.web.access import signed_in
from trim.web.programme import reaches_incidents

bp = Blueprint("start", __name__)

#: Where each role's day begins; somebody with several roles begins at the first and finds the others in the navigation.
HOMES = {
    Role.COORDINATOR: "oversight.board",
    Role.PROGRAMME_LEAD: "oversight.board",
    Role.PRACTITIONER: "work.today",
    Role.REPORTER: "incidents.report",
    Role.HR: "hr.statistics",
    Role.ADMINISTRATOR: "accounts.index",
    Role.AUDITOR: "auditor.trail",
}


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Where somebody's work begins; whoever has no role yet reads whom to ask."""
    actor = context.signed_in_actor()
    home = home_of(actor)
    if home:
        return redirect(url_for(home))
    with context.backend().reading() as uow:
        proposed = own_roles(uow, actor, now=context.now())
        ask = administrators(uow, now=context.now())
    return render_template("start/no_role.html", proposed=proposed, ask=ask)


def home_of(actor: Actor) -> str | None:
    """The endpoint of an account's home; None without any role."""
    for role, endpoint in HOMES.items():
        if role in actor.roles and endpoint in current_app.view_functions:
            # A programme without incidents has nothing to report: whoever would, may send a contact request.
            is_there = role is not Role.REPORTER or reaches_incidents(Can.REPORT_INCIDENT)
            return endpoint if is_there else "support.index"
    return None

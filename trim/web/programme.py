"""Which programme a page is about: the one that its address names, else the first one of the reader.

Roles are per programme (CARE 11), so a page never shows one in which the reader has no right to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from trim.domain.access import Can
from trim.domain.errors import NotFound
from trim.engine.wording import Text
from trim.web import context
from trim.web.i18n import of_text

PARAMETER = "programme"


@dataclass(frozen=True, slots=True)
class ProgrammeLink:
    """One programme to choose on a page that shows one at a time."""

    title: str
    href: str
    is_current: bool


def installed() -> dict[str, Text]:
    """Every programme that runs here with its title; those that know incidents come first, then by name."""
    if "trim_programmes" not in g:
        with context.backend().reading() as uow:
            packs = {name: uow.shelf.current(uow.session, name)[1] for name in uow.shelf.programmes(uow.session)}
        ordered = sorted(packs, key=lambda name: ("incident" not in packs[name].lifecycles, name))
        g.trim_programmes = {name: packs[name].title for name in ordered}
        g.trim_incident_programmes = frozenset(name for name, one in packs.items() if "incident" in one.lifecycles)
        g.trim_takes_requests = any(
            set(one.lifecycles["case"].opened_by) & {"request", "concern"}
            for one in packs.values()
            if "case" in one.lifecycles
        )
    found: dict[str, Text] = g.trim_programmes
    return found


def takes_requests() -> bool:
    """Whether some programme can be asked for support without an incident."""
    installed()
    return bool(g.trim_takes_requests)


def reaches_incidents(permission: Can) -> bool:
    """Whether the reader has that right in a programme that knows incidents at all."""
    installed()
    return bool(context.signed_in_actor().programmes_where(permission) & g.trim_incident_programmes)


def own_programmes(permission: Can) -> list[str]:
    """The programmes in which the reader has that right, in their order."""
    mine = context.signed_in_actor().programmes_where(permission)
    return [name for name in installed() if name in mine]


def programme_of(permission: Can) -> str:
    """The programme that this page is about. Raises NotFound for one in which the reader has no such right."""
    own = own_programmes(permission)
    wanted = request.args.get(PARAMETER) or (own[0] if own else "")
    if wanted not in own:
        raise NotFound
    return wanted


def first_programme() -> str:
    """The programme of a page about somebody's work as a whole: the first one in which the reader has a role."""
    mine = {grant.programme for grant in context.signed_in_actor().grants}
    return next((name for name in installed() if name in mine), next(iter(installed()), ""))


def programme_title(name: str) -> str:
    """What a programme is called, in the reader's language; its name where it runs no more."""
    title = installed().get(name)
    return of_text(title) if title is not None else name


def of_programme(name: str) -> str:
    """Which programme, after a role or a unit; nothing where only one runs."""
    return f", {programme_title(name)}" if len(installed()) > 1 else ""


def programme_links(permission: Can, current: str) -> list[ProgrammeLink]:
    """The other programmes of this page; nothing where there is only one."""
    own = own_programmes(permission)
    if len(own) < 2:
        return []
    endpoint, arguments = str(request.endpoint), dict(request.view_args or {})
    return [
        ProgrammeLink(programme_title(name), url_for(endpoint, programme=name, **arguments), is_current=name == current)
        for name in own
    ]

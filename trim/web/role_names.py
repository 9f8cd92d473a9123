"""The names of the roles as pages say them."""

from __future__ import annotations

from flask_babel import gettext as _

from trim.domain.access import PERSON, Role


def role_name(role: Role | str) -> str:
    """The role in the reader's language; a role that is not known here is shown as it is called."""
    names: dict[str, str] = {
        Role.PRACTITIONER: _("practitioner"),
        Role.COORDINATOR: _("coordinator"),
        Role.PROGRAMME_LEAD: _("programme lead"),
        Role.REPORTER: _("incident reporter"),
        Role.HR: _("HR analyst"),
        Role.ADMINISTRATOR: _("administrator"),
        Role.AUDITOR: _("auditor"),
        PERSON: _("the supported person"),
    }
    return names.get(role, str(role))


def role_title(role: Role | str) -> str:
    """The role at the beginning of a line: "HR analyst" stays as it is, "coordinator" begins with a capital."""
    name = role_name(role)
    return name[:1].upper() + name[1:]

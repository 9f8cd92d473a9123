"""What the pages about incidents say where the pack has no words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from trim.usecases.intake.incident_file import Happening
from trim.usecases.intake.list_incidents import NextStep
from trim.usecases.planning.join_incident import Covered
from trim.web import i18n
from trim.web.forms.protection import reason_words
from trim.web.pages.incidents.room import bp


@bp.app_template_global()
def next_step_words(step: NextStep) -> str:
    """What is expected next of an incident."""
    if step.name == "look_again":
        return _("“Nothing yet”: look again")
    if step.name == "join_case":
        return _("Decide on joining")
    words = i18n.of_text(step.label) if step.label is not None else step.name
    return _("%(step)s, for people found later", step=words) if step.for_one else words


@bp.app_template_global()
def happening_title(one: Happening) -> str:
    """What was done on an incident."""
    if one.label is not None:
        return i18n.of_text(one.label)
    codes = one.codes
    return {
        "incident.reported": _("Reported"),
        "incident.person_named": _("Somebody was added to the list"),
        "incident.evidence_hold": _("Evidence hold set") if codes.get("hold") else _("Evidence hold lifted"),
        "incident.group_clearance": _("Briefings and groups cleared")
        if codes.get("cleared")
        else _("Clearance for groups taken back"),
        "incident.readers": _("Restricted to named readers") if codes.get("restricted") else _("Restriction lifted"),
    }.get(one.what, one.what)


@bp.app_template_global()
def happening_reason(one: Happening) -> str | None:
    """Why it was done, where a reason was chosen."""
    reason = one.codes.get("reason")
    return reason_words(str(reason)) if reason else None


@bp.app_template_global()
def covered_words(covered: Sequence[Covered]) -> str:
    """The incidents that a case covers, each with its day."""
    return ", ".join(f"{i18n.of_text(one.kind)} ({i18n.short_day(one.occurred_on)})" for one in covered)

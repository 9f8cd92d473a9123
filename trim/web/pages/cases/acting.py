"""Acting on a case: every action of the pack has this page."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.web.access import allowed
from trim.web.pages.acting import act_on
from trim.web.pages.cases.room import bp


@bp.route("/cases/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of an action, and what came of it."""
    return act_on("case", ref, action)

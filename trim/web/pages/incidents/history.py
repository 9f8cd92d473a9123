"""Who has looked at an incident and who changed it: the trail in words, for supervisors."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.oversight.history import Of
from trim.web.access import allowed
from trim.web.pages.histories import show_history
from trim.web.pages.incidents.room import bp


@bp.get("/incidents/<ref>/history")
@allowed(Can.OVERSEE_CASES)
def history(ref: str) -> ResponseReturnValue:
    """The trail of an incident, the newest first."""
    return show_history(Of("incident", ref))

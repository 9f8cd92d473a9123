"""Who has looked at a case and who changed it: the trail in words, for supervisors."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.oversight.history import Of
from trim.web.access import allowed
from trim.web.pages.cases.room import bp
from trim.web.pages.histories import show_history


@bp.get("/cases/<ref>/history")
@allowed(Can.OVERSEE_CASES)
def history(ref: str) -> ResponseReturnValue:
    """The trail of a case, the newest first."""
    return show_history(Of("case", ref))

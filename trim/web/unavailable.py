"""The page shown while the database does not answer: it must need nothing of the database itself."""

from __future__ import annotations

import logging

from flask import Response, g, make_response, render_template

from trim.domain.organisation import Organisation
from trim.web.sign_in.user import nobody

log = logging.getLogger(__name__)

#: After so many seconds it is worth another try.
TRY_AGAIN = "30"


def show_unavailable(problem: Exception) -> Response:
    """503 with one clear line; cause and cure stand in the log of the server, for whoever looks after it."""
    log.error("%s", problem)
    # The layout asks who is signed in: answered here, or it would ask the database again.
    g.trim_actor, g.trim_organisation, g._login_user = None, Organisation(), nobody()
    g.pop("trim_frame", None)
    answer = make_response(render_template("errors/unavailable.html"), 503)
    answer.headers["Retry-After"] = TRY_AGAIN
    return answer

"""How the work without a person goes, for administrators: nothing on it is about any case."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.usecases.oversight.read_jobs import read_jobs, try_again
from trim.web import context
from trim.web.access import allowed
from trim.web.jobs_words import alarm_words, job_words, state_words, waiting_words
from trim.web.paging import key_text, read_key

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
@allowed(Can.SEE_JOBS)
def index() -> ResponseReturnValue:
    """Workers, what waits, last runs, failures, what is stuck."""
    after = request.args.get("after")
    with context.backend().reading() as uow:
        seen = read_jobs(uow, context.signed_in_actor(), now=context.now(), after=read_key(after))
    following = key_text(seen.after)
    return render_template(
        "jobs/index.html",
        seen=seen,
        alarms=[alarm_words(one) for one in seen.alarms],
        job_words=job_words,
        state_words=state_words,
        waiting_words=waiting_words,
        next_href=url_for("jobs.index", after=following) if following else None,
        start_href=url_for("jobs.index") if after else None,
    )


@bp.post("/<claim_id>/again")
@allowed(Can.RETRY_JOBS)
def again(claim_id: str) -> ResponseReturnValue:
    """Try something again that was set aside."""
    with context.backend().writing() as uow:
        try_again(uow, context.signed_in_actor(), now=context.now(), claim_id=claim_id)
    flash(_("It is tried again within a minute."))
    return redirect(url_for("jobs.index"))

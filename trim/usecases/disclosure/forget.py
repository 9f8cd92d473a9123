"""Access requests that ended long enough ago are erased like cases: rows away, key destroyed, a stone stays."""

from __future__ import annotations

from datetime import datetime

from trim.domain.access import Actor
from trim.engine.durations import Duration
from trim.store import erasure
from trim.store.tables import AccessRequest
from trim.usecases.retention.erase import erase, finish_erasures
from trim.usecases.retention.erase_due import SYSTEM
from trim.usecases.retention.set_periods import retention_of
from trim.usecases.unit_of_work import Backend

BATCH = 200


def forget_requests(backend: Backend, *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Erase what the rule `access_request` says at `now`; gives how many.

    Nobody is warned before: the package left the house when the request ended, and an open request is never touched.
    """
    erased, after = 0, ""
    while True:
        with backend.reading() as uow:
            rule = retention_of(uow).rule_for("request", "", None)
            zone = uow.organisation.zone
            page = erasure.ended_requests(uow.session, after=after, limit=BATCH)
        if rule is None or rule.keep is None or not page:
            break
        after = page[-1].id
        keep = Duration.parse(rule.keep)
        for one in page:
            if one.ended_at is None or keep.after(one.ended_at, zone) > now:
                continue
            with backend.writing() as uow:
                request = uow.session.get(AccessRequest, one.id, with_for_update=True)
                if request is not None:
                    erase(uow, actor, now=now, subject=request, rule=rule.name)
                    erased += 1
    finish_erasures(backend, actor, now=now)
    return erased
